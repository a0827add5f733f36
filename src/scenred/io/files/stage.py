"""A stage: a hidden folder next to a result, on the same file system, in which it is made before it is put in place."""

from __future__ import annotations

import contextlib
import os
import re
import secrets
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from scenred.io.files.lock import take_lock

NAME = re.compile(r"\.scenred-[0-9a-f]{16}\.tmp")
TRIES = 100


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage of this process, which holds its lock: by that others know that it is in use."""

    path: Path
    lock: int | None

    @property
    def folder(self) -> Path:
        """The folder that the results go to."""
        return self.path.parent

    def write(self, name: str, data: bytes) -> Path:
        """Write a new file in the stage; see `write_new`."""
        path = self.path / name
        write_new(path, data)
        return path

    def release(self) -> None:
        """Leave the stage to others."""
        if self.lock is not None:
            os.close(self.lock)


def write_new(path: Path, data: bytes) -> None:
    """Write a new file, whole and on the disk, with the permissions that a plain `open` gives."""
    with path.open("xb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def new_stage(folder: Path) -> Stage:
    """Make a stage in a folder."""
    for _ in range(TRIES):
        path = folder / f".scenred-{secrets.token_hex(8)}.tmp"
        path.mkdir(mode=0o700)
        # another run may have taken it for one that was left behind, before it had its lock
        with contextlib.suppress(BlockingIOError, FileNotFoundError):
            lock = take_lock(path)
            if lock is None or _is(path, lock):
                return Stage(path, lock)
            os.close(lock)
    raise FileExistsError(f"{TRIES} stages were removed by others")


def stages_in(folder: Path) -> Iterator[Path]:
    """Yield the stages of this user in a folder, also those that are in use."""
    user = getattr(os, "geteuid", int)()
    with contextlib.suppress(PermissionError), os.scandir(folder) as entries:
        for entry in entries:
            with contextlib.suppress(FileNotFoundError):
                is_folder = is_stage(entry.name) and entry.is_dir(follow_symlinks=False)
                if is_folder and entry.stat(follow_symlinks=False).st_uid == user:
                    yield folder / entry.name


def is_stage(name: str) -> bool:
    """Return whether a name is that of a stage."""
    return NAME.fullmatch(name) is not None


def remove(path: Path) -> None:
    """Remove a stage and what is left in it; what cannot be removed now is removed by a later run."""
    shutil.rmtree(path, ignore_errors=True)


def _is(path: Path, descriptor: int) -> bool:
    status, opened = path.stat(), os.fstat(descriptor)
    return (status.st_dev, status.st_ino) == (opened.st_dev, opened.st_ino)

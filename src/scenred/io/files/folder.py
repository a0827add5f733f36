"""A folder of results is written whole or not at all, and replaces only what scenred wrote before."""

from __future__ import annotations

import json
import os
import secrets
import shutil
from collections.abc import Mapping
from pathlib import Path

from scenred.errors import Setting, UsageError
from scenred.io.files.atomic import unwritable, write_files
from scenred.io.files.interrupt import undone_at_interrupt

# File that names what scenred wrote into a folder.
MARK = "scenred-export.json"


@undone_at_interrupt()
def write_folder(
    path: str, files: Mapping[str, bytes], *, force: bool = False, about: Mapping[str, object] | None = None
) -> None:
    """Write a folder of files, whole or not at all.

    The files go to a new folder next to it first, which is then renamed. A folder that scenred wrote before is
    replaced; the working folder and one that is mounted are kept, and get the files one by one. Names of files have `/`
    between folders. With `force`, a folder that holds other files gets these too. `about` is what the file that lists
    them tells besides.

    Raise a UsageError if it holds other files and `force` is False; an OutputError if it cannot be written, and leave
    the earlier folder unchanged.
    """
    target = Path(os.path.realpath(path))
    mark = {"written_by": "scenred", "files": sorted(files), **({"about": dict(about)} if about else {})}
    content = {**files, MARK: (json.dumps(mark, indent=1) + "\n").encode()}
    try:
        if target.exists() and not target.is_dir():
            raise UsageError("is a file, and this format is a folder of files", advice="name another place", place=path)
        if target.is_dir() and not _is_ours(target):
            if not force:
                raise UsageError(
                    "holds files that scenred did not write",
                    advice=("name another folder, or pass ", Setting("force", True), " to write among them"),
                    place=path,
                )
            _write_among(target, content)
        elif target.is_dir() and _must_stay(target):
            old = {file for file in target.rglob("*") if not file.is_dir()}
            _write_among(target, content)
            for file in old - {target / name for name in content}:
                file.unlink()
        else:
            _replace(target, content)
    except OSError as error:
        raise unwritable(path, error) from error


def _is_ours(folder: Path) -> bool:
    """Return whether a folder is empty, or holds only files that its mark names."""
    if next(folder.iterdir(), None) is None:
        return True
    try:
        named = {MARK, *map(str, json.loads((folder / MARK).read_bytes())["files"])}
    except (OSError, ValueError, KeyError, TypeError):
        return False
    held = (file for file in folder.rglob("*") if not file.is_dir())
    return all(file.relative_to(folder).as_posix() in named for file in held)


def _must_stay(folder: Path) -> bool:
    """Return whether a folder cannot be replaced by another: it is the working folder, or mounted."""
    return folder == Path.cwd().resolve() or folder.is_mount()


def _write_among(target: Path, content: Mapping[str, bytes]) -> None:
    for name in content:
        (target / name).parent.mkdir(parents=True, exist_ok=True)
    write_files([(str(target / name), data) for name, data in content.items()])


def _replace(target: Path, content: Mapping[str, bytes]) -> None:
    """Write a new folder next to the target, and rename it to the target."""
    fresh = target.with_name(f".scenred-{secrets.token_hex(8)}.tmp")
    try:
        fresh.mkdir()
        _write_among(fresh, content)
        if target.exists():
            fresh.chmod(target.stat().st_mode)
            _swap(fresh, target)
        else:
            fresh.rename(target)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def _swap(fresh: Path, target: Path) -> None:
    """Put a folder in another's place; an interrupt leaves one of them there."""
    old = target.with_name(f".scenred-{secrets.token_hex(8)}.old")
    try:
        target.rename(old)
        fresh.rename(target)
    except BaseException:
        if not target.exists():
            old.rename(target)
        raise
    finally:
        shutil.rmtree(old, ignore_errors=True)

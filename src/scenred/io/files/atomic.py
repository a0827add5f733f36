"""Results reach their files all together or not at all: each is made on a stage next to its place, then renamed."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from scenred.errors import OutputError, UsageError
from scenred.io.files.commit import Change, commit, is_committed
from scenred.io.files.failures import told
from scenred.io.files.held import held_signals
from scenred.io.files.inputs import check_no_input
from scenred.io.files.stage import Stage, new_stage, remove
from scenred.io.files.stdout import STDOUT, is_stream, write_stdout, write_stream

Result = tuple[str, str | bytes]


def write_files(results: Sequence[Result]) -> None:
    """Write several results, all of them or none.

    Results are a path and its content; text becomes UTF-8. The files are complete, and what goes to standard output
    (`-`), devices and pipes is written, before the first file is put in place.

    Raise a UsageError if two paths are one file, or one was read; an OutputError if a file cannot be written, and leave
    all earlier ones unchanged.
    """
    files: dict[Path, Result] = {}
    streams: list[Result] = []
    for path, content in results:
        if path == STDOUT or is_stream(path):
            streams.append((path, content))
            continue
        target = Path(os.path.realpath(path))
        check_target(path, target)
        if target in files:
            raise UsageError(f"two results would go to {path}", advice="name different files")
        files[target] = (path, content)
    with held_signals() as held, staged((path, target.parent) for target, (path, _) in files.items()) as stages:
        by_folder = {stage.folder: stage for stage in stages}
        changes: list[Change] = []
        for target, (path, content) in files.items():
            changes.append(prepared(path, target, by_folder[target.parent], f"new-{len(changes)}", content))
            held.check()
        for path, content in streams:
            with held.at_once():
                write_stdout(content) if path == STDOUT else write_stream(path, content)
        if changes:
            with told(changes[0].place):
                commit(changes, stages, held)


@contextlib.contextmanager
def staged(places: Iterable[tuple[str, Path]]) -> Iterator[list[Stage]]:
    """Make a stage in every folder, and remove it after the block; `places` are folders with what messages say."""
    stages: dict[Path, Stage] = {}
    try:
        for place, folder in places:
            if folder not in stages:
                with told(place):
                    stages[folder] = new_stage(folder)
        yield list(stages.values())
    finally:
        is_over = is_committed(list(stages.values()))
        for stage in stages.values():
            if is_over:
                remove(stage.path)
            stage.release()


def check_target(place: str, target: Path) -> None:
    """Raise an OutputError or a UsageError if a file must not be replaced by a result.

    It may be read in this run, a folder, no file at all, or protected: what a plain `open` would refuse to write, and
    what nobody may write, also by the rights of an administrator.
    """
    check_no_input(target)
    with told(place):
        try:
            status = target.stat()
        except FileNotFoundError:
            return
        except ValueError as error:  # a zero byte
            raise OSError(errno.EINVAL, os.strerror(errno.EINVAL)) from error
        if stat.S_ISDIR(status.st_mode):
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
    if not stat.S_ISREG(status.st_mode):
        raise OutputError("is not a file", advice="name a file", place=place)
    check_writable(place, target)


def check_writable(place: str, target: Path) -> None:
    """Raise an OutputError if a file or folder is protected from writing, also if the rights would allow it."""
    mode = stat.S_IMODE(target.stat().st_mode)
    if not mode & 0o222 or not os.access(target, os.W_OK):
        advice = "name another place, or allow writing with chmod u+w"
        raise OutputError(f"is protected from writing (mode {mode:04o})", advice=advice, place=place)


def prepared(place: str, target: Path, stage: Stage, name: str, content: str | bytes) -> Change:
    """Write a file to the stage, with owner and permissions of what it is to replace."""
    with told(place):
        new = stage.write(name, content.encode() if isinstance(content, str) else content)
        if target.exists():
            take_over(target.stat(), new)
    return Change(place, target, stage, new)


def take_over(status: os.stat_result, new: Path) -> None:
    """Give a file or folder the permissions of another, and its owner where that is allowed."""
    if hasattr(os, "chown") and (status.st_uid, status.st_gid) != (new.stat().st_uid, new.stat().st_gid):
        with contextlib.suppress(PermissionError):
            os.chown(new, status.st_uid, status.st_gid)
    new.chmod(stat.S_IMODE(status.st_mode))

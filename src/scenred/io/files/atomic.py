"""Results reach their files whole or not at all: written next to them, then renamed."""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import stat
import sys
from collections.abc import Sequence
from pathlib import Path

from scenred.errors import OutputError, Setting, UsageError
from scenred.io.files.interrupt import undone_at_interrupt


@undone_at_interrupt()
def write_files(results: Sequence[tuple[str, str | bytes]]) -> None:
    """Write several files, each whole or not at all.

    Each content goes to a new file next to its own first. When all are complete they are renamed, one after the
    other. A device or pipe (`/dev/stdout`) is written directly. Results are a path and its content; text becomes UTF-8.

    Raise a UsageError if two paths are one file; an OutputError if a file cannot be written, and leave the earlier one
    unchanged.
    """
    targets = [Path(path) if is_stream(path) else Path(os.path.realpath(path)) for path, _ in results]
    for (path, _), target in zip(results, targets, strict=True):
        if targets.count(target) > 1:
            raise UsageError(f"two results would go to {path}", advice="name different files")
    written: list[tuple[Path, Path]] = []  # first the new file, then what it is to replace
    place = ""
    try:
        for (path, content), target in zip(results, targets, strict=True):
            place = path
            data = content.encode() if isinstance(content, str) else content
            if is_stream(path):
                with contextlib.suppress(BrokenPipeError):  # its reader closed it
                    target.write_bytes(data)
            else:
                if target.is_dir():
                    raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
                written.append((target.with_name(f".scenred-{secrets.token_hex(8)}.tmp"), target))
                _write_new(*written[-1], data)
        _rename(written)
    except OSError as error:
        raise unwritable(error.filename2 or place, error) from error
    finally:
        for new, _ in written:
            with contextlib.suppress(OSError):
                new.unlink()


def unwritable(place: str, error: OSError, advice: str = "name a place that can be written") -> OutputError:
    """Return the error about a place that cannot be written."""
    return OutputError(f"cannot be written: {error.strerror or error}", advice=advice, place=place)


def is_same_file(path: str, other: str) -> bool:
    """Return whether two paths lead to one existing regular file."""
    try:
        return Path(path).is_file() and Path(path).samefile(other)
    except OSError:
        return False


def is_stream(path: str) -> bool:
    """Return whether a path leads to a device or pipe, which is written directly."""
    if path.startswith(("/dev/", "/proc/")):
        return True
    try:
        mode = Path(path).stat().st_mode
    except OSError:  # nothing there, or not a path: writing fails
        return False
    return not stat.S_ISREG(mode) and not stat.S_ISDIR(mode)


def write_stdout(content: str | bytes) -> None:
    """Write to standard output; a reader that closed the pipe is not a failure.

    Raise an OutputError if it is closed or cannot be written, for example on a full disk.
    """
    place = "standard output"
    if sys.stdout is None:
        advice = ("open it, or name a file with ", Setting("output"))
        raise OutputError("is closed", advice=advice, place=place)
    try:
        sys.stdout.buffer.write(content.encode() if isinstance(content, str) else content)
        sys.stdout.flush()
    except BrokenPipeError:
        silence_stdout()
    except OSError as error:
        silence_stdout()
        raise unwritable(place, error, "make room, or name another place") from error


def silence_stdout() -> None:
    """Point standard output to nowhere, so that the interpreter's last flush does not fail again."""
    with contextlib.suppress(OSError, ValueError, AttributeError):  # closed from the beginning
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _write_new(new: Path, target: Path, data: bytes) -> None:
    """Write a file that is to replace `target`, with its permissions, or those that a plain `open` would give."""
    with new.open("xb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    if target.exists():
        new.chmod(target.stat().st_mode)


def _rename(written: Sequence[tuple[Path, Path]]) -> None:
    """Rename all; where an interrupt comes between two of them, the others too before it goes on."""
    left = list(written)
    try:
        while left:
            new, target = left[0]
            new.replace(target)
            left.pop(0)
    except KeyboardInterrupt:
        for new, target in left:
            if new.exists():
                new.replace(target)
        raise

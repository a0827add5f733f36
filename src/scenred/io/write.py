"""Results reach their files whole or not at all: written beside them, then renamed."""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import sys
from collections.abc import Mapping
from pathlib import Path

from scenred.errors import OutputError, UsageError


def write_files(texts: Mapping[str, str]) -> None:
    """Write several files, all or none.

    Each text goes to a new file in its own folder first. Only when all are complete are they renamed. A
    device or pipe (`/dev/stdout`) is written directly.

    Parameters
    ----------
    texts : mapping of path to text

    Raises
    ------
    UsageError
        When two paths are one file.
    OutputError
        When a file cannot be written; what stood there before still stands.
    """
    targets = {path: Path(os.path.realpath(path)) for path in texts}
    if len(set(targets.values())) < len(targets):
        raise UsageError(f"two results would go to one file ({', '.join(texts)}); name different files")
    written: dict[str, Path] = {}
    path = ""
    try:
        for path, text in texts.items():
            if _is_stream(targets[path]):
                targets[path].write_text(text, encoding="utf-8", newline="\n")
            else:
                written[path] = _write_beside(targets[path], text)
        for path in list(written):
            written[path].replace(targets[path])
            del written[path]
    except OSError as error:
        raise OutputError(
            f"{path}: cannot be written: {error.strerror or error}; nothing was changed"
        ) from error
    finally:
        for leftover in written.values():
            with contextlib.suppress(OSError):
                leftover.unlink()


def write_stdout(text: str) -> None:
    """Write to standard output; a reader that closed the pipe is no failure.

    Raises
    ------
    OutputError
        When standard output cannot take it, for example on a full disk.
    """
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        _silence_stdout()
    except OSError as error:
        _silence_stdout()
        if error.errno != errno.EPIPE:
            raise OutputError(f"standard output: cannot be written: {error.strerror or error}") from error


def _silence_stdout() -> None:
    """Point standard output to nowhere, so that the interpreter's last flush does not fail again."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _is_stream(target: Path) -> bool:
    return target.exists() and not target.is_file() and not target.is_dir()


def _write_beside(target: Path, text: str) -> Path:
    """Write a new file in the folder of `target` with the permissions a plain `open` would give."""
    if target.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
    beside = target.with_name(f".{target.name}.{secrets.token_hex(6)}.tmp")
    try:
        with beside.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        if target.exists():
            beside.chmod(target.stat().st_mode)
    except BaseException:
        with contextlib.suppress(OSError):
            beside.unlink()
        raise
    return beside

"""Standard output, devices and pipes: written directly, since nothing can take their place."""

from __future__ import annotations

import contextlib
import os
import stat
import sys
from pathlib import Path
from typing import TextIO

from scenred.errors import OutputError, Setting
from scenred.io.files.failures import told, unwritable

STDOUT = "-"


def is_stream(path: str) -> bool:
    """Return whether a path leads to a device or pipe, or to the file that standard output or error go to."""
    try:
        status = Path(path).stat()
    except (OSError, ValueError):  # nothing there, or not a path: writing fails
        return False
    return stat.S_ISCHR(status.st_mode) or stat.S_ISFIFO(status.st_mode) or _opened(status) is not None


def write_stream(path: str, content: str | bytes) -> None:
    """Write to what `is_stream` says; a reader that closed the pipe is not a failure."""
    data = content.encode() if isinstance(content, str) else content
    with told(path), contextlib.suppress(BrokenPipeError):
        stream = _opened(Path(path).stat())
        if stream is None:
            Path(path).write_bytes(data)
        else:  # a second opening would empty the file
            stream.flush()
            stream.buffer.write(data)
            stream.flush()


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
        raise unwritable(place, error) from error


def silence_stdout() -> None:
    """Point standard output to nowhere, so that the interpreter's last flush does not fail again."""
    with contextlib.suppress(OSError, ValueError, AttributeError):  # closed from the beginning
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _opened(status: os.stat_result) -> TextIO | None:
    """Return standard output or error if it is this file."""
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError, AttributeError):  # closed, or not a file
            if stat.S_ISREG(status.st_mode) and os.path.samestat(os.fstat(stream.fileno()), status):
                return stream
    return None

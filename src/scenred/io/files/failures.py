"""Failures of the file system become errors about a place, with what to do."""

from __future__ import annotations

import contextlib
import errno
from collections.abc import Iterator

from scenred.errors import OutputError, Setting


@contextlib.contextmanager
def told(place: str) -> Iterator[None]:
    """Turn a failure of the file system within the block into an OutputError about a place."""
    try:
        yield
    except OSError as error:
        raise unwritable(place, error) from error


def unwritable(place: str, error: OSError) -> OutputError:
    """Return the error about a place that cannot be written."""
    if error.errno in (errno.EBUSY, errno.EXDEV):
        advice = ("mount its folder instead, or pass ", Setting("output", "-"), " and redirect standard output to it")
        return OutputError("is mounted by itself, so that it cannot be replaced", advice=advice, place=place)
    is_full = error.errno in (errno.ENOSPC, errno.EDQUOT)
    remedy = "make room, or name another place" if is_full else "name a place that can be written"
    return OutputError(f"cannot be written: {error.strerror or error}", advice=remedy, place=place)

"""Dates from a file, one a line."""

from __future__ import annotations

import os

from scenred.errors import InputError
from scenred.io.files.source import read_text


def read_dates(path: str | os.PathLike[str]) -> list[str]:
    """Read one date a line; what follows a `#`, and lines without a date, are left out.

    Raise an InputError if the file cannot be read or holds no date.
    """
    text = read_text(path)
    lines = [line.partition("#")[0].strip() for line in text.data.decode().splitlines()]
    dates = [line for line in lines if line]
    if not dates:
        raise InputError("holds no date", advice="write one a line, such as 2019-01-17", place=text.name)
    return dates

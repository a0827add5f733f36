"""A planning study from a TOML file: what it leaves out stays at its default."""

from __future__ import annotations

import os
import tomllib

from scenred.errors import InputError, nearest_name
from scenred.io.files.source import LARGEST_DOCUMENT, printable, read_bytes
from scenred.options.study import KEYS, Study

# Bytes of a study and of a line of it: the time that TOML takes grows with the square of nested keys.
LARGEST_STUDY, LONGEST_LINE = 100_000, 1_000


def read_study(path: str | os.PathLike[str]) -> Study:
    """Read costs and limits, `[table]` and `key = number`, as docs/plan.md lists them.

    Raise an InputError if the file is not TOML, a key is unknown (the nearest is suggested), or a value is not a
    number; a RequestError if a number is out of its range.
    """
    name = printable(path)
    data = read_bytes(path, name, LARGEST_DOCUMENT)
    longest = max(map(len, data.splitlines()), default=0)
    if len(data) > LARGEST_STUDY or longest > LONGEST_LINE:
        met = f"has {len(data):,} bytes and lines of up to {longest:,}, which no study needs"
        raise InputError(met, advice="write [table] and key = number", place=name)
    try:
        content = tomllib.loads(data.decode())
    except (ValueError, RecursionError) as error:  # also bytes that are not text, and numbers of too many digits
        raise InputError(f"is not TOML: {error}", advice="write [table] and key = number", place=name) from error
    numbers: dict[str, float] = {}
    for table, value in content.items():
        keyed = {f"{table}.{key}": one for key, one in value.items()} if isinstance(value, dict) else {table: value}
        for key, one in keyed.items():
            if key not in KEYS:
                raise InputError(f"there is no key {key!r}", advice=nearest_name(key, KEYS), place=name)
            if isinstance(one, bool) or not isinstance(one, int | float):
                raise InputError(f"{key} is {one!r}", "a number", place=name)
            try:
                numbers[key] = float(one)
            except OverflowError as error:
                raise InputError(f"{key} has too many digits", "a number", place=name) from error
    return Study.of(numbers)

"""A planning study from a TOML file: what it leaves out stays at its default."""

from __future__ import annotations

import os
import tomllib

from scenred.errors import InputError, nearest_name
from scenred.io.files.source import printable, read_bytes
from scenred.options.study import KEYS, Study


def read_study(path: str | os.PathLike[str]) -> Study:
    """Read costs and limits, `[table]` and `key = number`, as docs/plan.md lists them.

    Raise an InputError if the file is not TOML, a key is unknown (the nearest is suggested), or a value is not a
    number; a RequestError if a number is out of its range.
    """
    name = printable(path)
    try:
        content = tomllib.loads(read_bytes(path, name).decode())
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(f"is not TOML: {error}", advice="write [table] and key = number", place=name) from error
    numbers: dict[str, float] = {}
    for table, value in content.items():
        keyed = {f"{table}.{key}": one for key, one in value.items()} if isinstance(value, dict) else {table: value}
        for key, one in keyed.items():
            if key not in KEYS:
                raise InputError(f"there is no key {key!r}", advice=nearest_name(key, KEYS), place=name)
            if isinstance(one, bool) or not isinstance(one, int | float):
                raise InputError(f"{key} is {one!r}", "a number", place=name)
            numbers[key] = float(one)
    return Study.of(numbers)

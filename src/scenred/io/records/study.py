"""A planning study from a TOML file: what is not in it stays at its default."""

from __future__ import annotations

import os
import tomllib
from dataclasses import fields
from typing import Any

from scenred.errors import InputError, nearest_name
from scenred.io.files.source import printable, read_bytes
from scenred.options import Study
from scenred.options.study import key_of


def read_study(path: str | os.PathLike[str]) -> Study:
    """Read costs and limits, `[table]` and `key = number`, as docs/plan.md lists them.

    Raises
    ------
    InputError
        If the file is not TOML, a key is unknown (the nearest is suggested), or a value is not a number.
    RequestError
        If a number is out of its range.
    """
    name = printable(path)
    try:
        content = tomllib.loads(read_bytes(path, name).decode())
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(
            f"is not TOML: {error}", advice="write [table] and key = number", place=name
        ) from error
    known = {key_of(field.name): field.name for field in fields(Study)}
    given: dict[str, float] = {}
    for key, value in _keys(content):
        if key not in known:
            raise InputError(f"there is no key {key!r}", advice=nearest_name(key, known), place=name)
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise InputError(f"{key} is {value!r}", "a number", place=name)
        given[known[key]] = float(value)
    return Study(**given)


def _keys(content: dict[str, Any]) -> list[tuple[str, Any]]:
    """Lay tables out flat: [wind] investment becomes wind.investment."""
    found: list[tuple[str, Any]] = []
    for table, value in content.items():
        if isinstance(value, dict):
            found += [(f"{table}.{key}", number) for key, number in value.items()]
        else:
            found.append((table, value))
    return found

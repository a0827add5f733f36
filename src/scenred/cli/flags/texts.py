"""What a flag's text means: NAME=MW, GROUP=N, sizes, marks."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any, get_args, get_origin

from scenred.cli.flags.spelling import MARKS
from scenred.errors import UsageError
from scenred.options.declare import Option
from scenred.options.exporting import Entry

DELIMITERS = {name: mark for mark, name in MARKS.items()} | {"\\t": "\t"}
LARGEST_SIZE = 10**15
SIZES = {"": 1, "K": 10**3, "M": 10**6, "G": 10**9}


def kind_of(one: Option) -> tuple[Any, Any]:
    """Return the type of a flag and its default, as typer takes them."""
    if one.type is bool:
        return bool, False
    if has_reader(one):
        return (str | None, None) if one.name in SINGLE else (list[str] | None, None)
    if get_origin(one.type) in (tuple, Sequence):
        return list[get_args(one.type)[0]] | None, None  # type: ignore[misc]  # a type made when it is needed
    return one.type, one.default


def has_reader(one: Option) -> bool:
    """Return whether the text of an option has a form of its own; a plain number of scenarios has none."""
    return one.name in READERS and (one.name, one.type) != ("n_scenarios", int)


def read(one: Option, value: Any) -> Any:
    """Return the value of an option from what its flag was given."""
    if one.type is bool:
        return one.default is not value if value else one.default
    if value is None or value == []:
        return one.default
    if has_reader(one):
        return READERS[one.name](value, str(one.flag))
    if one.type is float:
        return float(value)
    return tuple(value) if isinstance(value, list) else value


def named_numbers(texts: Sequence[str], flag: str, form: str = "NAME=NUMBER, such as wind=120") -> dict[str, float]:
    """Read flags of the form NAME=NUMBER, each name once; `form` is what a refusal says is needed."""
    numbers: dict[str, float] = {}
    for text in texts:
        name, mark, number = text.rpartition("=")
        if not mark or not name:
            raise UsageError(f"{flag} {text}", form)
        if name in numbers:
            raise UsageError(f"{name!r} is named twice", advice="name it once", place=f"{flag} {text}")
        numbers[name] = _number(number, flag, text)
    return numbers


def counts(texts: Sequence[str], _flag: str = "-k") -> int | dict[str, int]:
    """Read `-k`: one number, or GROUP=NUMBER for every group.

    Examples
    --------
    >>> counts(["5"]), counts(["winter=5", "summer=3"])
    (5, {'winter': 5, 'summer': 3})
    """
    plain = [text for text in texts if "=" not in text]
    if plain and len(texts) > 1:
        raise UsageError(f"-k {plain[0]} is for all", advice="give it alone, or name every group: GROUP=N")
    found: dict[str, int] = {}
    for text in texts:
        name, _, number = text.rpartition("=")
        if name in found:
            raise UsageError(f"{name!r} is named twice", advice="name it once", place=f"-k {text}")
        try:
            found[name] = int(number)
        except ValueError as error:
            raise UsageError(f"{number!r} is not a whole number", "one, such as 10", place=f"-k {text}") from error
    return found[""] if plain else found


def capacities(texts: Sequence[str], flag: str = "--capacity") -> float | dict[str, float] | str:
    """Read one number for all columns, NAME=MW for some, or the name of a table of plants."""
    plain = [text for text in texts if "=" not in text]
    if not plain:
        return named_numbers(texts, flag)
    if len(texts) > 1:
        raise UsageError(f"{flag} {plain[0]} is for all columns", advice="give it alone, or name every one: NAME=MW")
    text = plain[0].lower()
    is_number = text.lstrip("+-").startswith(tuple("0123456789.")) and not text.endswith(".csv")
    if is_number or text in ("nan", "inf", "-inf"):
        return _number(plain[0], flag, plain[0])
    if "." not in plain[0] and "/" not in plain[0]:
        raise UsageError("is not a number or a file", "MW, NAME=MW, or FILE.csv", place=f"{flag} {plain[0]}")
    return plain[0]


def size(text: str, flag: str = "--max-size") -> int:
    """Read a number of bytes.

    Examples
    --------
    >>> size("2GB"), size("500 MB"), size("1000")
    (2000000000, 500000000, 1000)
    """
    match = re.fullmatch(r"(\d{1,12}) ?([KMG]?B?)", text.strip().upper(), re.ASCII)
    number = int(match[1]) * SIZES[match[2].removesuffix("B")] if match else 0
    if not 0 < number <= LARGEST_SIZE:
        raise UsageError(f"{flag} {text}", "a number of bytes above 0 and at most 1000000GB, such as 500MB or 2GB")
    return number


def entries(texts: Sequence[str], flag: str) -> dict[str, Entry]:
    """Read NAME=COLUMN:ROW[:FACTOR], each name once."""
    found = {}
    for text in texts:
        name, mark, place = text.rpartition("=")
        parts = place.split(":")
        try:
            column, row, *factor = parts
            number = float(factor[0]) if factor else 1.0
        except ValueError:
            mark = ""
        if not mark or not name or len(parts) > 3 or not all(parts):
            raise UsageError(
                f"{flag} {text}", "NAME=COLUMN:ROW or NAME=COLUMN:ROW:FACTOR, such as load=RHS:balance_{step}"
            )
        found[name] = Entry(column, row, number)
    return found


def components(texts: Sequence[str], flag: str) -> dict[str, tuple[str, ...]]:
    """Read NAME=COMPONENT, a name repeated for several components; NAME= for none.

    Examples
    --------
    >>> components(["wind=north", "wind=south", "speed="], "--component")
    {'wind': ('north', 'south'), 'speed': ()}
    """
    found: dict[str, tuple[str, ...]] = {}
    for text in texts:
        name, mark, component = text.partition("=")
        if not mark or not name:
            raise UsageError(f"{flag} {text}", "NAME=COMPONENT, such as wind_miami=wind, or NAME= for none")
        found[name] = (*found.get(name, ()), *([component] if component else []))
    return found


def new_names(texts: Sequence[str], flag: str) -> dict[str, str]:
    """Read OLD=NEW, each old name once; it may hold `=`, the new one not.

    Examples
    --------
    >>> new_names(["wind (MW)=wind", "a=b=c"], "--rename")
    {'wind (MW)': 'wind', 'a=b': 'c'}
    """
    found: dict[str, str] = {}
    for text in texts:
        old, _, new = text.rpartition("=")
        if not old or not new:
            raise UsageError(f"{flag} {text}", "OLD=NEW, such as 'wind (MW)=wind'")
        if old in found:
            raise UsageError(f"{old!r} is named twice", advice="name it once", place=f"{flag} {text}")
        found[old] = new
    return found


def _number(number: str, flag: str, text: str) -> float:
    try:
        return float(number)
    except ValueError as error:
        raise UsageError(f"{number!r} is not a number", "one, such as 120", place=f"{flag} {text}") from error


# Readers of texts by the name of the option; those of SINGLE take one text, the others several.
READERS: dict[str, Callable[[Any, str], Any]] = {
    "n_scenarios": counts,
    "capacity": capacities,
    "column_weights": named_numbers,
    "installed": named_numbers,
    "entries": entries,
    "names": components,
    "rename": new_names,
    "long": lambda text, _flag: tuple(part.strip() for part in text.split(",") if part.strip()),
    "delimiter": lambda text, _flag: DELIMITERS.get(text, text),
    "max_size": size,
}
SINGLE = ("long", "delimiter", "max_size")

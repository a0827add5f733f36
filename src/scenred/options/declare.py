"""How an option is declared: one dataclass field that carries all that is known about it.

From the field come the flag and its help, the check and its error, the keyword in Python, and the manifest's entry.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import MISSING, dataclass, field, fields
from functools import cache
from types import NoneType
from typing import Any, Literal, TypeVar, get_args, get_origin, get_type_hints

from scenred.errors import RequestError, ScenredError, nearest_name

Value = TypeVar("Value")
Group = TypeVar("Group")


@dataclass(frozen=True, slots=True)
class Declared:
    """What a field says of its option beyond name, type and default.

    Parameters
    ----------
    help : str
        One sentence.
    noun : str
        What messages call it; the name in words by default.
    flag : str or None
        On the command line; the name with dashes by default, None: Python only.
    short : str
        One letter with its dash.
    metavar, unit : str
    shown : str
        Default as the help shows it, where the value itself does not tell.
    low, high : float
        Range; `is_open` leaves the bounds themselves out.
    is_open : tuple of bool
        For low and high.
    is_finite : bool
        Whether an infinite number is out of range.
    preset : tuple of (str, object, str)
        A second flag, the value that it stands for, and its help.
    """

    help: str
    noun: str = ""
    flag: str | None = ""
    short: str = ""
    metavar: str | None = None
    unit: str = ""
    shown: str = ""
    low: float | None = None
    high: float | None = None
    is_open: tuple[bool, bool] = (False, False)
    is_finite: bool = False
    preset: tuple[str, object, str] | None = None


@dataclass(frozen=True, slots=True)
class Option:
    """A declared option as the faces see it."""

    name: str
    type: Any
    default: Any
    declared: Declared

    @property
    def noun(self) -> str:
        """What messages call it."""
        return self.declared.noun or self.name.removeprefix("n_").replace("_", " ")

    @property
    def flag(self) -> str | None:
        """Its spelling on the command line."""
        if self.declared.flag != "":
            return self.declared.flag
        negated = "no-" if self.default is True else ""
        return f"--{negated}{self.name.replace('_', '-')}"

    @property
    def choices(self) -> tuple[str, ...]:
        """The values of a choice; empty for another option."""
        kinds = [self.type, *get_args(self.type)]
        return next((get_args(kind) for kind in kinds if get_origin(kind) is Literal), ())

    @property
    def is_mapping(self) -> bool:
        """Whether the value is a mapping, or not given."""
        return {get_origin(kind) or kind for kind in get_args(self.type)} == {Mapping, NoneType}

    def check(self, value: Any, refusal: type[ScenredError]) -> None:
        """Raise a refusal if a value is not among the choices or outside the range."""
        if value is None:
            return
        if self.choices and value not in self.choices:
            raise refusal(f"there is no {self.noun} {value!r}", advice=nearest_name(str(value), self.choices))
        low, high, (from_low, to_high) = self.declared.low, self.declared.high, self.declared.is_open
        above = low is None or (value > low if from_low else value >= low)
        below = high is None or (value < high if to_high else value <= high)
        if not (above and below) or (self.declared.is_finite and not math.isfinite(value)):
            number = f"{value:g}" if isinstance(value, float) else str(value)
            raise refusal(f"the {self.noun} is {number} {self.declared.unit}".rstrip(), self._range())

    def _range(self) -> str:
        """Return the range in words."""
        kind = "a number" if self.type in (float, float | None) else "a whole number"
        kind = "a finite number" if self.declared.is_finite else kind
        low, high, (from_low, to_high) = self.declared.low, self.declared.high, self.declared.is_open
        words = [f"{'above' if from_low else 'of at least'} {low:g}"] if low is not None else []
        words += [f"{'below' if to_high else 'at most'} {high:g}"] if high is not None else []
        return f"{kind} {' and '.join(words)}".rstrip()


def option(default: Value, help: str, **declared: Any) -> Value:  # noqa: A002 - the word of the field
    """Declare an option as the default of a dataclass field; the keywords are those of `Declared`."""
    made: Value = field(default=default, metadata={"declared": Declared(help, **declared)})
    return made


def options_of(group: type[Any]) -> tuple[Option, ...]:
    """Return the options of a group, in the order of the help."""
    as_key: Any = group  # mypy takes a type for unhashable
    return _options_of(as_key)


@cache
def _options_of(group: type[Any]) -> tuple[Option, ...]:
    hints = get_type_hints(group)
    return tuple(
        Option(
            one.name,
            hints[one.name],
            None if one.default is MISSING else one.default,
            one.metadata["declared"],
        )
        for one in fields(group)
        if "declared" in one.metadata
    )


def check(group: Any, refusal: type[ScenredError] = RequestError) -> None:
    """Raise a refusal if any option of a group is not among its choices or outside its range."""
    for one in options_of(type(group)):
        one.check(getattr(group, one.name), refusal)


def overrides(group: Any) -> dict[str, Any]:
    """Return the options of a group that differ from their defaults."""
    named = ((one, getattr(group, one.name)) for one in options_of(type(group)))
    return {one.name: value for one, value in named if value != one.default}


def recorded(group: Any) -> dict[str, Any]:
    """Return all options of a group that have a flag, as the manifest holds them."""
    return {
        one.name: {} if one.is_mapping and getattr(group, one.name) is None else getattr(group, one.name)
        for one in options_of(type(group))
        if one.flag is not None
    }


def group_of(kind: type[Group], keywords: Mapping[str, object]) -> Group:
    """Build one group of options from the keywords of a call; those of other groups are left."""
    return kind(**{one.name: keywords[one.name] for one in options_of(kind) if one.name in keywords})


def check_keywords(keywords: Iterable[str], known: type[Any]) -> None:
    """Raise a TypeError if a keyword is not one of a typed dictionary."""
    names = known.__annotations__
    for name in keywords:
        if name not in names:
            raise TypeError(f"unexpected keyword {name!r}; {nearest_name(name, names)}")

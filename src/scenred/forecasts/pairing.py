"""Which column is the forecast of which: as given, or found by the usual names."""

from __future__ import annotations

import re
from collections.abc import Sequence

from scenred.errors import InputError, RequestError, Setting, nearest_name
from scenred.model import Pair

FORECAST = r"day[_\- ]?ahead|forecast(?:ed)?|fcst|fc|predicted|prediction|da"
ACTUAL = r"real[_\- ]?time|actuals?|act|observed|observation|obs|measured|measurement|rt"
FORM = "NAME=FORECAST:ACTUAL"
PAIRS = Setting("pairs", (FORM,))


def parsed_pairs(texts: Sequence[str]) -> list[Pair]:
    """Return pairs from texts `NAME=FORECAST:ACTUAL`; raise a RequestError if one cannot be read or is named twice.

    Examples
    --------
    >>> parsed_pairs(["wind=fc:act"])
    [Pair(name='wind', forecast='fc', actual='act')]
    """
    pairs: list[Pair] = []
    for text in texts:
        place = Setting("pairs", (text,))
        found = re.fullmatch(r"([^=]+)=([^:]+):(.+)", text)
        if found is None:
            raise RequestError("cannot be read", f"{FORM}, such as wind=wind_forecast:wind_actual", place=place)
        if found[1] in [pair.name for pair in pairs]:
            raise RequestError(f"{found[1]!r} is named twice", advice="give every pair a name of its own", place=place)
        pairs.append(Pair(*found.groups()))
    return pairs


def pair_columns(names: Sequence[str], place: str) -> list[Pair]:
    """Pair the columns of one table by the usual names; raise an InputError if one has no partner.

    Examples
    --------
    >>> pair_columns(["wind_forecast", "wind_actual"], "h.csv")
    [Pair(name='wind', forecast='wind_forecast', actual='wind_actual')]
    """
    forecasts, actuals = (
        _by_stem([(stem, name) for name in names if (stem := _stem(name, words))], place)
        for words in (FORECAST, ACTUAL)
    )
    lonely = [
        *(name for stem, name in forecasts.items() if stem not in actuals),
        *(name for stem, name in actuals.items() if stem not in forecasts),
        *(name for name in names if not _stem(name, FORECAST) and not _stem(name, ACTUAL)),
    ]
    if lonely:
        raise InputError(
            f"column {lonely[0]!r} has no partner",
            "a forecast and an actual column for each, such as wind_forecast and wind_actual",
            ("name the pairs with ", PAIRS, ", or leave the column out"),
            place=place,
        )
    return [Pair(stem, name, actuals[stem]) for stem, name in forecasts.items()]


def same_columns(forecasts: Sequence[str], actuals: Sequence[str], place: str, other: str) -> list[Pair]:
    """Pair the columns of two tables by equal names, or by what is left of the usual names."""
    of_forecast = _by_stem([(_stem(name, FORECAST) or name, name) for name in forecasts], place)
    of_actual = _by_stem([(_stem(name, ACTUAL) or name, name) for name in actuals], other)
    for here, there, at, missing in (
        (of_forecast, of_actual, place, other),
        (of_actual, of_forecast, other, place),
    ):
        lonely = [name for stem, name in here.items() if stem not in there]
        if lonely:
            nearest = nearest_name(lonely[0], there)
            raise InputError(
                f"column {lonely[0]!r} has no partner in {missing}",
                advice=(f"{nearest}; use the same names in both, or name the pairs with ", PAIRS),
                place=at,
            )
    return [Pair(stem, name, of_actual[stem]) for stem, name in of_forecast.items()]


def forecast_columns(names: Sequence[str], pairs: Sequence[Pair], place: str, *, some: bool = False) -> list[str]:
    """Return each pair's column in the table of a forecast to come: by the forecast's name, or the pair's.

    Raise an InputError if one is missing, or a column belongs to no pair; with `some` such columns are not used.
    """
    found = []
    for pair in pairs:
        here = [name for name in (pair.forecast, pair.name) if name in names]
        if not here:
            nearest = nearest_name(pair.forecast, names)
            raise InputError(
                f"there is no column {pair.forecast!r} or {pair.name!r}, which the history has",
                advice=(f"{nearest}; add it, or name the pairs to use with ", Setting("pairs")),
                place=place,
            )
        found.append(here[0])
    known = {*found, *(pair.actual for pair in pairs), *(pair.name for pair in pairs)}
    lonely = [name for name in names if name not in known]
    if lonely and not some:
        nearest = nearest_name(lonely[0], known)
        raise InputError(
            f"column {lonely[0]!r} has no partner in the history",
            advice=f"{nearest}; add it to the history, or leave it out",
            place=place,
        )
    return found


def _by_stem(named: Sequence[tuple[str, str]], place: str) -> dict[str, str]:
    """Return the columns by what is left of their names; raise an InputError for two with the same rest."""
    found: dict[str, str] = {}
    for stem, name in named:
        if stem in found:
            raise InputError(
                f"columns {found[stem]!r} and {name!r} both stand for {stem!r}",
                "one",
                ("name the pairs with ", PAIRS, ", or leave one out"),
                place=place,
            )
        found[stem] = name
    return found


def _stem(name: str, words: str) -> str:
    """Return what is left of a name without the word of its role, '' if it has none."""
    found = re.search(rf"(?:^|[_\-. ])({words})(?=$|[_\-. ])", name, re.IGNORECASE)
    if found is None:
        return ""
    left = (name[: found.start()] + name[found.end() :]).strip("_-. ")
    return left or "power"

"""Which column forecasts which: named by the caller, or found by the usual names."""

from __future__ import annotations

import re
from collections.abc import Sequence

from scenred.errors import InputError, RequestError, nearest_name
from scenred.model import Pair

FORECAST = r"day[_\- ]?ahead|forecast(?:ed)?|fcst|fc|predicted|prediction|da"
ACTUAL = r"real[_\- ]?time|actuals?|act|observed|observation|obs|measured|measurement|rt"


def told_pairs(told: Sequence[str]) -> list[Pair]:
    """Read pairs that a caller names; columns that none names are not used.

    Parameters
    ----------
    told : sequence of str
        `NAME=FORECAST:ACTUAL`.

    Raises
    ------
    RequestError
        When one cannot be read, or two have one name.

    Examples
    --------
    >>> told_pairs(["wind=fc:act"])
    [Pair(name='wind', forecast='fc', actual='act')]
    """
    pairs: list[Pair] = []
    for text in told:
        found = re.fullmatch(r"([^=]+)=([^:]+):(.+)", text)
        if found is None:
            raise RequestError(
                f"--pair {text}: scenred needs NAME=FORECAST:ACTUAL, such as wind=wind_forecast:wind_actual"
            )
        if found[1] in [pair.name for pair in pairs]:
            raise RequestError(
                f"--pair {text}: {found[1]!r} is named twice; give every pair a name of its own"
            )
        pairs.append(Pair(*found.groups()))
    return pairs


def pair_columns(names: Sequence[str], place: str) -> list[Pair]:
    """Pair the columns of one table by the usual names.

    Parameters
    ----------
    names : sequence of str
    place : str
        The table, for messages.

    Raises
    ------
    InputError
        When no column, or only one of two, has a usual name.

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
            f"{place}: column {lonely[0]!r} has no partner; scenred needs a forecast and an actual column for each, "
            "such as wind_forecast and wind_actual; name the pairs with --pair NAME=FORECAST:ACTUAL, or leave the "
            "column out"
        )
    return [Pair(stem, name, actuals[stem]) for stem, name in forecasts.items()]


def same_columns(forecasts: Sequence[str], actuals: Sequence[str], place: str, other: str) -> list[Pair]:
    """Pair the columns of two tables by their one name, or by what is left of the usual names."""
    of_forecast = _by_stem([(_stem(name, FORECAST) or name, name) for name in forecasts], place)
    of_actual = _by_stem([(_stem(name, ACTUAL) or name, name) for name in actuals], other)
    for here, there, at, missing in (
        (of_forecast, of_actual, place, other),
        (of_actual, of_forecast, other, place),
    ):
        lonely = [name for stem, name in here.items() if stem not in there]
        if lonely:
            raise InputError(
                f"{at}: column {lonely[0]!r} has no partner in {missing}; {nearest_name(lonely[0], there)}; name the "
                "columns alike, or the pairs with --pair NAME=FORECAST:ACTUAL"
            )
    return [Pair(stem, name, of_actual[stem]) for stem, name in of_forecast.items()]


def forecast_columns(
    names: Sequence[str], pairs: Sequence[Pair], place: str, *, some: bool = False
) -> list[str]:
    """Find each pair's column in the table of a forecast to come: by the forecast's name, or the pair's.

    `some` says that the pairs were chosen: other columns are not used then.

    Raises
    ------
    InputError
        When one is not there, or one of the table belongs to no pair.
    """
    found = []
    for pair in pairs:
        here = [name for name in (pair.forecast, pair.name) if name in names]
        if not here:
            raise InputError(
                f"{place}: there is no column {pair.forecast!r} or {pair.name!r}, which the history has; "
                f"{nearest_name(pair.forecast, names)}; add it, or name the pairs to use with --pair"
            )
        found.append(here[0])
    known = {*found, *(pair.actual for pair in pairs), *(pair.name for pair in pairs)}
    lonely = [name for name in names if name not in known]
    if lonely and not some:
        raise InputError(
            f"{place}: column {lonely[0]!r} has no partner in the history; {nearest_name(lonely[0], known)}; add it "
            "to the history, or leave it out"
        )
    return found


def _by_stem(named: Sequence[tuple[str, str]], place: str) -> dict[str, str]:
    """Give the columns by what is left of their names; refuse two of which the same is left."""
    found: dict[str, str] = {}
    for stem, name in named:
        if stem in found:
            raise InputError(
                f"{place}: columns {found[stem]!r} and {name!r} both tell of {stem!r}; scenred needs one; name the "
                "pairs with --pair NAME=FORECAST:ACTUAL, or leave one out"
            )
        found[stem] = name
    return found


def _stem(name: str, words: str) -> str:
    """Give what is left of a name without the word that tells its role, or nothing where it has none."""
    found = re.search(rf"(?:^|[_\-. ])({words})(?=$|[_\-. ])", name, re.IGNORECASE)
    if found is None:
        return ""
    left = (name[: found.start()] + name[found.end() :]).strip("_-. ")
    return left or "power"

"""Groups of periods, such as seasons: by the calendar, by a column, or by words next to the values."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from scenred.arrays import Int64
from scenred.errors import InputError, RequestError, Setting, nearest_name
from scenred.model import ScenarioSet

SEASONS = ("winter", "spring", "summer", "autumn")
CALENDAR: dict[str, Callable[[pd.Timestamp], str]] = {
    "season": lambda start: SEASONS[start.month % 12 // 3],
    "month": lambda start: start.month_name().lower(),
    "weekday": lambda start: start.day_name().lower(),
    "year": lambda start: str(start.year),
}
GROUP = "group"
ONE_GROUP = "one group for a whole period"


def grouped(scenarios: ScenarioSet, by: str) -> ScenarioSet:
    """Return the scenarios, each with its group.

    Parameters
    ----------
    by : str
        'season' (winter is December to February, whatever the hemisphere), 'month', 'weekday' or 'year' of a
        scenario's start; 'group', the column of a scenario table; or a column that is constant within every scenario,
        which then is a label and no longer a column of values.

    Raises
    ------
    RequestError
        If there are no dates, or no such column.
    InputError
        If the column changes within a scenario.

    Examples
    --------
    >>> import pandas as pd
    >>> from scenred import Column
    >>> starts = pd.DatetimeIndex(["2019-02-28", "2019-03-01"])
    >>> days = ScenarioSet((Column("wind"),), np.zeros((2, 1, 1)), np.full(2, 0.5), starts=starts)
    >>> grouped(days, "season").groups, grouped(days, "weekday").groups
    (('winter', 'spring'), ('thursday', 'friday'))
    """
    if by == GROUP and scenarios.groups:
        return scenarios
    if by in scenarios.names:
        return _by_column(scenarios, by)
    place = Setting("group_by", by)
    if by not in CALENDAR:
        known = [*CALENDAR, *scenarios.names, *([GROUP] if scenarios.groups else [])]
        raise RequestError("there is no such column or calendar", advice=nearest_name(by, known), place=place)
    clocks = scenarios.clocks
    if clocks is None:
        raise RequestError(
            "the periods have no dates", advice="give a series, or a table with a column start", place=place
        )
    return replace(scenarios, groups=tuple(CALENDAR[by](clock) for clock in clocks))


def grouped_by_words(scenarios: ScenarioSet, numbers: ScenarioSet, words: Sequence[str], by: str) -> ScenarioSet:
    """Return the scenarios, each with the word that the column `by` has for it as its group.

    All columns of `numbers` hold the positions of the words, for the same periods or more. An InputError is raised if
    the word changes within a scenario, or a scenario has none.
    """
    codes = numbers.values.astype(np.int64)
    rows = _rows_in(numbers, scenarios)
    missing = np.flatnonzero(rows < 0)
    if len(missing):
        raise InputError(
            f"period {scenarios.called(int(missing[0]))} has steps without a word",
            ONE_GROUP,
            "fill them",
            place=Setting("group_by", by),
        )
    changes = np.argwhere(codes[rows] != codes[rows, :1, :1])
    if len(changes):
        row, step, column = (int(index) for index in changes[0])
        first, other = words[codes[rows[row], 0, 0]], words[codes[rows[row], step, column]]
        raise _changing(scenarios, by, row, step, repr(first), repr(other))
    return replace(scenarios, groups=tuple(words[code] for code in codes[rows, 0, 0]))


def _by_column(scenarios: ScenarioSet, name: str) -> ScenarioSet:
    column = scenarios.names.index(name)
    values = scenarios.values[:, :, column]
    changes = np.argwhere(values != values[:, :1])
    if len(changes):
        row, step = (int(index) for index in changes[0])
        raise _changing(scenarios, name, row, step, f"{values[row, 0]:g}", f"{values[row, step]:g}")
    if len(scenarios.columns) == 1:
        raise RequestError("is the only column", "values next to it", place=Setting("group_by", name))
    return replace(
        scenarios,
        columns=tuple(other for other in scenarios.columns if other.name != name),
        values=np.delete(scenarios.values, column, axis=2),
        groups=tuple(f"{value:.15g}" for value in values[:, 0]),
    )


def _changing(scenarios: ScenarioSet, by: str, row: int, step: int, first: str, other: str) -> InputError:
    met = f"period {scenarios.called(row)} begins with {first} and has {other} at step {step}"
    return InputError(met, ONE_GROUP, place=Setting("group_by", by))


def _rows_in(numbers: ScenarioSet, scenarios: ScenarioSet) -> Int64:
    """Return the row of every scenario in another set, by its start or else its label; -1 where it is missing."""
    if numbers.starts is not None and scenarios.starts is not None and numbers.starts.is_unique:
        return np.asarray(numbers.starts.get_indexer(scenarios.starts), dtype=np.int64)
    place = {label: row for row, label in enumerate(numbers.labels)}
    return np.array([place.get(label, -1) for label in scenarios.labels], dtype=np.int64)

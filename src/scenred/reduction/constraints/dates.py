"""Dates that a planner names become rows of a scenario set."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import pandas as pd

from scenred.arrays import Int64
from scenred.errors import RequestError, Setting, UsageError
from scenred.model import ScenarioSet

DATE = re.compile(r"\d{4}-\d\d-\d\d|\d{8}")
OFFSET = re.compile(r"[T ]\d.*(Z|[+-]\d\d:?\d\d)$")
MOMENT = re.compile(rf"({DATE.pattern})([T ]\d.*)?")


def rows_of_dates(scenarios: ScenarioSet, dates: Sequence[str], option: str) -> Int64:
    """Return the periods that are named by dates or times in ISO 8601, increasing, each once.

    A date stands for all periods that begin on it, on the set's own clock, or else for the one that holds it; a
    time for the period that holds it. An offset is given only where the set has one. Messages name the `option`.

    Raises
    ------
    UsageError
        If a text is not a date.
    RequestError
        If the set has no dates, or none of its periods holds this one.

    Examples
    --------
    >>> from scenred import Column
    >>> starts = pd.date_range("2019-01-01", periods=3, freq="D")
    >>> days = ScenarioSet((Column("wind"),), np.zeros((3, 1, 1)), np.full(3, 1 / 3), starts=starts)
    >>> rows_of_dates(days, ["2019-01-03", "2019-01-01"], "include")
    array([0, 2])
    """
    if not dates:
        return np.empty(0, dtype=np.int64)
    if scenarios.starts is None:
        raise RequestError(
            "the periods have no dates",
            advice="give a series, or a table with a column start",
            place=Setting(option, dates[0]),
        )
    found = [_rows_of(scenarios, _axis(scenarios, text), text.strip(), Setting(option, text)) for text in dates]
    return np.unique(np.concatenate(found)).astype(np.int64)


def _axis(scenarios: ScenarioSet, text: str) -> pd.DatetimeIndex:
    """Return the starts, or what the clock showed for a date without offset where the zone is not known."""
    starts, clocks = scenarios.starts, scenarios.clocks
    assert starts is not None  # noqa: S101 - for the type checker; the caller looked
    assert clocks is not None  # noqa: S101
    is_mixed = bool((starts.tz_localize(None) != clocks).any())
    return clocks if is_mixed and OFFSET.search(text.strip()) is None else starts


def _rows_of(scenarios: ScenarioSet, starts: pd.DatetimeIndex, text: str, place: Setting) -> Int64:
    moment = _moment(starts, text, place)
    if DATE.fullmatch(text):
        rows = np.flatnonzero(starts.normalize() == moment)
        if len(rows):
            return rows
    rows = np.flatnonzero((starts <= moment) & (moment < starts + _length(scenarios, starts)))
    if not len(rows):
        raise RequestError(
            f"no period holds it, or it was dropped in reading; {len(starts)} periods begin at "
            f"{starts[0].isoformat()} to {starts[-1].isoformat()}",
            advice="name one of these",
            place=place,
        )
    return rows


def _moment(starts: pd.DatetimeIndex, text: str, place: Setting) -> pd.Timestamp:
    """Read a date on the clock of the set."""
    try:
        if not MOMENT.fullmatch(text):
            raise ValueError("no date")  # noqa: TRY301 - pandas also takes words, and a month for its first day
        moment = pd.Timestamp(pd.to_datetime(text, format="ISO8601"))
    except (ValueError, TypeError, OverflowError) as error:
        advice = "write ISO 8601, such as 2019-01-17"
        raise UsageError("is not a date", advice=advice, place=place) from error
    if starts.tz is None:
        if moment.tzinfo is not None:
            raise RequestError(
                "has an offset from UTC and the periods have none", advice="leave the offset out", place=place
            )
        return moment
    if moment.tzinfo is not None:
        return moment.tz_convert(starts.tz)
    zoned = moment.tz_localize(starts.tz, ambiguous="NaT", nonexistent="NaT")
    if pd.isna(zoned):
        raise UsageError(
            f"is there twice or not at all in {starts.tz}, whose clock changes",
            advice=f"write the offset, such as {text}+01:00",
            place=place,
        )
    return zoned


def _length(scenarios: ScenarioSet, starts: pd.DatetimeIndex) -> pd.Timedelta:
    """Return the length of a period; the least distance of two starts where the table does not state it."""
    if scenarios.step is not None:
        return scenarios.n_steps * scenarios.step
    apart = (starts[1:] - starts[:-1]).unique()
    return min((one for one in apart if one > pd.Timedelta(0)), default=pd.Timedelta(days=1))

"""Forecasts and what happened, read by the reader of all commands, paired and cut into days."""

from __future__ import annotations

import os
import warnings
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from scenred.arrays import Float64
from scenred.errors import InputError, RequestError
from scenred.forecasts.capacities import Told, capacities_of, clipped
from scenred.io.opening.open import open_tables
from scenred.io.series.capacities import WHOLE
from scenred.io.series.columns import describe_columns
from scenred.io.series.series import series_of
from scenred.io.tables.table import Table
from scenred.model import Column, History, Pair, Series
from scenred.model import Source as Record
from scenred.options import Columns, Cutting, Reading
from scenred.periods.slicing import slice_periods
from scenred.sampling import forecast_columns, pair_columns, same_columns, told_pairs

Source = str | os.PathLike[str] | pd.DataFrame

FEWEST_DAYS = 30
DAY = pd.Timedelta(days=1)


@dataclass(frozen=True, slots=True, eq=False)
class Days:
    """Hold the whole days of a series: values of shape (n_days, n_steps, n_columns)."""

    values: Float64
    starts: pd.DatetimeIndex
    names: list[str]
    source: Record

    def of(self, names: Sequence[str], rows: npt.NDArray[np.bool_]) -> Float64:
        """Give some columns of some days."""
        return self.values[rows][:, :, [self.names.index(name) for name in names]]


@dataclass(frozen=True, slots=True, eq=False)
class Past:
    """Hold a history as it was read, how it was paired, and how the forecast is to be read.

    Parameters
    ----------
    history : History
        Its columns have the capacities that are told, and no others.
    pairs : tuple of Pair
    name : str
        Of the history, for messages.
    time : str or None
        Time column of all files.
    reading : Reading
    cutting : Cutting
        Of all files.
    is_chosen : bool
        Whether the pairs were told: columns that none names are not used then.
    sources : tuple of (str, Source)
        What was read, by role.
    """

    history: History
    pairs: tuple[Pair, ...]
    name: str
    time: str | None
    reading: Reading
    cutting: Cutting
    is_chosen: bool
    sources: tuple[tuple[str, Record], ...]


def read_past(
    history: Source,
    actual: Source | None,
    pairs: Sequence[str],
    time: str | None,
    capacity: Told,
    reading: Reading,
    cutting: Cutting,
) -> Past:
    """Read and pair a history; the parameters are those of `sample`.

    Raises
    ------
    InputError
        When a file is refused, a column has no partner, the files have no day in common, or a value lies below 0.
    RequestError
        When a pair or a capacity names what is not there.
    """
    chosen = told_pairs(pairs)
    wanted = [pair.forecast for pair in chosen]
    if actual is None:
        series = other = _series(open_tables(history, reading), time, reading, _once(wanted, chosen))
        names = [column.name for column in series.columns]
        paired = chosen or pair_columns(names, series.source.name)
    else:
        series = _series(open_tables(history, reading), time, reading, wanted)
        other = _series(open_tables(actual, reading), time, reading, [pair.actual for pair in chosen])
        names, beside = ([column.name for column in one.columns] for one in (series, other))
        paired = chosen or same_columns(names, beside, series.source.name, other.source.name)
    columns = capacities_of(tuple(_column(pair) for pair in paired), capacity, reading)
    days = days_of(series, reading, cutting)
    happened = days if other is series else days_of(other, reading, cutting)
    roles = {"history": days.source} | ({} if other is series else {"actual": happened.source})
    return Past(
        history=_joined(days, happened, paired, columns, series, other, reading),
        pairs=tuple(paired),
        name=series.source.name,
        time=time,
        reading=reading,
        cutting=cutting,
        is_chosen=bool(chosen),
        sources=tuple(roles.items()),
    )


def _once(forecasts: Sequence[str], pairs: Sequence[Pair]) -> list[str]:
    return list(dict.fromkeys([*forecasts, *(pair.actual for pair in pairs)]))


def _column(pair: Pair) -> Column:
    """Give a column the kind that the pair's name tells, else that of its forecast's."""
    of_pair, of_forecast = (describe_columns([n], Columns())[0] for n in (pair.name, pair.forecast))
    return Column(pair.name, of_forecast.kind if of_pair.kind == "other" else of_pair.kind)


def _series(tables: list[Table], time: str | None, reading: Reading, wanted: Sequence[str]) -> Series:
    """Read the series of tables; values are clipped later, when capacities are known, unless the unit tells them."""
    if reading.unit not in WHOLE:
        tables = [replace(table, reading=replace(table.reading, clip=False)) for table in tables]
    return series_of(tables, Columns(time, tuple(wanted)))


def _joined(
    days: Days,
    happened: Days,
    pairs: Sequence[Pair],
    columns: tuple[Column, ...],
    series: Series,
    other: Series,
    reading: Reading,
) -> History:
    """Put forecasts beside what happened, on the days that both have."""
    place, other_place = series.source.name, other.source.name
    if series.step != other.step:
        raise InputError(
            f"{other_place}: has another step than {place}; scenred needs one; resample one of them"
        )
    if (days.starts.tz is None) != (happened.starts.tz is None):
        raise InputError(
            f"{other_place}: only one of {place} and it has a zone; scenred needs one clock; name the zone with "
            "--tz, or write both with an offset from UTC"
        )
    common = days.starts.intersection(happened.starts)
    if not len(common):
        raise InputError(
            f"{other_place}: has no whole day in common with {place}; name files of the same time"
        )
    parts = []
    for one, names, where in (
        (days, [pair.forecast for pair in pairs], place),
        (happened, [pair.actual for pair in pairs], other_place),
    ):
        values = clipped(one.of(names, np.asarray(one.starts.isin(common))), columns, reading, where)
        _check_sign(values, names, common, series.step, where)
        parts.append(values)
    return History(columns, parts[0], parts[1], pd.DatetimeIndex(common), series.step)


def days_of(series: Series, reading: Reading, cutting: Cutting) -> Days:
    """Cut whole days; hours before the first and after the last are not used.

    Raises
    ------
    InputError
        When there is none.
    RequestError
        When days differ in length and the reading does not say what to do.
    """
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", ".*rows before the first and")
        try:
            cut = slice_periods(series, cutting, reading.calendar)
        except RequestError as error:
            if error.remedy or (reading.calendar == "utc" and series.start.tz is None):
                raise  # of the clock
            raise InputError(
                f"{series.source.name}: holds no whole day from midnight on; scenred needs whole days"
            ) from error
    starts = pd.DatetimeIndex([]) if cut.starts is None else cut.starts
    return Days(cut.values, starts, cut.names, cut.source or series.source)


def read_forecast(forecast: Source, past: Past, day: str | None) -> tuple[Float64, Days]:
    """Read the days to come: whole ones, of the history's step.

    Returns
    -------
    values : ndarray of shape (n_days, n_steps, n_columns)
        In the order of the pairs.
    days : Days
        Those days, with all that was read.

    Raises
    ------
    InputError
        When a day lacks hours, a column or a partner is missing, or a value lies below 0.
    RequestError
        When the day that is wanted is not there.
    """
    tables, wanted = _without_actuals(open_tables(forecast, past.reading), past)
    series = _series(tables, past.time, past.reading, wanted)
    place = series.source.name
    names = forecast_columns(
        [column.name for column in series.columns], past.pairs, place, some=past.is_chosen
    )
    history = past.history
    if series.step != history.step:
        raise InputError(
            f"{place}: has a step of {series.step}, and the history {history.step}; resample one of them"
        )
    if (series.start.tzinfo is None) != (history.starts.tz is None):
        raise InputError(
            f"{place}: {'the history' if series.start.tzinfo is None else 'it'} has a zone and "
            f"{'it' if series.start.tzinfo is None else 'the history'} has none; scenred needs one clock; name the "
            "zone with --tz, or write both with an offset from UTC"
        )
    wanted_day = None if day is None else _parsed_day(day)
    try:
        cut = days_of(series, past.reading, past.cutting)
    except InputError:  # say which hours are missing, where some are
        _check_whole(series, series.times()[:0], past, wanted_day)
        raise
    _check_whole(series, cut.starts, past, wanted_day)
    dates = cut.starts.tz_localize(None).normalize()
    rows = np.ones(len(dates), bool) if wanted_day is None else np.asarray(dates == wanted_day)
    if not rows.any():
        raise RequestError(
            f"{place}: there is no whole day {day}; it holds {dates[0].date()} to {dates[-1].date()}"
        )
    starts = cut.starts[rows]
    _check_offset(starts, history.starts, place)
    values = clipped(cut.of(names, rows), history.columns, past.reading, place)
    _check_sign(values, names, starts, series.step, place)
    return values, replace(cut, values=cut.values[rows], starts=starts)


def _without_actuals(tables: list[Table], past: Past) -> tuple[list[Table], list[str]]:
    """Leave out what happened, which is empty of a day to come; and name the columns to read, where pairs are told."""
    expected = {name for pair in past.pairs for name in (pair.forecast, pair.name)}
    unused = {pair.actual for pair in past.pairs} - expected
    held = {str(name) for table in tables for name in table.frame}
    if held & unused and not held & expected:
        raise InputError(
            f"{tables[0].name}: holds {min(held & unused)!r}, which is what happened, and no column "
            f"{past.pairs[0].forecast!r}; scenred needs the forecast of each pair; add it, or name the column that "
            "is one with --pair NAME=FORECAST:ACTUAL"
        )
    left = [replace(t, frame=t.frame.drop(columns=[c for c in t.frame if c in unused])) for t in tables]
    if not past.is_chosen or len(left) > 1:
        return left, []
    known = set(map(str, left[0].frame.columns))
    wanted = [next((n for n in (pair.forecast, pair.name) if n in known), "") for pair in past.pairs]
    return left, wanted if all(wanted) else []


def _check_whole(series: Series, starts: pd.DatetimeIndex, past: Past, wanted: pd.Timestamp | None) -> None:
    """Refuse a day that lacks hours, unless such days are to be dropped."""
    cutting = past.cutting
    if past.reading.missing == "drop":
        return
    times = series.times()
    dates = _dates(times, past)
    whole = set(dates[times.get_indexer(starts)])
    counts = dates.value_counts(sort=False)
    for date, n_held in zip(pd.DatetimeIndex(counts.index), counts, strict=True):
        is_told = cutting.dst == "drop" or (cutting.drop_leap_day and (date.month, date.day) == (2, 29))
        per_day = int(DAY / series.step)
        lacks = n_held < per_day and not (
            is_told and n_held >= per_day - int(pd.Timedelta("1h") / series.step)
        )
        if date not in whole and lacks and wanted in (None, date):
            raise InputError(
                f"{series.source.name}: day {date.date()} holds {n_held} of {per_day} steps; scenred needs "
                "whole days; add the missing ones, name another with --day, or pass --missing drop"
            )


def _dates(times: pd.DatetimeIndex, past: Past) -> pd.DatetimeIndex:
    """Give the date of every row on the clock that days are counted by."""
    if times.tz is None:
        return times.normalize()
    utc = times.tz_convert("UTC").tz_localize(None)
    local = times.tz_localize(None)
    if past.reading.calendar == "utc":
        return utc.normalize()
    if past.cutting.dst == "keep-utc":
        return (utc + (local - utc).min()).normalize()
    return local.normalize()


def _parsed_day(day: str) -> pd.Timestamp:
    try:
        return pd.Timestamp(pd.to_datetime(day, format="%Y-%m-%d"))
    except ValueError as error:
        raise RequestError(f"{day!r} is no day; write it as 2020-06-01") from error


def _check_offset(starts: pd.DatetimeIndex, past: pd.DatetimeIndex, place: str) -> None:
    """Refuse days that begin at another hour than those of the history: their steps would not be its steps."""
    if starts.tz is None:
        return
    there = starts[0].tz_convert(past.tz)
    if there.utcoffset() != starts[0].utcoffset():
        raise InputError(
            f"{place}: its days begin at {starts[0].isoformat()}, which is {there.isoformat()} in the zone of the "
            "history; scenred needs days that begin at one hour; write both in one zone, or name it with --tz"
        )


def _check_sign(
    values: Float64, names: Sequence[str], starts: pd.DatetimeIndex, step: pd.Timedelta, place: str
) -> None:
    bad = np.argwhere(values < 0)
    if len(bad):
        day, hour, column = (int(index) for index in bad[0])
        raise InputError(
            f"{place}: {names[column]} is {values[day, hour, column]:g} at {starts[day] + hour * step}; scenred "
            "needs power of at least 0; pass --negative zero for what a plant draws itself, or correct the value"
        )


def check_days(n: int, met: str) -> None:
    """Refuse a history too short to learn from."""
    if n < FEWEST_DAYS:
        raise InputError(f"{met}; scenred needs at least {FEWEST_DAYS} days of history; give a longer one")

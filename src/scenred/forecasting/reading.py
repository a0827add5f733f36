"""Forecasts and what happened, read, paired and cut into days; the capacities that bound them."""

from __future__ import annotations

import os
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from scenred.errors import InputError, RequestError, ScenredWarning, nearest_name
from scenred.io.series import read_series
from scenred.model import Column, History, Series
from scenred.periods import slice_periods
from scenred.sampling import Pair, forecast_columns, pair_columns, same_columns

Float64 = npt.NDArray[np.float64]
Source = str | os.PathLike[str] | pd.DataFrame

FEWEST_DAYS = 30
DAY = pd.Timedelta(days=1)


@dataclass(frozen=True, slots=True, eq=False)
class Days:
    """Hold the whole days of a series: values of shape (n_days, n_steps, n_columns)."""

    values: Float64
    starts: pd.DatetimeIndex
    names: list[str]

    def of(self, names: Sequence[str], rows: npt.NDArray[np.bool_]) -> Float64:
        """Give some columns of some days."""
        return self.values[rows][:, :, [self.names.index(name) for name in names]]


def read_history(
    history: Source,
    *,
    actual: Source | None = None,
    pairs: Sequence[str] = (),
    time: str | None = None,
    capacity: float | Mapping[str, float] | None = None,
) -> History:
    """Read forecasts beside what happened; the parameters are those of `sample`."""
    past, _, name = read_pairs(history, actual, pairs, time, capacity)
    return with_capacities(past, past.forecast[:0], capacity, name)


def read_pairs(
    history: Source,
    actual: Source | None,
    told: Sequence[str],
    time: str | None,
    capacity: float | Mapping[str, float] | None,
) -> tuple[History, list[Pair], str]:
    """Read and pair; capacities are not known yet, but their names are checked."""
    series = read_series(history, time=time)
    names = [column.name for column in series.columns]
    place = series.source.name
    if actual is None:
        other = series
        paired = pair_columns(names, told, place)
    else:
        other = read_series(actual, time=time)
        beside = [column.name for column in other.columns]
        paired = (
            pair_columns([*names, *beside], told, place)
            if told
            else same_columns(names, beside, place, other.source.name)
        )
    cut, cut_other = _days_of(series), _days_of(other)
    if series.step != other.step:
        raise InputError(
            f"{other.source.name}: has another step than {place}; scenred needs one; resample one of them"
        )
    if (cut.starts.tz is None) != (cut_other.starts.tz is None):
        raise InputError(
            f"{other.source.name}: only one of {place} and it has a zone; write both with an offset from UTC"
        )
    common = cut.starts.intersection(cut_other.starts)
    if not len(common):
        raise InputError(
            f"{other.source.name}: has no whole day in common with {place}; name files of the same time"
        )
    rows, other_rows = cut.starts.isin(common), cut_other.starts.isin(common)
    forecasts = cut.of([pair.forecast for pair in paired], rows)
    actuals = cut_other.of([pair.actual for pair in paired], other_rows)
    _check_sign(forecasts, [pair.forecast for pair in paired], common, series.step, place)
    _check_sign(actuals, [pair.actual for pair in paired], common, series.step, other.source.name)
    if isinstance(capacity, Mapping):
        for key in capacity:
            if key not in [pair.name for pair in paired]:
                raise RequestError(f"a capacity names {key!r}; {nearest_name(key, [p.name for p in paired])}")
    kinds = {column.name: column.kind for column in series.columns}
    columns = tuple(Column(pair.name, kinds.get(pair.forecast, "other")) for pair in paired)
    return History(columns, forecasts, actuals, pd.DatetimeIndex(common), series.step), paired, place


def _days_of(series: Series) -> Days:
    """Cut whole days; hours before the first and after the last are not used."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ScenredWarning)
        try:
            cut = slice_periods(series, DAY)
        except RequestError as error:
            raise InputError(
                f"{series.source.name}: holds no whole day from midnight on; scenred needs whole days"
            ) from error
    starts = pd.DatetimeIndex([]) if cut.starts is None else cut.starts
    return Days(cut.values, starts, cut.names)


def read_forecast(
    forecast: Source,
    paired: Sequence[Pair],
    past: History,
    time: str | None,
    day: str | None,
    *,
    some: bool = False,
) -> tuple[Float64, pd.DatetimeIndex]:
    """Read the days to come: whole ones, of the history's step.

    Raises
    ------
    InputError
        When a day lacks hours, a column or a partner is missing, or a value lies below 0.
    RequestError
        When the day that is wanted is not there.
    """
    series = read_series(forecast, time=time)
    place = series.source.name
    names = forecast_columns([column.name for column in series.columns], paired, place, some=some)
    if series.step != past.step:
        raise InputError(
            f"{place}: has a step of {series.step}, and the history {past.step}; resample one of them"
        )
    if (series.start.tzinfo is None) != (past.starts.tz is None):
        raise InputError(
            f"{place}: only one of it and the history has a zone; write both with an offset from UTC"
        )
    per_day = int(DAY / series.step)
    wanted = None if day is None else _parsed_day(day, series.start)
    times = pd.date_range(series.start, periods=len(series.values), freq=series.step)
    for start, n_held in times.normalize().value_counts(sort=False).items():
        if n_held < per_day and wanted in (None, start):
            raise InputError(
                f"{place}: day {pd.Timestamp(str(start)).date()} holds {n_held} of {per_day} steps; scenred needs "
                "whole days; add the missing ones, or name another with --day"
            )
    cut = _days_of(series)
    rows = np.ones(len(cut.starts), bool) if wanted is None else np.asarray(cut.starts.normalize() == wanted)
    if not rows.any():
        raise RequestError(
            f"{place}: there is no day {day}; it holds {cut.starts[0].date()} to {cut.starts[-1].date()}"
        )
    values = cut.of(names, rows)
    _check_sign(values, names, cut.starts[rows], series.step, place)
    return values, cut.starts[rows]


def _parsed_day(day: str, like: pd.Timestamp) -> pd.Timestamp:
    try:
        return pd.Timestamp(pd.to_datetime(day, format="%Y-%m-%d")).tz_localize(like.tzinfo)
    except ValueError as error:
        raise RequestError(f"{day!r} is no day; write it as 2020-06-01") from error


def _check_sign(
    values: Float64, names: Sequence[str], starts: pd.DatetimeIndex, step: pd.Timedelta, place: str
) -> None:
    bad = np.argwhere(values < 0)
    if len(bad):
        day, hour, column = (int(index) for index in bad[0])
        raise InputError(
            f"{place}: {names[column]} is {values[day, hour, column]:g} at {starts[day] + hour * step}; scenred "
            "needs power of at least 0; write what a plant draws itself as 0, or correct the value"
        )


def check_days(n: int, met: str) -> None:
    """Refuse a history too short to learn from."""
    if n < FEWEST_DAYS:
        raise InputError(f"{met}; scenred needs at least {FEWEST_DAYS} days of history; give a longer one")


def with_capacities(
    past: History, forecast: Float64, capacity: float | Mapping[str, float] | None, place: str
) -> History:
    """Give every column its capacity: as told, which no value exceeds, else the largest value."""
    seen = np.concatenate([past.forecast, past.actual, forecast])
    largest = seen.max(axis=(0, 1))
    columns = []
    for column, most in zip(past.columns, largest, strict=True):
        told = capacity.get(column.name) if isinstance(capacity, Mapping) else capacity
        if told is not None and not (np.isfinite(told) and told > 0):
            raise RequestError(
                f"the capacity of {column.name!r} is {told}; scenred needs a finite number above 0"
            )
        if told is not None and told < most:
            raise RequestError(
                f"{place}: the capacity of {column.name!r} is {told:g}, and values up to {most:g} were seen; name "
                "the capacity in the unit of the values, at least as large"
            )
        if most == 0 and told is None:
            raise InputError(
                f"{place}: {column.name!r} is 0 throughout; leave the column out, or give its capacity"
            )
        columns.append(replace(column, capacity=float(most if told is None else told)))
    return replace(past, columns=tuple(columns))


def capped(past: History, known: Float64) -> History:
    """Take the largest value known before the first day held back; later values above it count as full."""
    largest = known.max(axis=(0, 1))
    if not (largest > 0).all():
        raise InputError(
            f"column {past.columns[int(np.argmin(largest))].name!r} is 0 throughout; leave it out"
        )
    columns = tuple(replace(c, capacity=float(most)) for c, most in zip(past.columns, largest, strict=True))
    return replace(past, columns=columns)

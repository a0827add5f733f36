"""Past forecasts with their observations: read, paired and cut into days; and the days of a forecast to come."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Unpack

import numpy as np

from scenred.api.inputs import GivenReading, InputOptions
from scenred.errors import InputError
from scenred.forecasts.ahead import days_ahead
from scenred.forecasts.capacities import with_capacities
from scenred.forecasts.history import Days, check_clock, common_days, days_of
from scenred.forecasts.pairing import PAIRS, forecast_columns, pair_columns, parsed_pairs, same_columns
from scenred.io.opening.open import Source, open_tables
from scenred.io.series.capacities import WHOLE, capacities_in_unit
from scenred.io.series.columns import describe_columns
from scenred.io.series.limits import checked_values
from scenred.io.series.series import series_of
from scenred.io.tables.table import Table
from scenred.model import Column, History, Pair, Series
from scenred.model import Source as Record
from scenred.options import Columns, Dst, Reading
from scenred.options.declare import check_keywords
from scenred.options.keywords import ReadingKeywords


class HistoryKeywords(ReadingKeywords, total=False):
    """Keywords of `Reading`, and those of `Columns` and `Cutting` that concern pairs of columns and whole days."""

    time: str | None
    capacity: float | Mapping[str, float] | None
    dst: Dst | None
    drop_leap_day: bool


@dataclass(frozen=True, slots=True, eq=False)
class Past:
    """A history as it was read and paired, and how its forecast is read."""

    history: History  # its columns have the given capacities, and no others
    pairs: tuple[Pair, ...]
    name: str  # of the history, for messages
    inputs: InputOptions
    is_chosen: bool  # the pairs were given: other columns are not used
    sources: tuple[tuple[str, Record], ...]  # by role


def read_history(
    history: Source,
    *,
    actual: Source | None = None,
    pairs: Sequence[str] = (),
    reading: GivenReading = None,
    **keywords: Unpack[HistoryKeywords],
) -> History:
    """Read past forecasts and their observations; the parameters are those of `sample`."""
    check_keywords(keywords, HistoryKeywords)
    past = read_past(history, actual, InputOptions.of(keywords, reading), pairs)
    return with_capacities(past.history, past.history.forecast[:0], past.name)


def read_past(history: Source, actual: Source | None, inputs: InputOptions, pairs: Sequence[str]) -> Past:
    """Read and pair a history; `actual` are the observations, if it holds the forecasts only."""
    chosen = parsed_pairs(pairs)
    series, other = _two_series(history, actual, inputs, chosen)
    paired = chosen or _found_pairs(series, other)
    columns = _columns(paired, inputs)
    forecasts = days_of(series, inputs.reading, inputs.cutting)
    observations = forecasts if other is series else days_of(other, inputs.reading, inputs.cutting)
    is_zoned = series.start.tzinfo is not None
    check_clock(other, series.step, is_zoned=is_zoned, other=series.source.name)
    common = common_days(forecasts, observations)
    known, seen = (
        _limited(days.of(names, np.asarray(days.starts.isin(common))), columns, inputs.reading)
        for days, names in (
            (forecasts, [pair.forecast for pair in paired]),
            (observations, [pair.actual for pair in paired]),
        )
    )
    roles = {"history": forecasts.source} | ({} if other is series else {"actual": observations.source})
    past = History(columns, known.values, seen.values, common, series.step)
    return Past(past, tuple(paired), series.source.name, inputs, bool(chosen), tuple(roles.items()))


def _two_series(
    history: Source, actual: Source | None, inputs: InputOptions, chosen: Sequence[Pair]
) -> tuple[Series, Series]:
    """Read the series of forecasts and that of observations, which may be one."""
    wanted, observed = [pair.forecast for pair in chosen], [pair.actual for pair in chosen]
    if actual is None:
        series = _read(open_tables(history, inputs.reading), inputs, dict.fromkeys([*wanted, *observed]))
        return series, series
    series = _read(open_tables(history, inputs.reading), inputs, wanted)
    return series, _read(open_tables(actual, inputs.reading), inputs, observed)


def _found_pairs(series: Series, other: Series) -> list[Pair]:
    """Pair columns by their names."""
    if other is series:
        return pair_columns(series.names, series.source.name)
    return same_columns(series.names, other.names, series.source.name, other.source.name)


def read_forecast(forecast: Source, past: Past, day: str | None) -> Days:
    """Read the days to come, or only `day`, their columns in the order of the pairs."""
    history, reading = past.history, past.inputs.reading
    tables, wanted = _without_observations(open_tables(forecast, reading), past)
    series = _read(tables, past.inputs, wanted)
    names = forecast_columns(series.names, past.pairs, series.source.name, some=past.is_chosen)
    check_clock(series, history.step, is_zoned=history.starts.tz is not None, other="the history")
    days = days_ahead(series, history.starts, reading, past.inputs.cutting, day)
    return _limited(days.of(names), history.columns, reading)


def _read(tables: list[Table], inputs: InputOptions, wanted: Iterable[str]) -> Series:
    """Read a series; values are clipped later, when capacities are known, unless the unit says them."""
    if inputs.reading.unit not in WHOLE:
        tables = [replace(table, reading=replace(table.reading, clip=False)) for table in tables]
    return series_of(tables, Columns(time=inputs.columns.time, columns=tuple(wanted)))


def _columns(pairs: Sequence[Pair], inputs: InputOptions) -> tuple[Column, ...]:
    """Return the columns of pairs: the kind is that of the pair's name, else that of its forecast's."""
    given = Columns(capacity=capacities_in_unit(inputs.columns.capacity, inputs.reading))
    named = describe_columns([pair.name for pair in pairs], given)
    forecasts = describe_columns([pair.forecast for pair in pairs], Columns())
    return tuple(
        replace(column, kind=forecast.kind) if column.kind == "other" else column
        for column, forecast in zip(named, forecasts, strict=True)
    )


def _limited(days: Days, columns: tuple[Column, ...], reading: Reading) -> Days:
    """Return days, clipped to [0, capacity] if that is asked for; raise an InputError if a value is negative."""
    if reading.clip:
        flat = days.values.reshape(-1, len(columns))
        values = checked_values(flat, columns, reading, days.source.name, {})
        days = replace(days, values=values.reshape(days.values.shape))
    days.check_sign()
    return days


def _without_observations(tables: list[Table], past: Past) -> tuple[list[Table], list[str]]:
    """Leave out observations, which are empty for a day to come; and name the columns to read, if pairs are given."""
    expected = {name for pair in past.pairs for name in (pair.forecast, pair.name)}
    unused = {pair.actual for pair in past.pairs} - expected
    held = {str(name) for table in tables for name in table.frame}
    if held & unused and not held & expected:
        raise InputError(
            f"holds {min(held & unused)!r}, which are observations, and no column {past.pairs[0].forecast!r}",
            "the forecast of each pair",
            ("add it, or name its column with ", PAIRS),
            place=tables[0].name,
        )
    left = [replace(t, frame=t.frame.drop(columns=[c for c in t.frame if c in unused])) for t in tables]
    if not past.is_chosen or len(left) > 1:
        return left, []
    known = set(map(str, left[0].frame.columns))
    wanted = [next((n for n in (pair.forecast, pair.name) if n in known), "") for pair in past.pairs]
    return left, wanted if all(wanted) else []

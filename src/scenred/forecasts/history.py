"""Days of forecasts and observations: cut whole, on one clock, of at least zero power."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from scenred.arrays import Bool, Float64
from scenred.errors import InputError, RequestError, Setting
from scenred.model import Series, Source
from scenred.options import Cutting, Reading
from scenred.periods.slicing import slice_periods

FEWEST_DAYS = 30


@dataclass(frozen=True, slots=True, eq=False)
class Days:
    """The whole days of a series: values of shape (n_days, n_steps, n_columns)."""

    values: Float64
    starts: pd.DatetimeIndex
    step: pd.Timedelta
    names: list[str]
    source: Source

    def of(self, names: Sequence[str], rows: Bool | slice = slice(None)) -> Days:
        """Return some columns of some days."""
        columns = [self.names.index(name) for name in names]
        return Days(self.values[rows][:, :, columns], self.starts[rows], self.step, list(names), self.source)

    def check_sign(self) -> None:
        """Raise an InputError if a value is negative."""
        negative = np.argwhere(self.values < 0)
        if len(negative):
            day, step, column = (int(index) for index in negative[0])
            raise InputError(
                f"{self.names[column]} is {self.values[day, step, column]:g} at {self.starts[day] + step * self.step}",
                "power of at least 0",
                (
                    "pass ",
                    Setting("negative", "zero"),
                    " for a plant's own consumption, or correct the value",
                ),
                place=self.source.name,
            )


def days_of(series: Series, reading: Reading, cutting: Cutting) -> Days:
    """Cut whole days; hours before the first and after the last are not used. Raise an InputError if there is none."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", ".*rows before the first and")
        try:
            cut = slice_periods(series, cutting, reading.calendar)
        except RequestError as error:
            if error.remedy or (reading.calendar == "utc" and series.start.tz is None):
                raise  # of the clock
            raise InputError("holds no whole day from midnight on", "whole days", place=series.source.name) from error
    starts = pd.DatetimeIndex([]) if cut.starts is None else cut.starts
    return Days(cut.values, starts, series.step, cut.names, cut.source or series.source)


def check_clock(series: Series, step: pd.Timedelta, *, is_zoned: bool, other: str) -> None:
    """Raise an InputError if a series has another step than `other`, or only one of both has a zone."""
    place = series.source.name
    if series.step != step:
        raise InputError(f"has a step of {series.step}, and {other} {step}", advice="resample one of them", place=place)
    if (series.start.tzinfo is not None) != is_zoned:
        zoned, bare = (other, "it") if is_zoned else ("it", other)
        raise InputError(
            f"{zoned} has a zone and {bare} has none",
            "one clock",
            ("name the zone with ", Setting("tz"), ", or write both with an offset from UTC"),
            place=place,
        )


def common_days(forecasts: Days, observations: Days) -> pd.DatetimeIndex:
    """Return the starts of the days that both have; raise an InputError if there is none."""
    common = forecasts.starts.intersection(observations.starts)
    if not len(common):
        raise InputError(
            f"has no whole day in common with {forecasts.source.name}",
            advice="name files of the same time",
            place=observations.source.name,
        )
    return pd.DatetimeIndex(common)


def check_days(n: int, met: str, place: str) -> None:
    """Raise an InputError if a history is too short to learn from."""
    if n < FEWEST_DAYS:
        raise InputError(met, f"at least {FEWEST_DAYS} days of history", "give a longer one", place=place)

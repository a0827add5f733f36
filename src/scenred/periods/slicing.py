"""A series becomes a scenario set: one scenario per period, none padded."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from scenred.arrays import Int64
from scenred.errors import RequestError, Setting
from scenred.model import ScenarioSet, Series
from scenred.model.duration import describe, parse_period
from scenred.notes import note
from scenred.options import Calendar, Cutting
from scenred.periods.wall_clock import WallClock, wall_clock

DAY = pd.Timedelta(days=1)


def slice_periods(series: Series, cutting: Cutting = Cutting(), calendar: Calendar | None = None) -> ScenarioSet:
    """Cut a series into periods of equal length and equal probability.

    Parameters
    ----------
    cutting : Cutting
        The length is a multiple of the series' step. Aligned at midnight, the first period begins at the first
        midnight in the series' own zone (periods of a day or more), or at the first whole number of periods after
        midnight (shorter ones). With `dst` 'drop' periods that hold a change of the clock are dropped; 'regular' makes
        them whole: the hour that is missing in spring repeats the hour before it, the second of the double hour in
        autumn is cut; 'keep-utc' counts 24 hours of elapsed time by the zone's standard time all year: nothing is
        changed, and periods begin an hour after local midnight in summer.
    calendar : {'local', 'utc'}, optional
        Whose midnight: by default that of the series' own clock.

    Raises
    ------
    UsageError
        If the period cannot be read.
    RequestError
        If it is not a multiple of the step, the series holds none, or days differ in length and `dst` does not
        say what to do.

    Warns
    -----
    ScenredWarning
        If rows before the first or after the last whole period are dropped, or periods in which a step is missing.
    """
    length = parse_period(cutting.length)
    n_steps = length // series.step
    if n_steps < 1 or n_steps * series.step != length:
        raise RequestError(
            f"a period of {describe(length)} is not a multiple of the series' step of {describe(series.step)}",
            advice="choose a multiple",
        )
    clock = wall_clock(series, calendar, cutting.dst)
    first = _first_slot(clock.start, series.step, length) if cutting.align == "midnight" else 0
    rows, changes = _whole_periods(series, clock, first, n_steps, drop_leap_day=cutting.drop_leap_day)
    used = rows.ravel()
    before, after = int(used.min()), len(series.values) - 1 - int(used.max())
    if before or after:
        note(
            f"{series.source.name}: dropped {before} rows before the first and {after} rows after the last "
            f"whole period of {describe(length)}"
        )
    values = series.values[used] if len(used) != len(series.values) or changes else series.values
    starts = series.times()[rows[:, 0]]
    return ScenarioSet(
        columns=series.columns,
        values=values.reshape(len(rows), n_steps, -1),
        probabilities=np.full(len(rows), 1.0 / len(rows)),
        starts=starts.tz_convert("UTC") if calendar == "utc" else starts,
        step=series.step,
        source=replace(
            series.source,
            cutting=cutting,
            rows_dropped_before=before,
            rows_dropped_after=after,
            changes=(*series.source.changes, *changes.items()),
        ),
    )


def _whole_periods(
    series: Series, clock: WallClock, first: int, n_steps: int, *, drop_leap_day: bool
) -> tuple[Int64, dict[str, int]]:
    """Return the rows of each period that is whole, shape (n, n_steps), and what was dropped between them."""
    number = (clock.slots - first) // n_steps
    numbers, counts = np.unique(number[number >= 0], return_counts=True)
    changes = dict(clock.changes)
    gone = np.zeros(0, dtype=np.int64)
    for what, bad in _unwanted(series, clock, number, first, n_steps, drop_leap_day=drop_leap_day).items():
        here = np.setdiff1d(np.intersect1d(numbers, bad), gone)
        gone = np.union1d(gone, here)
        if len(here):
            changes[what] = len(here)
            note(f"{series.source.name}: {len(here)} {what}")
    whole = np.setdiff1d(numbers[counts == n_steps], gone)
    if not len(whole):
        raise RequestError(
            f"{len(series.values)} rows of {describe(series.step)} hold no whole period of "
            f"{describe(n_steps * series.step)}",
            advice=("choose a shorter period, or ", Setting("align", "start")),
        )
    among = int(((gone > whole[0]) & (gone < whole[-1])).sum())
    missing = int(whole[-1] - whole[0] + 1) - len(whole) - among
    if missing > 0:
        changes["periods with missing steps dropped"] = missing
        note(f"{series.source.name}: {missing} periods with missing steps dropped")
    return clock.rows[np.isin(number, whole)].reshape(len(whole), n_steps), changes


def _unwanted(
    series: Series, clock: WallClock, number: Int64, first: int, n_steps: int, *, drop_leap_day: bool
) -> dict[str, Int64]:
    """Return the numbers of the periods that are to be dropped, by reason."""
    unwanted = {}
    if len(clock.blocked):
        unwanted["periods of 23 or 25 hours dropped"] = (clock.blocked - first) // n_steps
    if drop_leap_day:
        times = clock.start.tz_localize(None) + pd.TimedeltaIndex(clock.slots * series.step)
        unwanted["periods with a leap day dropped"] = number[(times.month == 2) & (times.day == 29)]
    return unwanted


def _first_slot(start: pd.Timestamp, step: pd.Timedelta, length: pd.Timedelta) -> int:
    """Count the steps before the first that begins a period: the first at or after a boundary."""
    grid = min(length, DAY)
    into = (start - start.normalize()) % grid
    if into < step:  # the first row begins a period, also at half past midnight
        return 0
    return int(-((into - grid) // step))

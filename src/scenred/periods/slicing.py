"""A series becomes a scenario set: one scenario per period, none padded."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from scenred.arrays import Int64
from scenred.errors import RequestError, Setting
from scenred.model import ScenarioSet, Series
from scenred.model.duration import describe, parse_period
from scenred.notes import note
from scenred.options import Calendar, Cutting, Dst

DAY = pd.Timedelta(days=1)
WHOLE_DAYS = Cutting()
WAYS = tuple(Setting("dst", way) for way in ("drop", "regular", "keep-utc"))
UTC = Setting("calendar", "utc")


@dataclass(frozen=True, slots=True, eq=False)
class Clock:
    """The rows of a series on the clock that periods are counted by.

    `slots` are the steps since `start` on that clock, increasing; `rows` say which row of the series stands
    there (a row may be duplicated where a day is filled up); `blocked` are slots whose period is to be dropped.
    """

    start: pd.Timestamp
    slots: Int64
    rows: Int64
    blocked: Int64
    changes: dict[str, int]


def slice_periods(
    series: Series, cutting: Cutting = WHOLE_DAYS, calendar: Calendar | None = None
) -> ScenarioSet:
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

    Returns
    -------
    ScenarioSet
        Rows before the first and after the last whole period are dropped, and periods in which a step is
        missing; a `ScenredWarning` counts them.

    Raises
    ------
    UsageError
        If the period cannot be read.
    RequestError
        If it is not a multiple of the step, the series holds none, or days differ in length and `dst` is not given.

    Examples
    --------
    >>> from scenred import read_series
    >>> hours = pd.date_range("2019-01-01", periods=72, freq="h")
    >>> series = read_series(pd.DataFrame({"wind": np.linspace(0, 1, 72)}, index=hours))
    >>> slice_periods(series).values.shape
    (3, 24, 1)
    """
    length = parse_period(cutting.length)
    n_steps = length // series.step
    if n_steps < 1 or n_steps * series.step != length:
        raise RequestError(
            f"a period of {describe(length)} is not a multiple of the series' step of {describe(series.step)}",
            advice="choose a multiple",
        )
    clock = _clock(series, calendar, cutting.dst)
    first = _first_slot(clock.start, series.step, length) if cutting.align == "midnight" else 0
    kept, rows, changes = _whole_periods(
        series, clock, first, n_steps, length, drop_leap_day=cutting.drop_leap_day
    )
    used = rows.ravel()
    before, after = int(used.min()), len(series.values) - 1 - int(used.max())
    if before or after:
        note(
            f"{series.source.name}: dropped {before} rows before the first and {after} rows after the last "
            f"whole period of {describe(length)}"
        )
    values = series.values[used] if len(used) != len(series.values) or changes else series.values
    return ScenarioSet(
        columns=series.columns,
        values=values.reshape(len(kept), n_steps, -1),
        probabilities=np.full(len(kept), 1.0 / len(kept)),
        starts=series.times()[rows[:, 0]] if calendar != "utc" else _utc(series.times()[rows[:, 0]]),
        step=series.step,
        source=replace(
            series.source,
            cutting=cutting,
            rows_dropped_before=before,
            rows_dropped_after=after,
            changes=(*series.source.changes, *changes.items()),
        ),
    )


def _utc(times: pd.DatetimeIndex) -> pd.DatetimeIndex:
    return times.tz_convert("UTC")


def _clock(series: Series, calendar: Calendar | None, dst: Dst | None) -> Clock:
    """Lay the rows out on the clock that periods are counted by."""
    slots = series.steps()
    rows = np.arange(len(slots))
    nothing = np.zeros(0, dtype=np.int64)
    if series.start.tz is None:
        if calendar == "utc":
            raise RequestError(
                "times have no zone, so that days of UTC are unknown",
                advice=("name the zone, such as ", Setting("tz", "UTC")),
                place=series.source.name,
            )
        return Clock(series.start, slots, rows, nothing, {})
    if calendar == "utc":
        return Clock(series.start.tz_convert("UTC"), slots, rows, nothing, {})
    times = series.times()
    offsets = (times.tz_localize(None) - times.tz_convert("UTC").tz_localize(None)).as_unit("us").asi8
    if (offsets == offsets[0]).all():
        return Clock(series.start.tz_localize(None), slots, rows, nothing, {})
    if dst == "keep-utc":
        standard = pd.Timedelta(int(offsets.min()), "us")
        return Clock(series.start.tz_convert("UTC").tz_localize(None) + standard, slots, rows, nothing, {})
    return _wall_clock(series, times, offsets, dst)


def _wall_clock(series: Series, times: pd.DatetimeIndex, offsets: Int64, dst: Dst | None) -> Clock:
    """Lay the rows out by local time, in which an hour is missing in spring and one is duplicated in autumn."""
    step = series.step // pd.Timedelta(1, "us")
    shift = (offsets - offsets[0]) // step
    changed = np.flatnonzero(np.diff(offsets) != 0) + 1
    at = ", ".join(times[row].isoformat() for row in changed[:2]) + (", ..." if len(changed) > 2 else "")
    if ((offsets - offsets[0]) % step).any():
        raise RequestError(
            f"the clock changes by part of a step of {describe(series.step)} at {at}",
            advice=("choose ", UTC),
            place=series.source.name,
            remedy=(UTC,),
        )
    if dst is None:
        raise RequestError(
            f"days of 23 or 25 hours in {series.start.tz} (the clock changes at {at})",
            "days of one length",
            ("pass ", *(part for way in WAYS for part in (way, ", ")), "or ", UTC),
            place=series.source.name,
            remedy=(WAYS[0],),
        )
    slots = series.steps() + shift
    rows = np.arange(len(slots))
    again = np.zeros(len(slots), dtype=bool)
    for row in changed:  # rows after the clock was put back that repeat local times
        back = int(shift[row - 1] - shift[row])
        if back > 0:
            again[row:] |= (slots[row:] <= slots[row - 1]) & (np.arange(len(slots) - row) < back)
    spring = [
        np.arange(slots[row - 1] + 1, slots[row - 1] + 1 + int(shift[row] - shift[row - 1]))
        for row in changed
        if shift[row] > shift[row - 1]
    ]
    lost = np.concatenate(spring) if spring else np.zeros(0, dtype=np.int64)
    blocked = np.concatenate([lost, slots[again]]) if dst == "drop" else np.zeros(0, dtype=np.int64)
    changes: dict[str, int] = {}
    slots, rows = slots[~again], rows[~again]
    if dst == "regular":
        changes = {"steps cut in autumn": int(again.sum()), "steps repeated in spring": len(lost)}
        earlier = np.searchsorted(slots, lost - (pd.Timedelta(hours=1) // series.step or 1))
        filled = np.concatenate([slots, lost])
        order = np.argsort(filled, kind="stable")
        slots, rows = filled[order], np.concatenate([rows, rows[np.clip(earlier, 0, len(rows) - 1)]])[order]
        note(
            f"{series.source.name}: {int(again.sum())} steps cut in autumn and {len(lost)} repeated in spring, "
            "where the clock changes"
        )
    return Clock(series.start.tz_localize(None), slots, rows, blocked, changes)


def _whole_periods(
    series: Series, clock: Clock, first: int, n_steps: int, length: pd.Timedelta, *, drop_leap_day: bool
) -> tuple[Int64, Int64, dict[str, int]]:
    """Return the numbers of the periods that are whole, the rows of each, and what was dropped between them."""
    number = (clock.slots - first) // n_steps
    inside = number >= 0
    numbers, counts = np.unique(number[inside], return_counts=True)
    whole = numbers[counts == n_steps]
    changes = dict(clock.changes)
    gone = np.zeros(0, dtype=np.int64)
    for what, bad in _unwanted(series, clock, number, first, n_steps, drop_leap_day=drop_leap_day).items():
        here = np.setdiff1d(np.intersect1d(numbers, bad), gone)
        gone = np.union1d(gone, here)
        if len(here):
            changes[what] = len(here)
            note(f"{series.source.name}: {len(here)} {what}")
    whole = np.setdiff1d(whole, gone)
    if not len(whole):
        raise RequestError(
            f"{len(series.values)} rows of {describe(series.step)} hold no whole period of {describe(length)}",
            advice=("choose a shorter period, or ", Setting("align", "start")),
        )
    said = int(((gone > whole[0]) & (gone < whole[-1])).sum())
    lacking = int(whole[-1] - whole[0] + 1) - len(whole) - said
    if lacking > 0:
        changes["periods with missing steps dropped"] = lacking
        note(f"{series.source.name}: {lacking} periods with missing steps dropped")
    keep = np.isin(number, whole)
    return whole, clock.rows[keep].reshape(len(whole), n_steps), changes


def _unwanted(
    series: Series, clock: Clock, number: Int64, first: int, n_steps: int, *, drop_leap_day: bool
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

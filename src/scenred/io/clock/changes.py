"""When the clock of a zone changes, and its standard time."""

from __future__ import annotations

import datetime as dt
import zoneinfo
from dataclasses import dataclass

import numpy as np
import pandas as pd

from scenred.arrays import Int64
from scenred.errors import Setting
from scenred.io.clock.digits import DAY, SECOND

QUARTER, YEAR = 900 * SECOND, 366 * DAY
# Share of a year with the least offset from which on that is standard time: Morocco's is that of one month.
SHARE = 0.25
# Whole hours from UTC that a zone of Etc has.
HOURS = range(-12, 15)
# Zones whose clocks are put back at different times; others do as one of them.
KNOWN = (
    *("Europe/Berlin", "Europe/London", "Europe/Athens", "America/New_York", "Australia/Sydney", "Pacific/Auckland"),
    *("America/Santiago", "America/Sao_Paulo", "America/Asuncion", "Asia/Jerusalem", "Asia/Beirut", "Africa/Cairo"),
)


@dataclass(frozen=True, slots=True)
class Change:
    """A change of a clock in microseconds: its moment, and the offsets from UTC before and after it."""

    moment: int
    before: int
    after: int

    @property
    def begin(self) -> int:
        """The first local time that is left out, or duplicated."""
        return self.moment + min(self.before, self.after)

    @property
    def end(self) -> int:
        """The first local time after those that are left out or duplicated."""
        return self.moment + max(self.before, self.after)

    @property
    def is_forward(self) -> bool:
        """Whether local times are left out, not duplicated."""
        return self.after > self.before


def changes_between(zone: dt.tzinfo, begin: int, end: int) -> list[Change]:
    """Return the changes of a clock from a day before `begin` to a day after `end`, local times in microseconds."""
    days = np.arange(begin - DAY, end + 2 * DAY, DAY)
    offsets = offsets_at(zone, days)
    changes = []
    for day in np.flatnonzero(np.diff(offsets)):
        moment, before = int(days[day]), int(offsets[day])
        for finer in (QUARTER, SECOND):  # two looks at a day
            moments = moment + np.arange(0, (DAY if finer == QUARTER else QUARTER) + 1, finer)
            moment = int(moments[np.argmax(offsets_at(zone, moments) != before) - (finer == QUARTER)])
        changes.append(Change(moment, before, int(offsets[day + 1])))
    return changes


def offsets_at(zone: dt.tzinfo, moments: Int64) -> Int64:
    """Return the offsets of a zone from UTC at moments, in microseconds."""
    local = pd.DatetimeIndex(moments.view("M8[us]")).tz_localize("UTC").tz_convert(zone).tz_localize(None)
    return local.as_unit("us").asi8 - moments


def standard_time(zone: dt.tzinfo, clock: Int64) -> Setting:
    """Return the option that names the standard time of a zone in the years of local times.

    Examples
    --------
    >>> import zoneinfo
    >>> clock = np.array([1_600_000_000_000_000])
    >>> zones = ("America/Los_Angeles", "Asia/Kolkata", "Europe/London", "Africa/Casablanca")
    >>> [str(standard_time(zoneinfo.ZoneInfo(name), clock)) for name in zones]
    ["tz='Etc/GMT+8'", "tz='+05:30'", "tz='UTC'", "tz='Etc/GMT-1'"]
    """
    begin, end = int(clock.min()), int(clock.max())
    offsets, counts = np.unique(offsets_at(zone, np.arange(begin, max(end, begin + YEAR), 7 * DAY)), return_counts=True)
    is_usual = counts[0] >= SHARE * counts.sum()
    minutes = int(offsets[0] if is_usual else offsets[np.argmax(counts)]) // (60 * SECOND)
    if not minutes:
        return Setting("tz", "UTC")
    if minutes % 60 == 0 and minutes // 60 in HOURS:
        return Setting("tz", f"Etc/GMT{-minutes // 60:+d}")
    return Setting("tz", f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02d}:{abs(minutes) % 60:02d}")


def zone_that_repeats(clock: Int64) -> Setting | None:
    """Return the option that names a zone whose clock is put back at one of these local times, the first of `KNOWN`.

    Examples
    --------
    >>> times = ["2020-10-25 02:00"], ["2020-11-01 01:00"], ["2020-07-01 01:00"]
    >>> [zone_that_repeats(pd.DatetimeIndex(time).as_unit("us").asi8) for time in times]
    [Setting(option='tz', value='Europe/Berlin'), Setting(option='tz', value='America/New_York'), None]
    """
    for name in KNOWN:
        for change in changes_between(zoneinfo.ZoneInfo(name), int(clock.min()), int(clock.max())):
            if not change.is_forward and ((clock >= change.begin) & (clock < change.end)).any():
                return Setting("tz", name)
    return None

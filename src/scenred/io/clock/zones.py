"""Local times become moments: the hour that is missing in spring, and the one that is duplicated in autumn."""

from __future__ import annotations

import datetime as dt
import re
import zoneinfo

import numpy as np
import pandas as pd

from scenred.arrays import Float64, Int64, first
from scenred.errors import InputError, Setting, UsageError, nearest_name
from scenred.io.clock.digits import DAY, SECOND, offset_seconds
from scenred.io.clock.likely_zones import zone_advice, zones_of
from scenred.io.tables.table import Table
from scenred.notes import note

# An offset from UTC, as it is given and as it is written.
FIXED = re.compile(r"(?:UTC)?(?P<sign>[+-])(?P<hours>\d{1,2})(?::?(?P<minutes>[0-5]\d))?", re.ASCII)


def zone_of(name: str) -> dt.tzinfo:
    """Return the zone of this IANA name, or of an offset from UTC that does not change; raise a UsageError if none is.

    Examples
    --------
    >>> print(zone_of("Europe/Berlin"), zone_of("+05:30"), zone_of("UTC-03:30"))
    Europe/Berlin UTC+05:30 UTC-03:30
    """
    if (fixed := FIXED.fullmatch(name.strip())) is not None:
        seconds = offset_seconds(f"{fixed['sign']}{int(fixed['hours']):02d}:{fixed['minutes'] or '00'}")
        if np.isfinite(seconds):
            return dt.timezone(dt.timedelta(seconds=seconds))
    try:
        return zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError) as error:
        known = sorted(zone for zone in zoneinfo.available_timezones() if "/" in zone or zone == "UTC")
        hint = nearest_name(name, known)
        hint = hint if hint.startswith("did") else "name one such as Europe/Berlin, America/Chicago, UTC or +05:30"
        raise UsageError(f"there is no time zone {name!r}", advice=hint) from error


def in_zone(moments: Int64, zone: dt.tzinfo) -> pd.DatetimeIndex:
    """Return microseconds of UTC as times of a zone."""
    return pd.DatetimeIndex(moments.view("M8[us]")).tz_localize("UTC").tz_convert(zone)


def localized(table: Table, clock: Int64, back: int, name: str) -> pd.DatetimeIndex:
    """Return the moments of local clock times, `back` microseconds earlier.

    A duplicated time where clocks were put back is summer time first, winter time then. Stamps at the end of their step
    are moved back on the clock first, as operators number hours; where that leads into the hour that spring leaves out,
    they are moved back as moments. Raise an InputError naming the row whose time the zone does not have, or that cannot
    be told from the same time an hour earlier or later.
    """
    zone = zone_of(name)
    if back:
        try:
            return _localized(table, clock - back, zone)
        except InputError:
            return _localized(table, clock, zone) - pd.Timedelta(back, "us")
    return _localized(table, clock, zone)


def midnights(dates: Int64, zone: dt.tzinfo) -> tuple[Int64, Int64]:
    """Return the moments at which the days of these dates begin and end in a zone, in microseconds of UTC.

    A day whose midnight is left out begins at the first moment that there is.
    """
    begins, ends = (
        pd.DatetimeIndex(days.view("M8[us]"))
        .tz_localize(zone, ambiguous=np.ones(len(days), dtype=bool), nonexistent="shift_forward")
        .as_unit("us")
        .asi8
        for days in (dates, dates + DAY)
    )
    return begins, ends


def _localized(table: Table, clock: Int64, zone: dt.tzinfo) -> pd.DatetimeIndex:
    if len(clock) > 1 and clock[0] > clock[-1]:  # newest first
        return _localized(table.rows(np.arange(len(clock))[::-1]), clock[::-1].copy(), zone)[::-1]
    naive = pd.DatetimeIndex(clock.view("M8[us]"))
    summer, winter = (
        naive.tz_localize(zone, ambiguous=np.full(len(clock), is_summer), nonexistent="NaT").as_unit("us")
        for is_summer in (True, False)
    )
    if (row := first(np.asarray(summer.isna()))) is not None:
        met = f"there is no time {naive[row]} in {zone}, where the clock was put forward"
        raise table.error(met, advice=("the times are of another zone: pass another ", Setting("tz")), row=row)
    twofold = np.flatnonzero(summer.asi8 != winter.asi8)
    if not len(twofold):
        return summer
    rank = pd.Series(clock[twofold]).groupby(clock[twofold]).cumcount().to_numpy()
    total = pd.Series(rank).groupby(clock[twofold]).transform("size").to_numpy()
    if (odd := first(total != 2)) is not None:
        raise _not_both(table, int(twofold[odd]), naive, zone, int(total[odd]))
    is_summer = np.ones(len(clock), dtype=bool)
    is_summer[twofold] = rank == 0
    return naive.tz_localize(zone, ambiguous=is_summer).as_unit("us")


def _not_both(table: Table, row: int, naive: pd.DatetimeIndex, zone: dt.tzinfo, count: int) -> InputError:
    """Return the refusal of a local time that is two moments, and is not there twice."""
    sites = ("where rows hold several sites, name their column and that of values: ", Setting("long", "SITE,VALUE"))
    day = ("write offsets or UTC, or remove that day and pass ", Setting("missing", "drop"))
    return table.error(
        f"{naive[row]} is two moments in {zone}, where the clock was put back, and is in "
        f"{'one row' if count == 1 else f'{count} rows'}",
        "both in the order of time",
        day if naive.duplicated().mean() < 0.4 else sites,
        row=row,
    )


def zoned(table: Table, moments: Int64, offsets: Float64) -> pd.DatetimeIndex:
    """Return moments in the zone that is given, or in the one offset that all of them have."""
    reading, utc = table.reading, pd.DatetimeIndex(moments.view("M8[us]")).tz_localize("UTC")
    if reading.tz is not None:
        return utc.tz_convert(zone_of(reading.tz))
    if (row := first(offsets != offsets[0])) is None:
        return utc.tz_convert(dt.timezone(dt.timedelta(seconds=float(offsets[0])))) if offsets[0] else utc
    if reading.calendar == "utc":
        return utc
    local = utc[row].tz_convert(dt.timezone(dt.timedelta(seconds=float(offsets[row]))))
    raise table.error(
        f"the offset from UTC changes at {local.isoformat()} (zones are mixed, as where clocks are put forward)",
        advice=(
            *zone_advice(zones_of(moments, offsets), "which has these offsets"),
            "; or pass ",
            Setting("calendar", "utc"),
        ),
        remedy=(Setting("calendar", "utc"),),
        row=row,
    )


def at_offset(table: Table, clock: Int64, names: tuple[str, ...], offset: float) -> pd.DatetimeIndex:
    """Return moments of clock times at the offset that the name of a column holds, with a note where it is not UTC."""
    if offset:
        note(
            f"{table.name}: times are read at {offset / 3600:+g} hours from UTC, as the name of {', '.join(names)} says"
        )
    return zoned(table, clock - round(offset * SECOND), np.full(len(clock), offset))

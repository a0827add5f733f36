"""Zones that a file may be of: those whose clock changes when its times say so. An advice names them."""

from __future__ import annotations

import datetime as dt
import zoneinfo

import numpy as np
import pandas as pd

from scenred.arrays import Float64, Int64
from scenred.errors import Setting

# One zone for each rule by which clocks are changed, those of more load first; of some rules there are several offsets.
ZONES = (
    *("Europe/Berlin", "Europe/London", "Europe/Athens", "Europe/Moscow", "Atlantic/Azores"),
    *("America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles", "America/Halifax"),
    *("America/St_Johns", "America/Anchorage", "America/Sao_Paulo", "America/Santiago", "America/Mexico_City"),
    *("Australia/Sydney", "Australia/Adelaide", "Pacific/Auckland", "Asia/Jerusalem", "Africa/Cairo", "Asia/Tehran"),
)
NAMED = 4


def changed_on(date: pd.Timestamp, *, is_longer: bool) -> list[str]:
    """Return the zones in which a date is longer than others, or shorter.

    Examples
    --------
    >>> changed_on(pd.Timestamp("2020-10-25"), is_longer=True)[:2]
    ['Europe/Berlin', 'Europe/London']
    """
    begin = date.normalize().to_pydatetime()
    end = begin + dt.timedelta(days=1)
    sign = 1 if is_longer else -1
    return [name for name in ZONES if (_offset(name, begin, 0) - _offset(name, end, 0)) * sign > dt.timedelta()]


def zones_of(moments: Int64, offsets: Float64) -> list[str]:
    """Return the zones that have these offsets from UTC in seconds at all moments, in microseconds, that show one."""
    shown = np.flatnonzero(~np.isnan(offsets))
    edges = np.flatnonzero(np.diff(offsets[shown])) if len(shown) else shown
    rows = shown[np.unique(np.concatenate([edges, edges + 1, [0, len(shown) - 1]]))] if len(shown) else shown
    times = pd.DatetimeIndex(moments[rows].view("M8[us]")).tz_localize("UTC")
    found = []
    for name in ZONES if len(rows) else ():
        local = times.tz_convert(name).tz_localize(None)
        if ((local - times.tz_localize(None)).total_seconds().to_numpy() == offsets[rows]).all():
            found.append(name)
    return found


def zone_advice(zones: list[str], why: str) -> tuple[str | Setting, ...]:
    """Return the words that ask for the zone and for what to do with days of 23 and 25 hours, with a zone that fits."""
    drop = Setting("dst", "drop")
    if not zones:
        return ("name the zone with ", Setting("tz"), ", and what to do with days of 23 and 25 hours with ", drop)
    others = f", also in {', '.join(zones[1:NAMED])}" if len(zones) > 1 else ""
    begin = "name the zone and what to do with days of 23 and 25 hours, such as "
    return (begin, Setting("tz", zones[0]), " ", drop, f", {why}{others}")


def _offset(name: str, moment: dt.datetime, fold: int) -> dt.timedelta:
    found = moment.replace(tzinfo=zoneinfo.ZoneInfo(name), fold=fold).utcoffset()
    return found or dt.timedelta()

"""Numbers of NetCDF become values and times, by the attributes of their variables.

Rules: CF conventions 1.11, sections 2.5 (missing data), 4.4 (time) and 8.1 (packed data).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from scenred.arrays import Bool, Float64, Int64
from scenred.errors import InputError

SECOND = 1_000_000
DAY = 86_400 * SECOND
UNITS = {
    "microsecond": 1, "microsec": 1, "millisecond": 1_000, "millisec": 1_000, "msec": 1_000, "ms": 1_000,
    "second": SECOND, "sec": SECOND, "s": SECOND, "minute": 60 * SECOND, "min": 60 * SECOND,
    "hour": 3_600 * SECOND, "hr": 3_600 * SECOND, "h": 3_600 * SECOND, "day": DAY, "d": DAY,
}  # fmt: skip
SINCE = re.compile(
    r"\s*(?P<unit>[a-z]+)\s+since\s+(?P<year>\d{1,4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})"
    r"(?:[T\s]+(?P<hour>\d{1,2})(?::(?P<minute>\d{1,2})(?::(?P<second>\d{1,2})(?:\.(?P<fraction>\d*))?)?)?)?"
    r"\s*(?P<zone>Z|UTC|GMT|[+-]\d{1,2}(?::?\d{2})?)?\s*",
    re.IGNORECASE | re.ASCII,
)
# Calendars of the years that there are, and those whose years all have 365 days.
MIXED, REAL, COMMON = ("standard", "gregorian"), ("proleptic_gregorian",), ("noleap", "365_day")
# Years that times may lie in.
EARLIEST, LATEST = (int(np.datetime64(f"{year}-01-01", "us").astype(np.int64)) for year in (1800, 2200))
# Days since 1970 of 15 October 1582, before which the mixed calendar is the Julian one.
REFORM = -141_427
DAYS_BEFORE = np.cumsum([0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30])
# Microseconds by which parts of a day, as fractions, may be off a whole second.
ROUGH = 50_000


def is_time(attributes: Mapping[str, Any]) -> bool:
    """Return whether a variable holds times: its unit counts since a date."""
    return re.match(r"\s*[a-z]+\s+since\s", str(attributes.get("units", "")), re.IGNORECASE) is not None


def decoded_times(raw: Any, attributes: Mapping[str, Any], place: str) -> pd.DatetimeIndex:
    """Return times, in UTC where the unit names an offset.

    Raise an InputError if a time is missing, or the unit or the calendar is not one of real times.
    """
    units, calendar = str(attributes["units"]), str(attributes.get("calendar", MIXED[0])).casefold()
    found = SINCE.fullmatch(units)
    length = 0 if found is None else UNITS.get(found["unit"].casefold().removesuffix("s") or "s", 0)
    if found is None or not length:
        met = f"times are in {units!r}"
        raise InputError(met, "days, hours, minutes or seconds since a date", "convert them", place=place)
    if calendar not in (*MIXED, *REAL, *COMMON):
        met = f"times are of the calendar {calendar}, whose dates are not those of the years that there are"
        raise InputError(met, f"one of {', '.join((*MIXED, *REAL, *COMMON))}", "convert them", place=place)
    _check_whole(raw, place)
    date = tuple(int(found[part]) for part in ("year", "month", "day"))
    clock = sum(int(found[part] or 0) * size for part, size in (("hour", 3_600), ("minute", 60), ("second", 1)))
    since = clock * SECOND + int((found["fraction"] or "0").ljust(6, "0")[:6]) + _lengths(raw, length)
    moments = _of_common_years(date, since) if calendar in COMMON else _first_day(date, calendar) * DAY + since
    if not len(moments) or moments.min() < EARLIEST or moments.max() >= LATEST:
        raise InputError(f"times in {units!r} do not lie in the years 1800 to 2199", place=place)
    zone = found["zone"]
    if zone is None:
        return pd.DatetimeIndex(moments.view("M8[us]"))
    offset = re.fullmatch(r"([+-])(\d{1,2}):?(\d{2})?", zone)
    minutes = 0 if offset is None else int(f"{offset[1]}1") * (int(offset[2]) * 60 + int(offset[3] or 0))
    return pd.DatetimeIndex((moments - minutes * 60 * SECOND).view("M8[us]")).tz_localize("UTC")


def decoded_values(raw: Any, attributes: Mapping[str, Any]) -> Float64:
    """Return values, NaN where one is missing: unpacked by scale and offset in double precision."""
    if str(attributes.get("_Unsigned", "")).casefold() == "true" and raw.dtype.kind == "i":
        raw = raw.astype(raw.dtype.newbyteorder("=")).view(f"u{raw.dtype.itemsize}")
    missing = _missing(raw, attributes)
    values: Float64 = raw.astype(np.float64)
    if "scale_factor" in attributes:
        values = values * float(attributes["scale_factor"])
    if "add_offset" in attributes:
        values = values + float(attributes["add_offset"])
    values[missing] = np.nan
    return values


def _missing(raw: Any, attributes: Mapping[str, Any]) -> Bool:
    missing = np.isnan(raw) if raw.dtype.kind == "f" else np.zeros(raw.shape, dtype=bool)
    for name in ("_FillValue", "missing_value"):
        for mark in np.atleast_1d(attributes.get(name, [])):
            missing |= raw == np.asarray(mark).astype(raw.dtype)
    low, high = attributes.get("valid_range", (attributes.get("valid_min"), attributes.get("valid_max")))
    if low is not None:
        missing |= raw < low
    if high is not None:
        missing |= raw > high
    return missing


def _check_whole(raw: Any, place: str) -> None:
    if raw.dtype.kind not in "iuf" or not np.isfinite(raw.astype(np.float64)).all():
        raise InputError("a time is missing", "a time for every step", "fetch the file again", place=place)


def _lengths(raw: Any, length: int) -> Int64:
    """Return numbers of a unit in microseconds; fractions that are near whole seconds are whole seconds."""
    if raw.dtype.kind in "iu":
        whole: Int64 = raw.astype(np.int64) * length
        return whole
    found: Int64 = np.round(raw.astype(np.float64) * length).astype(np.int64)
    seconds: Int64 = np.round(found / SECOND).astype(np.int64) * SECOND
    return seconds if np.abs(found - seconds).max(initial=0) <= ROUGH else found


def _first_day(date: tuple[int, ...], calendar: str) -> int:
    """Return the days since 1970 of a date; the mixed calendar is the Julian one before 15 October 1582."""
    year, month, day = date
    days = int(np.datetime64(f"{year:04}-{month:02}-{day:02}", "D").astype(np.int64))
    if calendar not in MIXED or days >= REFORM:
        return days
    number = 367 * year - 7 * (year + 5_001 + int((month - 9) / 7)) // 4 + 275 * month // 9 + day + 1_729_777
    return number - 2_440_588


def _of_common_years(date: tuple[int, ...], since: Int64) -> Int64:
    """Return the moments of times since a date of a calendar without leap days."""
    year, month, day = date
    days = year * 365 + int(DAYS_BEFORE[month - 1]) + day - 1 + since // DAY
    years, in_year = days // 365, days % 365
    months = np.searchsorted(DAYS_BEFORE, in_year, side="right")
    first = ((years - 1970) * 12 + months - 1).astype("M8[M]").astype("M8[D]").astype(np.int64)
    moments: Int64 = (first + in_year - DAYS_BEFORE[months - 1]) * DAY + since % DAY
    return moments

"""Times of rows that follow each other from a start that is given."""

from __future__ import annotations

import numpy as np
import pandas as pd

from scenred.errors import Setting, UsageError
from scenred.io.clock.digits import DAY, SECOND
from scenred.io.clock.stamps import parse_stamps
from scenred.io.clock.zones import in_zone, zone_of, zoned
from scenred.io.tables.table import Table
from scenred.model.duration import parse_period
from scenred.model.series import micros

# Microseconds that rows without times may span.
MOST = 200 * 366 * DAY


def following(table: Table, start: str, step: str) -> pd.DatetimeIndex:
    """Return the times of rows that follow each other from `start`."""
    length = micros(parse_period(step))
    stamps = parse_stamps(pd.Series([start], dtype=object), "iso")
    if not stamps.is_good[0]:
        raise UsageError("is not a time", "one such as 2019-01-01 or 2019-01-01T00:30", place=Setting("start", start))
    if len(table.frame) * length > MOST:
        raise table.error(
            f"{len(table.frame):,} rows of {step} reach beyond the year 2200", advice=("check ", Setting("step"))
        )
    after = np.arange(len(table.frame)) * length
    if not np.isnan(stamps.offset[0]):
        moments = stamps.clock[0] - round(stamps.offset[0] * SECOND) + after
        return zoned(table, moments, np.full(len(after), stamps.offset[0]))
    first = pd.DatetimeIndex(stamps.clock.view("M8[us]"))
    if table.reading.tz is None:
        if table.reading.calendar == "utc":
            raise table.error(
                (Setting("start"), " has no zone, so that days of UTC are not known"),
                advice=("pass ", Setting("tz", "UTC")),
            )
        return pd.DatetimeIndex((stamps.clock[0] + after).view("M8[us]"))
    zone = zone_of(table.reading.tz)
    local = first.tz_localize(zone, ambiguous=np.array([True]), nonexistent="NaT")
    if local.isna()[0]:
        raise UsageError(f"there is no such time in {zone}", advice="name another", place=Setting("start", start))
    return in_zone(local.as_unit("us").asi8[0] + after, zone)

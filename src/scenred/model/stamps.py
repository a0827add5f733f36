"""The times at which scenarios begin, as a clock shows them."""

from __future__ import annotations

import pandas as pd


def iso_stamps(starts: pd.DatetimeIndex, clocks: pd.DatetimeIndex) -> list[str]:
    """Return moments in ISO 8601 with the time that a clock showed at each, and its offset from UTC.

    The clock's offset may change from one to the next, as the zone of `starts` need not tell.

    Examples
    --------
    >>> starts = pd.DatetimeIndex(["2023-01-03 23:00", "2023-06-03 22:00"], tz="UTC")
    >>> iso_stamps(starts, pd.DatetimeIndex(["2023-01-04", "2023-06-04"]))
    ['2023-01-04T00:00:00+01:00', '2023-06-04T00:00:00+02:00']
    """
    own = starts.tz_localize(None)
    if starts.tz is None or (own == clocks).all():
        return [start.isoformat() for start in starts]
    offsets = clocks - starts.tz_convert("UTC").tz_localize(None)
    return [clock.isoformat() + _offset(offset) for clock, offset in zip(clocks, offsets, strict=True)]


def _offset(offset: pd.Timedelta) -> str:
    sign, size = ("-", -offset) if offset < pd.Timedelta(0) else ("+", offset)
    parts = size.components
    seconds = f":{parts.seconds:02d}" if parts.seconds else ""
    return f"{sign}{parts.days * 24 + parts.hours:02d}:{parts.minutes:02d}{seconds}"


def zone_name(starts: pd.DatetimeIndex | None, clocks: pd.DatetimeIndex | None) -> str | None:
    """Return the zone whose clock is shown, its IANA name or `UTC+02:00`; None where none or several would be.

    Examples
    --------
    >>> midnight = pd.DatetimeIndex(["2023-06-04"])
    >>> zone_name(midnight.tz_localize("Europe/Berlin"), midnight)
    'Europe/Berlin'
    >>> zone_name(midnight.tz_localize("+02:00"), midnight)
    'UTC+02:00'
    """
    if starts is None or clocks is None or starts.tz is None or (starts.tz_localize(None) != clocks).any():
        return None
    return str(starts.tz)

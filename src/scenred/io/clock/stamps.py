"""Time stamps as files write them: cells of text become clock times, with their offset from UTC where they have one.

ISO 8601 goes through pandas; every other form through one pattern, so that the order of day and month is never a
guess: `forms_of` finds the orders that fit every row.
"""

from __future__ import annotations

import re
from functools import partial

import numpy as np
import pandas as pd

from scenred.arrays import Bool, Int64
from scenred.io.clock.digits import (
    COMPACT,
    DAY,
    SECOND,
    STAMP,
    Stamps,
    fixed_width_stamps,
    is_in_range,
    offsets_of,
    ordered_stamps,
    times_of_day,
)

ORDERS = ("ymd", "dmy", "mdy")
# Characters of a stamp, at most.
LONGEST = 100
# Seconds since 1970 that no time stamp reaches; more are milliseconds, and so on.
LATEST = 2e10
# Forms that count days, and their number on 1 January 1970.
SERIALS = {"excel": 25_569.0, "matlab": 719_529.0}
# An hour alone has no offset of hours alone behind it: 05-00 is an hour and minutes.
ISO = re.compile(
    r"\s*\d{4}-\d{2}(-\d{2}([T ]\d{2}(:?\d{2}(:?\d{2}([.,]\d+)?)?(\s*[+-]\d{2})?)?)?)?"
    r"\s*(Z|[+-]\d{2}:?\d{2}|\+\d{2})?\s*",
    re.ASCII,
)
CLOCK = re.compile(
    r"\s*(?P<hour>\d{1,2})(?::(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,]0+)?)?|h(?P<minute_h>\d{2})?)"
    r"(?:\s*(?P<half>[AaPp])\.?[Mm]\.?)?\s*",
    re.ASCII,
)
# "begin - end" as intervals are written; the begin counts.
INTERVAL = re.compile(
    r"(?s)\s*(?P<begin>\S.*?)\s*(?:\s[-\u2013]\s|\sto\s|\sbis\s|(?<=[\dZ])/(?=\d{4}-))\s*(?P<end>.*\S)\s*"
)
# "May 1, 2023 12:00 AM" as programs in English write it.
LONG_DATE = re.compile(r"^\s*([A-Za-z]{3,9})\.? (\d{1,2}), (\d{4}),?\s*", re.ASCII)
# A date with marks, which a blank or a T parts from the time of day.
DATE = re.compile(r"\d{1,4}([-/.])(?:\d{1,2}|[A-Za-z\u00c0-\u017e]{3,10})\.?\1\d{1,4}", re.ASCII)
# Cells from which on each distinct date and time is read once.
MANY = 2_000
YEAR_2000 = 10_957 * DAY
MARKED_CLOCK = re.compile(
    r"(?<!\d)(\d{1,2})[ABab*Xx](?=:[0-5]\d)|(\d{1,2}:[0-5]\d)(?:\*|\s*DST)(?=\s*(?:-|$))", re.ASCII
)
MARKED = re.compile(r"(?<=[T ])(\d{1,2})[ABab*Xx](?=:|\s*$)", re.ASCII)
CLOCKS = re.compile(r"^\s*(\d{1,2}:\d{2})\s*[-\u2013]\s*\d{1,2}:\d{2}\s*$", re.ASCII)


def parse_stamps(cells: pd.Series, form: str) -> Stamps:
    """Read cells of text, the begin of those that are intervals.

    `form` is 'iso', 'ymd', 'dmy', 'mdy', 'unix', 'excel', 'matlab' or a format of strptime.
    """
    if form == "unix" or form in SERIALS:
        return _counted(cells, form)
    if form in ("iso", *ORDERS):
        return _dated(_begins(cells), form)
    whole = _strptime(cells.astype(str), form)  # a dash may be one of the form
    return whole if whole.is_good.all() else _strptime(_begins(cells), form)


def forms_of(cells: pd.Series) -> dict[str, Stamps]:
    """Find the forms that fit every cell, 'iso' alone or some of 'ymd', 'dmy', 'mdy', with what each of them reads.

    Examples
    --------
    >>> list(forms_of(pd.Series(["01/02/2020", "02/02/2020"]))), list(forms_of(pd.Series(["13/02/2020"])))
    (['dmy', 'mdy'], ['dmy'])
    """
    cells = _begins(cells)
    if ISO.fullmatch(str(cells.iloc[0])):
        stamps = _dated(cells, "iso")
        if stamps.is_good.all():
            return {"iso": stamps}
    few = cells.head(100)
    read = {order: _dated(cells, order) for order in ORDERS if ordered_stamps(few, order).is_good.all()}
    return {order: stamps for order, stamps in read.items() if stamps.is_good.all()}


def best_order(cells: pd.Series) -> str:
    """Return the form that fits most cells, for a message about the others."""
    return max(("iso", *ORDERS), key=lambda form: parse_stamps(cells, form).is_good.sum())


def is_stamp(cell: object) -> bool:
    """Return whether a cell is a date, with or without a time of day, or an interval of them.

    Examples
    --------
    >>> [is_stamp(cell) for cell in ("2020-01-01", "1/31/2020 1:00 PM", "01.01.2020 00:00 - 01.01.2020 01:00", "12:00")]
    [True, True, True, False]
    """
    text = LONG_DATE.sub(r"\2 \1 \3 ", str(cell)[: LONGEST + 10], count=1)
    if not any(letter.isdigit() for letter in text) or len(text) > LONGEST:
        return False
    interval = INTERVAL.fullmatch(text)
    begin = text if interval is None else interval["begin"]
    if ISO.fullmatch(begin):  # a month or hour out of range is found later
        return True
    if not any(pattern.fullmatch(begin) for pattern in (ISO, STAMP, COMPACT)):
        return False
    one = pd.Series([begin], dtype=object)
    return any(parse_stamps(one, form).is_good[0] for form in ("iso", *ORDERS))


def clock_times(cells: pd.Series) -> tuple[Int64, Bool]:
    """Read times of day such as 13:15, 1:15 PM or 24:00 as microseconds, and say which cells are such times.

    The mark of a repeated hour is left out, as in 2A:00 and 2B:00, and 02:00*.
    """
    moments, good = _clock_times(cells)
    if good.all() or not good.any():
        return moments, good
    return _clock_times(cells.astype(str).str.replace(MARKED_CLOCK, r"\1\2", regex=True))


def _clock_times(cells: pd.Series) -> tuple[Int64, Bool]:
    begins = _begins(cells).astype(str).str.replace(CLOCKS, r"\1", regex=True)
    found = begins.str.extract(re.compile(f"^(?:{CLOCK.pattern})$", CLOCK.flags))
    minutes = found["minute"].where(found["minute"].notna(), found["minute_h"])
    moments, good = times_of_day(found.assign(minute=minutes))
    return moments, good & found["hour"].notna().to_numpy(dtype=bool)


def _begins(cells: pd.Series) -> pd.Series:
    """Return the begin of cells that are intervals."""
    text = cells if isinstance(cells.dtype, pd.StringDtype) else cells.astype(str)
    lengths = text.str.len()
    if (lengths > LONGEST).any():  # no time, and patterns would take long over it
        text = text.where(~(lengths > LONGEST), "")
    if len(text) and isinstance(text.iloc[0], str) and INTERVAL.fullmatch(text.iloc[0]) is not None:
        begins = text.str.extract(INTERVAL, expand=True)["begin"]
        text = begins.where(begins.notna(), text)
    if len(text) and isinstance(text.iloc[0], str) and LONG_DATE.match(text.iloc[0]) is not None:
        return text.str.replace(LONG_DATE, r"\2 \1 \3 ", regex=True)
    return text


def unmarked(cells: pd.Series) -> pd.Series:
    """Leave out the marks of the repeated hour, as in 2A:00 and 2B:00, 02* and 02:00 DST.

    Examples
    --------
    >>> unmarked(pd.Series(["29.10.2023 2A:15", "11/05/2023 02*", "11/05/2023 02:00 DST", "2023-10-29 03:00"])).tolist()
    ['29.10.2023 2:15', '11/05/2023 02', '11/05/2023 02:00', '2023-10-29 03:00']
    """
    return cells.str.replace(MARKED, r"\1", regex=True).str.replace(r"\s+DST$", "", regex=True)


def _dated(cells: pd.Series, form: str) -> Stamps:
    """Read cells of a date and a time of day: many by position, else each distinct date and each distinct time once.

    The patterns match what follows a date with marks independently of it, so the result is the same.
    """
    order, latest = ("ymd", DAY - 1) if form == "iso" else (form, DAY)
    fits = len(cells) > MANY and (form != "iso" or ISO.fullmatch(str(cells.iloc[0])) is not None)
    fixed = fixed_width_stamps(cells, order, latest) if fits else None
    if fixed is not None:
        return fixed
    read = _iso if form == "iso" else partial(ordered_stamps, order=form)
    mark = " " if " " in str(cells.iloc[0]) else "T"
    texts = cells.tolist() if len(cells) > MANY else []
    parts = [text.partition(mark) for text in texts if isinstance(text, str) and mark in text]
    if not parts or len(parts) < len(texts):
        return read(cells)
    (date_of, dates), (time_of, times) = (
        pd.factorize(np.array([part[place] for part in parts], dtype=object)) for place in (0, 2)
    )
    if not all(DATE.fullmatch(date) for date in dates):
        return read(cells)
    day = "01-01-2000" if form in ("dmy", "mdy") else "2000-01-01"
    distinct = read(pd.Series(np.concatenate([dates, day + mark + times])))  # one call: each costs a millisecond
    time_of += len(dates)
    good = distinct.is_good[date_of] & distinct.is_good[time_of]
    clock = distinct.clock[date_of] + distinct.clock[time_of] - YEAR_2000
    return Stamps(np.where(good, clock, 0), distinct.offset[time_of], good, distinct.has_hours)


def _iso(cells: pd.Series) -> Stamps:
    n = len(cells)
    text = cells.str.strip()
    form = text.str.fullmatch(ISO.pattern, flags=re.ASCII).to_numpy(dtype=bool)
    ends = text.str.slice(10).str.extract(r"(Z|[+-]\d{2}(?::?\d{2})?)$", expand=False)
    zoned = ends.notna().to_numpy(dtype=bool)
    try:
        bare = text.where(form, None)
        if zoned.any():
            bare = bare.str.replace(r"\s*(?:Z|[+-]\d{2}(?::?\d{2})?)$", "", regex=True).where(zoned, bare)
        times = pd.to_datetime(bare, format="ISO8601", errors="coerce")
    except (ValueError, TypeError, OverflowError):
        return Stamps(np.zeros(n, np.int64), np.full(n, np.nan), np.zeros(n, bool))
    good = times.notna().to_numpy(dtype=bool) & form
    moments = times.to_numpy(dtype="M8[us]").view(np.int64).copy()
    moments[~good] = 0
    offset = offsets_of(ends)
    good &= is_in_range(moments) & ~np.isinf(offset)
    return Stamps(moments, offset, good, bool((text.str.len() > 10).any()))


def _counted(cells: pd.Series, form: str) -> Stamps:
    """Read seconds since 1970, or milli-, micro- or nanoseconds where they are too large for seconds.

    Or read days since the epoch of a program, to the second: of Excel 30 December 1899, of MATLAB the year 0.
    """
    given = pd.to_numeric(cells, errors="coerce").to_numpy(dtype=np.float64)
    finite = np.isfinite(given)
    numbers = np.where(finite, given, 0)
    if form == "unix":
        largest = np.abs(numbers).max(initial=0)
        scale = next((scale for scale in (1.0, 1e-3, 1e-6) if largest * scale <= LATEST), 1e-9)
        clock = (np.clip(numbers * scale, -1e11, 1e11) * SECOND).round().astype(np.int64)
    else:
        days = np.clip(numbers - SERIALS[form], -1e6, 1e6)
        clock = np.round(days * DAY / SECOND).astype(np.int64) * SECOND
    offset = np.full(len(cells), 0.0 if form == "unix" else np.nan)
    return Stamps(clock, offset, finite & is_in_range(clock))


def _strptime(cells: pd.Series, form: str) -> Stamps:
    n = len(cells)
    try:
        times = pd.to_datetime(cells.str.strip(), format=form, errors="coerce", utc="%z" in form)
    except (ValueError, TypeError, OverflowError, re.error):
        return Stamps(np.zeros(n, np.int64), np.full(n, np.nan), np.zeros(n, bool))
    good = times.notna().to_numpy(dtype=bool)
    bare = times.dt.tz_localize(None) if getattr(times.dtype, "tz", None) is not None else times
    clock = bare.to_numpy(dtype="M8[us]").view(np.int64).copy()
    clock[~good] = 0
    offset = np.zeros(n) if "%z" in form else np.full(n, np.nan)
    return Stamps(clock, offset, good, any(mark in form for mark in ("%H", "%I", "%X", "%c")))

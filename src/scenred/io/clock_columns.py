"""Which columns of a table tell the time, and what clock times they add up to.

One column of stamps; a column of dates with one of times, hours or periods; or columns year, month, day and so on.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from scenred.errors import InputError, RequestError, nearest_name
from scenred.io.stamps import (
    DAY,
    ORDERS,
    Stamps,
    best_order,
    clock_times,
    date_days,
    forms_of,
    is_stamp,
    parse_stamps,
)
from scenred.io.table import Table

Int64 = npt.NDArray[np.int64]

# Names of columns that hold a part of the time, as `folded` gives them.
PARTS: dict[str, frozenset[str]] = {
    "year": frozenset({"year", "yr", "yyyy", "jahr", "año", "ano", "année", "annee", "anno"}),
    "month": frozenset({"month", "mo", "mm", "monat", "mes", "mois"}),
    "day": frozenset({"day", "dy", "dd", "tag", "día", "dia", "jour"}),
    "hour": frozenset(
        {
            "hour",
            "hr",
            "hh",
            "he",
            "hour ending",
            "hourending",
            "opr hr",
            "hour number",
            "stunde",
            "hora",
            "heure",
        }
        | {"hour beginning", "hb", "std"}
    ),
    "minute": frozenset({"minute", "min", "mi"}),
    "period": frozenset(
        {
            "period",
            "settlement period",
            "settlementperiod",
            "interval",
            "trading period",
            "tradingperiod",
            "time period",
        }
        | {"quarter", "quarter hour", "viertelstunde", "periodo", "sp", "pte", "position", "pos"}
    ),
}
# Names that say that stamps are the end of their step.
ENDS = re.compile(
    r"hour[\s_-]*ending|\bhe\b|end of (the )?(hour|interval|period)|interval[\s_-]*end|period[\s_-]*end|"
    r"time[\s_-]*ending|"
    r"^(datum )?(bis|ende)\b|^end\b|^settlementdate$|date[\s_-]*end|end[\s_-]*(date|time)\b",
    re.IGNORECASE,
)
# Names of times at which something was made known, beside the times that it is about.
ISSUED = re.compile(
    r"publi(sh|c)|\bissue|\bcreat|\bupdat|\bmodifi|\bretriev|\brelease|\breference|\bforecast|\binit\b|\brun\b",
    re.IGNORECASE,
)
UTC = re.compile(r"(?<![a-z])(utc|gmt)|(utc|gmt)(?![a-z])", re.IGNORECASE)
UNIX = re.compile(r"time|date|epoch|unix|stamp", re.IGNORECASE)
# Numbers of periods in a day, and of those of 23 and 25 hours.
PERIODS_A_DAY = (24, 48, 96, 144, 288, 1440)
TRIED = 3
# Share of a span that stamps of the true order of day and month fill, at least.
FILLED = 0.8


@dataclass(frozen=True, slots=True, eq=False)
class ClockColumns:
    """Hold what the time columns say.

    Parameters
    ----------
    names : tuple of str
    form : str
        As `--time-format` takes it.
    stamps : Stamps
    step : int
        Microseconds of a period, where periods or hours are counted; else 0.
    counts : ndarray of int64, optional
        Where periods or hours are counted: how many of a day lie before each row; `stamps` then are dates.
    is_end : bool or None
        Whether a stamp is the end of its step, where names or numbers say so.
    is_utc : bool
        Whether a name says that naive times are UTC.
    """

    names: tuple[str, ...]
    form: str
    stamps: Stamps
    step: int = 0
    counts: Int64 | None = None
    is_end: bool | None = None
    is_utc: bool = False


def clock_columns(table: Table, told: str | tuple[str, ...] | None) -> ClockColumns:
    """Find or take the time columns and read them.

    Raises
    ------
    RequestError
        When a column that is told is not there.
    InputError
        When no column holds times, a cell is none, or day and month cannot be told apart.
    """
    names = _told(table, told) if told is not None else _found(table)
    parts = _parts(names)
    if {"year", "month", "day"} <= set(parts):
        return _from_parts(table, names, parts)
    if len(names) == 1:
        return _from_one(table, names[0])
    return _from_date(table, names[0], names[1])


def time_columns(table: Table, told: str | None) -> tuple[str, ...]:
    """Find or take the names of the time columns, without reading them."""
    return tuple(_told(table, told) if told is not None else _found(table))


def folded(name: str) -> str:
    """Give a name in lower case without units, with spaces for marks.

    Examples
    --------
    >>> folded("SETTLEMENT_PERIOD"), folded("Hour Ending (local)")
    ('settlement period', 'hour ending')
    """
    return " ".join(re.sub(r"[_\-.]+", " ", re.sub(r"[(\[].*", "", name)).casefold().split())


def is_time_part(name: str) -> bool:
    """Say whether a column is named for a part of the time, such as year or hour."""
    return any(folded(name) in known for known in PARTS.values())


def resolve_name(table: Table, name: str) -> str:
    """Give the column of this name, or of this number where the file has no header."""
    names = [str(column) for column in table.frame.columns]
    if name not in names:
        raise RequestError(f"{table.name}: there is no time column {name!r}; {nearest_name(name, names)}")
    return name


def looks_like_times(table: Table, name: str) -> bool:
    """Say whether a column holds stamps: its type does, or one of its first cells is one."""
    column = table.frame[name]
    if pd.api.types.is_datetime64_any_dtype(column):
        return True
    if pd.api.types.is_numeric_dtype(column):
        if table.reading.time_format == "unix":
            return _counts_seconds(column)
        return _is_unix(column, name) or (_is_compact(column) and column.iloc[0] != column.iloc[-1])
    return any(is_stamp(cell) for cell in column.iloc[:TRIED])


def _told(table: Table, told: str | tuple[str, ...]) -> list[str]:
    if isinstance(told, tuple):
        return list(told)
    names = [str(column) for column in table.frame.columns]
    if told in names:
        return [told]
    return [resolve_name(table, part.strip()) for part in (told.split(",") if "," in told else [told])]


def _found(table: Table) -> list[str]:
    names = [str(column) for column in table.frame.columns]
    parts = _parts(names)
    stamps = [name for name in names if looks_like_times(table, name)]
    if {"year", "month", "day"} <= set(parts) and {"hour", "period"} & set(parts):
        return list(parts.values())
    if not stamps:
        counted = next((name for name in names if _counts_seconds(table.frame[name])), None)
        if counted is not None:
            raise InputError(
                f"{table.name}: no column holds times but {counted!r} may, as seconds or milliseconds since 1970; "
                "scenred needs to be told; pass --time-format unix",
                {"time_format": "unix"},
            )
        raise InputError(
            f"{table.name}: no column holds times (there are: {', '.join(names[:50])}); scenred "
            "needs a column of times, "
            "such as 2019-07-02 12:00, or columns Year, Month, Day and Period; name them with --time, and how they "
            "are written too: --time NAME --time-format '%d.%m.%Y %H.%M'; or add one"
        )
    chosen = _chosen(table, stamps)
    if _has_hours(table, chosen):
        return [chosen]
    within = _within_day(table, names, chosen, parts)
    return [chosen] if within is None else [chosen, within]


def _chosen(table: Table, stamps: list[str]) -> str:
    """Choose among columns of stamps: no time of issue beside others, then UTC, then the begin of a step.

    One whose stamps mostly stand several times gives way to one whose stamps stand once.
    """
    about = [name for name in stamps if not ISSUED.search(name.replace("_", " "))] or stamps
    first = next((name for name in about if UTC.search(name)), None) or next(
        (name for name in about if not ENDS.search(name)), about[0]
    )
    if len(about) == 1 or table.frame[first].nunique() * 2 > len(table.frame):
        return first
    return next((name for name in about if not table.frame[name].duplicated().any()), first)


def _has_hours(table: Table, name: str) -> bool:
    """Say whether stamps have a time of day, as far as the first rows show."""
    column = table.frame[name].head(5_000)
    if pd.api.types.is_datetime64_any_dtype(column):
        return bool((column.dt.normalize() != column).any())
    cells = _as_text(column)
    if not cells.head(50).str.contains(r"[:T]|\d\s+\d|\d{10}", regex=True).any():
        return False
    clocks = cells.str.extract(r"[T ](\d{1,2}:\d{2})", expand=False).dropna().unique()
    return len(clocks) != 1 or not column.duplicated().any()


def _within_day(table: Table, names: list[str], date: str, parts: dict[str, str]) -> str | None:
    """Find the column that tells the time of day beside a column of dates."""
    if not table.frame[date].duplicated().any():
        return None
    others = [name for name in names if name != date]
    clocks = [
        name
        for name in others
        if not pd.api.types.is_numeric_dtype(table.frame[name])
        and clock_times(table.frame[name].head(50)) is not None
    ]
    clocks.sort(key=lambda name: bool(re.search(r"bis|ende|end$|to$", folded(name))))
    if clocks:
        return clocks[0]
    for part in ("period", "hour"):
        if part in parts and pd.api.types.is_numeric_dtype(table.frame[parts[part]]):
            return parts[part]
    return None


def _parts(names: list[str]) -> dict[str, str]:
    """Find the columns that are named for a part of the time."""
    found: dict[str, str] = {}
    for part, known in PARTS.items():
        for name in names:
            if folded(name) in known:
                found.setdefault(part, name)
    if "hour" in found:
        found.pop("period", None)
    return found


def _as_text(column: pd.Series) -> pd.Series:
    if isinstance(column.dtype, pd.StringDtype):
        return column
    return column.astype(str) if not pd.api.types.is_object_dtype(column) else column.fillna("").astype(str)


def _is_unix(column: pd.Series, name: str) -> bool:
    """Say whether whole numbers of a column named for time are seconds or milliseconds of 1980 to 2100."""
    return UNIX.search(name) is not None and _counts_seconds(column)


def _counts_seconds(column: pd.Series) -> bool:
    """Say whether a column holds whole numbers of seconds or milliseconds of 1980 to 2100."""
    if not pd.api.types.is_integer_dtype(column):
        return False
    low, high = int(column.min()), int(column.max())
    return any(315_532_800 * scale <= low and high <= 4_102_444_800 * scale for scale in (1, 1_000))


def _is_compact(column: pd.Series) -> bool:
    """Say whether whole numbers are dates such as 20200131 or 202001311200."""
    if not pd.api.types.is_integer_dtype(column):
        return False
    low, high = int(column.min()), int(column.max())
    if not any(
        19_000_101 * scale <= low and high <= 22_001_231 * scale + scale
        for scale in (1, 100, 10_000, 1_000_000)
    ):
        return False
    ends = pd.Series(
        [str(low), str(high), str(column.iloc[0]), str(column.iloc[len(column) // 2])], dtype=object
    )
    return bool(parse_stamps(ends, "ymd").is_good.all())


def _read(table: Table, cells: pd.Series, name: str) -> tuple[str, Stamps]:
    """Find how the stamps of a column are written, by the cells of all its rows, and read them."""
    told = table.reading.time_format
    if told is not None:
        return told, parse_stamps(cells, told)
    if _is_unix(table.frame[name], name):
        return "unix", parse_stamps(cells, "unix")
    read = forms_of(cells)
    if not read:
        form = best_order(cells)
        return form, parse_stamps(cells, form)
    if len(read) > 1:
        if re.match(r"\s*\d{1,2}\.\d{1,2}\.\d{2,4}", str(cells.iloc[0])) and "dmy" in read:
            return "dmy", read["dmy"]  # nobody writes the month first with points
        orders = list(read)
        read = {order: stamps for order, stamps in read.items() if _is_regular(stamps)}
        if len(read) != 1:
            raise InputError(
                f"{table.place(0)}: {name} {cells.iloc[0]!r} can be day-first or month-first, and "
                "no row decides; say "
                f"which with --time-format {' or '.join(orders)}"
            )
    return next(iter(read.items()))


def _is_regular(stamps: Stamps) -> bool:
    """Say whether stamps fill a span of at least a day with one step, up to a fifth: a false order leaves holes."""
    moments = np.unique(stamps.clock)
    steps, counts = np.unique(np.diff(moments), return_counts=True)
    if not len(steps):
        return False
    step, span = int(steps[np.argmax(counts)]), int(moments[-1] - moments[0])
    is_whole = not (np.diff(moments) % step).any()
    return is_whole and span >= DAY and len(moments) * step >= FILLED * (span + step)


def _stamps(table: Table, name: str) -> tuple[str, Stamps]:
    """Read the stamps of a column, and refuse the first cell that is none."""
    column = table.frame[name]
    if pd.api.types.is_datetime64_any_dtype(column):
        return "iso", _typed(table, column, name)
    cells = _as_text(column)
    form, stamps = _read(table, cells, name)
    row = stamps.first_bad()
    if row is not None:
        cell = table.text(row, name)
        met = f"is {cell!r}" if cell.strip() else "is empty"
        known = " (read as --time-format " + form + ")" if form in ORDERS else ""
        last = "remove the row if it is no step, as a total; else " if row == len(cells) - 1 else ""
        raise InputError(
            f"{table.place(row)}: the time ({name}) {met}{known}; scenred needs a time such as "
            "2019-07-02 12:00 in every "
            f"row; {last}correct it, or name the form with --time-format"
        )
    return form, stamps


def _typed(table: Table, column: pd.Series, name: str) -> Stamps:
    if column.isna().any():
        row = int(np.flatnonzero(column.isna())[0])
        raise InputError(f"{table.place(row)}: the time ({name}) is empty; scenred needs a time in every row")
    times = pd.DatetimeIndex(column)
    bare = times.tz_localize(None) if times.tz is not None else times
    clock = bare.as_unit("us").asi8
    offset = np.full(len(times), np.nan)
    if times.tz is not None:
        utc = times.tz_convert("UTC").tz_localize(None).as_unit("us").asi8
        offset = (clock - utc) / 1e6
    return Stamps(clock, offset, np.ones(len(times), bool))


def _from_one(table: Table, name: str) -> ClockColumns:
    form, stamps = _stamps(table, name)
    if (
        not stamps.has_hours
        and len(stamps.clock) > 1
        and len(np.unique(stamps.clock)) < len(stamps.clock) / 2
    ):
        raise InputError(
            f"{table.place(1)}: {name} holds dates that stand several times and no time of day; "
            "name the column of hours "
            f"or periods too: --time {name},HOUR"
        )
    return ClockColumns(
        (name,), form, stamps, is_end=True if ENDS.search(name) else None, is_utc=bool(UTC.search(name))
    )


def _from_date(table: Table, date: str, within: str) -> ClockColumns:
    """Add up a column of dates and one of times, hours or periods."""
    form, stamps = _stamps(table, date)
    days = Stamps(stamps.clock // DAY * DAY, stamps.offset, stamps.is_good, has_hours=False)
    column = table.frame[within]
    is_end = True if ENDS.search(within) else None
    is_utc = bool(UTC.search(date) or UTC.search(within))
    if not pd.api.types.is_numeric_dtype(column):
        moments = clock_times(column.astype(str))
        if moments is None:
            bad = next(
                row for row in range(len(column)) if clock_times(column.astype(str).iloc[[row]]) is None
            )
            raise InputError(
                f"{table.place(bad)}: the time of day ({within}) is {table.text(bad, within)!r}; "
                "scenred needs one such as "
                "13:15 in every row"
            )
        whole = Stamps(days.clock + moments, stamps.offset, stamps.is_good)
        return ClockColumns((date, within), form, whole, is_end=is_end, is_utc=is_utc)
    return _counted(table, (date, within), form, days, within, is_utc=is_utc)


def _from_parts(table: Table, names: list[str], parts: dict[str, str]) -> ClockColumns:
    """Add up columns year, month, day and hour, minute or period."""
    year, month, day = (_whole(table, parts[part]) for part in ("year", "month", "day"))
    years = np.where(year < 100, year + 2000, year)
    days, good = date_days(years, month, day)
    if not good.all():
        row = int(np.flatnonzero(~good)[0])
        raise InputError(
            f"{table.place(row)}: there is no date of year {year[row]}, month {month[row]}, day "
            f"{day[row]}; correct it"
        )
    dates = Stamps(days * DAY, np.full(len(days), np.nan), good, has_hours=False)
    is_utc = any(UTC.search(name) for name in names)
    if "minute" in parts and "hour" in parts:
        hour, minute = _whole(table, parts["hour"]), _whole(table, parts["minute"])
        bad = np.flatnonzero((hour < 0) | (hour > 23) | (minute < 0) | (minute > 59))
        if len(bad):
            row = int(bad[0])
            raise InputError(
                f"{table.place(row)}: there is no time {hour[row]}:{minute[row]:02d}; {_minutes_advice(parts, minute)}"
            )
        moments = dates.clock + (hour * 60 + minute) * 60_000_000
        used = tuple(parts[part] for part in ("year", "month", "day", "hour", "minute"))
        return ClockColumns(used, "ymd", Stamps(moments, dates.offset, good), is_utc=is_utc)
    within = parts.get("hour") or parts.get("period")
    used = tuple(parts[part] for part in ("year", "month", "day"))
    if within is None:
        return ClockColumns(used, "ymd", dates, is_utc=is_utc)
    if not pd.api.types.is_numeric_dtype(table.frame[within]):
        moments_of_day = clock_times(table.frame[within].astype(str))
        if moments_of_day is None:
            raise InputError(
                f"{table.place(0)}: {within} holds no hours; scenred needs 1 to 24, 0 to 23 or 13:15"
            )
        whole = Stamps(dates.clock + moments_of_day, dates.offset, good)
        return ClockColumns(
            (*used, within), "ymd", whole, is_end=True if ENDS.search(within) else None, is_utc=is_utc
        )
    return _counted(table, (*used, within), "ymd", dates, within, is_utc=is_utc)


def _minutes_advice(parts: dict[str, str], minute: Int64) -> str:
    """Say how hours of 1 to 24 are read beside minutes that are always 0."""
    if minute.any():
        return "correct it"
    told = ",".join(parts[part] for part in ("year", "month", "day", "hour"))
    return f"where hours are counted from 1 to 24, leave out the minutes: --time '{told}'"


def _whole(table: Table, name: str) -> Int64:
    numbers = table.numbers(name)
    bad = np.flatnonzero((numbers != np.round(numbers)) | (np.abs(numbers) > 1e6))
    if len(bad):
        row = int(bad[0])
        raise InputError(
            f"{table.place(row)}: {name} is {table.text(row, name)}; scenred needs a whole number"
        )
    return numbers.astype(np.int64)


def _counted(
    table: Table, names: tuple[str, ...], form: str, dates: Stamps, within: str, *, is_utc: bool
) -> ClockColumns:
    """Count the steps of each day that lie before a row: from 1 or from 0, as the numbers and names say."""
    numbers = _whole(table, within)
    is_hour = folded(within) in PARTS["hour"]
    low, high = int(numbers.min()), int(numbers.max())
    base = _base(table, within, numbers, low, high)
    per_day = pd.Series(numbers).groupby(dates.clock).max().to_numpy() + 1 - base
    usual = 24 if is_hour else int(np.bincount(np.maximum(per_day, 0)).argmax())
    short = {count * hours // 24: count for count in PERIODS_A_DAY for hours in (25, 23, 24)}
    usual = short.get(usual, usual)
    if usual not in PERIODS_A_DAY:
        raise InputError(
            f"{table.name}: most days have {usual} steps by {within}; scenred knows "
            f"{', '.join(map(str, PERIODS_A_DAY))}; "
            "name the time columns with --time"
        )
    counts = numbers - base
    bad = np.flatnonzero((counts < 0) | (counts >= usual * 25 // 24))
    if len(bad):
        row = int(bad[0])
        raise InputError(
            f"{table.place(row)}: {within} is {numbers[row]}, and days have {usual} steps; correct "
            "it, or name the time "
            "columns with --time"
        )
    return ClockColumns(names, form, dates, DAY // usual, counts, is_utc=is_utc)


def _base(table: Table, within: str, numbers: Int64, low: int, high: int) -> int:
    """Say whether steps are counted from 0 or from 1."""
    stamp = table.reading.stamp
    if low == 0:
        if high in PERIODS_A_DAY:
            row = int(np.flatnonzero(numbers == high)[0])
            raise InputError(
                f"{table.place(row)}: {within} counts from 0 and is {high} here; scenred needs 0 to "
                f"{high - 1} or 1 to "
                f"{high}; correct it"
            )
        return 0
    if ENDS.search(within) or stamp == "end" or folded(within) in PARTS["period"]:
        return 1
    if high in {count * hours // 24 for count in PERIODS_A_DAY for hours in (24, 25)}:
        return 1
    if stamp == "start":
        return 0
    raise InputError(
        f"{table.place(0)}: {within} runs from {low} to {high}, from which it cannot be told "
        "whether the first hour of a day "
        "is 0 or 1; pass --stamp start if it is 0, --stamp end if it is 1"
    )

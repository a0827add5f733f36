"""The time columns of a table, by their names and first cells."""

from __future__ import annotations

import re

import pandas as pd

from scenred.arrays import first
from scenred.errors import InputError, RequestError, Setting, nearest_name
from scenred.io.clock.likely_forms import likely_form
from scenred.io.clock.numeric import counts_seconds, is_compact, is_unix, serial_form
from scenred.io.clock.stamps import SERIALS, clock_times, is_stamp, parse_stamps
from scenred.io.clock.unnamed import counted_within, found_parts, parts_in, yearless
from scenred.io.clock.words import ENDS, ISSUED, WITHIN, folded, named_offset, tells_day
from scenred.io.tables.table import Table
from scenred.notes import note

TRIED = 3
FORMS = {
    "unix": "seconds, milli-, micro- or nanoseconds since 1970",
    "excel": "days of Excel",
    "matlab": "days of MATLAB",
}


def time_columns(table: Table, given: str | None) -> tuple[str, ...]:
    """Find or take the names of the time columns, without reading them.

    Where the start is given, they are those that it replaces, or none. Raise a RequestError if a column that is given
    is not there; an InputError if no column holds times.
    """
    if table.reading.start is not None and given is None and not _holds_times(table):
        return yearless(table)
    return tuple(names_of(table, given))


def _holds_times(table: Table) -> bool:
    names = [str(name) for name in table.frame.columns]
    if tells_day(parts_in(table, names)) or any(looks_like_times(table, name) for name in names):
        return True
    return table.reading.header == "none" and found_parts(table) is not None


def looks_like_times(table: Table, name: str) -> bool:
    """Return whether a column holds stamps: its type does, or one of its first cells is one."""
    column, given = table.frame[name], table.reading.time_format
    if pd.api.types.is_datetime64_any_dtype(column):
        return True
    if given is not None and "%" in given:
        return bool(parse_stamps(as_text(column.iloc[:TRIED]), given).is_good.all())
    if pd.api.types.is_numeric_dtype(column):
        if given == "unix":
            return counts_seconds(column)
        if given in SERIALS:
            return serial_form(column) == given
        return is_unix(column, name) or (is_compact(column) and column.iloc[0] != column.iloc[-1])
    return any(is_stamp(cell) for cell in column.iloc[:TRIED])


def names_of(table: Table, given: str | tuple[str, ...] | None) -> list[str]:
    """Return the columns that are given, one name or several with commas between them, or those that are found."""
    if given is None:
        return _found_names(table)
    if isinstance(given, tuple):
        return list(given)
    names = [str(column) for column in table.frame.columns]
    if given in names:
        return [given]
    wanted = [part.strip() for part in given.split(",")]
    for name in wanted:
        if name not in names:
            raise RequestError(f"there is no time column {name!r}", advice=nearest_name(name, names), place=table.name)
    return wanted


def _found_names(table: Table) -> list[str]:
    """Find the columns that hold the time, or raise an InputError that says what could be given instead."""
    names = [str(column) for column in table.frame.columns]
    parts = parts_in(table, names)
    stamps = [name for name in names if looks_like_times(table, name)]
    if tells_day(parts) and (set(WITHIN) & set(parts) or not stamps):
        return list(parts.values())
    found = found_parts(table) if not stamps else None
    if found is not None and table.reading.header == "none":
        held = Setting("time", ",".join(found.values()))
        note(f"{table.name}: columns are read as {', '.join(found)}; ", held, " says so")
        return list(found.values())
    if not stamps:
        raise _without_times(table, names, found)
    chosen = _chosen(table, stamps)
    _check_one_clock(table, stamps, chosen)
    if has_hours(table, chosen):
        return [chosen]
    within = _within_day(table, names, chosen, parts)
    return [chosen] if within is None else [chosen, within]


def _without_times(table: Table, names: list[str], found: dict[str, str] | None) -> InputError:
    """Return the refusal of a table without a column of stamps, with what could be given instead.

    `found` are columns of unknown names whose numbers are a time.
    """
    if parts := yearless(table):
        month, day = (int(float(table.text(0, name))) for name in parts[:2])
        setting = Setting("start", f"2019-{month:02}-{day:02}")
        met = f"{', '.join(parts)} hold times without a year"
        return table.error(met, "the year", ("pass ", setting, ", or another year"), (setting,))
    if found is not None:
        setting = Setting("time", ",".join(found.values()))
        met = f"no column is named for times, but {', '.join(found.values())} hold {', '.join(found)}"
        return table.error(met, advice=("pass ", setting), remedy=(setting,))
    for name in names:
        form = "unix" if counts_seconds(table.frame[name]) else serial_form(table.frame[name])
        if form is not None and table.reading.time_format is None:
            setting = Setting("time_format", form)
            return table.error(
                f"no column holds times but {name!r} may, as {FORMS[form]}",
                "the form",
                ("pass ", setting),
                remedy=(setting,),
            )
    if sum(map(is_stamp, names)) > len(names) / 2:
        return table.error(
            f"times are in the header ({names[-1]})", "a row per time and a column per site", "turn the table round"
        )
    if (unusual := _unusual(table, names)) is not None:
        return unusual
    return table.error(
        f"no column holds times (there are: {', '.join(names[:50])})",
        "a column of times, such as 2019-07-02 12:00, or columns Year, Month, Day and Period",
        (
            *("name them with ", Setting("time"), " and their form with ", Setting("time_format")),
            "; where rows follow each other without times, give that of the first, such as ",
            Setting("start", "2019-01-01"),
        ),
    )


def _unusual(table: Table, names: list[str]) -> InputError | None:
    """Return the refusal of a table with a column of times that are written in no usual way; None if there is none."""
    if table.reading.time_format is not None:
        return None
    for name in names:
        column = table.frame[name]
        if pd.api.types.is_numeric_dtype(column) or (form := likely_form(as_text(column))) is None:
            continue
        settings = (Setting("time", name), Setting("time_format", form))
        met = f"no column holds times as they are usually written, but {name!r} may ({table.text(0, name).strip()!r})"
        return table.error(met, "their form", ("pass ", settings[0], " ", settings[1]), settings)
    return None


def _chosen(table: Table, stamps: list[str]) -> str:
    """Choose among columns of stamps: no time of issue next to others, then UTC, then the begin of a step.

    Prefer a column with unique time stamps.
    """
    about = [name for name in stamps if not ISSUED.search(name.replace("_", " "))] or stamps
    first = next((name for name in about if named_offset([name]) == 0), None) or next(
        (name for name in about if not ENDS.search(name)), about[0]
    )
    if len(about) == 1 or table.frame[first].nunique() * 2 > len(table.frame):
        return first
    return next((name for name in about if not table.frame[name].duplicated().any()), first)


def _check_one_clock(table: Table, stamps: list[str], chosen: str) -> None:
    """Raise an InputError if a second clock of the same name, as pandas calls it, holds other times."""
    for name in stamps:
        if re.fullmatch(re.escape(chosen) + r"\.\d{1,3}", name) is None:
            continue
        differs = as_text(table.frame[name]) != as_text(table.frame[chosen])
        if (row := first(differs.to_numpy(dtype=bool))) is not None:
            raise table.error(
                f"{name} is {table.text(row, name)!r} where {chosen} is {table.text(row, chosen)!r}",
                "one clock in a file",
                "put the columns of each clock into a file of its own, and name both",
                row=row,
            )


def has_hours(table: Table, name: str) -> bool:
    """Return whether stamps have a time of day, as far as the first rows show."""
    column, given = table.frame[name].head(5_000), table.reading.time_format
    if pd.api.types.is_datetime64_any_dtype(column):
        return bool((column.dt.normalize() != column).any())
    if given in SERIALS:
        return True
    if given is not None and "%" in given:
        return any(mark in given for mark in ("%H", "%I", "%X", "%c", "%s"))
    cells = as_text(column)
    if not cells.head(50).str.contains(r"[:T]|\d\s+\d|\d{10}", regex=True).any():
        return False
    for some in (cells.head(50), cells):  # two times of day in a few rows are enough
        clocks = some.str.extract(r"[T ](\d{1,2}:\d{2})", expand=False).dropna().unique()
        if len(clocks) > 1:
            return True
    return len(clocks) != 1 or not column.duplicated().any()


def _within_day(table: Table, names: list[str], date: str, parts: dict[str, str]) -> str | None:
    """Find the column that holds the time of day next to a column of dates."""
    if not table.frame[date].duplicated().any():
        return None
    others = [name for name in names if name != date]
    clocks = [
        name
        for name in others
        if not pd.api.types.is_numeric_dtype(table.frame[name]) and clock_times(table.frame[name].head(50))[1].all()
    ]
    clocks.sort(key=lambda name: bool(re.search(r"bis|ende|end$|to$", folded(name))))
    if clocks:
        return clocks[0]
    named = next((parts[part] for part in WITHIN if parts.get(part) in others), None)
    return counted_within(table, (date,)) if named is None and table.reading.header == "none" else named


def as_text(column: pd.Series) -> pd.Series:
    """Return a column as text, empty where a cell is missing."""
    if isinstance(column.dtype, pd.StringDtype):
        return column.fillna("")
    if pd.api.types.is_object_dtype(column) or column.isna().any():
        return column.astype(object).where(column.notna(), "").astype(str)
    return column.astype(str)

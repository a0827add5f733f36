"""The header of a text: its lines, the names in it, and the line of the first row."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from scenred.errors import InputError, Setting
from scenred.io.files.source import Text
from scenred.io.tables.cells import kind_of
from scenred.io.tables.delimiter import DELIMITERS
from scenred.io.tables.epw import epw_columns
from scenred.io.tables.preamble import TIME_WORD, calendar_columns, is_named, is_preamble, named_below, names_times
from scenred.io.tables.rows import COMMENT, Row, fields_of, head_of
from scenred.notes import note

# Cells of a line of units below the header.
UNIT = re.compile(
    r"[\[(]?\s*(k|m|g|t)?(wh?|wp|va|v|hz|j)(el|th)?(/(h|m2|m²|km2))?\s*[\])]?|[\[(]?\s*(%|p\.?u\.?|-|°?[ck]|°|"
    r"deg(rees)?|"
    r"m/s|hpa|pa|mm|m|h|hours?|utc|gmt|cet|local|w/m2|w/m²|j/cm2|€/mwh|eur/mwh|unit|units|float|double|int|"
    r"yyyy[-/.]?mm.*|dd[-/.]mm.*|mm/dd.*|date(time)?|time)\s*[\])]?|",
    re.IGNORECASE,
)


# Numbers that name no column: those with a sign or with decimals.
VALUE = re.compile(r"[+\-\u2212]\d+([.,]\d+)?|\d+[.,]\d+", re.ASCII)


class Header(NamedTuple):
    """First and last line of the header (None without one), the names, and the line of the first row.

    `is_known` says that the format of the file tells its header, so that it is found again.
    """

    lines: tuple[int, int] | None
    names: list[str]
    begin: int
    is_known: bool = False


def header_of(text: Text, rows: Sequence[Row], kinds: Sequence[str], given: str | None) -> Header:
    """Return the header that is given or found; raise an InputError if there is none, or it may be several lines."""
    if given not in (None, "none"):
        return _given_header(text, rows, str(given))
    if not rows:
        raise InputError("holds no row", "a header line and one row per time step", place=text.name)
    width, calendar = len(kinds), calendar_columns(rows, kinds)
    known = epw_columns(rows, width) if given is None else None
    if known is not None:
        return Header(None, *known, is_known=True)
    alike = [row for row in rows if len(row.fields) in (width, width - 1, width + 1)]
    data = next(
        (
            place
            for place, row in enumerate(alike)
            if len(row.fields) == width and _is_data(row, kinds) and not is_preamble(row, calendar)
        ),
        None,
    )
    if given == "none":
        first = alike[data] if data is not None else rows[0]
        _note_unread(text, [row for row in alike[:data] if data is not None and len(row.fields) == width])
        return Header(None, [str(number) for number in range(1, len(first.fields) + 1)], first.first)
    below = None if data is None else named_below(alike, data)
    before = alike[:1] if data is None else alike[:data]
    if below is not None and any(map(_is_plain, before)):
        raise _two_tables(text, next(filter(_is_plain, before)), alike[below])
    if below is not None:
        before = alike[: below + 1]
    if before and data == len(before) and not any(names_times(row, calendar) for row in before):
        commented = _commented_header(text, alike[data].first, width)
        if commented is not None and any(map(TIME_WORD.search, commented.names)):
            _note_unread(text, [row for row in before if len(row.fields) == width])
            return commented
    if before:
        return _chosen_header(text, before, rows, calendar, width)
    return _without_header(text, rows, alike, width)


def _note_unread(text: Text, above: Sequence[Row]) -> None:
    """Note lines that are not read though they have the fields of a row."""
    if above:
        lines = f"lines {above[0].first} to {above[-1].last}" if len(above) > 1 else f"line {above[0].first}"
        note(f"{text.name}: {lines} above the table {'are' if len(above) > 1 else 'is'} not read")


def _two_tables(text: Text, upper: Row, lower: Row) -> InputError:
    """Return the refusal of a text in which rows lie between two lines of names."""
    first, second = Setting("header", str(upper.first)), Setting("header", str(lower.first))
    return InputError(
        f"lines {upper.first} and {lower.first} could both be the header, and rows lie between them",
        advice=("where the table begins at the second, pass ", second, ", otherwise remove that line and pass ", first),
        place=text.name,
        remedy=(second,),
    )


def _without_header(text: Text, rows: Sequence[Row], alike: Sequence[Row], width: int) -> Header:
    """Return the header in a comment, or raise an InputError: there is none, or times are next to each other."""
    times = [cell for cell in alike[0].fields if kind_of(cell) == "time"]
    if len(times) > width / 2 > 1:
        raise InputError(
            f"times are next to each other ({times[0]}, ...)",
            "a row per time and a column per site",
            "transpose the table",
            place=f"{text.name}:{alike[0].first}",
        )
    commented = _commented_header(text, alike[0].first, width)
    if commented is None:
        none = Setting("header", "none")
        raise InputError(
            "holds data where scenred needs a header",
            advice=("name the columns there, or pass ", none, " and call them by number"),
            place=f"{text.name}:{rows[0].first}",
            remedy=(none,),
        )
    return commented


def _is_plain(row: Row) -> bool:
    """Return whether no cell of a row is a number or a time."""
    return {"number", "time"}.isdisjoint(map(kind_of, row.fields))


def _is_data(row: Row, kinds: Sequence[str]) -> bool:
    """Return whether every cell is what its column holds, or missing, and some cell is a number or a time."""
    found = [kind_of(cell) for cell in row.fields]
    fits = all(
        here in (kind, "missing") or {here, kind} == {"number", "time"} or kind in ("word", "missing")
        for here, kind in zip(found, kinds, strict=False)
    )
    return fits and ("number" in found or "time" in found)


def _chosen_header(
    text: Text, before: Sequence[Row], rows: Sequence[Row], calendar: Mapping[int, str], width: int
) -> Header:
    """Choose the header among the rows before the first row of data."""
    plain = list(filter(_is_plain, before))
    named = [row for row in plain if not all(UNIT.fullmatch(cell.strip()) for cell in row.fields)] or plain
    whole = _names_alone([row for row in named if len(row.fields) == width] or named)
    certain = [row for row in whole if names_times(row, calendar)]
    if len(certain) == 1:
        values = [row.first for row in before if not _is_plain(row)]
        whole = [row for row in whole if not any(_lies_between(line, row, certain[0]) for line in values)]
    chosen = whole[-1] if whole else before[0]
    if len(whole) > 1 and whole[-1].first - whole[0].last <= 2:
        raise _several_headers(text, whole, certain, calendar)
    if not whole and (value := next((cell for cell in chosen.fields if VALUE.fullmatch(cell.strip())), None)):
        raise _of_values(text, chosen, value.strip())
    _note_unread(text, [row for row in before if row.first < chosen.first and len(row.fields) == width > 2])
    return Header((chosen.first, chosen.last), _cleaned(chosen.fields), _begin(rows, chosen, plain))


def _lies_between(line: int, one: Row, other: Row) -> bool:
    return min(one.first, other.first) < line < max(one.first, other.first)


def _several_headers(
    text: Text, whole: Sequence[Row], certain: Sequence[Row], calendar: Mapping[int, str]
) -> InputError:
    """Return the refusal of several lines of names: each may be the header, or all together."""
    first, last = whole[0].first, whole[-1].first
    others = [row for row in whole if row not in certain]
    is_other = all(row.fields[at].strip() for row in others for at in calendar if at < len(row.fields))
    alone = certain[0] if len(certain) == 1 and is_other and is_named(certain[0]) else None
    both = Setting("header", f"{first}-{whole[-1].last}")
    choices = [part for row in whole for part in (", ", Setting("header", str(row.first)))][1:]
    return InputError(
        f"lines {first} and {last} could both be the header",
        advice=("say which with ", *choices, ", or join the names of all with ", both),
        place=text.name,
        remedy=(both if alone is None else Setting("header", str(alone.first)),),
    )


def _of_values(text: Text, row: Row, value: str) -> InputError:
    """Return the refusal of a line above the rows that seems to hold values, as one about a station."""
    here, none = Setting("header", str(row.first)), Setting("header", "none")
    return InputError(
        f"the line above the rows holds {value}, which is not the name of a column",
        "a header line",
        ("where it is not the header, pass ", none, " and call columns by number; where it is, pass ", here),
        place=f"{text.name}:{row.first}",
        remedy=(none,),
    )


def _begin(rows: Sequence[Row], header: Row, units: Sequence[Row]) -> int:
    """Return the line of the first row below the header that is not one of units."""
    return next((row.first for row in rows if row.first > header.last and row not in units), header.last + 1)


def _names_alone(rows: list[Row]) -> list[Row]:
    """Leave out titles, which fill few cells, and lines of units: below another, with a duplicated word."""
    filled = [[cell.strip() for cell in row.fields if cell.strip()] for row in rows]
    most = max(map(len, filled), default=0)
    full = [number for number, cells in enumerate(filled) if len(cells) > most / 2]
    doubles = [number for number in full if len(set(filled[number])) < len(filled[number])]
    first = next((number for number in full if number not in doubles), len(rows))
    return [rows[number] for number in full if number < first or number not in doubles]


def _given_header(text: Text, rows: Sequence[Row], given: str) -> Header:
    """Join the names of the given line or lines."""
    first, _, last = given.partition("-")
    begin, end = int(first), int(last or first)
    chosen = [row for row in rows if begin <= row.first <= end]
    if not chosen or end < begin:
        raise InputError(
            f"there is no header on line {given}", advice=("name its line with ", Setting("header")), place=text.name
        )
    width = max(len(row.fields) for row in chosen)
    filled = [row.fields + [""] * (width - len(row.fields)) for row in chosen]
    names = ["_".join(dict.fromkeys(filter(None, map(str.strip, parts)))) for parts in zip(*filled, strict=True)]
    after = [row for row in rows if row.first > chosen[-1].last]
    units = [row for row in after[:2] if {"number", "time"}.isdisjoint(map(kind_of, row.fields))]
    units = units if len(units) < len(after[:3]) else []  # rows of words alone are not units
    return Header((begin, chosen[-1].last), _cleaned(names), _begin(rows, chosen[-1], units))


def _commented_header(text: Text, first: int, width: int) -> Header | None:
    """Return a comment above a line with a word for every column: '# time,wind' as numpy writes it."""
    for number, line in reversed(list(enumerate(head_of(text)[: first - 1], start=1))):
        for delimiter in DELIMITERS if line.lstrip().startswith(COMMENT) else ():
            fields = fields_of(line.lstrip("#%/ "), delimiter)
            if len(fields) == width > 1 and kind_of(fields[0]) == "word":
                return Header((number, number), _cleaned(fields), first)
    return None


def _cleaned(names: Sequence[str]) -> list[str]:
    return [name.strip().lstrip("\ufeff") for name in names]

"""The header of a text: its lines, the names in it, and the line of the first row."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from scenred.errors import InputError, Setting
from scenred.io.files.source import Text
from scenred.io.tables.cells import kind_of
from scenred.io.tables.delimiter import DELIMITERS
from scenred.io.tables.epw import epw_columns
from scenred.io.tables.rows import COMMENT, Row, fields_of, head_of

# Cells of a line of units below the header.
UNIT = re.compile(
    r"[\[(]?\s*(k|m|g|t)?(wh?|wp|va|v|hz|j)(el|th)?(/(h|m2|m²|km2))?\s*[\])]?|[\[(]?\s*(%|p\.?u\.?|-|°?[ck]|°|"
    r"deg(rees)?|"
    r"m/s|hpa|pa|mm|m|h|hours?|utc|gmt|cet|local|w/m2|w/m²|j/cm2|€/mwh|eur/mwh|unit|units|float|double|int|"
    r"yyyy[-/.]?mm.*|dd[-/.]mm.*|mm/dd.*|date(time)?|time)\s*[\])]?|",
    re.IGNORECASE,
)


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
    width = len(kinds)
    known = epw_columns(rows, width) if given is None else None
    if known is not None:
        return Header(None, *known, is_known=True)
    alike = [row for row in rows if len(row.fields) in (width, width - 1, width + 1)]
    data = next((i for i, row in enumerate(alike) if len(row.fields) == width and _is_data(row, kinds)), None)
    if given == "none":
        first = alike[data] if data is not None else rows[0]
        return Header(None, [str(number) for number in range(1, len(first.fields) + 1)], first.first)
    before = alike[:1] if data is None else alike[:data]
    if before:
        return _chosen_header(text, before, rows, width)
    times = [cell for cell in alike[0].fields if kind_of(cell) == "time"]
    if len(times) > width / 2 > 1:
        raise InputError(
            f"times are next to each other ({times[0]}, ...)",
            "a row per time and a column per site",
            "transpose the table",
            place=f"{text.name}:{alike[0].first}",
        )
    commented = _commented_header(text, alike[0], width)
    if commented is None:
        raise InputError(
            "holds data where scenred needs a header",
            advice=("name the columns there, or pass ", Setting("header", "none"), " and call them by number"),
            place=f"{text.name}:{rows[0].first}",
        )
    return commented


def _is_data(row: Row, kinds: Sequence[str]) -> bool:
    """Return whether every cell is what its column holds, or missing, and some cell is a number or a time."""
    found = [kind_of(cell) for cell in row.fields]
    fits = all(
        here in (kind, "missing") or {here, kind} == {"number", "time"} or kind in ("word", "missing")
        for here, kind in zip(found, kinds, strict=False)
    )
    return fits and ("number" in found or "time" in found)


def _chosen_header(text: Text, before: Sequence[Row], rows: Sequence[Row], width: int) -> Header:
    """Choose the header among the rows before the first row of data."""
    plain = [row for row in before if {"number", "time"}.isdisjoint(map(kind_of, row.fields))]
    named = [row for row in plain if not all(UNIT.fullmatch(cell.strip()) for cell in row.fields)] or plain
    whole = _names_alone([row for row in named if len(row.fields) == width] or named)
    chosen = whole[-1] if whole else before[0]
    if len(whole) > 1 and whole[-1].first - whole[0].last <= 2:
        one = Setting("header", str(whole[0].first))
        both = Setting("header", f"{whole[0].first}-{whole[-1].last}")
        raise InputError(
            f"lines {whole[0].first} and {whole[-1].first} could both be the header",
            advice=("say which with ", one, ", or join the names of both with ", both),
            place=text.name,
            remedy=(both,),
        )
    return Header((chosen.first, chosen.last), _cleaned(chosen.fields), _begin(rows, chosen, plain))


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


def _commented_header(text: Text, first: Row, width: int) -> Header | None:
    """Return a comment with a word for every column: '# time,wind' as numpy writes it."""
    for number, line in reversed(list(enumerate(head_of(text)[: first.first - 1], start=1))):
        for delimiter in DELIMITERS if line.lstrip().startswith(COMMENT) else ():
            fields = fields_of(line.lstrip("#%/ "), delimiter)
            if len(fields) == width > 1 and kind_of(fields[0]) == "word":
                return Header((number, number), _cleaned(fields), first.first)
    return None


def _cleaned(names: Sequence[str]) -> list[str]:
    return [name.strip().lstrip("\ufeff") for name in names]

"""Where the header of a text stands, and where its first row."""

from __future__ import annotations

import re
from collections.abc import Sequence

from scenred.errors import InputError
from scenred.io.files.source import Text
from scenred.io.tables.cells import kind_of
from scenred.io.tables.rows import COMMENT, DELIMITERS, Row, fields_of, head_of

# Cells of a line of units below the header.
UNIT = re.compile(
    r"[\[(]?\s*(k|m|g|t)?(wh?|wp|va|v|hz|j)(el|th)?(/(h|m2|m²|km2))?\s*[\])]?|[\[(]?\s*(%|p\.?u\.?|-|°?[ck]|°|"
    r"deg(rees)?|"
    r"m/s|hpa|pa|mm|m|h|hours?|utc|gmt|cet|local|w/m2|w/m²|j/cm2|€/mwh|eur/mwh|unit|units|float|double|int|"
    r"yyyy[-/.]?mm.*|dd[-/.]mm.*|mm/dd.*|date(time)?|time)\s*[\])]?|",
    re.IGNORECASE,
)


def _is_data(row: Row, kinds: Sequence[str]) -> bool:
    """Say whether every cell is what its column holds, or missing, and some cell is a number or a time."""
    found = [kind_of(cell) for cell in row.fields]
    fits = all(
        here in (kind, "missing") or {here, kind} == {"number", "time"} or kind in ("word", "missing")
        for here, kind in zip(found, kinds, strict=False)
    )
    return fits and ("number" in found or "time" in found)


def header_of(
    text: Text, rows: Sequence[Row], width: int, kinds: Sequence[str], told: str | None
) -> tuple[tuple[int, int] | None, list[str], int]:
    """Find the header's lines, the names, and the line of the first row."""
    if told not in (None, "none"):
        return _told_header(text, rows, str(told))
    if not rows:
        raise InputError(f"{text.name}: holds no row; scenred needs a header line and one row per time step")
    alike = [row for row in rows if len(row.fields) in (width, width - 1, width + 1)]
    data = next((i for i, row in enumerate(alike) if len(row.fields) == width and _is_data(row, kinds)), None)
    if told == "none":
        first = alike[data] if data is not None else rows[0]
        return None, [str(number) for number in range(1, len(first.fields) + 1)], first.first
    before = [row for row in (alike if data is None else alike[:data]) if data is not None or row is alike[0]]
    if not before:
        times = [cell for cell in alike[0].fields if kind_of(cell) == "time"]
        if len(times) > width / 2 > 1:
            raise InputError(
                f"{text.name}:{alike[0].first}: times stand side by side ({times[0]}, ...); scenred needs a "
                "row per time and a column per site; turn the table round"
            )
        commented = _commented_header(text, alike[0], width)
        if commented is not None:
            return commented
        raise InputError(
            f"{text.name}:{rows[0].first}: holds data where scenred needs a header; name the columns there, or pass "
            "--no-header and call them by number"
        )
    return _chosen_header(text, before, rows, width)


def _chosen_header(
    text: Text, before: Sequence[Row], rows: Sequence[Row], width: int
) -> tuple[tuple[int, int] | None, list[str], int]:
    """Choose the header among the rows before the first row of data."""
    plain = [row for row in before if not any(kind_of(cell) in ("number", "time") for cell in row.fields)]
    named = [row for row in plain if not all(UNIT.fullmatch(cell.strip()) for cell in row.fields)] or plain
    whole = _names_alone([row for row in named if len(row.fields) == width] or named)
    chosen = whole[-1] if whole else before[0]
    if len(whole) > 1 and whole[-1].first - whole[0].last <= 2:
        raise InputError(
            f"{text.name}: lines {whole[0].first} and {whole[-1].first} could both be the header; say which with "
            f"--header {whole[0].first}, or join the names of both with --header {whole[0].first}-{whole[-1].last}",
            {"header": f"{whole[0].first}-{whole[-1].last}"},
        )
    after = [row for row in rows if row.first > chosen.last]
    units = [row for row in before if row.first > chosen.last and row in plain]
    begin = next((row.first for row in after if row not in units), chosen.last + 1)
    return (chosen.first, chosen.last), _cleaned(chosen.fields), begin


def _names_alone(rows: list[Row]) -> list[Row]:
    """Leave out titles, which fill few cells, and lines of units: below another, with a word that stands twice."""
    filled = [[cell.strip() for cell in row.fields if cell.strip()] for row in rows]
    most = max(map(len, filled), default=0)
    full = [number for number, cells in enumerate(filled) if len(cells) > most / 2]
    doubles = [number for number in full if len(set(filled[number])) < len(filled[number])]
    first = next((number for number in full if number not in doubles), len(rows))
    return [rows[number] for number in full if number < first or number not in doubles]


def _told_header(text: Text, rows: Sequence[Row], told: str) -> tuple[tuple[int, int], list[str], int]:
    first, _, last = told.partition("-")
    begin, end = int(first), int(last or first)
    chosen = [row for row in rows if begin <= row.first <= end]
    if not chosen or end < begin:
        raise InputError(f"{text.name}: there is no header on line {told}; name its line with --header")
    width = max(len(row.fields) for row in chosen)
    filled = [row.fields + [""] * (width - len(row.fields)) for row in chosen]
    names = [
        "_".join(dict.fromkeys(part.strip() for part in parts if part.strip()))
        for parts in zip(*filled, strict=True)
    ]
    after = [row for row in rows if row.first > chosen[-1].last]
    units = [row for row in after[:2] if not {"number", "time"} & set(map(kind_of, row.fields))]
    units = units if len(units) < len(after[:3]) else []  # rows of words alone are no units
    start = next((row.first for row in after if row not in units), chosen[-1].last + 1)
    return (begin, chosen[-1].last), _cleaned(names), start


def _commented_header(text: Text, first: Row, width: int) -> tuple[tuple[int, int], list[str], int] | None:
    """Take a comment of as many words as columns for the header: '# time,wind' as numpy writes it."""
    for number, line in reversed(list(enumerate(head_of(text)[: first.first - 1], start=1))):
        bare = line.lstrip("#%/ ")
        for delimiter in DELIMITERS:
            fields = fields_of(bare, delimiter)
            if (
                line.lstrip().startswith(COMMENT)
                and len(fields) == width > 1
                and "word" in map(kind_of, fields[:1])
            ):
                return (number, number), _cleaned(fields), first.first
    return None


def _cleaned(names: Sequence[str]) -> list[str]:
    return [name.strip().lstrip("\ufeff") for name in names]

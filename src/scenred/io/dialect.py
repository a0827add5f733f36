"""How a text is laid out as a table: delimiter, decimal mark, the lines of the header and those that are no rows.

What a file cannot decide is refused with the flag that decides it.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from scenred.errors import InputError
from scenred.io.cells import NUMBER_LIKE, decimal_mark, kind_of
from scenred.io.source import Text
from scenred.model import Reading

DELIMITERS = ("\t", ";", "|", ",")
MARKS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "pipe", " ": "space"}
COMMENT = ("#", "%", "//", "sep=")
SAMPLE_BYTES = 1 << 17
SAMPLE_ROWS = 300
TAIL_BYTES = 1 << 14
MOST_COLUMNS = 10_000
# Cells of a line of units below the header.
UNIT = re.compile(
    r"[\[(]?\s*(k|m|g|t)?(wh?|wp|va|v|hz|j)(el|th)?(/(h|m2|m²|km2))?\s*[\])]?|[\[(]?\s*(%|p\.?u\.?|-|°?[ck]|°|"
    r"deg(rees)?|"
    r"m/s|hpa|pa|mm|m|h|hours?|utc|gmt|cet|local|w/m2|w/m²|j/cm2|€/mwh|eur/mwh|unit|units|float|double|int|"
    r"yyyy[-/.]?mm.*|dd[-/.]mm.*|mm/dd.*|date(time)?|time)\s*[\])]?|",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Row:
    """Hold the fields of one row and the lines, counted from 1, that it stands on."""

    first: int
    last: int
    fields: list[str]


@dataclass(frozen=True, slots=True)
class Dialect:
    """Hold how a text is laid out.

    `header` are the first and last line of the header (None without one), `begin` is the line of the first row,
    `idle` the lines after it that are no rows (of them `footer` below the table, where there are no others, and
    `repeated` the header again, as in files that were strung together), `is_decided` says whether cells (or a
    caller) told the decimal mark, and `kinds` what the cells of each column look like in the sample.
    """

    delimiter: str
    decimal: str
    is_decided: bool
    header: tuple[int, int] | None
    names: list[str]
    begin: int
    idle: tuple[int, ...]
    footer: int
    repeated: int
    kinds: list[str]


def dialect_of(text: Text, reading: Reading) -> Dialect:
    """Find the layout of a text, or take what is told.

    Raises
    ------
    InputError
        When there is no header, several lines could be it, or the decimal mark cannot be told.
    """
    lines = _head(text)
    delimiter = reading.delimiter or _delimiter(lines)
    rows = _split(lines, delimiter)
    width = _width(rows)
    if width > MOST_COLUMNS:
        raise InputError(
            f"{text.name}: has {width:,} columns; scenred reads at most {MOST_COLUMNS:,}; split the file"
        )
    kinds = _kinds(rows, width)
    header, names, begin = _header(text, rows, width, kinds, reading.header)
    body = [row for row in rows if row.first >= begin]
    mark, is_decided = _decimal(text, body, kinds, delimiter, reading.decimal)
    idle, footer = _idle(text, delimiter, width, kinds, begin)
    again = _repeated(text, header, begin)
    if again:
        idle, footer = tuple(sorted({*idle, *again})), 0
    return Dialect(delimiter, mark, is_decided, header, names, begin, idle, footer, len(again), kinds)


def blanked(text: Text, dialect: Dialect) -> Text:
    """Give the text from the first row on with the lines that are no rows made empty, so that lines keep numbers."""
    lines_before = dialect.begin - 1
    position = 0
    for _ in range(lines_before):
        position = (text.data.find(b"\n", position) + 1) or len(text.data)
    if not dialect.idle:
        return replace(text, begin=position)
    data = text.data[position:]
    if len(dialect.idle) == dialect.footer:  # only below the table: cut it there
        rest = text.data.count(b"\n", position) + lines_before + 1 - (dialect.idle[0] - 1)
        end = len(data)
        for _ in range(rest):
            end = data.rfind(b"\n", 0, end)
        return replace(text, data=data[: end + 1])
    idle = {line - dialect.begin for line in dialect.idle}
    lines = (b"" if number in idle else line for number, line in enumerate(data.split(b"\n")))
    return replace(text, data=b"\n".join(lines))


def _head(text: Text) -> list[str]:
    """Give the first lines, whole ones only."""
    end = len(text.data)
    if end > SAMPLE_BYTES:
        cut = text.data.rfind(b"\n", 0, SAMPLE_BYTES)
        for _ in range(4 if cut < 0 else 0):  # long lines: some of them
            cut = text.data.find(b"\n", cut + 1)
        end = cut + 1 if cut >= 0 else end
    return text.data[:end].decode().replace("\r\n", "\n").split("\n")[: 4 * SAMPLE_ROWS]


def _split(lines: Sequence[str], delimiter: str) -> list[Row]:
    """Split lines into rows; those that are blank or comments are left out."""
    reader = csv.reader((f"{line}\n" for line in lines), delimiter=delimiter)
    rows: list[Row] = []
    before = 0
    try:
        for fields in reader:
            first, before = before + 1, reader.line_num
            if (len(fields) > 1 or (fields and fields[0].strip())) and not fields[0].lstrip().startswith(
                COMMENT
            ):
                rows.append(Row(first, reader.line_num, fields))
            if len(rows) >= SAMPLE_ROWS:
                break
    except csv.Error:
        return rows
    return rows


def _fields(line: str, delimiter: str) -> list[str]:
    """Split one line; one that cannot be split has no field."""
    try:
        return next(csv.reader([line], delimiter=delimiter), [])
    except csv.Error:
        return []


def _delimiter(lines: Sequence[str]) -> str:
    """Choose the delimiter whose rows agree in width and whose cells are numbers and times."""
    best, score = ",", 0.0
    for delimiter in DELIMITERS:
        rows = _split(lines, delimiter)
        width = _width(rows)
        if width < 2:
            continue
        alike = [row for row in rows if len(row.fields) == width]
        cells = [kind_of(cell) for row in alike[-50:] for cell in row.fields]
        clean = 1 - cells.count("word") / len(cells)
        here = (len(alike) / len(rows)) * (0.2 + clean)
        if here > score + 1e-9:
            best, score = delimiter, here
    return best


def _width(rows: Sequence[Row]) -> int:
    """Give the number of fields that most rows have; the first such number where two are as frequent."""
    counts = Counter(len(row.fields) for row in rows)
    return counts.most_common(1)[0][0] if counts else 0


def _kinds(rows: Sequence[Row], width: int) -> list[str]:
    """Say what most cells of each column look like, in the rows after the first."""
    body = [row.fields for row in rows if len(row.fields) == width]
    body = body[len(body) // 2 :] if len(body) > 2 else body[-1:]
    kinds = []
    for column in zip(*body, strict=True):
        counts = Counter(kind for kind in map(kind_of, column) if kind != "missing")
        kinds.append(counts.most_common(1)[0][0] if counts else "missing")
    return kinds


def _is_data(row: Row, kinds: Sequence[str]) -> bool:
    """Say whether every cell is what its column holds, or missing, and some cell is a number or a time."""
    found = [kind_of(cell) for cell in row.fields]
    fits = all(
        here in (kind, "missing") or {here, kind} == {"number", "time"} or kind in ("word", "missing")
        for here, kind in zip(found, kinds, strict=False)
    )
    return fits and ("number" in found or "time" in found)


def _header(
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
    whole = [row for row in named if len(row.fields) == width] or named
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
    units = [row for row in after[:2] if all(UNIT.fullmatch(cell.strip()) for cell in row.fields)]
    start = next((row.first for row in after if row not in units), chosen[-1].last + 1)
    return (begin, chosen[-1].last), _cleaned(names), start


def _commented_header(text: Text, first: Row, width: int) -> tuple[tuple[int, int], list[str], int] | None:
    """Take a comment of as many words as columns for the header: '# time,wind' as numpy writes it."""
    for number, line in reversed(list(enumerate(_head(text)[: first.first - 1], start=1))):
        bare = line.lstrip("#%/ ")
        for delimiter in DELIMITERS:
            fields = _fields(bare, delimiter)
            if (
                line.lstrip().startswith(COMMENT)
                and len(fields) == width > 1
                and "word" in map(kind_of, fields[:1])
            ):
                return (number, number), _cleaned(fields), first.first
    return None


def _cleaned(names: Sequence[str]) -> list[str]:
    return [name.strip().lstrip("\ufeff") for name in names]


def _decimal(
    text: Text, body: Sequence[Row], kinds: Sequence[str], delimiter: str, told: str | None
) -> tuple[str, bool]:
    """Find the decimal mark in the sample, else in the whole text."""
    if told is not None:
        return told, True
    cells = [
        cell.strip()
        for row in body
        for cell, kind in zip(row.fields, kinds, strict=False)
        if kind != "time" and NUMBER_LIKE.fullmatch(cell.strip())
    ]
    mark, is_ambiguous = decimal_mark(cells)
    if mark is None and delimiter == "," and not any("," in cell for cell in cells):
        return ".", any("." in cell for cell in cells)
    if mark is None:
        ends = re.escape(delimiter)
        found = re.finditer(
            rf'(?:^|[{ends}"])[ +-]*(\d[\d.,]*[.,]\d+)(?=[{ends}"\r\n ])'.encode(), text.data, re.MULTILINE
        )
        mark, is_ambiguous = decimal_mark(cell for cell in ((match[1].decode()) for match in found)
                                          if kind_of(cell) == "number")  # fmt: skip
    if mark is None and is_ambiguous:
        example = next((cell for cell in cells if "." in cell or "," in cell), "1.234")
        raise InputError(
            f"{text.name}: numbers such as {example} can be read in two ways, and no number decides; say which mark "
            "is the decimal one: --decimal . or --decimal ,"
        )
    return mark or ".", mark is not None


def _idle(
    text: Text, delimiter: str, width: int, kinds: Sequence[str], begin: int
) -> tuple[tuple[int, ...], int]:
    """Find lines below the first row that are no rows: comments, and below the table words and lines without a cell.

    The latter are counted, too.
    """
    data = text.data
    idle = []
    if any(f"\n{mark}".encode() in data for mark in COMMENT):
        idle = [
            number
            for number, line in enumerate(data.split(b"\n"), start=1)
            if number > begin and line.startswith(tuple(mark.encode() for mark in COMMENT))
        ]
    tail = data[max(0, data.rfind(b"\n", 0, max(0, len(data) - TAIL_BYTES)) + 1) :].split(b"\n")
    footer: list[int] = []
    for offset, raw in enumerate(reversed(tail)):
        cell = raw.decode(errors="replace").strip()
        if not cell:
            continue
        fields = _fields(cell, delimiter)
        if any(field.strip() for field in fields) and not _is_footer(fields, width, kinds):
            break
        footer.append(offset)
    last = data.count(b"\n") + 1 if footer else 0
    lines = [last - offset for offset in footer if last - offset > begin and last - offset not in idle]
    return tuple(sorted({*idle, *lines})), len(lines) if not idle else 0


def _repeated(text: Text, header: tuple[int, int] | None, begin: int) -> list[int]:
    """Find the lines that are the header again."""
    if header is None or header[0] != header[1]:
        return []
    line = text.data.split(b"\n", header[0])[header[0] - 1].rstrip(b"\r") if header[0] < 1_000 else b""
    found: list[int] = []
    number, counted = 1, 0
    position = text.data.find(b"\n" + line) if line.strip() else -1
    while position >= 0:
        number += text.data.count(b"\n", counted, position + 1)
        counted = position + 1
        if number > begin and text.data[counted + len(line) : counted + len(line) + 1] in (b"\r", b"\n", b""):
            found.append(number)
        position = text.data.find(b"\n" + line, counted)
    return found


def _is_footer(fields: Sequence[str], width: int, kinds: Sequence[str]) -> bool:
    """Say whether a line below the table holds words and no row that was cut or garbled."""
    found = [kind_of(field) for field in fields]
    if len(fields) == 1 < width and set(fields[0].strip()) <= set("*=_"):
        return True
    if len(fields) < width and any(field.strip().casefold() == "end of report" for field in fields):
        return True
    if not found or found[0] != "word" or not any(letter.isalpha() for letter in fields[0][:1]):
        return False
    if len(fields) == width:
        return kinds[0] in ("number", "time") and not {"number", "time"} & set(found)
    return len(fields) < width and (kinds[0] != "word" or len(fields) == 1)

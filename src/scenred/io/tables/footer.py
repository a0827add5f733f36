"""Lines below the first row that are not rows: comments, words below the table, empty cells, repeated headers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from scenred.io.tables.cells import kind_of
from scenred.io.tables.header import Header
from scenred.io.tables.rows import COMMENT, fields_of

# First words of lines of totals below a table, in lower case.
TOTALS = frozenset(
    {"total", "totals", "grand total", "sum", "summe", "summa", "somme", "suma", "soma", "totale", "gesamt"}
    | {"celkem", "mean", "average", "avg", "mittelwert", "max", "maximum", "min", "minimum", "count"}
)
TAIL_BYTES = 1 << 14


class Idle(NamedTuple):
    """Lines that are not rows: `footer` of them below the table if there are no others, `repeated` the header again."""

    lines: tuple[int, ...]
    footer: int
    repeated: int


def idle_lines(data: bytes, delimiter: str, kinds: Sequence[str], header: Header) -> Idle:
    """Find the lines below the first row that are not rows."""
    positions = [place for mark in COMMENT for place in _beginning(data, mark.encode())]
    among = {*_lines_at(data, sorted(positions)), *_lines_at(data, _without_cell(data, delimiter.encode()))}
    among = {line for line in among if line > header.begin}
    below = {line for line in _footer(data, delimiter, kinds) if line > header.begin} - among
    again = {line for line in _lines_at(data, _repeated(data, header)) if line > header.begin}
    footer = len(below) if not among and not again else 0
    return Idle(tuple(sorted(among | below | again)), footer, len(again))


def blanked(data: bytes, begin: int, idle: Idle) -> tuple[bytes, int]:
    """Return a text with the lines that are not rows made empty, so that lines keep numbers, and where rows begin."""
    position = 0
    for _ in range(begin - 1):
        position = (data.find(b"\n", position) + 1) or len(data)
    if not idle.lines:
        return data, position
    data = data[position:]
    if len(idle.lines) == idle.footer:  # only below the table: cut it there
        end = len(data)
        for _ in range(data.count(b"\n") + begin + 1 - idle.lines[0]):
            end = data.rfind(b"\n", 0, end)
        return data[: end + 1], 0
    empty = set(idle.lines)
    lines = (b"" if number in empty else line for number, line in enumerate(data.split(b"\n"), begin))
    return b"\n".join(lines), 0


def _beginning(data: bytes, word: bytes) -> Iterator[int]:
    """Yield where lines after the first begin that begin with a word."""
    position = data.find(b"\n" + word)
    while position >= 0:
        yield position + 1
        position = data.find(b"\n" + word, position + 1)


def _lines_at(data: bytes, positions: Iterable[int]) -> Iterator[int]:
    """Yield the lines, counted from 1, of positions in ascending order."""
    number, counted = 1, 0
    for position in positions:
        number += data.count(b"\n", counted, position)
        counted = position
        yield number


def _without_cell(data: bytes, mark: bytes) -> Iterable[int]:
    """Find lines above the last row that hold delimiters and no cell, as spreadsheets write empty rows."""
    if b"\n" + mark not in data:
        return ()
    last = len(data.rstrip(mark + b' \t\r\n"'))
    # one class and no choice within it: the time grows with the length of a line, not faster
    found = re.finditer(rb"(?<=\n)[ \t" + re.escape(mark) + rb"]+(?=\r?\n)", data)
    return (line.start() for line in found if mark in line[0] and line.start() <= last)


def _repeated(data: bytes, header: Header) -> Iterable[int]:
    """Find the lines that are the header again."""
    if header.lines is None or header.lines[0] != header.lines[1] or header.lines[0] >= 1_000:
        return ()
    line = data.split(b"\n", header.lines[0])[header.lines[0] - 1].rstrip(b"\r")
    found = _beginning(data, line) if line.strip() else ()
    return (place for place in found if data[place + len(line) : place + len(line) + 1] in (b"\r", b"\n", b""))


def _footer(data: bytes, delimiter: str, kinds: Sequence[str]) -> Iterator[int]:
    """Yield the lines at the end that are blank or not rows."""
    tail = data[max(0, data.rfind(b"\n", 0, max(0, len(data) - TAIL_BYTES)) + 1) :].split(b"\n")
    last = data.count(b"\n") + 1
    for offset, raw in enumerate(reversed(tail)):
        cell = raw.decode(errors="replace").strip()
        if not cell:
            continue
        fields = fields_of(cell, delimiter)
        is_empty = not any(field.strip() for field in fields)
        if not (is_empty or _is_footer(fields, kinds) or _is_trailer(data, fields, len(kinds), delimiter)):
            return
        yield last - offset


def _is_trailer(data: bytes, fields: Sequence[str], width: int, delimiter: str) -> bool:
    """Return whether a short line begins with a word that begins no other line, as a record that counts the others."""
    word, others = fields[0].strip(), [field for field in fields[1:] if field.strip()]
    is_short = len(fields) < width or (len(fields) == width > 2 and len(others) < 2)
    if len(fields) < 2 or not is_short or not word.isalpha():
        return False
    return len(re.findall(rb'\n"?' + re.escape(word.encode()) + rb'"?' + re.escape(delimiter.encode()), data)) == 1


def _is_footer(fields: Sequence[str], kinds: Sequence[str]) -> bool:
    """Return whether a line below the table holds words, and is not a row that was cut or garbled."""
    found, width = [kind_of(field) for field in fields], len(kinds)
    if len(fields) == 1 < width and fields[0].strip()[:1] in set("*=_<-") and found[0] == "word":
        return True
    if len(fields) < width and any(field.strip().casefold() == "end of report" for field in fields):
        return True
    if fields[0].strip(" :.").casefold() in TOTALS and kinds[0] in ("number", "time"):
        return True
    if not found or found[0] != "word" or not any(letter.isalpha() for letter in fields[0][:1]):
        return False
    if len(fields) == width:
        return kinds[0] in ("number", "time") and not {"number", "time"} & set(found)
    return len(fields) < width and (kinds[0] != "word" or len(fields) == 1)

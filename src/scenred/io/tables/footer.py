"""Lines below the first row that are no rows: comments, words below the table, empty cells, and the header again."""

from __future__ import annotations

import re
from collections.abc import Sequence

from scenred.io.files.source import Text
from scenred.io.tables.cells import kind_of
from scenred.io.tables.rows import COMMENT, fields_of

# First words of lines of totals below a table, in lower case.
TOTALS = frozenset(
    {
        "total",
        "totals",
        "grand total",
        "sum",
        "summe",
        "summa",
        "somme",
        "suma",
        "soma",
        "totale",
        "gesamt",
        "celkem",
    }
    | {"mean", "average", "avg", "mittelwert", "max", "maximum", "min", "minimum", "count"}
)
TAIL_BYTES = 1 << 14


def idle_lines(
    text: Text, delimiter: str, width: int, kinds: Sequence[str], begin: int
) -> tuple[tuple[int, ...], int]:
    """Find lines below the first row that are no rows: comments, lines without a cell, and words below the table.

    Of those below the table their number is given, too, where there are no others.
    """
    data = text.data
    idle = []
    if any(f"\n{mark}".encode() in data for mark in COMMENT):
        idle = [
            number
            for number, line in enumerate(data.split(b"\n"), start=1)
            if number > begin and line.startswith(tuple(mark.encode() for mark in COMMENT))
        ]
    idle += _without_cell(data, delimiter, begin)
    tail = data[max(0, data.rfind(b"\n", 0, max(0, len(data) - TAIL_BYTES)) + 1) :].split(b"\n")
    footer: list[int] = []
    for offset, raw in enumerate(reversed(tail)):
        cell = raw.decode(errors="replace").strip()
        if not cell:
            continue
        fields = fields_of(cell, delimiter)
        if any(field.strip() for field in fields) and not (
            _is_footer(fields, width, kinds) or _is_trailer(data, fields, width, delimiter)
        ):
            break
        footer.append(offset)
    last = data.count(b"\n") + 1 if footer else 0
    lines = [last - offset for offset in footer if last - offset > begin and last - offset not in idle]
    return tuple(sorted({*idle, *lines})), len(lines) if not idle else 0


def _without_cell(data: bytes, delimiter: str, begin: int) -> list[int]:
    """Find lines above the last row that hold delimiters and no cell, as spreadsheets write empty rows."""
    mark = delimiter.encode()
    if b"\n" + mark not in data:
        return []
    last = len(data.rstrip(mark + b' \t\r\n"'))
    found: list[int] = []
    number, counted = 1, 0
    # one class and no choice within it: the time grows with the length of a line, not faster
    for line in re.finditer(rb"(?<=\n)[ \t" + re.escape(mark) + rb"]+(?=\r?\n)", data):
        if line.start() > last:
            break
        if mark not in line[0]:
            continue
        number += data.count(b"\n", counted, line.start())
        counted = line.start()
        if number > begin:
            found.append(number)
    return found


def repeated_lines(text: Text, header: tuple[int, int] | None, begin: int) -> list[int]:
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


def _is_trailer(data: bytes, fields: Sequence[str], width: int, delimiter: str) -> bool:
    """Say whether a short line begins with a word that begins no other line, as a record that counts the others."""
    word, others = fields[0].strip(), [field for field in fields[1:] if field.strip()]
    is_short = len(fields) < width or (len(fields) == width > 2 and len(others) < 2)
    return len(fields) > 1 and is_short and word.isalpha() and len(_begins(data, word, delimiter)) == 1


def _begins(data: bytes, word: str, delimiter: str) -> list[bytes]:
    mark = re.escape(delimiter.encode())
    return re.findall(rb'\n"?' + re.escape(word.encode()) + rb'"?' + mark, data)


def _is_footer(fields: Sequence[str], width: int, kinds: Sequence[str]) -> bool:
    """Say whether a line below the table holds words and no row that was cut or garbled."""
    found = [kind_of(field) for field in fields]
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

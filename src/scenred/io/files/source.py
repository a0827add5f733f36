"""The source of an input: its bytes, read up to a size and unpacked, and the text in them."""

from __future__ import annotations

import contextlib
import csv
import hashlib
import io
import os
import re
import sys
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, TypeAlias

from scenred.errors import InputError, Setting
from scenred.io.files.encoding import as_utf8, line_at
from scenred.io.files.inputs import register_input
from scenred.options.reading import DEFAULT_MAX_SIZE

FilePath: TypeAlias = "str | os.PathLike[str]"
STDIN = "-"
GZIP = b"\x1f\x8b"
BLOCK = 1 << 20
# Members of gzip data that are read; programs that write blocks as members make a few thousand of a large file.
MOST_MEMBERS = 100_000
SMALL_PIECE = 1 << 9
PADDING = re.compile(rb"\0*")
# A longer line is not a row of a table that scenred could use.
LONGEST_LINE = 4 << 20
# Bytes of a file that is no series: a manifest, dates, plants, instances. No option allows more.
LARGEST_DOCUMENT = 100_000_000
# Files of a folder that are read.
SUFFIXES = (".csv", ".txt", ".tsv", ".dat", ".gz", ".parquet", ".xlsx", ".nc", ".xls", ".json")

# First bytes of other formats that are often given as tables: what they are, and what to do.
SIGNATURES = {
    rb"BZh[1-9]1AY": ("bzip2 data", "unpack it first: bzip2 -dc FILE | scenred ... -"),
    rb"\xfd7zXZ\x00": ("xz data", "unpack it first: xz -dc FILE | scenred ... -"),
    rb"\(\xb5/\xfd": ("zstd data", "unpack it first: zstd -dc FILE | scenred ... -"),
    rb"\xd0\xcf\x11\xe0": ("an old Excel workbook (.xls)", "save it as .xlsx or as CSV"),
    rb"%PDF-[0-9.]+[\r\n]": ("a PDF document", "name a table of numbers"),
}


@dataclass(frozen=True, slots=True)
class Text:
    """An input's text as UTF-8 bytes without mark, and the name that messages give it.

    Reading begins at `begin`, so that a large text is not copied without its first lines. The first `blank` lines were
    made empty, so that the others keep their numbers.
    """

    data: bytes
    name: str
    sha256: str
    encoding: str = "utf-8"
    begin: int = 0
    blank: int = 0

    def stream(self) -> io.BytesIO:
        """Open the bytes for reading."""
        stream = io.BytesIO(self.data)
        stream.seek(self.begin)
        return stream

    def open(self) -> io.TextIOWrapper:
        """Open the text for reading, line endings unchanged."""
        return io.TextIOWrapper(self.stream(), encoding="utf-8", newline="")


@dataclass(frozen=True, slots=True)
class Content:
    """An input's unpacked bytes, the name that messages give it, and the digest of the bytes as they came."""

    data: bytes
    name: str
    sha256: str


def paths_of(path: FilePath) -> Sequence[FilePath]:
    """Return a path, or the paths of all tables of a folder, by name.

    Raise an InputError if the folder holds none or cannot be read.
    """
    text = os.fspath(path)
    try:
        if path == STDIN or not Path(text).is_dir():
            return [path]
        files = [file for file in Path(text).iterdir() if file.suffix.lower() in SUFFIXES]
    except (OSError, ValueError) as error:  # ValueError: a zero byte in the path
        raise unreadable(printable(path), error) from error
    files = sorted(file for file in files if not file.name.startswith("."))
    if not files:
        raise InputError(
            "is a directory without tables", advice=f"scenred reads {', '.join(SUFFIXES)}", place=printable(path)
        )
    return files


def stem_of(name: str) -> str:
    """Return the name of a file without folder and endings.

    Examples
    --------
    >>> stem_of("data/wind.csv.gz")
    'wind'
    """
    return Path(name).name.split(".")[0]


def read_content(path: FilePath, max_size: int, *, is_fixed: bool = False) -> Content:
    """Read and unpack a file or standard input (`-`).

    Raise an InputError if there is no such file, it cannot be read or unpacked, or is larger than `max_size` bytes,
    which `is_fixed` if no option allows more.
    """
    name = "standard input" if path == STDIN else printable(path)
    data = read_bytes(path, name, max_size, is_fixed=is_fixed)
    digest = hashlib.sha256(data).hexdigest()
    if data.startswith(GZIP):
        data = _unpacked(data, name, too_large(name, max_size, "unpacks to", is_fixed=is_fixed), max_size)
    return Content(data, name, digest)


def read_text(path: FilePath) -> Text:
    """Read a file or standard input (`-`) that is no series, such as a manifest or dates, as text; see `text_of`.

    Raise an InputError if it is larger than `LARGEST_DOCUMENT`.
    """
    return text_of(read_content(path, LARGEST_DOCUMENT, is_fixed=True))


def text_of(content: Content, encoding: str | None = None) -> Text:
    """Decode bytes as UTF-8, UTF-16 or CP1252, or in the given encoding.

    Raise an InputError if they are empty, binary, or hold a line that no table has.
    """
    name, data = content.name, content.data
    if not data.strip():
        raise InputError("is empty", "a header line and one row per time step", place=name)
    for signature, (what, advice) in SIGNATURES.items():
        if re.match(signature, data):
            raise InputError(f"is {what}", advice=advice, place=name)
    data, found = as_utf8(data, name, encoding)
    if b"\r" in data and b"\n" not in data:
        data = data.replace(b"\r", b"\n")
    _check_lines(data, name)
    return Text(data, name, content.sha256, found)


def text_of_rows(rows: Iterable[Iterable[object]], content: Content) -> Text:
    """Write rows of cells as comma-separated text in memory."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    return Text(out.getvalue().encode(), content.name, content.sha256)


def printable(path: FilePath) -> str:
    """Return a path as text that any encoding of Unicode can hold."""
    return os.fspath(path).encode("utf-8", "backslashreplace").decode()


def read_bytes(
    path: FilePath, name: str, max_size: int = DEFAULT_MAX_SIZE, *, is_fixed: bool = True, is_input: bool = True
) -> bytes:
    """Read all bytes of a file or of standard input (`-`); `name` is what messages call it.

    No result may replace it, unless it is no input but what results are compared with.

    Raise an InputError if there is no such file, it cannot be read, or is larger than `max_size` bytes, which
    `is_fixed` if no option allows more; a UsageError if a result is to replace it.
    """
    if path == STDIN and sys.stdin is None:
        raise InputError("is closed", advice="pipe a table into scenred, or name a file", place=name)
    try:
        if path == STDIN:
            with contextlib.suppress(OSError, ValueError):  # not a file of the system
                register_input(sys.stdin.fileno(), "/dev/stdin", name)
            data = _read_beyond(sys.stdin.buffer, BLOCK, max_size)
        else:
            with Path(path).open("rb") as file:
                if is_input:
                    register_input(file.fileno(), os.fspath(path), name)
                data = _read_beyond(file, os.fstat(file.fileno()).st_size, max_size)
    except (OSError, ValueError) as error:  # ValueError: a zero byte in the path
        raise unreadable(name, error) from error
    if len(data) > max_size:
        raise too_large(name, max_size, is_fixed=is_fixed)
    return data


def _read_beyond(file: BinaryIO, expected: int, most: int) -> bytes:
    """Read a stream to its end or beyond a size; no more memory is asked for than for its `expected` one."""
    parts, size = [], 0
    while size <= most and (part := file.read(max(min(expected, most) + 1 - size, BLOCK))):
        parts.append(part)
        size += len(part)
    return parts[0] if len(parts) == 1 else b"".join(parts)


def unreadable(name: str, error: OSError | ValueError) -> InputError:
    """Return the error about a file or folder that cannot be read."""
    met, advice = f"cannot be read: {getattr(error, 'strerror', None) or error}", ""
    if isinstance(error, FileNotFoundError):
        met, advice = "there is no such file", "check the path, or pass - for standard input"
    elif isinstance(error, IsADirectoryError):
        met, advice = "is a directory", "name a file in it"
    return InputError(met, advice=advice, place=name)


def too_large(name: str, max_size: int, how: str = "is", *, is_fixed: bool = False) -> InputError:
    """Return the error about an input that is larger than it may be; `is_fixed` if no option allows more."""
    allowed = Setting("max_size", max(2 * max_size // 1_000_000, 1) * 1_000_000)
    return InputError(
        f"{how} more than {max_size:,} bytes",
        advice="check which file is named" if is_fixed else ("if that is right, allow more with ", allowed),
        place=name,
    )


def _unpacked(data: bytes, name: str, refusal: InputError, max_size: int) -> bytes:
    """Unpack gzip data of one or more members, piece by piece, and stop where it grows too large.

    Pieces are small at the begin of a member, since what follows its end is given back as a copy.
    """
    unpacked = io.BytesIO()
    begin = size = members = 0
    while (begin := len(PADDING.match(data, begin)[0]) + begin) < len(data):  # type: ignore[index]  # may be empty
        members += 1
        if members > MOST_MEMBERS:
            raise InputError(f"has more than {MOST_MEMBERS:,} members of gzip", advice="pack it as one", place=name)
        member, piece, rest = zlib.decompressobj(wbits=31), SMALL_PIECE, b""
        while not member.eof:
            if not rest:
                rest, piece = data[begin : begin + piece], min(2 * piece, BLOCK)
                begin += len(rest)
            try:
                block = member.decompress(rest, BLOCK)
            except zlib.error as error:
                met = f"cannot be unpacked as gzip: {error}"
                raise InputError(met, advice="fetch the file again", place=name) from error
            if not rest and not block and not member.eof:
                raise InputError("the gzip data end too early; the file is cut", advice="fetch it again", place=name)
            rest = member.unconsumed_tail
            unpacked.write(block)
            size += len(block)
            if size > max_size:
                raise refusal
        begin -= len(member.unused_data)
    return unpacked.getvalue()


def _check_lines(data: bytes, name: str) -> None:
    """Raise an InputError if a line is longer than any table's; found by leaps, not byte by byte."""
    begin = 0
    while len(data) - begin > LONGEST_LINE:
        end = data.rfind(b"\n", begin, begin + LONGEST_LINE)
        if end < 0:
            raise InputError(
                f"the line is longer than {LONGEST_LINE:,} bytes",
                "one row per time step and at most 10,000 columns",
                "check the file",
                place=line_at(data, name, begin),
            )
        begin = end + 1

"""The source of an input: its bytes, read up to a size and unpacked, and the text in them."""

from __future__ import annotations

import contextlib
import csv
import hashlib
import io
import os
import sys
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from scenred.errors import InputError, Setting
from scenred.io.files.encoding import as_utf8, line_at
from scenred.io.files.inputs import register_input
from scenred.options.reading import DEFAULT_MAX_SIZE

FilePath: TypeAlias = "str | os.PathLike[str]"
STDIN = "-"
GZIP = b"\x1f\x8b"
BLOCK = 1 << 20
# A longer line is not a row of a table that scenred could use.
LONGEST_LINE = 4 << 20
# Files of a folder that are read.
SUFFIXES = (".csv", ".txt", ".tsv", ".dat", ".gz", ".parquet", ".xlsx", ".nc", ".xls", ".json")

# First bytes of other formats that are often given as tables: what they are, and what to do.
SIGNATURES = {
    b"BZh": ("bzip2 data", "unpack it first: bzip2 -dc FILE | scenred ... -"),
    b"\xfd7zXZ": ("xz data", "unpack it first: xz -dc FILE | scenred ... -"),
    b"\x28\xb5\x2f\xfd": ("zstd data", "unpack it first: zstd -dc FILE | scenred ... -"),
    b"\xd0\xcf\x11\xe0": ("an old Excel workbook (.xls)", "save it as .xlsx or as CSV"),
    b"%PDF": ("a PDF document", "name a table of numbers"),
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
    """Return a path, or the paths of all tables of a folder, by name; raise an InputError if it holds none."""
    text = os.fspath(path)
    if path == STDIN or "\0" in text or not Path(text).is_dir():
        return [path]
    files = [file for file in Path(text).iterdir() if file.suffix.lower() in SUFFIXES]
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


def read_content(path: FilePath, max_size: int) -> Content:
    """Read and unpack a file or standard input (`-`).

    Raise an InputError if there is no such file, it cannot be read or unpacked, or is larger than `max_size` bytes.
    """
    name = "standard input" if path == STDIN else printable(path)
    data = read_bytes(path, name, max_size)
    digest = hashlib.sha256(data).hexdigest()
    if data.startswith(GZIP):
        data = _unpacked(data, name, max_size)
    return Content(data, name, digest)


def read_text(path: FilePath) -> Text:
    """Read a file or standard input (`-`) as text; see `text_of`."""
    return text_of(read_content(path, DEFAULT_MAX_SIZE))


def text_of(content: Content, encoding: str | None = None) -> Text:
    """Decode bytes as UTF-8, UTF-16 or CP1252, or in the given encoding.

    Raise an InputError if they are empty, binary, or hold a line that no table has.
    """
    name, data = content.name, content.data
    if not data.strip():
        raise InputError("is empty", "a header line and one row per time step", place=name)
    for signature, (what, advice) in SIGNATURES.items():
        if data.startswith(signature):
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


def read_bytes(path: FilePath, name: str, max_size: int | None = None, *, is_input: bool = True) -> bytes:
    """Read all bytes of a file or of standard input (`-`); `name` is what messages call it.

    No result may replace it, unless it is no input but what results are compared with.

    Raise an InputError if there is no such file, it cannot be read, or is larger than `max_size` bytes; a UsageError if
    a result is to replace it.
    """
    if path == STDIN and sys.stdin is None:
        raise InputError("is closed", advice="pipe a table into scenred, or name a file", place=name)
    most = -1 if max_size is None else max_size + 1
    try:
        if path == STDIN:
            with contextlib.suppress(OSError, ValueError):  # not a file of the system
                register_input(sys.stdin.fileno(), "/dev/stdin", name)
            data = sys.stdin.buffer.read(most)
        else:
            with Path(path).open("rb") as file:
                if is_input:
                    register_input(file.fileno(), os.fspath(path), name)
                data = file.read(most)
    except (OSError, ValueError) as error:  # ValueError: a zero byte in the path
        met, advice = f"cannot be read: {getattr(error, 'strerror', None) or error}", ""
        if isinstance(error, FileNotFoundError):
            met, advice = "there is no such file", "check the path, or pass - for standard input"
        elif isinstance(error, IsADirectoryError):
            met, advice = "is a directory", "name a file in it"
        raise InputError(met, advice=advice, place=name) from error
    if max_size is not None and len(data) > max_size:
        raise too_large(name, max_size)
    return data


def too_large(name: str, max_size: int, how: str = "is") -> InputError:
    """Return the error about an input that is larger than it may be."""
    allowed = max(2 * max_size // 1_000_000, 1) * 1_000_000
    return InputError(
        f"{how} more than {max_size:,} bytes",
        advice=("if that is right, allow more with ", Setting("max_size", allowed)),
        place=name,
    )


def _unpacked(data: bytes, name: str, max_size: int) -> bytes:
    """Unpack gzip data of one or more members, block by block, and stop where it grows too large."""
    blocks: list[bytes] = []
    size = 0
    rest = data
    try:
        while rest.strip(b"\0"):
            member = zlib.decompressobj(wbits=31)
            while not member.eof:
                block = member.decompress(rest, BLOCK)
                rest = member.unconsumed_tail
                if not block and not rest and not member.eof:
                    raise InputError(
                        "the gzip data end too early; the file is cut", advice="fetch it again", place=name
                    )
                blocks.append(block)
                size += len(block)
                if size > max_size:
                    raise too_large(name, max_size, "unpacks to")
            rest = member.unused_data
    except zlib.error as error:
        met = f"cannot be unpacked as gzip: {error}"
        raise InputError(met, advice="fetch the file again", place=name) from error
    return b"".join(blocks)


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

"""Bytes of an input: read up to a size, unpacked, and the text in them; what is no table is refused here."""

from __future__ import annotations

import hashlib
import io
import os
import sys
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from scenred.errors import InputError
from scenred.io.files.encoding import as_utf8
from scenred.options import Reading

STDIN = "-"
GZIP = b"\x1f\x8b"
BLOCK = 1 << 20
# A longer line is no row of a table that scenred could use.
LONGEST_LINE = 4 << 20

# First bytes of formats that are often handed over as if they were tables.
SIGNATURES = {
    b"BZh": "bzip2 data; unpack it first: bzip2 -dc FILE | scenred ... -",
    b"\xfd7zXZ": "xz data; unpack it first: xz -dc FILE | scenred ... -",
    b"\x28\xb5\x2f\xfd": "zstd data; unpack it first: zstd -dc FILE | scenred ... -",
    b"\xd0\xcf\x11\xe0": "an old Excel workbook (.xls); save it as .xlsx or as CSV",
    b"%PDF": "a PDF document; scenred needs a table of numbers",
}


@dataclass(frozen=True, slots=True)
class Text:
    """Hold an input's text as UTF-8 bytes without mark, and the name that messages give it.

    What is read begins at `begin`: a large text is not copied for the sake of its first lines.
    """

    data: bytes
    name: str
    sha256: str
    encoding: str = "utf-8"
    begin: int = 0

    def stream(self) -> io.BytesIO:
        """Open the bytes for reading."""
        stream = io.BytesIO(self.data)
        stream.seek(self.begin)
        return stream

    def open(self) -> io.TextIOWrapper:
        """Open the text for reading, line endings as they stand."""
        return io.TextIOWrapper(self.stream(), encoding="utf-8", newline="")


@dataclass(frozen=True, slots=True)
class Content:
    """Hold an input's unpacked bytes, the name that messages give it, and the digest of the bytes as they came."""

    data: bytes
    name: str
    sha256: str


def read_content(path: str | os.PathLike[str], max_size: int) -> Content:
    """Read and unpack a file or standard input (`-`).

    Raises
    ------
    InputError
        When there is no such file, it cannot be read or unpacked, or is larger than `max_size` bytes.
    """
    name = "standard input" if path == STDIN else printable(path)
    data = read_bytes(path, name, max_size)
    digest = hashlib.sha256(data).hexdigest()
    if data.startswith(GZIP):
        data = _unpacked(data, name, max_size)
    return Content(data, name, digest)


def read_text(path: str | os.PathLike[str], reading: Reading | None = None) -> Text:
    """Read a file or standard input (`-`) as text; see `text_of`."""
    reading = reading or Reading()
    return text_of(read_content(path, reading.max_size), reading.encoding)


def text_of(content: Content, encoding: str | None = None) -> Text:
    """Take bytes as text in UTF-8, UTF-16 or CP1252, or in the encoding that is told.

    Raises
    ------
    InputError
        When they are empty, binary, or hold a line that no table has.
    """
    name, data = content.name, content.data
    if not data.strip():
        raise InputError(f"{name}: is empty; scenred needs a header line and one row per time step")
    for signature, what in SIGNATURES.items():
        if data.startswith(signature):
            raise InputError(f"{name}: is {what}")
    data, found = as_utf8(data, name, encoding)
    if b"\r" in data and b"\n" not in data:
        data = data.replace(b"\r", b"\n")
    _check_lines(data, name)
    return Text(data, name, content.sha256, found)


def printable(path: str | os.PathLike[str]) -> str:
    """Give a path as text that any encoding of Unicode can hold."""
    return os.fspath(path).encode("utf-8", "backslashreplace").decode()


def read_bytes(path: str | os.PathLike[str], name: str, max_size: int | None = None) -> bytes:
    """Read all bytes of a file or of standard input (`-`); `name` is what messages call it.

    Raises
    ------
    InputError
        When there is no such file, it cannot be read, or is larger than `max_size` bytes.
    """
    if path == STDIN and sys.stdin is None:
        raise InputError(f"{name}: is closed; pipe a table into scenred, or name a file")
    try:
        if path == STDIN:
            return _limited(sys.stdin.buffer, name, max_size)
        with Path(path).open("rb") as file:
            return _limited(file, name, max_size)
    except FileNotFoundError as error:
        raise InputError(
            f"{name}: there is no such file; check the path, or pass - for standard input"
        ) from error
    except IsADirectoryError as error:
        raise InputError(f"{name}: is a directory; name a file in it") from error
    except (OSError, ValueError) as error:  # ValueError: a zero byte in the path
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise InputError(f"{name}: cannot be read: {reason}") from error


def too_large(name: str, max_size: int, how: str = "is") -> InputError:
    """Say that an input is larger than it may be."""
    return InputError(
        f"{name}: {how} more than {max_size:,} bytes; if that is right, allow more with --max-size, such as "
        f"--max-size {max(2 * max_size // 1_000_000, 1)}MB"
    )


def _limited(file: BinaryIO, name: str, max_size: int | None) -> bytes:
    if max_size is None:
        return file.read()
    data = file.read(max_size + 1)
    if len(data) > max_size:
        raise too_large(name, max_size)
    return data


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
                    raise InputError(f"{name}: the gzip data end too early; the file is cut; fetch it again")
                blocks.append(block)
                size += len(block)
                if size > max_size:
                    raise too_large(name, max_size, "unpacks to")
            rest = member.unused_data
    except zlib.error as error:
        raise InputError(f"{name}: cannot be unpacked as gzip: {error}; fetch the file again") from error
    return b"".join(blocks)


def _check_lines(data: bytes, name: str) -> None:
    """Refuse a line that is longer than any table's: found by leaps, not by looking at every byte."""
    begin = 0
    while len(data) - begin > LONGEST_LINE:
        end = data.rfind(b"\n", begin, begin + LONGEST_LINE)
        if end < 0:
            line = data.count(b"\n", 0, begin) + 1
            raise InputError(
                f"{name}:{line}: the line is longer than {LONGEST_LINE:,} bytes; scenred needs one row per time step "
                "and at most 10,000 columns; check the file"
            )
        begin = end + 1

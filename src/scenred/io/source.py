"""Bytes of an input, and what they are not: text that scenred cannot read is refused here."""

from __future__ import annotations

import codecs
import hashlib
import io
import os
import sys
from dataclasses import dataclass
from pathlib import Path

from scenred.errors import InputError

STDIN = "-"

# First bytes of formats that are often handed over as if they were CSV.
SIGNATURES = {
    b"\xff\xfe": "UTF-16 text; save it as UTF-8",
    b"\xfe\xff": "UTF-16 text; save it as UTF-8",
    b"\x1f\x8b": "gzip data; unpack it first: gzip -dc FILE | scenred ... -",
    b"PK\x03\x04": "a zip archive or an Excel workbook; save the sheet as CSV",
    b"PAR1": "a Parquet file; save it as CSV",
    b"\x89HDF": "an HDF5 or NetCDF file; save the table as CSV",
    b"CDF": "a NetCDF file; save the table as CSV",
}


@dataclass(frozen=True, slots=True)
class Text:
    """Hold an input's text as UTF-8 bytes without mark, and the name that messages give it."""

    data: bytes
    name: str
    sha256: str

    def open(self) -> io.TextIOWrapper:
        """Open the text for reading, line endings as they stand."""
        return io.TextIOWrapper(io.BytesIO(self.data), encoding="utf-8", newline="")


def read_text(path: str | os.PathLike[str]) -> Text:
    """Read a file or standard input (`-`) as UTF-8 text, with or without byte order mark.

    Raises
    ------
    InputError
        When there is no such file, it cannot be read, is empty, binary, or in another encoding.
    """
    name = input_name(path)
    return text_of(read_bytes(path, name), name)


def text_of(data: bytes, name: str) -> Text:
    """Take bytes as UTF-8 text; see `read_text`."""
    if not data.strip():
        raise InputError(f"{name}: is empty; scenred needs a header line and one row per time step")
    for signature, what in SIGNATURES.items():
        if data.startswith(signature):
            raise InputError(f"{name}: is {what}")
    if b"\0" in data:
        line = data.count(b"\n", 0, data.index(b"\0")) + 1
        raise InputError(f"{name}:{line}: holds a zero byte, so it is binary; scenred needs a CSV text file")
    try:
        data.decode()
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise InputError(
            f"{name}:{line}: byte 0x{data[error.start]:02x} is not UTF-8, so the file is binary or in another "
            "encoding; convert it, for example: iconv -f latin1 -t utf-8 FILE"
        ) from error
    return Text(data.removeprefix(codecs.BOM_UTF8), name, hashlib.sha256(data).hexdigest())


def input_name(path: str | os.PathLike[str]) -> str:
    """Give the name that messages call an input."""
    return "standard input" if path == STDIN else printable(path)


def printable(path: str | os.PathLike[str]) -> str:
    """Give a path as text that any encoding of Unicode can hold."""
    return os.fspath(path).encode("utf-8", "backslashreplace").decode()


def read_bytes(path: str | os.PathLike[str], name: str) -> bytes:
    """Read all bytes of a file or of standard input (`-`); `name` is what messages call it.

    Raises
    ------
    InputError
        When there is no such file or it cannot be read.
    """
    if path == STDIN and sys.stdin is None:
        raise InputError(f"{name}: is closed; pipe a table into scenred, or name a file")
    try:
        return sys.stdin.buffer.read() if path == STDIN else Path(path).read_bytes()
    except FileNotFoundError as error:
        raise InputError(
            f"{name}: there is no such file; check the path, or pass - for standard input"
        ) from error
    except IsADirectoryError as error:
        raise InputError(f"{name}: is a directory; name a file in it") from error
    except (OSError, ValueError) as error:  # ValueError: a zero byte in the path
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise InputError(f"{name}: cannot be read: {reason}") from error

"""Inputs that are not UTF-8 text."""

from __future__ import annotations

import gzip
import hashlib
from pathlib import Path

import pytest

from scenred import InputError
from scenred.io.files.source import read_text


def test_text_comes_with_its_digest(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"time,wind\n")

    text = read_text(path)

    assert text.data == b"time,wind\n"
    assert text.sha256 == hashlib.sha256(b"time,wind\n").hexdigest()


def test_byte_order_mark_is_not_part_of_the_text(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"\xef\xbb\xbftime,wind\n")

    assert read_text(path).data == b"time,wind\n"


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "is empty"),
        (b" \n\n", "is empty"),
        (gzip.compress(b"time,wind\n" * 9, mtime=0)[:-12], "the gzip data end too early"),
        (b"\x1f\x8brest", "cannot be unpacked as gzip"),
        (b"BZh91AY", "bzip2 data; unpack it first"),
        (b"\xd0\xcf\x11\xe0", r"an old Excel workbook \(\.xls\)"),
        (b"time,wind\n" + b"1" * 5_000_000, r"a\.csv:2: the line is longer than 4,194,304 bytes"),
        (b"time,wind\n2019,\x00\n", r"a\.csv:2: holds a zero byte"),
        (
            b"time,wind\nJuni,1\nJ\x81nner,2\n",
            r"a\.csv:3: byte 0x81 is not UTF-8.*encoding, such as cp1252 or cp932",
        ),
    ],
)
def test_what_is_not_text_is_refused(tmp_path: Path, data: bytes, message: str) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(data)

    with pytest.raises(InputError, match=message):
        read_text(path)


def test_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"nowhere\.csv: there is no such file"):
        read_text(tmp_path / "nowhere.csv")


def test_directory_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is a directory"):
        read_text(tmp_path)


def test_zero_byte_in_the_path_is_refused() -> None:
    with pytest.raises(InputError, match="cannot be read"):
        read_text("a\0b")

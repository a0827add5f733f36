"""The encoding of a text: what is given or found is decoded to UTF-8; what is not text is refused with its line."""

from __future__ import annotations

import codecs
import re

from scenred.errors import InputError, Setting
from scenred.notes import note

UTF16 = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
# Control characters that no text holds: all but tab, line ends and form feed.
# Looked for in the first bytes; a zero byte is looked for in all of them.
LOOKED_AT = 1 << 20
CONTROL = re.compile(rb"[\x00-\x08\x0b\x0e-\x1f\x7f]")
ENCODING = Setting("encoding")


def as_utf8(data: bytes, name: str, encoding: str | None = None) -> tuple[bytes, str]:
    """Return text as UTF-8 without byte order mark, and the encoding that was given or found.

    UTF-8 and UTF-16 are recognised safely; other text is taken for CP1252 (which holds Latin-1), with a note, because
    names with accents depend on it. Raise an InputError if the bytes are not text in this encoding, or hold control
    characters.
    """
    found = encoding if encoding is not None else _utf16(data)
    if found:
        text = _decode(data, name, found)
    else:
        text, found = _eight_bits(data, name)
    text = text.removeprefix(codecs.BOM_UTF8)
    zero = text.find(b"\0")
    bad = re.compile(rb"\0").match(text, zero) if zero >= 0 else CONTROL.search(text, 0, LOOKED_AT)
    if bad:
        what = "a zero byte" if bad[0] == b"\0" else f"the control character 0x{bad[0][0]:02x}"
        raise InputError(
            f"holds {what}, so it is binary or corrupt", "a table as text", place=line_at(text, name, bad.start())
        )
    return text, found


def line_at(data: bytes, name: str, position: int) -> str:
    """Return a position of a text as messages name it: file and line."""
    line = data.count(b"\n", 0, position) + 1
    return f"{name}:{line}"


def _utf16(data: bytes) -> str:
    """Recognise UTF-16 by its mark, or by a zero in every second one of the first bytes."""
    for mark, encoding in UTF16.items():
        if data.startswith(mark):
            return encoding
    head = data[:64]
    if len(head) >= 8 and len(head) % 2 == 0:
        if not any(head[1::2]) and all(head[::2]):
            return "utf-16-le"
        if not any(head[::2]) and all(head[1::2]):
            return "utf-16-be"
    return ""


def _eight_bits(data: bytes, name: str) -> tuple[bytes, str]:
    try:
        data.decode()
    except UnicodeDecodeError as error:
        if CONTROL.search(data, 0, LOOKED_AT):  # the caller names it
            return data, "utf-8"
        place, byte = line_at(data, name, error.start), data[error.start]
        try:
            text = data.decode("cp1252")
        except UnicodeDecodeError:
            raise InputError(
                f"byte 0x{byte:02x} is not UTF-8, so the file is binary or in another encoding",
                advice=("name it with ", ENCODING, ", such as cp1252 or cp932, or save it as UTF-8"),
                place=place,
            ) from error
        note(
            f"{place}: byte 0x{byte:02x} is not UTF-8; the text is read as CP1252 (western Europe); ",
            ENCODING,
            " names another",
        )
        return text.encode(), "cp1252"
    return data, "utf-8"


def _decode(data: bytes, name: str, encoding: str) -> bytes:
    try:
        return data.decode(encoding).removeprefix("\ufeff").encode()
    except LookupError as error:
        raise InputError(
            f"there is no encoding {encoding!r}", advice="name one such as utf-8 or cp1252", place=name
        ) from error
    except (UnicodeError, ValueError) as error:
        place = line_at(data, name, getattr(error, "start", 0))
        raise InputError(f"is not text in {encoding}", advice=("name another with ", ENCODING), place=place) from error

"""Text in the encodings that tables come in becomes UTF-8, or is refused with the line that is none."""

from __future__ import annotations

import codecs
import re
import warnings

from scenred.errors import InputError, ScenredWarning

UTF16 = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
# What no text holds: control characters other than tab, line ends and form feed.
# Looked for in the first bytes; a zero byte is looked for in all of them.
LOOKED_AT = 1 << 20
CONTROL = re.compile(rb"[\x00-\x08\x0b\x0e-\x1f\x7f]")


def as_utf8(data: bytes, name: str, encoding: str | None = None) -> tuple[bytes, str]:
    """Give text as UTF-8 without byte order mark, and the encoding that was told or found.

    UTF-8 and UTF-16 are recognised safely; other text is taken for CP1252 (which holds Latin-1), with a note,
    because names with accents depend on it.

    Raises
    ------
    InputError
        When the bytes are no text in this encoding, or hold control characters.
    """
    if encoding is not None:
        text = _decode(data, name, encoding).encode()
        found = encoding
    elif (found := _utf16(data)) != "":
        text = _decode(data, name, found).encode()
    else:
        text, found = _eight_bits(data, name)
    text = text.removeprefix(codecs.BOM_UTF8)
    zero = text.find(b"\0")
    bad = re.compile(rb"\0").match(text, zero) if zero >= 0 else CONTROL.search(text, 0, LOOKED_AT)
    if bad:
        line = text.count(b"\n", 0, bad.start()) + 1
        what = "a zero byte" if bad[0] == b"\0" else f"the control character 0x{bad[0][0]:02x}"
        raise InputError(
            f"{name}:{line}: holds {what}, so it is binary or corrupt; scenred needs a table as text"
        )
    return text, found


def _utf16(data: bytes) -> str:
    """Recognise UTF-16 by its mark, or by a zero in every other of the first bytes."""
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
        line = data.count(b"\n", 0, error.start) + 1
        byte = data[error.start]
        try:
            text = data.decode("cp1252")
        except UnicodeDecodeError:
            raise InputError(
                f"{name}:{line}: byte 0x{byte:02x} is not UTF-8, so the file is binary or in another encoding; "
                "name it with --encoding, such as cp1252 or cp932, or save it as UTF-8"
            ) from error
        warnings.warn(
            f"{name}:{line}: byte 0x{byte:02x} is not UTF-8; the text is read as CP1252 (western Europe); "
            "--encoding names another",
            ScenredWarning,
            stacklevel=2,
        )
        return text.encode(), "cp1252"
    return data, "utf-8"


def _decode(data: bytes, name: str, encoding: str) -> str:
    try:
        return data.decode(encoding).removeprefix("\ufeff")
    except LookupError as error:
        raise InputError(
            f"{name}: there is no encoding {encoding!r}; name one such as utf-8 or cp1252"
        ) from error
    except (UnicodeError, ValueError) as error:
        line = data.count(b"\n", 0, getattr(error, "start", 0)) + 1
        raise InputError(f"{name}:{line}: is no text in {encoding}; name another with --encoding") from error

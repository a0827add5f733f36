"""Inputs become tables: a frame, a file of text or of another format, or all files of a folder."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TypeAlias, cast

import pandas as pd

from scenred.errors import InputError
from scenred.io.files.source import STDIN, Content, FilePath, paths_of, read_content, text_of
from scenred.io.opening.binary import check_kind, format_of, read_binary, stored
from scenred.io.opening.budget import WORD_SIZE, check_text
from scenred.io.tables.table import Table, table_of
from scenred.io.tables.text import parse_table
from scenred.model import Facts
from scenred.options import Reading

Source: TypeAlias = "FilePath | pd.DataFrame | Content"
Sources: TypeAlias = "Source | Sequence[Source]"


def open_table(source: Source, reading: Reading | None = None, known: Sequence[Table] = ()) -> Table:
    """Return a frame, a file or standard input (`-`) as a table; `known` are texts that were parsed before."""
    reading = reading or Reading()
    if isinstance(source, pd.DataFrame):
        check_kind(reading, "the frame")
        return table_of(source, reading=reading)
    content = source if isinstance(source, Content) else read_content(source, reading.max_size)
    if format_of(content.data):
        return read_binary(content, reading)
    exported = _exported(content, reading.max_size)
    if exported is not None:
        check_kind(reading, content.name)
        return stored(content, reading, *exported)
    check_kind(reading, content.name, is_text=True)
    text = text_of(content, reading.encoding)
    check_text(content, text.data, reading.max_size)
    return parse_table(text, reading, known)


def _exported(content: Content, max_size: int) -> tuple[pd.DataFrame, Facts] | None:
    """Return what `scenred export` wrote as JSON or SCENRED2, as the long scenario table; None for any other text."""
    head = content.data[:64].lstrip()
    if head.startswith(b"{"):
        from scenred.io.storage.json import read_document

        return read_document(content.data, content.name, max_size)
    if head.startswith((b"*", b"TYPE", b"type")):
        from scenred.io.storage.scenred2 import is_fan, read_fan

        if is_fan(content.data):
            check_text(content, content.data, max_size, WORD_SIZE)
            return read_fan(content.data, content.name)
    return None


def open_tables(sources: Sources, reading: Reading, known: Sequence[Table] = ()) -> list[Table]:
    """Return one or several inputs as tables; a folder stands for all tables in it, by name.

    A text that is one of the `known` ones, with the same layout, is not parsed again.
    """
    is_one = isinstance(sources, str | os.PathLike | pd.DataFrame | Content)
    listed = cast("Sequence[Source]", [sources] if is_one else sources)
    if not listed:
        raise InputError("there is no input", advice="name a file, or - for standard input")
    if [source for source in listed if isinstance(source, str)].count(STDIN) > 1:
        raise InputError("standard input is named twice", advice="name it once")
    spread = ([given] if isinstance(given, pd.DataFrame | Content) else paths_of(given) for given in listed)
    return [open_table(source, reading, known) for group in spread for source in group]

"""Inputs become tables: a frame, a file of text or of another format, or all files of a folder."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TypeAlias

import pandas as pd

from scenred.errors import InputError
from scenred.io.files.source import STDIN, Content, printable, read_content, text_of
from scenred.io.opening.binary import FORMATS, read_binary
from scenred.io.opening.stored import stored_set
from scenred.io.tables.table import Table, table_of
from scenred.io.tables.text import parse_table
from scenred.options import Reading

Source: TypeAlias = "str | os.PathLike[str] | pd.DataFrame | Content"
Sources: TypeAlias = "Source | Sequence[Source]"

SUFFIXES = (".csv", ".txt", ".tsv", ".dat", ".gz", ".parquet", ".xlsx", ".nc", ".xls", ".json")


def open_table(source: Source, reading: Reading | None = None) -> Table:
    """Take a frame, or read a file or standard input (`-`), as a table."""
    reading = reading or Reading()
    if isinstance(source, pd.DataFrame):
        return table_of(source, reading=reading)
    content = source if isinstance(source, Content) else read_content(source, reading.max_size)
    for signature in FORMATS:
        if content.data.startswith(signature):
            return read_binary(content, reading)
    stored = stored_set(content.data, content.name)  # what `scenred export` wrote
    if stored is not None:
        return replace(table_of(stored, content.name, reading), sha256=content.sha256)
    return parse_table(text_of(content, reading.encoding), reading)


def open_tables(sources: Sources, reading: Reading) -> list[Table]:
    """Take one or several inputs as tables; a folder is all tables in it, by name."""
    if isinstance(sources, str | os.PathLike | pd.DataFrame | Content):
        sources = [sources]
    if not sources:
        raise InputError("there is no input; name a file, or - for standard input")
    if [source for source in sources if isinstance(source, str)].count(STDIN) > 1:
        raise InputError("standard input is named twice; name it once")
    return [open_table(source, reading) for given in sources for source in _spread(given)]


def _spread(source: Source) -> Sequence[Source]:
    if isinstance(source, pd.DataFrame | Content) or source == STDIN:
        return [source]
    path = os.fspath(source)
    if "\0" in path or not Path(path).is_dir():
        return [source]
    files = sorted(
        file
        for file in Path(path).iterdir()
        if file.suffix.lower() in SUFFIXES and not file.name.startswith(".")
    )
    if not files:
        raise InputError(
            f"{printable(path)}: is a directory without tables; scenred reads {', '.join(SUFFIXES)}"
        )
    return files

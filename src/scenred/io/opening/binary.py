"""Tables in other formats than text: Excel workbooks, Parquet and NetCDF files, behind their extras."""

from __future__ import annotations

import datetime as dt
import io
import re
import struct
import warnings
import zipfile
import zlib
import zoneinfo
from dataclasses import replace
from typing import Any

import pandas as pd

from scenred.errors import InputError, RequestError, Setting
from scenred.io.files.extras import load_extra
from scenred.io.files.finalizers import taken_down_quietly
from scenred.io.files.source import Content, text_of_rows
from scenred.io.files.trial import check_by_trial
from scenred.io.opening.budget import (
    BoundedSheet,
    Budget,
    check_hdf5,
    check_variables,
    check_workbook,
    read_parquet,
)
from scenred.io.opening.classic import classic_variables
from scenred.io.opening.gridded import over_time
from scenred.io.tables.table import Table, table_of
from scenred.io.tables.text import parse_table
from scenred.model import Facts
from scenred.notes import note
from scenred.options import Reading

# How a file of a format begins: its signature and, where that is but letters, which a table may begin with too, a byte
# that no text holds among the next ones.
FORMATS = {
    "excel": rb"PK\x03\x04",
    "parquet": rb"PAR1.{0,16}?[\x00-\x08\x0e-\x1f]",
    "netcdf": rb"\x89HDF\r\n\x1a|CDF[\x01\x02\x05]",
}
NAMES = {"excel": "an Excel workbook", "parquet": "Parquet", "netcdf": "NetCDF"}
# What the libraries raise for files that are cut or corrupt: their own errors derive from these.
UNREADABLE = (
    *(OSError, ValueError, TypeError, LookupError, AttributeError, ArithmeticError, RuntimeError, EOFError),
    *(SyntaxError, AssertionError, ImportError, zipfile.BadZipFile, zlib.error, struct.error),
)
MODULES = {"excel": "openpyxl", "parquet": "pyarrow.parquet", "netcdf": "xarray"}


def format_of(data: bytes) -> str:
    """Return the name of the extra that reads a file that is not text, by its first bytes; else an empty text."""
    return next((name for name, begin in FORMATS.items() if re.match(begin, data, re.DOTALL)), "")


def read_binary(content: Content, reading: Reading) -> Table:
    """Read a workbook, a Parquet or a NetCDF file as a table.

    Raise an InputError if the file cannot be read; a RequestError if the extra that reads it is not installed.
    """
    extra = format_of(content.data)
    check_kind(reading, content.name, is_text=extra == "excel", is_grid=extra == "netcdf")
    if extra == "excel":
        _check_workbook(content, reading)
    module = _load(extra, content.name)
    if extra != "excel" and not content.data.startswith(b"CDF"):  # these are read in Python
        check_by_trial(lambda: _frame(module, extra, content, reading), content.name)
    try:
        with taken_down_quietly():
            if extra == "excel":
                return _workbook(module, content, reading)
            return _frame(module, extra, content, reading)
    except UNREADABLE as error:
        met = f"cannot be read as {NAMES[extra]}: {str(error) or type(error).__name__}"
        raise InputError(met, advice="fetch the file again, or write it anew", place=content.name) from error


def check_kind(reading: Reading, name: str, *, is_text: bool = False, is_grid: bool = False) -> None:
    """Raise a RequestError if lines are chosen of what is not text, or a place of what is not a grid."""
    for option, value, is_right, what in (
        ("rows", reading.rows, is_text, "text and workbooks"),
        ("at", reading.at, is_grid, "grids in NetCDF"),
    ):
        if value is not None and not is_right:
            raise RequestError((Setting(option, value), f" is for {what}"), advice="leave it out", place=name)


def _load(extra: str, name: str) -> Any:
    purpose = f"{name}: is a file of another format, which"
    if extra == "netcdf":
        load_extra("h5netcdf", extra, purpose)
    return load_extra(MODULES[extra], extra, purpose)


def _check_workbook(content: Content, reading: Reading) -> None:
    """Raise an InputError if a zip archive is not a workbook, or unpacks to too much."""
    try:
        with zipfile.ZipFile(io.BytesIO(content.data)) as archive:
            is_workbook = "xl/workbook.xml" in archive.namelist()
            if is_workbook:
                check_workbook(content, archive, reading.max_size)
    except UNREADABLE as error:
        met = f"cannot be read as {NAMES['excel']}: {error}"
        raise InputError(met, advice="fetch the file again", place=content.name) from error
    if not is_workbook:
        advice = "unpack it first, and name the file in it"
        raise InputError("is a zip archive", advice=advice, place=content.name)


def _workbook(openpyxl: Any, content: Content, reading: Reading) -> Table:
    """Parse a sheet written as text, so that it is read as any text is; a line is a row of the sheet."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of openpyxl, about styles
        book = openpyxl.load_workbook(io.BytesIO(content.data), read_only=True, data_only=True, keep_links=False)
        filled = [sheet for sheet in book.worksheets if sheet.max_row is None or sheet.max_row > 1]
        names = [sheet.title for sheet in filled]
        if reading.sheet is not None and reading.sheet not in names:
            met = f"has no filled sheet {reading.sheet!r}"
            raise InputError(met, advice=f"there are: {', '.join(names)}", place=content.name)
        if reading.sheet in (None, "scenarios") and "scenarios" in names:  # as `scenred export` writes it
            from scenred.io.storage.xlsx import SHEET, read_about, read_sheet

            bounded = BoundedSheet(book[SHEET], content, reading.max_size)
            return stored(content, reading, read_sheet(bounded, content.name), read_about(book, content.name))
        if len(filled) != 1 and reading.sheet is None:
            raise InputError(
                f"has {len(filled)} filled sheets ({', '.join(names)})",
                advice=("name one with ", Setting("sheet")),
                place=content.name,
                remedy=tuple(Setting("sheet", name) for name in names[:1]),
            )
        chosen = filled[0 if reading.sheet is None else names.index(reading.sheet)]
        sheet = BoundedSheet(chosen, content, reading.max_size)
        text = text_of_rows((map(_cell, row) for row in sheet.iter_rows(values_only=True)), content)
    return parse_table(text, replace(reading, delimiter=",", decimal="."))


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, dt.datetime):
        rounded = value + dt.timedelta(microseconds=500_000)  # Excel counts days in binary fractions
        return rounded.replace(microsecond=0).isoformat(sep=" ")
    if isinstance(value, float) and value == int(value) and abs(value) < 1e15:
        return str(int(value))
    return str(value).replace("\n", " ").replace("\r", " ")


def _frame(module: Any, extra: str, content: Content, reading: Reading) -> Table:
    """Return the columns of a Parquet file, or the variables over time of a NetCDF file."""
    facts = Facts()
    if extra == "parquet":
        from scenred.io.storage.parquet import parquet_facts

        schema = module.ParquetFile(io.BytesIO(content.data)).schema_arrow
        columns = _plain_columns(schema, content.name)
        frame = read_parquet(module, content, columns, reading.max_size).to_pandas()
        facts = parquet_facts(schema.metadata, content.name)
    else:
        from scenred.io.storage.netcdf import dataset_frame

        with _dataset(module, content, reading.max_size) as data:
            if "scenario" in data.dims:
                check_variables(content, data, reading.max_size)
                frame, facts = dataset_frame(module.decode_cf(data.load()), content.name)
            else:
                frame = over_time(data, reading.at, reading.tz, content.name, Budget(content, reading.max_size))
    if not isinstance(frame.index, pd.DatetimeIndex | pd.RangeIndex):
        frame = frame.reset_index()
    return stored(content, reading, frame, facts)


def _plain_columns(schema: Any, name: str) -> list[str]:
    """Return the columns of numbers, text and times; note that the others are not used, or raise an InputError."""
    kinds = pd.Series([str(field.type) for field in schema], index=schema.names, dtype=object)
    unused = kinds[kinds.str.contains(r"list|struct|map<|binary|union|duration|interval|extension", na=False)]
    if len(unused) == len(kinds):
        raise InputError("has no column of numbers, text or times", "at least one", place=name)
    if len(unused):
        named = ", ".join(f"{column} ({kind})" for column, kind in unused.items())
        note(f"{name}: columns that hold no numbers, text or times are not used: {named}")
    return [column for column in schema.names if column not in unused.index]


def _dataset(xarray: Any, content: Content, max_size: int) -> Any:
    """Open a NetCDF file; times and numbers stay as they are in it."""
    if content.data.startswith(b"CDF"):
        variables = classic_variables(content.data, content.name)
        return xarray.decode_cf(xarray.Dataset(variables), mask_and_scale=False, decode_times=False)
    check_hdf5(load_extra("h5py", "netcdf", f"{content.name}: is NetCDF, which"), content, max_size)
    options = {"mask_and_scale": False, "decode_times": False, "chunks": None}
    return xarray.open_dataset(io.BytesIO(content.data), engine="h5netcdf", **options)


def stored(content: Content, reading: Reading, frame: pd.DataFrame, facts: Facts) -> Table:
    """Return what a file of scenred's own holds as a table: its times are in the zone that it names.

    Raise an InputError if there is no such zone, and none is given.
    """
    is_offset = facts.zone is None or facts.zone.startswith("UTC")  # which the times have themselves
    if reading.tz is None and facts.zone is not None and not is_offset:
        try:
            zoneinfo.ZoneInfo(facts.zone)
        except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError) as error:
            raise InputError(
                f"names the time zone {facts.zone!r}, which is not known",
                advice=("pass the zone, such as ", Setting("tz", "Europe/Berlin")),
                place=content.name,
            ) from error
        reading = replace(reading, tz=facts.zone)
    return replace(table_of(frame, content.name, reading, content.sha256), facts=facts)

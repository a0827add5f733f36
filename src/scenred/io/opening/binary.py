"""Tables in other formats than text: Excel workbooks, Parquet and NetCDF files, behind their extras."""

from __future__ import annotations

import datetime as dt
import io
import re
import struct
import warnings
import zipfile
import zlib
from dataclasses import replace
from typing import Any

import pandas as pd

from scenred.errors import InputError, Setting
from scenred.io.files.extras import load_extra
from scenred.io.files.finalizers import taken_down_quietly
from scenred.io.files.source import Content, text_of_rows
from scenred.io.files.trial import check_by_trial
from scenred.io.opening.budget import (
    BoundedSheet,
    Metered,
    check_hdf5,
    check_variables,
    check_width,
    check_workbook,
    read_parquet,
)
from scenred.io.tables.table import Table, table_of
from scenred.io.tables.text import parse_table
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
    if extra == "excel":
        _check_workbook(content, reading)
    module = _load(extra, content.name)
    if extra != "excel":  # whose library is Python
        check_by_trial(lambda: _frame(module, extra, content, reading), content.name)
    try:
        with taken_down_quietly():
            if extra == "excel":
                return _workbook(module, content, reading)
            return _frame(module, extra, content, reading)
    except UNREADABLE as error:
        met = f"cannot be read as {NAMES[extra]}: {str(error) or type(error).__name__}"
        raise InputError(met, place=content.name) from error


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
        if reading.sheet is None and "scenarios" in names:  # as `scenred export` writes it
            from scenred.io.storage.xlsx import SHEET, read_sheet

            bounded = BoundedSheet(book[SHEET], content, reading.max_size)
            return table_of(read_sheet(bounded, content.name), content.name, reading, content.sha256)
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
    if extra == "parquet":
        columns = _plain_columns(module.ParquetFile(io.BytesIO(content.data)).schema_arrow, content.name)
        frame = read_parquet(module, content, columns, reading.max_size).to_pandas()
    else:
        from scenred.io.storage.netcdf import dataset_frame

        is_classic = content.data.startswith(b"CDF")  # read only as a scenario set
        if not is_classic:
            check_hdf5(load_extra("h5py", extra, f"{content.name}: is NetCDF, which"), content, reading.max_size)
        engine, stream = "scipy" if is_classic else "h5netcdf", Metered(content, reading.max_size)
        with module.open_dataset(stream, engine=engine, chunks=None) as data:
            check_variables(content, data, reading.max_size)
            read = dataset_frame if is_classic or "scenario" in data.dims else _flat
            frame = read(data.load(), content.name)
    if not isinstance(frame.index, pd.DatetimeIndex | pd.RangeIndex):
        frame = frame.reset_index()
    return table_of(frame, content.name, reading, content.sha256)


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


def _flat(data: Any, name: str) -> pd.DataFrame:
    """Lay out variables over time as columns, one for each place of a second dimension; else all as rows."""
    clocks = [dim for dim in data.dims if dim in data.coords and data[dim].dtype.kind == "M"]
    if len(clocks) != 1:
        raise InputError(f"has {len(clocks)} dimensions of times", "one, such as time", place=name)
    columns: dict[str, Any] = {}
    unused: list[str] = []
    for variable, array in data.data_vars.items():
        others = [dim for dim in array.dims if dim != clocks[0]]
        if clocks[0] not in array.dims or array.dtype.kind not in "fiu" or len(others) > 1:
            unused.append(str(variable))
            continue
        n_places = data.sizes[others[0]] if others else 1
        check_width(name, len(columns) + n_places)
        for position in range(n_places):
            here = array.isel({others[0]: position}) if others else array
            label = [str(here[name].item() if name in here.coords else position) for name in others]
            columns["_".join([str(variable), *label])] = here.to_numpy().astype(float)
    if unused:
        note(
            f"{name}: variables that are not numbers over {clocks[0]} and at most one other dimension are not used: "
            f"{', '.join(unused)}"
        )
    return pd.DataFrame(columns, index=pd.DatetimeIndex(data[clocks[0]].to_numpy(), name=str(clocks[0])))

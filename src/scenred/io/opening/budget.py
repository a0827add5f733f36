"""What a file of another format unpacks to, by what it declares, before it is decoded: more than allowed is refused.

A few kilobytes can declare gigabytes: cells that are repeated, empty or filled by default are not stored. Each check
costs little next to reading the file, and none trusts the size of the file itself.
"""

from __future__ import annotations

import io
import math
import re
import zipfile
from collections.abc import Iterator
from typing import Any

from scenred.errors import InputError
from scenred.io.files.source import BLOCK, Content, too_large
from scenred.io.tables.dialect import MOST_COLUMNS

# Bytes of memory that a value takes on its way: decoded, in the frame, and as a double.
VALUE_SIZE = 24
# The same of an element of XML in a sheet or among its texts, of one in what describes the workbook, and of a cell that
# is only there because a later one of its row is.
ELEMENT_SIZE, STYLE_SIZE, GAP_SIZE = 100, 1_000, 8
# A number of a fan, which is a word of its own before it is one.
WORD_SIZE = 64
DELIMITERS = (b",", b";", b"\t", b"|", b" ")
# Types of parts whose elements are cells and texts; parts of a workbook that are not read.
SHEETS = re.compile(rb'PartName="/([^"]+)"[^>]*(?:worksheet|sharedStrings)\+xml"')
SHEETS_LATER = re.compile(rb'(?:worksheet|sharedStrings)\+xml"[^>]*PartName="/([^"]+)"')
NOT_READ = re.compile(r"xl/(media|drawings|charts|pivot\w*|externalLinks|printerSettings|embeddings)/|customXml/")


def check_size(content: Content, size: int, max_size: int) -> None:
    """Raise an InputError if a size is more than allowed."""
    if size > max_size:
        raise too_large(content.name, max_size, "unpacks to")


def check_text(content: Content, data: bytes, max_size: int, cell_size: int = VALUE_SIZE) -> None:
    """Raise an InputError if text has more cells than allowed, whatever its delimiter."""
    cells = data.count(b"\n") + max(map(data.count, DELIMITERS))
    check_size(content, len(data) + cell_size * cells, max_size)


def check_workbook(content: Content, archive: zipfile.ZipFile, max_size: int) -> None:
    """Raise an InputError if the parts of a workbook unpack to too much, by their bytes or their elements."""
    entries = archive.infolist()
    check_size(content, sum(entry.file_size for entry in entries), max_size)
    types = archive.read("[Content_Types].xml")[:BLOCK] if "[Content_Types].xml" in archive.namelist() else b""
    light = {name.decode(errors="replace") for form in (SHEETS, SHEETS_LATER) for name in form.findall(types)}
    size = 0
    for entry in entries:
        if entry.filename not in light and NOT_READ.match(entry.filename):
            continue
        weight = ELEMENT_SIZE if entry.filename in light else STYLE_SIZE
        with archive.open(entry) as part:
            while block := part.read(BLOCK):
                size += weight * (block.count(b"<") - block.count(b"</"))
                check_size(content, size, max_size)


class BoundedSheet:
    """A sheet of openpyxl whose rows together are no larger than allowed; an InputError is raised where they are.

    If the sheet declares a larger range than that, it counts for nothing: a row is then as wide as the widest before.
    """

    def __init__(self, sheet: Any, content: Content, max_size: int) -> None:
        self.title: str = sheet.title
        self._sheet, self._content, self._max_size = sheet, content, max_size
        if GAP_SIZE * (sheet.max_row or 1) * (sheet.max_column or 1) > max_size:
            sheet.reset_dimensions()

    def iter_rows(self, *, values_only: bool = True) -> Iterator[tuple[Any, ...]]:
        """Yield the values of row after row."""
        size = width = 0
        for row in self._sheet.iter_rows(values_only=values_only):
            width = max(width, len(row))
            size += GAP_SIZE * (width + 1)
            check_size(self._content, size, self._max_size)
            yield row if len(row) == width else (*row, *[None] * (width - len(row)))


def read_parquet(parquet: Any, content: Content, columns: list[str], max_size: int) -> Any:
    """Return some columns of a Parquet file as a table of arrow.

    Text is read as a dictionary first: a long one may be repeated in every row. Raise an InputError if it unpacks to
    too much.
    """
    described = parquet.ParquetFile(io.BytesIO(content.data))
    meta, schema = described.metadata, described.schema_arrow
    # not of its columns: pyarrow ends the process where what a damaged file says of one contradicts itself
    packed = sum(meta.row_group(group).total_byte_size for group in range(meta.num_row_groups))
    check_size(content, packed + VALUE_SIZE * meta.num_rows * max(len(columns), 1), max_size)
    texts = [field.name for field in schema if str(field.type) in ("string", "large_string")]
    table = parquet.ParquetFile(io.BytesIO(content.data), read_dictionary=texts).read(columns=columns)
    for number, field in enumerate(table.schema):
        if not str(field.type).startswith("dictionary"):
            continue
        check_size(content, packed + sum(map(_length, table.column(number).chunks)), max_size)
        if field.name in texts:
            plain = schema.field(field.name)
            table = table.set_column(number, plain, table.column(number).cast(plain.type))
    return table


def _length(chunk: Any) -> int:
    """Return the bytes that the texts of a dictionary's array take once they are written out."""
    lengths = [len(str(text)) for text in chunk.dictionary.to_pylist()]
    counts = chunk.indices.value_counts()
    pairs = zip(counts.field(0).to_pylist(), counts.field(1).to_pylist(), strict=True)
    return sum(lengths[index] * count for index, count in pairs if index is not None)


def check_hdf5(h5py: Any, content: Content, max_size: int) -> None:
    """Raise an InputError if a NetCDF-4 file has chunks or coordinates that unpack to too much, or is in other files.

    Coordinates are decoded when the file is opened, variables later; see `check_variables`.
    """
    size = 0

    def look(_name: str, node: Any) -> None:
        nonlocal size
        if not isinstance(node, h5py.Dataset):
            return
        if node.external or node.is_virtual:
            raise InputError("keeps values in other files", advice="copy it into one file", place=content.name)
        check_size(content, math.prod(node.chunks or ()) * node.dtype.itemsize, max_size)
        if node.ndim == 1 and "CLASS" in node.attrs:
            size += VALUE_SIZE * node.size
            check_size(content, size, max_size)

    with h5py.File(io.BytesIO(content.data), "r") as file:
        file.visititems(look)
        for name in file:
            if isinstance(file.get(name, getlink=True), h5py.ExternalLink):
                raise InputError("keeps values in other files", advice="copy it into one file", place=content.name)


def check_variables(content: Content, data: Any, max_size: int) -> None:
    """Raise an InputError if the variables of a dataset of xarray, which are not decoded yet, unpack to too much."""
    check_size(content, VALUE_SIZE * sum(array.size for array in data.variables.values()), max_size)


class Budget:
    """What is left of the bytes that may be unpacked, while values are taken one variable after the other."""

    def __init__(self, content: Content, max_size: int) -> None:
        self._content, self._max_size, self._size, self._width = content, max_size, 0, 0

    def take(self, n_values: int, n_columns: int = 0) -> None:
        """Count values that are to be decoded, or raise an InputError if they, or the columns, are too many."""
        self._size += VALUE_SIZE * n_values
        self._width += n_columns
        check_size(self._content, self._size, self._max_size)
        if self._width > MOST_COLUMNS:
            met = f"has {self._width:,} columns"
            raise InputError(met, f"at most {MOST_COLUMNS:,}", "choose some", place=self._content.name)

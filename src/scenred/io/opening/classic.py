"""Classic NetCDF: the variables of a file in the formats CDF-1, CDF-2 and CDF-5, as views of its bytes.

Rules: NetCDF Classic Format Specification (CDF-1, CDF-2); PnetCDF, CDF-5 File Format Specification.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from scenred.errors import InputError

DIMENSIONS, VARIABLES, ATTRIBUTES = 10, 11, 12
# Types by their number in the file; 2 is text.
TYPES = dict(enumerate(("i1", "S1", ">i2", ">i4", ">f4", ">f8", "u1", ">u2", ">u4", ">i8", ">u8"), start=1))
TEXT = 2
# The number of records of a file that is still being written.
STREAMING = (2**32 - 1, 2**64 - 1)
CUT = "the file ends too early"
Variables = dict[str, tuple[tuple[str, ...], Any, dict[str, Any]]]


@dataclass
class _Header:
    """The bytes of a file from a position on, read from front to back."""

    data: bytes
    name: str
    position: int = 4

    @property
    def version(self) -> int:
        """1 or 2, or 5, in which counts have eight bytes."""
        return self.data[3]

    def integer(self, size: int) -> int:
        """Return the next integer of this many bytes."""
        return int.from_bytes(self.block(size), "big")

    def count(self) -> int:
        """Return the next count or length."""
        return self.integer(8 if self.version == 5 else 4)

    def block(self, size: int) -> bytes:
        """Return the next bytes, or raise an InputError if the file ends before."""
        end = self.position + size
        if end > len(self.data):
            raise _broken(self.name, CUT)
        found, self.position = self.data[self.position : end], end
        return found

    def padded(self, size: int) -> bytes:
        """Return the next bytes, which a multiple of four bytes holds."""
        found = self.block(size)
        self.block(-size % 4)
        return found

    def text(self) -> str:
        """Return the next name."""
        return self.padded(self.count()).decode(errors="replace")

    def items(self, tag: int) -> range:
        """Return a range as long as the list that comes next, which is empty or of this kind."""
        kind, count = self.integer(4), self.count()
        if kind not in (0, tag) or (kind == 0 and count):
            raise _broken(self.name)
        return range(count)

    def attributes(self) -> dict[str, Any]:
        """Return the attributes that come next: texts, numbers, and arrays of several numbers."""
        found: dict[str, Any] = {}
        for _ in self.items(ATTRIBUTES):
            name, kind, count = self.text(), self.kind(), self.count()
            raw = self.padded(count * np.dtype(TYPES[kind]).itemsize)
            values = np.frombuffer(raw, TYPES[kind])
            numbers = values.astype(values.dtype.newbyteorder("="))
            found[name] = raw.decode(errors="replace") if kind == TEXT else numbers[0] if count == 1 else numbers
        return found

    def kind(self) -> int:
        """Return the number of the type that comes next."""
        kind = self.integer(4)
        if kind not in TYPES:
            raise _broken(self.name)
        return kind


@dataclass(frozen=True, slots=True)
class _Variable:
    """Where the values of a variable are: one after the other, or in records, a part in each."""

    dimensions: tuple[str, ...]
    shape: tuple[int, ...]
    attributes: dict[str, Any]
    kind: np.dtype[Any]
    begin: int
    is_record: bool

    @property
    def size(self) -> int:
        """Bytes of its values, or of one record of them."""
        return math.prod(self.shape[self.is_record :]) * self.kind.itemsize

    def view(self, data: bytes, n_records: int, each: int, name: str) -> Any:
        """Return its values as a view of the file, whose records have `each` bytes."""
        shape = (n_records, *self.shape[1:]) if self.is_record else self.shape
        if not math.prod(shape):
            return np.empty(shape, self.kind)
        last = each * (n_records - 1) if self.is_record else 0
        if self.begin + last + self.size > len(data):
            raise _broken(name, CUT)
        strides = [self.kind.itemsize * math.prod(shape[place + 1 :]) for place in range(len(shape))]
        strides[:1] = [each] if self.is_record else strides[:1]
        return np.ndarray(shape, self.kind, data, self.begin, tuple(strides))


def classic_variables(data: bytes, name: str) -> Variables:
    """Return dimensions, values and attributes of each variable; raise an InputError if the file is broken or cut."""
    header = _Header(data, name)
    n_records = header.count()
    sizes = [(header.text(), header.count()) for _ in header.items(DIMENSIONS)]
    header.attributes()
    found = dict(_variable(header, sizes) for _ in header.items(VARIABLES))
    records = [variable for variable in found.values() if variable.is_record]
    padding = 4 if len(records) > 1 else 1
    each = sum(variable.size + -variable.size % padding for variable in records)
    if records and n_records in STREAMING:
        n_records = (len(data) - min(variable.begin for variable in records)) // max(each, 1)
    return {
        called: (variable.dimensions, variable.view(data, n_records, each, name), variable.attributes)
        for called, variable in found.items()
    }


def _variable(header: _Header, sizes: list[tuple[str, int]]) -> tuple[str, _Variable]:
    """Return the variable that comes next, with its name."""
    called = header.text()
    numbers = [header.count() for _ in range(header.count())]
    if any(number >= len(sizes) for number in numbers):
        raise _broken(header.name)
    attributes, kind = header.attributes(), np.dtype(TYPES[header.kind()])
    header.count()  # its size, which follows from its dimensions
    begin = header.integer(4 if header.version == 1 else 8)
    shape = tuple(sizes[number][1] for number in numbers)
    is_record = bool(shape) and shape[0] == 0
    return called, _Variable(tuple(sizes[number][0] for number in numbers), shape, attributes, kind, begin, is_record)


def _broken(name: str, what: str = "its header is broken") -> InputError:
    return InputError(f"cannot be read as NetCDF: {what}", advice="fetch the file again", place=name)

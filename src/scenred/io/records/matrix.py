"""A matrix of distances from a file of numpy's own format."""

from __future__ import annotations

import hashlib
import io
import math
import os
import tokenize
from dataclasses import dataclass
from typing import Any

import numpy as np

from scenred.arrays import Float64
from scenred.errors import InputError
from scenred.io.files.source import printable, read_bytes, too_large
from scenred.options.reading import DEFAULT_MAX_SIZE

MAGIC = b"\x93NUMPY"
SAVED = "write the matrix with numpy.save(FILE, matrix)"


@dataclass(frozen=True, slots=True, eq=False)
class Matrix:
    """A square matrix as read, and the record that the manifest keeps of its file."""

    values: Float64
    name: str
    sha256: str


def read_matrix(path: str | os.PathLike[str], max_size: int = DEFAULT_MAX_SIZE) -> Matrix:
    """Read a matrix that `numpy.save` wrote; nothing in the file is executed.

    Raises
    ------
    InputError
        If there is no such file, it is not a .npy file, holds no table of real numbers, or takes more than `max_size`
        bytes as double-precision numbers.
    """
    name = printable(path)
    data = read_bytes(path, name, max_size, is_fixed=False)
    if not data.startswith(MAGIC):
        raise InputError("is not a .npy file", advice=SAVED, place=name)
    shape, kind = _declared(data, name)
    if len(shape) != 2 or kind.kind not in "fiu":
        raise InputError(
            f"holds an array of shape {shape} and type {kind}", "a square matrix of real numbers", place=name
        )
    if math.prod(shape) * np.float64().itemsize > max_size:
        raise too_large(name, max_size, "unpacks to")
    try:
        values: Any = np.load(io.BytesIO(data), allow_pickle=False)
    except (ValueError, EOFError, OSError) as error:
        raise InputError("cannot be read as a .npy file: it is cut or corrupt", advice=SAVED, place=name) from error
    return Matrix(values.astype(np.float64), name, hashlib.sha256(data).hexdigest())


def _declared(data: bytes, name: str) -> tuple[tuple[int, ...], np.dtype[Any]]:
    """Return the shape and the type that the header of a .npy file declares."""
    stream = io.BytesIO(data)
    try:
        version = np.lib.format.read_magic(stream)
        read = np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
        shape, _, kind = read(stream)
    except (
        ValueError,
        EOFError,
        OSError,
        MemoryError,
        SyntaxError,
        RecursionError,
        TypeError,
        tokenize.TokenError,
    ) as error:
        raise InputError("cannot be read as a .npy file: it is cut or corrupt", advice=SAVED, place=name) from error
    if kind.hasobject:
        raise InputError("cannot be read as a .npy file: it holds Python objects", advice=SAVED, place=name)
    if len(data) - stream.tell() != math.prod(shape) * kind.itemsize:
        raise InputError("cannot be read as a .npy file: it is cut or corrupt", advice=SAVED, place=name)
    return shape, kind

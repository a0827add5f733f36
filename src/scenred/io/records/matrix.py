"""A matrix of distances from a file of numpy's own format."""

from __future__ import annotations

import hashlib
import io
import os
from dataclasses import dataclass
from typing import Any

import numpy as np

from scenred.arrays import Float64
from scenred.errors import InputError
from scenred.io.files.source import printable, read_bytes

MAGIC = b"\x93NUMPY"
SAVED = "write the matrix with numpy.save(FILE, matrix)"


@dataclass(frozen=True, slots=True, eq=False)
class Matrix:
    """A square matrix as read, and the record that the manifest keeps of its file."""

    values: Float64
    name: str
    sha256: str


def read_matrix(path: str | os.PathLike[str]) -> Matrix:
    """Read a matrix that `numpy.save` wrote; nothing in the file is executed.

    Raises
    ------
    InputError
        If there is no such file, it is not a .npy file, or holds no table of real numbers.
    """
    name = printable(path)
    data = read_bytes(path, name)
    if not data.startswith(MAGIC):
        raise InputError("is not a .npy file", advice=SAVED, place=name)
    try:
        values: Any = np.load(io.BytesIO(data), allow_pickle=False)
    except (ValueError, EOFError, OSError, MemoryError, SyntaxError) as error:
        reason = "it holds Python objects" if "allow_pickle" in str(error) else "it is cut or corrupt"
        raise InputError(f"cannot be read as a .npy file: {reason}", advice=SAVED, place=name) from error
    if values.ndim != 2 or values.dtype.kind not in "fiu":
        raise InputError(
            f"holds an array of shape {values.shape} and type {values.dtype}",
            "a square matrix of real numbers",
            place=name,
        )
    return Matrix(values.astype(np.float64), name, hashlib.sha256(data).hexdigest())

"""Types of arrays, and the checks of arrays that a frozen object holds."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from scenred.errors import InputError

Float64 = npt.NDArray[np.float64]
Float32 = npt.NDArray[np.float32]
Int64 = npt.NDArray[np.int64]
Bool = npt.NDArray[np.bool_]


def read_only(array: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Return an array that cannot be written: a copy, if it could be."""
    if array.flags.writeable:
        array = array.copy()
        array.setflags(write=False)
    return array


def finite(array: npt.ArrayLike, name: str) -> npt.NDArray[np.float64]:
    """Return numbers as a read-only float64 array; raise an InputError at the first that is not finite."""
    numbers = np.asarray(array, dtype=np.float64)
    if not np.isfinite(numbers).all():
        where = tuple(int(index) for index in np.argwhere(~np.isfinite(numbers))[0])
        raise InputError(f"{name} hold {numbers[where]} at index {where}", "finite numbers")
    return read_only(numbers)


def first(bad: Bool) -> int | None:
    """Return the position of the first true entry, None where all are false.

    Examples
    --------
    >>> first(np.array([False, True, True])), first(np.array([False]))
    (1, None)
    """
    return int(bad.argmax()) if bad.any() else None

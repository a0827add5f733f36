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


def weighted_sum(weights: Float64, values: npt.ArrayLike) -> Any:
    """Return sum_i weights[i] values[i] over the first axis, the same to the bit on every machine.

    A product of matrices (`@`) adds in an order that depends on the processor and the number of threads.

    Examples
    --------
    >>> weighted_sum(np.array([0.25, 0.75]), np.array([[1.0, 2.0], [3.0, 4.0]]))
    array([2.5, 3.5])
    """
    numbers = np.asarray(values, dtype=np.float64)
    return (weights.reshape(-1, *[1] * (numbers.ndim - 1)) * numbers).sum(axis=0)


def product(left: Float64, right: Float64) -> Float64:
    """Return the product of two matrices, the same to the bit on every machine."""
    return np.asarray(np.einsum("ij,jk->ik", left, right, optimize=False))


def first(bad: Bool) -> int | None:
    """Return the position of the first true entry, None where all are false.

    Examples
    --------
    >>> first(np.array([False, True, True])), first(np.array([False]))
    (1, None)
    """
    return int(bad.argmax()) if bad.any() else None

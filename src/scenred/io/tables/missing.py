"""Missing values: the numbers that mark one, and what is said of a cell that holds none."""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable

import numpy as np

from scenred.arrays import Float64
from scenred.errors import InputError, Setting, Text
from scenred.io.tables.cells import GROUPS, MISSING, NEARLY_NUMBER, NUMBER_LIKE
from scenred.notes import note
from scenred.options import Reading

# Not expected: what a table of all kinds of plants says of the kinds that are not there.
NOT_EXPECTED = "n/e"
# What cells write behind values of a unit, in lower case.
UNITS = {"percent": "%", "MW": "mw", "kW": "kw"}
# Numbers that files write for a missing value: none of them is a plausible power.
NINES = re.compile(r"-?9{2,9}(\.9+)?")
SENTINELS = (-9999.0, -999.0, -99999.0, -9999.9, -999.9, -999.99, -9999.99, 1e20, 9.969209968386869e36)
DROP = Setting("missing", "drop")


def check_sentinels(values: Float64, name: str, place: Callable[[int], str], moment: Callable[[int], str]) -> None:
    """Raise an InputError if a column holds a number that marks a missing value in many files; note a likely one.

    `place` and `moment` are those of the table.
    """
    if not len(values):
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # all missing
        extremes = (float(np.nanmin(values)), float(np.nanmax(values)))
    for mark in SENTINELS:
        if mark in extremes:
            rows = np.flatnonzero(values == mark)
            na = Setting("na", (f"{mark:g}",))
            raise InputError(
                f"{name} is {mark:g}{moment(int(rows[0]))} (in {len(rows)} rows), often a mark of a missing value",
                advice=("pass ", na, " with ", DROP, " or interpolate, or ", Setting("negative", "keep"),
                        " if it is a value"),
                place=place(int(rows[0])),
                remedy=(na, DROP),
            )  # fmt: skip
    for extreme in extremes:
        if NINES.fullmatch(f"{extreme:.15g}") and _is_far(extreme, values):
            rows = np.flatnonzero(values == extreme)
            note(
                f"{place(int(rows[0]))}: {name} is {extreme:g} in {len(rows)} rows, far from all other values; it is "
                "read as a value; if it marks a missing one, pass ",
                Setting("na", (f"{extreme:g}",)), " and ", DROP,
            )  # fmt: skip


def _is_far(extreme: float, values: Float64) -> bool:
    """Return whether an extreme is the largest in size, and no value on its side of zero reaches a tenth of it."""
    others = values[np.isfinite(values) & (values != extreme)]
    if not len(others) or np.abs(others).max() >= abs(extreme):
        return False
    return bool(others.min() > extreme / 10 if extreme < 0 else others.max() < extreme / 10)


def not_a_number(cell: str, name: str, place: str, moment: str, reading: Reading, has_mark: bool) -> InputError:
    """Return the error about a cell that is missing or not a number: what to do about it, and the remedy.

    `has_mark` says whether the decimal mark is given, so that a number with another one is a mistake of that cell.
    """
    bare = cell.strip()
    advice: Text
    remedy: tuple[Setting, ...] = ()
    if bare.casefold() in MISSING or cell in reading.na:
        fill = Setting("missing", "interpolate")
        advice = ("fill the gap, pass ", DROP, " or ", fill, ", or name the columns to use")
        remedy = (DROP,) if reading.missing == "error" else ()
    else:
        mark = " if it stands for a missing one, or name the columns to use"
        advice = ("correct the value, pass ", Setting("na"), mark)
    if NUMBER_LIKE.fullmatch(bare) and not {*",.", *GROUPS}.isdisjoint(bare) and not remedy:
        advice = ("correct the value, or say which mark is the decimal one with ", Setting("decimal"))
        if has_mark:
            drop = (" ", DROP) if reading.missing == "error" else ()
            advice = ("correct the value, or leave it out: pass ", Setting("na", (bare,)), *drop)
    for unit, ending in UNITS.items() if reading.unit is None else ():
        if NEARLY_NUMBER.fullmatch(cell) and bare.casefold().endswith(ending):
            remedy = (Setting("unit", unit),)
            advice = ("pass ", *remedy, f" where values are {unit}")
    met = f"{name} {f'is {cell!r}' if bare else 'is empty'}{moment}"
    return InputError(met, "a finite number in every row", advice, place=place, remedy=remedy)

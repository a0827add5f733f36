"""Sums of columns that a planner names: `wind+pv`, `load-2000*wind`, `residual`, all at one site or at every one."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping

import numpy as np

from scenred.arrays import Float64
from scenred.errors import RequestError, Setting, UsageError, nearest_name
from scenred.model import Column, ScenarioSet
from scenred.periods.sites import check_site, site_of

RESIDUAL = "residual"
# Units of values that are shares of a capacity.
SHARES = ("percent", "cf")
TERM = re.compile(r"(?:(?P<factor>\d+(?:\.\d*)?|\.\d+)\*)?(?P<name>[^+*]+)")


def evaluated(
    scenarios: ScenarioSet, expression: str, site: str | None, installed: Mapping[str, float], place: Setting
) -> Float64:
    """Return a sum of columns at every step, shape (n, t), in the unit of the input.

    Parameters
    ----------
    expression : str
        A column's name; or a sum (`+`, `-`) of names of columns or kinds (`wind`, `pv`, `load`, `other`: all their
        columns), each with a factor if wanted (`2000*wind`); or `residual`, which is load less wind and PV.
    site : str, optional
        Take the columns of this site only; see `site_of`.
    installed : mapping of str to float
        For `residual`: installed capacity by column or kind, of which the values are capacity factors, or power of
        another capacity that is stated.

    Raises
    ------
    UsageError
        If the expression cannot be read.
    RequestError
        If a column or site is missing, a name may mean two things, or a residual lacks capacities.

    Examples
    --------
    >>> columns = (Column("wind_a", "wind"), Column("wind_b", "wind"), Column("pv_a", "pv"))
    >>> day = ScenarioSet(columns, np.array([[[0.5, 0.25, 0.125]]]), np.ones(1))
    >>> place = Setting("keep", "min:wind+pv")
    >>> evaluated(day, "wind+pv", None, {}, place), evaluated(day, "2*wind-pv_a", "a", {}, place)
    (array([[0.875]]), array([[0.875]]))
    """
    if site is not None:
        check_site(scenarios, site, place)
    if expression == RESIDUAL and RESIDUAL not in scenarios.names:
        return _residual(scenarios, site, installed, place)
    total = np.zeros(scenarios.values.shape[:2])
    for factor, name in _terms(scenarios, expression, place):
        total += factor * scenarios.values[:, :, _columns_of(scenarios, name, site, place)].sum(axis=2)
    return total


def _terms(scenarios: ScenarioSet, expression: str, place: Setting) -> list[tuple[float, str]]:
    """Split a sum into factors and names; a column may have marks in its name where it stands alone or after +."""
    if expression in scenarios.names:
        return [(1.0, expression)]
    terms = []
    for part in expression.split("+"):
        whole = TERM.fullmatch(part.strip())
        is_name = whole is not None and whole["name"].strip() in scenarios.names
        names = [part] if is_name else re.split(r"(?=-)", part)
        for name in names:
            found = TERM.fullmatch(name.lstrip("-").strip())
            if not name or found is None:
                raise UsageError(
                    f"{expression!r} is not a sum of columns",
                    advice="write names with + and -, such as wind+pv",
                    place=place,
                )
            sign = -1.0 if name.startswith("-") else 1.0
            terms.append((sign * float(found["factor"] or 1), found["name"].strip()))
    return terms


def _columns_of(scenarios: ScenarioSet, name: str, site: str | None, place: Setting) -> list[int]:
    """Return the columns that a name stands for: one of this name, or all of this kind, at the site."""
    columns, here = scenarios.columns, _rows_at(scenarios, site)
    exact = [row for row in here if columns[row].name == name]
    of_kind = [row for row in here if columns[row].kind == name]
    if exact and of_kind and exact != of_kind:
        raise RequestError(
            f"{name!r} may be the column {name!r} or the sum of {len(of_kind)} columns of kind {name}",
            advice="rename the column, such as total, or write the sum out",
            place=place,
        )
    if exact or of_kind:
        return exact or of_kind
    where = "" if site is None else f" at site {site!r}"
    known = [columns[row].name for row in here]
    kinds = {columns[row].kind for row in here} - set(known)
    advice = nearest_name(name, [*known, *sorted(kinds)])
    raise RequestError(f"there is no column {name!r}{where}", advice=advice, place=place)


def _rows_at(scenarios: ScenarioSet, site: str | None) -> list[int]:
    return [row for row, one in enumerate(scenarios.columns) if site is None or site_of(one.name) == site]


def _residual(scenarios: ScenarioSet, site: str | None, installed: Mapping[str, float], place: Setting) -> Float64:
    """Return load less wind and PV: values where their capacity is stated, capacity factors times what is installed."""
    _check_installed(scenarios, installed)
    rows = _rows_at(scenarios, site)
    here = [scenarios.columns[row] for row in rows]
    loads = [row for row, column in zip(rows, here, strict=True) if column.kind == "load"]
    if not loads:
        raise RequestError(
            f"no column is a load ({', '.join(scenarios.names)}), and a residual is load less wind and PV",
            advice="call a column load, or write the sum out, such as min:wind+pv",
            place=place,
        )
    reading = None if scenarios.source is None else scenarios.source.reading
    if reading is not None and reading.unit in SHARES:
        raise RequestError(
            f"the values are given in {reading.unit}, the load too, and a residual is power",
            advice=(
                "give the load in MW, leave ",
                Setting("unit"),
                " out, and say what is installed with ",
                Setting("installed"),
            ),
            place=place,
        )
    residual: Float64 = scenarios.values[:, :, loads].sum(axis=2)
    for row, column in zip(rows, here, strict=True):
        if column.kind in ("wind", "pv"):
            residual = residual - _power_factor(column, here, installed, place) * scenarios.values[:, :, row]
    return residual


def _check_installed(scenarios: ScenarioSet, installed: Mapping[str, float]) -> None:
    """Raise a RequestError if an installed capacity has no column or kind, or is not a capacity."""
    for name, power in installed.items():
        if name not in scenarios.names and name not in ("wind", "pv"):
            advice = nearest_name(name, ["wind", "pv", *scenarios.names])
            raise RequestError(f"an installed capacity names {name!r}", advice=advice)
        if not (math.isfinite(power) and power >= 0):
            met = f"the installed capacity of {name!r} is {power}"
            raise RequestError(met, "a finite number of at least 0")


def _power_factor(column: Column, here: list[Column], installed: Mapping[str, float], place: Setting) -> float:
    """Return what turns a column's values into power: 1 where its own capacity says that they are power.

    What is installed is power by capacity factors, and values with a capacity are these times it.
    """
    own = 1.0 if column.capacity is None else column.capacity
    if column.name in installed:
        return installed[column.name] / own
    if column.kind in installed:
        others = [other for other in here if other.kind == column.kind and other.name not in installed]
        return installed[column.kind] / len(others) / own
    if column.capacity is not None:
        return 1.0
    raise RequestError(
        f"{column.name!r} has no capacity to set against the load",
        advice=(
            "give ",
            Setting("installed", {column.kind: "MW"}),
            " where its values are capacity factors, or ",
            Setting("capacity", {column.name: "MW"}),
            " where they are power",
        ),
        place=place,
    )

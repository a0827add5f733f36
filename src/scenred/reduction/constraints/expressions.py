"""Sums of columns that a planner names: `wind+pv`, `load-2000*wind`, `residual`, all at one site or at every one."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping

import numpy as np

from scenred.arrays import Float64
from scenred.errors import RequestError, UsageError, nearest_name
from scenred.model import Column, ScenarioSet
from scenred.periods.sites import check_site, site_of

RESIDUAL = "residual"
# Units of values that are shares of a capacity.
SHARES = ("percent", "cf")
TERM = re.compile(r"(?:(?P<factor>\d+(?:\.\d*)?|\.\d+)\*)?(?P<name>[^+*]+)")


def evaluated(
    scenarios: ScenarioSet, expression: str, site: str | None, installed: Mapping[str, float], flag: str
) -> Float64:
    """Evaluate a sum of columns at every step, shape (n, t), in the unit of the input.

    Parameters
    ----------
    scenarios : ScenarioSet
    expression : str
        A column's name; or a sum (`+`, `-`) of names of columns or kinds (`wind`, `pv`, `load`, `other`: all their
        columns), each with a factor if wanted (`2000*wind`); or `residual`, which is load less wind and PV.
    site : str, optional
        Take the columns of this site only; see `site_of`.
    installed : mapping of str to float
        For `residual`: installed capacity by column or kind, of which the values are capacity factors, or power of
        another capacity that is stated.
    flag : str
        What messages call the request.

    Raises
    ------
    UsageError
        When the expression cannot be read.
    RequestError
        When a column or site is not there, a name may mean two things, or a residual lacks capacities.

    Examples
    --------
    >>> columns = (Column("wind_a", "wind"), Column("wind_b", "wind"), Column("pv_a", "pv"))
    >>> day = ScenarioSet(columns, np.array([[[0.5, 0.25, 0.125]]]), np.ones(1))
    >>> evaluated(day, "wind+pv", None, {}, ""), evaluated(day, "2*wind-pv_a", "a", {}, "")
    (array([[0.875]]), array([[0.875]]))
    """
    if site is not None:
        check_site(scenarios, site, flag)
    if expression == RESIDUAL and RESIDUAL not in scenarios.names:
        return _residual(scenarios, site, installed, flag)
    total = np.zeros(scenarios.values.shape[:2])
    for factor, name in _terms(scenarios, expression, flag):
        total += factor * scenarios.values[:, :, _columns_of(scenarios, name, site, flag)].sum(axis=2)
    return total


def _terms(scenarios: ScenarioSet, expression: str, flag: str) -> list[tuple[float, str]]:
    """Split a sum into factors and names; a column may have marks in its name where it stands alone or after +."""
    if expression in scenarios.names:
        return [(1.0, expression)]
    terms = []
    for part in expression.split("+"):
        names = [part] if _is_name(scenarios, part) else re.split(r"(?=-)", part)
        for name in names:
            found = TERM.fullmatch(name.lstrip("-").strip())
            if not name or found is None:
                raise UsageError(
                    f"{flag}: {expression!r} is no sum of columns; write names with + and -, such as wind+pv"
                )
            sign = -1.0 if name.startswith("-") else 1.0
            terms.append((sign * float(found["factor"] or 1), found["name"].strip()))
    return terms


def _is_name(scenarios: ScenarioSet, term: str) -> bool:
    found = TERM.fullmatch(term.strip())
    return found is not None and found["name"].strip() in scenarios.names


def _columns_of(scenarios: ScenarioSet, name: str, site: str | None, flag: str) -> list[int]:
    """Find the columns that a name stands for: one of this name, or all of this kind, at the site."""
    here = [place for place, one in enumerate(scenarios.columns) if site is None or site_of(one.name) == site]
    exact = [place for place in here if scenarios.columns[place].name == name]
    of_kind = [place for place in here if scenarios.columns[place].kind == name]
    if exact and of_kind and exact != of_kind:
        raise RequestError(
            f"{flag}: {name!r} may be the column {name!r} or the sum of {len(of_kind)} columns of kind {name}; rename "
            "the column, such as total, or write the sum out"
        )
    if exact or of_kind:
        return exact or of_kind
    where = "" if site is None else f" at site {site!r}"
    known = [scenarios.names[place] for place in here]
    kinds = {scenarios.columns[place].kind for place in here}
    raise RequestError(
        f"{flag}: there is no column {name!r}{where}; {nearest_name(name, [*known, *sorted(kinds - set(known))])}"
    )


def _residual(scenarios: ScenarioSet, site: str | None, installed: Mapping[str, float], flag: str) -> Float64:
    """Give load less wind and PV: values where their capacity is stated, capacity factors times what is installed."""
    for name, power in installed.items():
        if name not in scenarios.names and name not in ("wind", "pv"):
            raise RequestError(
                f"an installed capacity names {name!r}; {nearest_name(name, ['wind', 'pv', *scenarios.names])}"
            )
        if not (math.isfinite(power) and power >= 0):
            raise RequestError(
                f"the installed capacity of {name!r} is {power}; scenred needs a finite number of at least 0"
            )
    here = [site is None or site_of(column.name) == site for column in scenarios.columns]
    loads = [place for place, column in enumerate(scenarios.columns) if column.kind == "load" and here[place]]
    if not loads:
        raise RequestError(
            f"{flag}: no column is a load ({', '.join(scenarios.names)}), and a residual is load less wind and PV; "
            "call a column load, or write the sum out, such as min:wind+pv"
        )
    reading = None if scenarios.source is None else scenarios.source.reading
    if reading is not None and reading.unit in SHARES:
        raise RequestError(
            f"{flag}: the values are told to be in {reading.unit}, the load too, and a residual is power; give "
            "the load in MW, leave --unit out, and say what is installed with --installed"
        )
    residual: Float64 = scenarios.values[:, :, loads].sum(axis=2)
    for place, column in enumerate(scenarios.columns):
        if column.kind in ("wind", "pv") and here[place]:
            residual = (
                residual
                - _power_factor(scenarios, column, here, installed, flag) * (scenarios.values[:, :, place])
            )
    return residual


def _power_factor(
    scenarios: ScenarioSet, column: Column, here: list[bool], installed: Mapping[str, float], flag: str
) -> float:
    """Give what turns a column's values into power: 1 where its own capacity says that they are power.

    What is installed is power by capacity factors, and values with a capacity are these times it.
    """
    own = 1.0 if column.capacity is None else column.capacity
    if column.name in installed:
        return installed[column.name] / own
    if column.kind in installed:
        others = [
            other
            for other, is_here in zip(scenarios.columns, here, strict=True)
            if is_here and other.kind == column.kind and other.name not in installed
        ]
        return installed[column.kind] / len(others) / own
    if column.capacity is not None:
        return 1.0
    raise RequestError(
        f"{flag}: {column.name!r} has no capacity to set against the load; give --installed {column.kind}=MW where its "
        f"values are capacity factors, or --capacity {column.name}=MW where they are power"
    )

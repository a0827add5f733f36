"""Frozen nouns: what flows from one stage to the next.

A *series* is cut into a *scenario set*; a *distance matrix* holds the ground costs of its pairs; a
*reduction* says which members stay. Original and reduced are both scenario sets, so any result can be
an input again. Arrays are read-only and checked once, here; the stages trust them.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from scenred.errors import InputError, RequestError

Float64 = npt.NDArray[np.float64]
Float32 = npt.NDArray[np.float32]
Int64 = npt.NDArray[np.int64]
Kind = Literal["wind", "pv", "load", "other"]
Layout = Literal["long", "wide"]

# Probabilities read from a file may miss 1 by the rounding of their digits, not by more.
PROBABILITY_TOLERANCE = 1e-6


@dataclass(frozen=True, slots=True)
class Column:
    """Describe one series of one kind at one site.

    Parameters
    ----------
    name : str
        As in the input.
    kind : {'wind', 'pv', 'load', 'other'}
    capacity : float, optional
        Installed capacity in the unit of the values, above 0. The ground metric divides by it; without it
        by the column's maximum.
    """

    name: str
    kind: Kind = "other"
    capacity: float | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """Say where a scenario set comes from: the record that the manifest keeps.

    `first`, `last`, `zone` and the two counts of dropped rows are None or 0 for a scenario table.
    """

    name: str
    sha256: str | None
    n_rows: int
    first: str | None = None
    last: str | None = None
    zone: str | None = None
    rows_dropped_before: int = 0
    rows_dropped_after: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class Series:
    """Hold a regular time series: one row per time step.

    Parameters
    ----------
    columns : tuple of Column
        Unique names.
    start : pandas.Timestamp
        Time stamp of the first row.
    step : pandas.Timedelta
        Above 0.
    values : ndarray of shape (n_rows, n_columns), float64
        Finite, in the unit of the input.
    source : Source

    Raises
    ------
    InputError
        When a name stands twice or a value is not finite.
    """

    columns: tuple[Column, ...]
    start: pd.Timestamp
    step: pd.Timedelta
    values: Float64
    source: Source

    def __post_init__(self) -> None:
        _check_columns(self.columns)
        _freeze(self, "values")


@dataclass(frozen=True, slots=True, eq=False)
class ScenarioSet:
    """Hold n scenarios whose probabilities sum to 1.

    Parameters
    ----------
    columns : tuple of Column
        Unique names.
    values : ndarray of shape (n_scenarios, n_steps, n_columns), float64
        Finite, as read.
    probabilities : ndarray of shape (n_scenarios,)
        At least 0; their sum within 1e-6 of 1 (then made 1).
    labels : tuple of str
        A unique name for each scenario: its number unless the input gave one.
    starts : pandas.DatetimeIndex of length n_scenarios, optional
        First time stamp of each scenario, never decreasing.
    step : pandas.Timedelta, optional
        Length of a step; None when a table does not tell.
    source : Source, optional

    Raises
    ------
    InputError
        When one of these laws is broken.

    Examples
    --------
    >>> two = ScenarioSet((Column("wind"),), np.array([[[0.1], [0.4]], [[0.9], [0.7]]]), np.array([0.25, 0.75]))
    >>> two.to_frame()
      scenario  probability  step  wind
    0        1         0.25     0   0.1
    1        1         0.25     1   0.4
    2        2         0.75     0   0.9
    3        2         0.75     1   0.7
    """

    columns: tuple[Column, ...]
    values: Float64
    probabilities: Float64
    labels: tuple[str, ...] = ()
    starts: pd.DatetimeIndex | None = None
    step: pd.Timedelta | None = None
    source: Source | None = None

    def __post_init__(self) -> None:
        _check_columns(self.columns)
        _freeze(self, "values")
        if self.values.ndim != 3 or self.values.shape[2] != len(self.columns) or 0 in self.values.shape:
            raise InputError(
                f"a scenario set has values of shape {self.values.shape} for {len(self.columns)} columns; "
                "scenred needs (scenarios, steps, columns), none of them 0"
            )
        probabilities = np.asarray(self.probabilities, dtype=np.float64)
        _check_probabilities(probabilities, len(self.values))
        if abs(math.fsum(probabilities) - 1) > 1e-12:  # rounding of digits in a file
            probabilities = probabilities / math.fsum(probabilities)
        object.__setattr__(self, "probabilities", probabilities)
        _freeze(self, "probabilities")
        if not self.labels:
            object.__setattr__(self, "labels", tuple(str(i + 1) for i in range(len(self.values))))
        if len(set(self.labels)) != len(self.values):
            raise InputError("two scenarios have the same label; every scenario needs its own")
        if self.starts is not None and not self.starts.is_monotonic_increasing:
            raise InputError("the scenarios are not ordered by start; sort them")

    @property
    def n_scenarios(self) -> int:
        """Number of scenarios."""
        return len(self.values)

    @property
    def n_steps(self) -> int:
        """Number of steps of a scenario."""
        return int(self.values.shape[1])

    @property
    def names(self) -> list[str]:
        """Names of the columns."""
        return [column.name for column in self.columns]

    def to_frame(self, layout: Layout = "long") -> pd.DataFrame:
        """Lay the set out as the scenario table.

        Parameters
        ----------
        layout : {'long', 'wide'}
            One row per scenario and step, or one row per scenario with columns such as `wind_0`.

        Returns
        -------
        pandas.DataFrame
            `scenario, probability, start` (where known), then `step` and the columns, or column_step.
        """
        n, t, c = self.values.shape
        repeats = t if layout == "long" else 1
        head: dict[str, Any] = {
            "scenario": np.repeat(self.labels, repeats),
            "probability": np.repeat(self.probabilities, repeats),
        }
        if self.starts is not None:
            head["start"] = np.repeat([start.isoformat() for start in self.starts], repeats)
        if layout == "long":
            head["step"] = np.tile(np.arange(t), n)
            head |= dict(zip(self.names, self.values.reshape(n * t, c).T, strict=True))
        else:
            wide = self.values.transpose(2, 1, 0).reshape(c * t, n)
            head |= dict(
                zip((f"{name}_{step}" for name in self.names for step in range(t)), wide, strict=True)
            )
        return pd.DataFrame(head)


@dataclass(frozen=True, slots=True, eq=False)
class DistanceMatrix:
    """Hold the ground costs c_ij = d(x_i, x_j)^r of all pairs of a scenario set.

    Parameters
    ----------
    costs : ndarray of shape (n, n), float32
        Finite, at least 0, zero diagonal.
    order : float
        r >= 1.
    metric : str
        Name of the ground metric.
    scales : tuple of float
        What each column was divided by.
    column_weights : tuple of float
        Weight of each column.
    points : ndarray of shape (n, d), float64, optional
        The embedding whose L_r costs the matrix holds, kept because the matrix is rounded to float32; None
        for a matrix that came from elsewhere.
    """

    costs: Float32
    order: float
    metric: str
    scales: tuple[float, ...]
    column_weights: tuple[float, ...]
    points: Float64 | None = None

    def __post_init__(self) -> None:
        if self.costs.ndim != 2 or self.costs.shape[0] != self.costs.shape[1]:
            raise InputError(f"a cost matrix has shape {self.costs.shape}; scenred needs a square one")
        object.__setattr__(self, "costs", _read_only(np.ascontiguousarray(self.costs, dtype=np.float32)))

    def distances(self) -> Float64:
        """Give the ground distances d = c^(1/r), shape (n, n)."""
        return np.asarray(self.costs, dtype=np.float64) ** (1.0 / self.order)


@dataclass(frozen=True, slots=True, eq=False)
class Reduction:
    """Say which members of the original stay, and what that costs.

    Parameters
    ----------
    original : ScenarioSet
    medoids : ndarray of shape (k,), int64
        Rows of the original that stay, increasing.
    assignment : ndarray of shape (n,), int64
        For each row of the original the position in `medoids` of its representative.
    distances : ndarray of shape (n,)
        Ground distance of each original scenario to its representative, in capacity.
    cost : float
        Transport cost W_r^r between original and reduced set.
    single_cost : float
        The same for the best single scenario.
    order : float
        r.
    metric : str
        Name of the ground metric.
    scales, column_weights : tuple of float
        What the metric divided each column by, and the weight it gave it.

    Raises
    ------
    RequestError
        When the arrays do not belong together.
    """

    original: ScenarioSet
    medoids: Int64
    assignment: Int64
    distances: Float64
    cost: float
    single_cost: float
    order: float
    metric: str
    scales: tuple[float, ...]
    column_weights: tuple[float, ...]

    def __post_init__(self) -> None:
        if len(self.assignment) != self.original.n_scenarios:
            raise RequestError("the assignment does not belong to this scenario set")
        for name in ("medoids", "assignment", "distances"):
            object.__setattr__(self, name, _read_only(getattr(self, name)))

    @property
    def scenarios(self) -> ScenarioSet:
        """The reduced set: original rows, bit for bit, with the probability of their clusters."""
        original = self.original
        return ScenarioSet(
            columns=original.columns,
            values=original.values[self.medoids],
            probabilities=self._masses(),
            starts=None if original.starts is None else original.starts[self.medoids],
            step=original.step,
            source=original.source,
        )

    def _masses(self) -> Float64:
        """Sum each cluster's probability: a count by n where all are equal, exactly rounded otherwise."""
        probabilities = self.original.probabilities
        if (probabilities == probabilities[0]).all():
            return np.bincount(self.assignment, minlength=len(self.medoids)) / len(probabilities)
        clusters = (probabilities[self.assignment == medoid] for medoid in range(len(self.medoids)))
        return np.array([math.fsum(members) for members in clusters])

    @property
    def wasserstein(self) -> float:
        """W_r, the r-th root of the cost, in capacity."""
        return float(self.cost ** (1.0 / self.order))

    @property
    def relative_cost(self) -> float:
        """Cost by the cost of the best single scenario: 1 = nothing kept, 0 = nothing lost."""
        return self.cost / self.single_cost if self.single_cost > 0 else 0.0

    def to_frame(self, layout: Layout = "long") -> pd.DataFrame:
        """Lay the reduced set out as the scenario table; see `ScenarioSet.to_frame`."""
        return self.scenarios.to_frame(layout)

    def to_map(self) -> pd.DataFrame:
        """Lay out the period map: which scenario represents each original period.

        Returns
        -------
        pandas.DataFrame
            `period, start` (where known)`, scenario, distance`, one row per original scenario.
        """
        original = self.original
        columns: dict[str, Any] = {"period": np.array(original.labels)}
        if original.starts is not None:
            columns["start"] = [start.isoformat() for start in original.starts]
        columns["scenario"] = self.assignment + 1
        columns["distance"] = self.distances
        return pd.DataFrame(columns)


def _check_columns(columns: Sequence[Column]) -> None:
    names = [column.name for column in columns]
    if not names:
        raise InputError("there is no column of values; scenred needs at least one")
    for name in names:
        if names.count(name) > 1:
            raise InputError(f"column {name!r} stands twice; every column needs a name of its own")


def _check_probabilities(probabilities: Float64, n: int) -> None:
    if probabilities.shape != (n,) or not np.isfinite(probabilities).all() or (probabilities < 0).any():
        raise InputError(f"{n} scenarios need {n} probabilities, finite and at least 0")
    if abs(probabilities.sum() - 1) > PROBABILITY_TOLERANCE:
        raise InputError(
            f"the probabilities sum to {probabilities.sum():.9g}; scenred needs 1 (within 1e-6); "
            "divide them by their sum"
        )


def _read_only(array: npt.NDArray[Any]) -> npt.NDArray[Any]:
    view = array.view()
    view.setflags(write=False)
    return view


def _freeze(owner: Series | ScenarioSet, name: str) -> None:
    """Replace an attribute by a read-only float64 view, and refuse what is not finite."""
    array = np.asarray(getattr(owner, name), dtype=np.float64)
    if not np.isfinite(array).all():
        where = tuple(int(index) for index in np.argwhere(~np.isfinite(array))[0])
        raise InputError(f"{name} hold {array[where]} at index {where}; scenred needs finite numbers")
    object.__setattr__(owner, name, _read_only(array))

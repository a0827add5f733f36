"""Ground costs of a scenario set, and which of its members stay."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from scenred.errors import InputError, RequestError
from scenred.model.arrays import read_only
from scenred.model.conditions import Extreme, Payment
from scenred.model.ground import GroundMetric
from scenred.model.scenario_set import Layout, ScenarioSet

Float64 = npt.NDArray[np.float64]
Float32 = npt.NDArray[np.float32]
Int64 = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Movement:
    """Say what the optimal plans of a transport metric do in time, over all pairs of different scenarios.

    Parameters
    ----------
    moved_share : float
        Share of the pairs whose optimal plan moves mass in time, 0 to 1.
    mean_shift_hours : float
        Mean time that an atom is moved by, over all atoms of all pairs.
    """

    moved_share: float
    mean_shift_hours: float


@dataclass(frozen=True, slots=True, eq=False)
class DistanceMatrix:
    """Hold the ground costs c_ij = d(x_i, x_j)^r of all pairs of a scenario set.

    Parameters
    ----------
    costs : ndarray of shape (n, n), float32
        costs[j, i] of serving i by j: finite, at least 0, zero diagonal.
    ground : GroundMetric
    points : ndarray, float64, optional
        What the costs were computed from, kept because the matrix is rounded to float32: an embedding of shape
        (n, d), clouds of shape (n, c, t), or the given costs; None where the matrix is all that is known.
    movement : Movement, optional
        What the optimal plans do in time; None for a metric without plans.
    """

    costs: Float32
    ground: GroundMetric
    points: Float64 | None = None
    movement: Movement | None = None

    def __post_init__(self) -> None:
        """Refuse what is no matrix of costs.

        Raises
        ------
        InputError
        """
        if self.costs.ndim != 2 or self.costs.shape[0] != self.costs.shape[1]:
            raise InputError(f"a cost matrix has shape {self.costs.shape}; scenred needs a square one")
        costs = read_only(np.ascontiguousarray(self.costs, dtype=np.float32))
        lowest, highest = costs.min(), costs.max()
        if not (lowest >= 0 and np.isfinite(highest)) or costs.diagonal().any():
            raise InputError(
                f"a cost matrix holds costs from {lowest} to {highest}; scenred needs finite costs of at least 0 "
                "and 0 on the diagonal"
            )
        object.__setattr__(self, "costs", costs)

    def part(self, rows: Int64) -> DistanceMatrix:
        """Give the matrix of some scenarios; what the plans of all pairs do in time is not known of a part."""
        points = self.points
        if points is not None:
            points = points[np.ix_(rows, rows)] if self.ground.name == "precomputed" else points[rows]
        costs = self.costs[np.ix_(rows, rows)]
        costs.setflags(write=False)  # so that the matrix is taken as it is, not copied
        return DistanceMatrix(costs, self.ground, points)

    def distances(self) -> Float64:
        """Give the ground distances d = c^(1/r), shape (n, n)."""
        return np.asarray(self.costs, dtype=np.float64) ** (1.0 / self.order)

    @property
    def order(self) -> float:
        """Order r of the ground metric."""
        return self.ground.order


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
        Transport cost W_r^r between original and reduced set. Where the assignment is held to conditions (groups,
        extremes that represent themselves alone) it is the cost of that assignment, which W_r^r may undercut.
    single_cost : float
        The same for the best single scenario.
    ground : GroundMetric
    movement : Movement, optional
        What the optimal plans of the ground metric do in time.
    method : str
        How the members were chosen.
    lower_bound : float, optional
        What no choice of as many members can undercut, never above `cost`; None where no bound was asked for.
    is_optimal : bool
        Whether it is proven that no choice of as many members costs less by more than 2e-7 of the cost, the rounding
        of the cost matrix.
    probabilities : ndarray of shape (k,), optional
        Of the scenarios, where they are not the masses of their clusters.
    extremes : tuple of Extreme
        Scenarios that stay because they hold an extreme.
    payments : tuple of Payment
        What conditions on the choice and on the probabilities cost, in the order in which they were paid.

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
    ground: GroundMetric
    movement: Movement | None = None
    method: str = "kmedoids"
    lower_bound: float | None = None
    is_optimal: bool = False
    probabilities: Float64 | None = None
    extremes: tuple[Extreme, ...] = ()
    payments: tuple[Payment, ...] = ()

    def __post_init__(self) -> None:
        if len(self.assignment) != self.original.n_scenarios:
            raise RequestError("the assignment does not belong to this scenario set")
        for name in ("medoids", "assignment", "distances"):
            object.__setattr__(self, name, read_only(getattr(self, name)))
        if self.probabilities is not None:
            if self.probabilities.shape != self.medoids.shape:
                raise RequestError("the probabilities do not belong to these scenarios")
            object.__setattr__(self, "probabilities", read_only(self.probabilities))

    @property
    def scenarios(self) -> ScenarioSet:
        """The reduced set: original rows, bit for bit, with the probability of their clusters unless others are set."""
        original = self.original
        return ScenarioSet(
            columns=original.columns,
            values=original.values[self.medoids],
            probabilities=self.masses if self.probabilities is None else self.probabilities,
            starts=None if original.starts is None else original.starts[self.medoids],
            step=original.step,
            source=original.source,
            groups=self._groups(),
        )

    def _groups(self) -> tuple[str, ...]:
        """Give the groups of the scenarios, where none represents a period of another group."""
        if not self.original.groups:
            return ()
        groups = np.array(self.original.groups)
        kept = groups[self.medoids]
        return tuple(kept.tolist()) if (kept[self.assignment] == groups).all() else ()

    @property
    def masses(self) -> Float64:
        """Sum each cluster's probability: a count by n where all are equal, exactly rounded otherwise."""
        probabilities = self.original.probabilities
        if (probabilities == probabilities[0]).all():
            return np.bincount(self.assignment, minlength=len(self.medoids)) / len(probabilities)
        clusters = (probabilities[self.assignment == medoid] for medoid in range(len(self.medoids)))
        return np.array([math.fsum(members) for members in clusters])

    @property
    def counts(self) -> Int64:
        """Whole numbers of periods near probability x periods that sum to the number of periods, shape (k,).

        Largest remainder: all are rounded down, then the largest remainders are rounded up, the first of equals.
        """
        shares = self.scenarios.probabilities * self.original.n_scenarios
        counts = np.floor(shares).astype(np.int64)
        missing = self.original.n_scenarios - int(counts.sum())
        counts[np.argsort(counts - shares, kind="stable")[:missing]] += 1
        return counts

    @property
    def wasserstein(self) -> float:
        """W_r, the r-th root of the cost, in capacity."""
        return float(self.cost ** (1.0 / self.ground.order))

    @property
    def relative_cost(self) -> float:
        """Cost by the cost of the best single scenario: 1 = nothing kept, 0 = nothing lost."""
        return self.cost / self.single_cost if self.single_cost > 0 else 0.0

    @property
    def gap(self) -> float | None:
        """(cost - lower bound) / cost: 0 means proven optimal; None where there is no bound."""
        if self.lower_bound is None:
            return None
        return 0.0 if self.is_optimal or self.cost == 0 else (self.cost - self.lower_bound) / self.cost

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

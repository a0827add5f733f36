"""Which members of a scenario set stay, what a planner held them to, and what that costs."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal, get_args

import numpy as np
import pandas as pd

from scenred.arrays import Float64, Int64, read_only
from scenred.errors import RequestError
from scenred.model.distances import GroundMetric, Movement
from scenred.model.scenario_set import ScenarioSet
from scenred.options.exporting import Layout

COUNTS = ("n_starts", "n_swaps", "n_visits", "n_nodes")
# From the best end to the worst.
Status = Literal["optimal", "gap reached", "work limit", "time limit", "heuristic"]


@dataclass(frozen=True, slots=True)
class SearchStatistics:
    """How the search for the scenarios that stay ended, and the work it did; later exchanges do not count."""

    status: Status = "heuristic"  # no bound was asked for, or the method does not go on until a gap is reached
    n_starts: int = 0
    n_swaps: int = 0  # of a medoid, that lowered the loss
    n_visits: int = 0  # of the bound
    n_nodes: int = 0  # of its branching
    seconds: tuple[tuple[str, float], ...] = ()  # by stage

    @classmethod
    def summed(cls, parts: Sequence[SearchStatistics]) -> SearchStatistics:
        """Return the work of several searches, and the status of the one that ended worst."""
        status = max((part.status for part in parts), key=get_args(Status).index)
        return cls.of(status, (one for part in parts for one in part.done))

    @classmethod
    def of(cls, status: Status, done: Iterable[tuple[str, float]]) -> SearchStatistics:
        """Sum what was done, by name: that of a count, or a stage whose seconds it is."""
        sums: dict[str, float] = {}
        for name, number in done:
            sums[name] = sums.get(name, 0) + number
        counts = {name: int(sums.pop(name, 0)) for name in COUNTS}
        return cls(status, **counts, seconds=tuple(sums.items()))

    @property
    def done(self) -> Iterator[tuple[str, float]]:
        """What `of` takes."""
        yield from ((name, getattr(self, name)) for name in COUNTS)
        yield from self.seconds


@dataclass(frozen=True, slots=True)
class Extreme:
    """A period that stays because it holds an extreme."""

    keep: str  # what was asked for, such as 'min:wind+pv'
    row: int  # of the original
    value: float  # in the unit of the input; hours for a lull (steps where their length is not known)


@dataclass(frozen=True, slots=True)
class Payment:
    """What a condition, in words, costs: the transport cost W_r^r of the same reduction without it and with it."""

    condition: str
    before: float
    after: float
    lower_bound: float | None = None  # of the cost without the condition

    @property
    def gap(self) -> float | None:
        """(cost with the condition - lower bound without it) / cost with it; None where there is no bound."""
        if self.lower_bound is None:
            return None
        return (self.after - self.lower_bound) / self.after if self.after > 0 else 0.0


@dataclass(frozen=True, eq=False)
class Reduction:
    """Which members of the original stay, and what that costs.

    Parameters
    ----------
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
    movement : Movement, optional
        What the optimal plans of the ground metric do in time.
    method : str
        How the members were chosen.
    lower_bound : float, optional
        What no choice of the same number of members can undercut, never above `cost`; None where no bound was
        asked for.
    is_optimal : bool
        Whether it is proven that no choice of the same number of members costs less by more than 2e-7 of the cost,
        the rounding of the cost matrix.
    probabilities : ndarray of shape (k,), optional
        Of the scenarios, where they are not the masses of their clusters.
    extremes : tuple of Extreme
        Scenarios that stay because they hold an extreme.
    payments : tuple of Payment
        What conditions on the choice and on the probabilities cost, in the order in which they were paid.
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
    statistics: SearchStatistics = SearchStatistics()

    def __post_init__(self) -> None:
        if len(self.assignment) != self.original.n_scenarios:
            raise RequestError("the assignment does not belong to this scenario set")
        for name in ("medoids", "assignment", "distances"):
            object.__setattr__(self, name, read_only(getattr(self, name)))
        if self.probabilities is not None:
            if self.probabilities.shape != self.medoids.shape:
                raise RequestError("the probabilities do not belong to these scenarios")
            object.__setattr__(self, "probabilities", read_only(self.probabilities))

    @cached_property
    def scenarios(self) -> ScenarioSet:
        """The reduced set: original rows, bit for bit, with the probability of their clusters or those that are set."""
        original = self.original
        return ScenarioSet(
            columns=original.columns,
            values=original.values[self.medoids],
            probabilities=self.masses if self.probabilities is None else self.probabilities,
            starts=None if original.starts is None else original.starts[self.medoids],
            clocks=None if original.clocks is None else original.clocks[self.medoids],
            step=original.step,
            source=original.source,
            groups=self._groups(),
        )

    def _groups(self) -> tuple[str, ...]:
        """Return the groups of the scenarios, where none represents a period of another group."""
        if not self.original.groups:
            return ()
        groups = np.array(self.original.groups)
        kept = groups[self.medoids]
        return tuple(kept.tolist()) if (kept[self.assignment] == groups).all() else ()

    @cached_property
    def masses(self) -> Float64:
        """Sum each cluster's probability: a count by n where all are equal, exactly rounded otherwise."""
        probabilities = self.original.probabilities
        if (probabilities == probabilities[0]).all():
            return read_only(np.bincount(self.assignment, minlength=len(self.medoids)) / len(probabilities))
        clusters = (probabilities[self.assignment == medoid] for medoid in range(len(self.medoids)))
        return read_only(np.array([math.fsum(members) for members in clusters]))

    @cached_property
    def counts(self) -> Int64:
        """Whole numbers of periods near probability x periods that sum to the number of periods, shape (k,).

        Largest remainder: all are rounded down, then the largest remainders are rounded up, the first of equals.
        """
        shares = self.scenarios.probabilities * self.original.n_scenarios
        counts = np.floor(shares).astype(np.int64)
        missing = self.original.n_scenarios - int(counts.sum())
        counts[np.argsort(counts - shares, kind="stable")[:missing]] += 1
        return read_only(counts)

    @property
    def wasserstein(self) -> float:
        """W_r, the r-th root of the cost, in capacity."""
        return float(self.cost ** (1.0 / self.ground.order))

    @property
    def relative_cost(self) -> float:
        """Cost by the cost of the best single scenario: 1 = no better than that, 0 = nothing lost."""
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
        """Lay out the period map, one row per original scenario: `period, start, scenario, distance`."""
        original = self.original
        columns: dict[str, Any] = {"period": np.array(original.labels)}
        if (starts := original.stamps) is not None:
            columns["start"] = starts
        columns["scenario"] = self.assignment + 1
        columns["distance"] = self.distances
        return pd.DataFrame(columns)

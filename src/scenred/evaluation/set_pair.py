"""Two scenario sets that belong together, in one canonical form and on one scale."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from scenred.arrays import Float64
from scenred.errors import RequestError, Setting, Text
from scenred.model import GroundMetric, ScenarioSet


@dataclass(frozen=True, slots=True, eq=False)
class SetPair:
    """Two canonical sets with the same columns, and their values in capacity."""

    original: ScenarioSet
    reduced: ScenarioSet
    whole: Float64  # (n, t, c): the original's values, divided by its scales
    kept: Float64  # (m, t, c): the reduced set's, by the same scales
    step_hours: float
    scales: Float64  # (c,)

    @property
    def p(self) -> Float64:
        """Probabilities of the original."""
        return self.original.probabilities

    @property
    def q(self) -> Float64:
        """Probabilities of the reduced set."""
        return self.reduced.probabilities

    def column(self, number: int) -> tuple[Float64, Float64, Float64, Float64]:
        """Return all values of a column with their masses: x, p, y, q as the kernels take them."""
        return (*flat(self.whole[:, :, number], self.p), *flat(self.kept[:, :, number], self.q))


def flat(values: Float64, masses: Float64) -> tuple[Float64, Float64]:
    """Lay rows of values side by side, each value with an equal share of its row's mass."""
    width = values.shape[1]
    return values.ravel(), np.repeat(masses / width, width)


def make_pair(scenarios: ScenarioSet, original: ScenarioSet, ground: GroundMetric) -> SetPair:
    """Bring two sets that `check_same_shape` accepts into canonical form and on the metric's scales."""
    reduced = in_order_of(scenarios, original)
    step = original.step or scenarios.step
    scales = np.array(ground.scales)
    one, other = canonical(original), canonical(reduced)
    hours = 1.0 if step is None else step.total_seconds() / 3600
    return SetPair(one, other, one.values / scales, other.values / scales, hours, scales)


def with_reduced(pair: SetPair, rows: npt.NDArray[np.int64], masses: Float64) -> SetPair:
    """Put members of the original with other probabilities in the place of the reduced set."""
    return replace(pair, reduced=pair.original.members(rows, masses), kept=pair.whole[rows])


def check_same_shape(scenarios: ScenarioSet, original: ScenarioSet) -> None:
    """Raise a RequestError if columns or numbers of steps differ, naming the columns that only one set has."""
    for one, other, who in (
        (scenarios, original, "the scenarios have columns that the original lacks"),
        (original, scenarios, "the original has columns that the scenarios lack"),
    ):
        missing = [name for name in one.names if name not in other.names]
        common = Setting("columns", [name for name in one.names if name in other.names])
        if missing:
            use: Text = ("compare what both have: ", common) if common.value else "name the right files"
            raise RequestError(f"{who}: {', '.join(missing)}", "the same columns", use)
    if scenarios.n_steps != original.n_steps:
        raise RequestError(
            f"the scenarios have {scenarios.n_steps} steps and the original {original.n_steps}",
            "the same",
            ("cut the original in the same way with ", Setting("period")),
        )


def in_order_of(scenarios: ScenarioSet, original: ScenarioSet) -> ScenarioSet:
    """Return the columns the order that they have in the original."""
    places = [scenarios.names.index(name) for name in original.names]
    return replace(scenarios, columns=original.columns, values=scenarios.values[:, :, places])


def canonical(scenarios: ScenarioSet) -> ScenarioSet:
    """Drop scenarios of probability zero, merge equal ones, and sort by value.

    Two sets are the same distribution if and only if their canonical forms are equal, but for rounding in the
    sums of probabilities. It takes n log n t c comparisons.

    Examples
    --------
    >>> from scenred import Column
    >>> values = np.array([2.0, 1.0, 2.0, 9.0]).reshape(4, 1, 1)
    >>> one = canonical(ScenarioSet((Column("wind"),), values, np.array([0.25, 0.5, 0.25, 0.0])))
    >>> one.values.ravel(), one.probabilities
    (array([1., 2.]), array([0.5, 0.5]))
    """
    rows = np.flatnonzero(scenarios.probabilities > 0)
    points = scenarios.values[rows].reshape(len(rows), -1) + 0.0  # -0.0 becomes 0.0
    order = np.lexsort((scenarios.probabilities[rows], *points.T[::-1]))
    points, rows = points[order], rows[order]
    firsts = np.flatnonzero(np.r_[True, (points[1:] != points[:-1]).any(axis=1)])
    return replace(
        scenarios,
        values=scenarios.values[rows[firsts]],
        probabilities=np.add.reduceat(scenarios.probabilities[rows], firsts),
        labels=tuple(scenarios.labels[row] for row in rows[firsts]),
        starts=None,
        groups=(),
    )

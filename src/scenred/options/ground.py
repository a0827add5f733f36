"""How far apart two scenarios are: the choices of a ground metric."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Literal

from scenred.errors import RequestError
from scenred.options.declare import check, option

Metric = Literal["duration", "pointwise", "wasserstein", "sliced", "precomputed"]

WITH_SHIFT_COST = ("wasserstein", "sliced")
# Chosen by evidence: docs/decisions/0001-default-metric.md.
DEFAULT_METRIC: Metric = "sliced"
DEFAULT_SHIFT_COST = 0.05
DEFAULT_DIRECTIONS = 32


@dataclass(frozen=True, slots=True)
class GroundOptions:
    """A ground metric by name, and the numbers that shape it.

    Raises
    ------
    RequestError
        If a number is out of range, or belongs to another metric.
    """

    heading: ClassVar[str] = "Ground metric"

    metric: Metric = option(
        DEFAULT_METRIC,
        "Ground metric: duration curves, values hour by hour, exact transport in time and value, its "
        "cheaper sliced version, or a matrix of your own.",
    )
    order: float = option(
        1.0,
        "Order r of the Wasserstein distance, at least 1; 1 and 2 are fast.",
        metavar="R",
        low=1,
        high=100,
    )
    shift_cost: float | None = option(
        None,
        "For wasserstein and sliced: what moving all columns by one hour costs, in capacity.",
        metavar="KAPPA",
        shown=f"{DEFAULT_SHIFT_COST:g}",
        low=0,
        is_finite=True,
    )
    directions: int | None = option(
        None,
        "For sliced: directions to project on.",
        metavar="M",
        shown=f"{DEFAULT_DIRECTIONS}",
        noun="number of directions",
        low=1,
        high=100_000,
    )
    column_weights: Mapping[str, float] | None = option(
        None,
        "Weight of a column in the metric, 1 by default; repeat for more.",
        flag="--weight",
        metavar="NAME=X",
    )

    def __post_init__(self) -> None:
        """Raise a RequestError if a number is out of range or belongs to another metric."""
        check(self)
        if self.metric == "precomputed":
            self._check_precomputed()
            return
        if self.shift_cost is not None and self.metric not in WITH_SHIFT_COST:
            raise RequestError(
                f"metric {self.metric!r} has no shift cost", advice="leave it out, or choose 'wasserstein'"
            )
        if self.directions is not None and self.metric != "sliced":
            raise RequestError(f"metric {self.metric!r} has no directions", advice="leave them out, or choose 'sliced'")

    def _check_precomputed(self) -> None:
        """Raise a RequestError for what a matrix has already settled."""
        given = {
            "shift cost": self.shift_cost,
            "directions": self.directions,
            "column weights": self.column_weights or None,
        }
        for what, value in given.items():
            if value is not None:
                raise RequestError(f"a precomputed matrix has settled the {what}", advice="leave them out")

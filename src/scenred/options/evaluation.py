"""What a scorecard and a comparison are asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, get_args

from scenred.options.declare import check, option
from scenred.options.ground import DEFAULT_METRIC, Metric
from scenred.options.search import Method


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What a scorecard is asked for besides the transport scores."""

    heading: ClassVar[str] = "Scores"

    seed: int = option(0, "Seed of the random subsets.", metavar="N", low=0)
    stability: int = option(0, "With --plan: also plan on reductions of N seeds.", metavar="N", low=0)

    def __post_init__(self) -> None:
        """Raise a RequestError if a number is out of range."""
        check(self)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Which reductions are compared."""

    heading: ClassVar[str] = "Comparison"

    sizes: Sequence[int] = option(
        (5, 10), "How many to keep; repeat for more.", flag="--scenarios", short="-k", metavar="N", shown="5, 10"
    )
    methods: Sequence[str] = option(
        ("kmedoids", "random"),
        f"{', '.join(get_args(Method))}, or kmeans (centroids, a baseline); repeat for more.",
        flag="--method",
        metavar="NAME",
        shown="kmedoids, random",
    )
    metrics: Sequence[str] = option(
        (DEFAULT_METRIC,),
        f"{', '.join(name for name in get_args(Metric) if name != 'precomputed')}; repeat for more.",
        flag="--metric",
        metavar="NAME",
        shown=DEFAULT_METRIC,
    )
    seed: int = option(0, "Seed of every method.", metavar="N", low=0)

    def __post_init__(self) -> None:
        """Raise a RequestError if the seed is below 0."""
        check(self)

"""How the scenarios that stay are sought, and how near the optimum that must end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from scenred.errors import UsageError
from scenred.options.declare import check, option

Method = Literal["kmedoids", "exact", "forward", "backward", "alternating", "random"]


@dataclass(frozen=True, slots=True)
class SearchOptions:
    """The search, its certificate, and the limits of both.

    Raises
    ------
    RequestError
        If a number is out of range.
    UsageError
        If an optimum is required and no bound is wanted.
    """

    heading: ClassVar[str] = "Search"

    method: Method = option(
        "kmedoids", "How to choose: k-medoids by swaps, proven optimum, or one of the field's baselines."
    )
    gap: float = option(
        1e-4,
        "Stop when the cost is proven this near to the optimum.",
        metavar="SHARE",
        low=0,
        high=1,
        is_open=(False, True),
    )
    bound: bool = option(True, "Do not prove a lower bound of the cost.")
    require_optimal: bool = option(False, "Fail unless the optimum is proven, conditions included.")
    time_limit: float | None = option(
        None,
        "Stop then with the best found and its bound; reading does not count.",
        metavar="SECONDS",
        unit="s",
        low=0,
        is_open=(True, False),
    )
    n_starts: int = option(
        10,
        "Seeded starts of the search; the best is kept.",
        flag="--starts",
        noun="number of starts",
        metavar="N",
        low=1,
        high=100_000,
    )
    seed: int = option(0, "Seed of the starts.", metavar="N", low=0)

    def __post_init__(self) -> None:
        """Raise a refusal if a number is out of range or no bound can prove a required optimum."""
        check(self)
        if self.require_optimal and not self.is_bounded:
            raise UsageError("an optimum is required and no bound is wanted to prove it", advice="ask for a bound")

    @property
    def is_bounded(self) -> bool:
        """Whether a lower bound is proven."""
        return self.bound or self.method == "exact"

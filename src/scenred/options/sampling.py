"""How scenarios are drawn from a forecast and its past errors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal

from scenred.options.declare import check, option

MarginMethod = Literal["quantile-regression", "empirical", "beta"]
DependenceMethod = Literal["gaussian", "schaake", "independent"]
SampleMethod = Literal["copula", "wang2015"]

DEFAULT_DRAWS = 1000


@dataclass(frozen=True, slots=True)
class Draws:
    """What is drawn: how many scenarios, and of which day.

    Raises
    ------
    RequestError
        If the number is out of range.
    """

    heading: ClassVar[str] = "Sampling"

    n_scenarios: int = option(
        DEFAULT_DRAWS,
        "Number of scenarios for each day.",
        noun="number of scenarios",
        flag="--number",
        short="-n",
        metavar="N",
        low=1,
    )
    day: str | None = option(None, "Only this day, such as 2020-06-01; every day by default.", metavar="DATE")

    def __post_init__(self) -> None:
        """Raise a RequestError if the number is out of range."""
        check(self)


@dataclass(frozen=True, slots=True)
class Sampling:
    """How the distribution of the observation is learnt, and how draws of it are put together.

    Raises
    ------
    RequestError
        If there is no such choice or the seed is below 0.
    """

    heading: ClassVar[str] = "Sampling"

    pairs: Sequence[str] = option(
        (),
        "Columns of the history that belong together; repeat for more. Found by the usual names by default.",
        flag="--pair",
        metavar="NAME=FORECAST:ACTUAL",
    )
    margins: MarginMethod = option(
        "quantile-regression", "How the distribution of the observation is learnt, given the forecast."
    )
    dependence: DependenceMethod = option(
        "gaussian", "How steps and columns belong together; independent is the paper's."
    )
    method: SampleMethod = option("copula", "Draws put together by their dependence, or the pipeline of the paper.")
    n_quantiles: int = option(5, "For wang2015: optimal quantiles of each period.", flag="--quantiles", metavar="N")
    fragment_length: int = option(3, "For wang2015: periods of a fragment.", metavar="N")
    fragment_size: int = option(40, "For wang2015: scenarios that a fragment is reduced to.", metavar="N")
    seed: int = option(0, "Seed of the draws.", metavar="N", low=0)

    def __post_init__(self) -> None:
        """Raise a RequestError if there is no such choice or the seed is below 0."""
        check(self)

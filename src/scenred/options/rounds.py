"""How days are held back for a backtest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from scenred.errors import RequestError
from scenred.options.declare import check, option


@dataclass(frozen=True, slots=True)
class Rounds:
    """The days that are held back, and the scenarios of each.

    Raises
    ------
    RequestError
        If a number is below 1, or more scenarios are to be kept than are drawn.
    """

    heading: ClassVar[str] = "Backtest"

    days: int = option(90, "Number of the last days to hold back.", noun="number of days", metavar="N", low=1)
    n_scenarios: int = option(
        200,
        "Number of scenarios for each day.",
        noun="number of scenarios",
        flag="--number",
        short="-n",
        metavar="N",
        low=1,
    )
    k: int = option(
        10,
        "How many of them to keep, for the second row.",
        noun="number of scenarios to keep",
        flag="--scenarios",
        short="-k",
        metavar="N",
        low=1,
    )
    refit: int = option(
        7,
        "Learn again after this number of days, from all days before.",
        noun="number of days between two fits",
        metavar="DAYS",
        low=1,
    )

    def __post_init__(self) -> None:
        """Raise a RequestError if a number is out of range."""
        check(self)
        if self.k > self.n_scenarios:
            raise RequestError(
                f"{self.k} of {self.n_scenarios} scenarios are to be kept", advice="keep fewer, or draw more"
            )

"""How many scenarios are kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from scenred.errors import UsageError
from scenred.options.declare import check, option

DEFAULT_AMOUNT = 10
DEFAULT_MOST = 50


@dataclass(frozen=True, slots=True)
class Amount:
    """A number of scenarios, or what may be lost.

    Raises
    ------
    UsageError
        If both are given.
    """

    heading: ClassVar[str] = "Amount"

    n_scenarios: int | Mapping[str, int] | None = option(
        None,
        "How many scenarios to keep, extremes and dates included; with --group-by also group by group, repeated.",
        flag="--scenarios",
        short="-k",
        metavar="[GROUP=]N",
        shown=f"{DEFAULT_AMOUNT}",
    )
    tolerance: float | None = option(
        None,
        "Instead of -k: keep as few as lose at most this share of the best single scenario's cost.",
        metavar="SHARE",
    )

    def __post_init__(self) -> None:
        """Raise a UsageError if both are given."""
        if self.n_scenarios is not None and self.tolerance is not None:
            raise UsageError("a number of scenarios and a tolerance are both given", advice="choose one")

    @property
    def wanted(self) -> int | Mapping[str, int]:
        """How many scenarios are kept, if no tolerance is given."""
        return DEFAULT_AMOUNT if self.n_scenarios is None else self.n_scenarios


@dataclass(frozen=True, slots=True)
class CurveLength:
    """How far the curve of costs goes."""

    heading: ClassVar[str] = "Amount"

    most: int = option(
        DEFAULT_MOST,
        "Largest number of scenarios.",
        noun="largest number of scenarios",
        flag="--max",
        metavar="N",
        low=1,
    )

    def __post_init__(self) -> None:
        """Raise a RequestError if the number is out of range."""
        check(self)

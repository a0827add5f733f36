"""How a series is cut into periods."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from scenred.errors import UsageError
from scenred.options.declare import check, option

Align = Literal["midnight", "start"]
Dst = Literal["keep-utc", "drop", "regular"]

DEFAULT_PERIOD = "24h"


@dataclass(frozen=True, slots=True)
class Cutting:
    """Length and beginning of the periods, and what to do with days that are not whole.

    Raises
    ------
    UsageError
        If there is no such choice.
    """

    heading: ClassVar[str] = "Periods"

    period: str | None = option(None, "Length of a period, such as 7D or 6h.", metavar="LENGTH", shown=DEFAULT_PERIOD)
    align: Align = option("midnight", "Where the first period begins: at midnight or at the first row.")
    dst: Dst | None = option(
        None,
        "Days of 23 and 25 hours: count 24 hours of standard time, drop them, or repeat and cut an hour. "
        "Refused by default.",
    )
    drop_leap_day: bool = option(False, "Drop every period with a part of 29 February.")

    def __post_init__(self) -> None:
        """Raise a UsageError if there is no such choice."""
        check(self, UsageError)

    @property
    def length(self) -> str:
        """Length of a period, 24 hours by default."""
        return DEFAULT_PERIOD if self.period is None else self.period

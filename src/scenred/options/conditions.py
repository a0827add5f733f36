"""What a planner holds a reduction to: extremes, dates, means, probabilities, groups."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal

from scenred.options.declare import check, option

ExtremeWeight = Literal["cluster", "single"]
Share = Literal["mass", "cost"]


@dataclass(frozen=True, slots=True)
class Conditions:
    """Scenarios that stay or never do, what probabilities must meet, and groups; see docs/planning.md.

    Raises
    ------
    RequestError
        If there is no such choice, or a probability is out of range.
    """

    heading: ClassVar[str] = "Conditions"

    keep: Sequence[str] = option(
        (),
        "Keep the period of an extreme: min:wind+pv, max:load, max:residual, min:pv:day, max-ramp:wind, "
        "'longest-lull:wind+pv<0.1', each with @SITE for one site; repeat for more.",
        metavar="STAT:COLUMNS",
    )
    include: Sequence[str] = option(
        (), "Keep the period of this date, or of all dates in @FILE; repeat for more.", metavar="DATE"
    )
    exclude: Sequence[str] = option(
        (),
        "Never keep the period of this date, or of those in @FILE. It is represented all the same. Repeat for more.",
        metavar="DATE",
    )
    extreme_weight: ExtremeWeight = option("cluster", "What a kept extreme represents: its cluster, or itself alone.")
    installed: Mapping[str, float] | None = option(
        None,
        "For residual in --keep: installed capacity of wind, pv or a column whose values are capacity "
        "factors; repeat for more.",
        metavar="NAME=MW",
        unit="MW",
    )
    preserve: Sequence[str] = option(
        (),
        "Set the probabilities so that the means of all columns, or of these, are those of the input. If needed, "
        "other days are chosen so that the means can be met.",
        metavar="mean[:COLUMN,...]",
    )
    equal_probabilities: bool = option(False, "Give all scenarios the same probability.")
    min_probability: float = option(
        0.0,
        "Give every scenario at least this probability.",
        noun="least probability",
        metavar="P",
        low=0,
        high=1,
    )
    max_probability: float = option(
        1.0,
        "Give every scenario at most this probability.",
        noun="largest probability",
        metavar="P",
        low=0,
        high=1,
    )
    group_by: str | None = option(
        None,
        "Reduce groups each by itself: season, month, weekday, year, group (of a scenario table), or a column "
        "that is constant within every period.",
        metavar="GROUPS",
    )
    share: Share = option("mass", "With --group-by: what shares k out, periods or what a group costs.")
    fixed: Sequence[int] = option((), "Rows of the original that stay.", flag=None)

    def __post_init__(self) -> None:
        """Raise a RequestError if there is no such choice, or a probability is out of range."""
        check(self)

"""The period map matched with the scenarios: order of the days, and the day that each scenario is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from scenred.arrays import Bool, Int64, first
from scenred.errors import RequestError
from scenred.model import PeriodMap, ScenarioSet
from scenred.notes import note

# Probabilities and shares of a map that differ by less are the same.
SHARE_TOLERANCE = 1e-9
SAME_RUN = "give the map of the same run"


@dataclass(frozen=True, slots=True, eq=False)
class Chronology:
    """The order of the original periods in terms of the scenarios.

    `order`, of shape (n_periods,), is the position of the scenario that represents each period; `representatives`, of
    shape (n_scenarios,), that of the period that each scenario is; `starts` are of the periods, without zone; `moments`
    are the same with their zone, or in UTC.
    """

    order: Int64
    representatives: Int64
    starts: pd.DatetimeIndex | None = None
    moments: pd.DatetimeIndex | None = None

    @property
    def has_changes_of_clock(self) -> bool:
        """Whether periods of one length by the clock are of different lengths in time."""
        if self.starts is None or self.moments is None or self.moments.tz is None:
            return False
        shown, passed = np.diff(self.starts.as_unit("us").asi8), np.diff(self.moments.as_unit("us").asi8)
        return bool((shown != passed).any())

    @property
    def counts(self) -> Int64:
        """Number of periods that each scenario represents, shape (n_scenarios,)."""
        return np.bincount(self.order, minlength=len(self.representatives)).astype(np.int64)

    @property
    def n_periods(self) -> int:
        """Number of original periods."""
        return len(self.order)


def chronology(scenarios: ScenarioSet, period_map: PeriodMap) -> Chronology:
    """Match a period map with its scenarios.

    Raise a RequestError if the map names a scenario that is not in the set, leaves one out, or none of its periods is
    the real period that a scenario claims to be.
    """
    position = {label: number for number, label in enumerate(scenarios.labels)}
    strange = next((label for label in period_map.scenarios if label not in position), None)
    if strange is not None:
        raise RequestError(f"the period map names scenario {strange!r}, which is not in the set", advice=SAME_RUN)
    order = np.array([position[label] for label in period_map.scenarios], dtype=np.int64)
    unused = first(np.bincount(order, minlength=scenarios.n_scenarios) == 0)
    if unused is not None:
        raise RequestError(f"the period map gives scenario {scenarios.labels[unused]!r} no period", advice=SAME_RUN)
    return Chronology(order, _representatives(scenarios, period_map, order), period_map.clocks, period_map.starts)


def _representatives(scenarios: ScenarioSet, period_map: PeriodMap, order: Int64) -> Int64:
    """Find the period that each scenario is: the one of its start, else its nearest member at distance 0."""
    found = []
    for number, label in enumerate(scenarios.labels):
        members = np.flatnonzero(order == number)
        if scenarios.starts is not None and period_map.starts is not None:
            own = members[_is_start(scenarios, number, period_map)[members]]
        else:
            own = members[period_map.distances[members] == 0]
        if not len(own):
            raise RequestError(
                f"no period of the map is scenario {label!r}", "the real period that each scenario is", SAME_RUN
            )
        found.append(own[0])
    return np.array(found, dtype=np.int64)


def _is_start(scenarios: ScenarioSet, number: int, period_map: PeriodMap) -> Bool:
    """Return which periods begin as a scenario does; with a zone on one side only the clocks are compared."""
    own, known = scenarios.starts, period_map.starts
    if own is not None and known is not None and (own.tz is None) != (known.tz is None):
        own, known = scenarios.clocks, period_map.clocks
    if own is None or known is None:
        return np.zeros(period_map.n_periods, dtype=bool)
    return np.asarray(known == own[number])


def note_shares(scenarios: ScenarioSet, calendar: Chronology, weights: str, order: str) -> None:
    """Note by how much the weights of scenarios differ from the shares of the periods, for a reader of both."""
    apart = float(np.abs(calendar.counts / calendar.n_periods - scenarios.probabilities).max())
    if apart > SHARE_TOLERANCE:
        note(
            f"{weights} are the probabilities and {order} counts periods; they differ by up to {apart:.2g} of the "
            "total, so that energy that is stored between periods is weighed otherwise than costs"
        )


def check_shares(scenarios: ScenarioSet, calendar: Chronology, reader: str) -> None:
    """Raise a RequestError if a probability is not the share of the periods, which a reader counts instead."""
    shares = calendar.counts / calendar.n_periods
    number = first(np.abs(shares - scenarios.probabilities) > SHARE_TOLERANCE)
    if number is not None:
        raise RequestError(
            f"{reader} weighs scenarios by the days that the map gives them, and scenario "
            f"{scenarios.labels[number]!r} has probability {scenarios.probabilities[number]:.9g} where the map gives "
            f"{shares[number]:.9g}; it cannot carry other weights",
            advice="export the set as it was before they were changed",
        )

"""A scorecard: how far one scenario set lies from another, in named scores with units."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from scenred.errors import RequestError, Setting, nearest_name
from scenred.model.distances import GroundMetric
from scenred.model.plan import PlanningValue
from scenred.model.scenario_set import ScenarioSet

# Every score a scorecard may hold; the last two with a plan only.
PLANNING_NAMES = ("objective_bias", "regret")
SCORE_NAMES = (
    *("wasserstein_1", "wasserstein_2", "relative_cost", "energy_distance", "value_distance"),
    *("kullback_leibler", "kullback_leibler_reverse", "jensen_shannon"),
    *("energy_error", "deviation_error", "quantile_05_error", "quantile_50_error", "quantile_95_error"),
    *("duration_curve_rmse", "largest_value_error", "smallest_value_error"),
    *("largest_energy_error", "smallest_energy_error"),
    *("ramp_1h_distance", "ramp_3h_distance", "ramp_6h_distance"),
    *("autocorrelation_error", "profile_error", "lull_distance"),
    *("pearson_error", "spearman_error", "low_steps_error", "low_periods_error"),
    *("energy_score", "energy_score_excess", "variogram_score", "variogram_score_excess"),
    *("crps", "crps_excess"),
    *PLANNING_NAMES,
)


@dataclass(frozen=True, slots=True)
class Score:
    """One score.

    Parameters
    ----------
    group : str
        Such as 'transport'; see docs/evaluation.md.
    name : str
        Such as 'energy_error'.
    value : float, optional
        0 is best, except for the raw scores of the group `scores`, where lower is better; None where it is
        not defined.
    column : str, optional
        The column, or the two columns, it is of; None for a score of all columns together.
    original, reduced : float, optional
        The two numbers that are compared, where there are two.
    method : str, optional
        How it was computed, where there are several ways: 'exact' or 'sliced'.
    """

    group: str
    name: str
    value: float | None
    unit: str
    column: str | None = None
    original: float | None = None
    reduced: float | None = None
    method: str | None = None


@dataclass(frozen=True, slots=True)
class Band:
    """What a headline score is for other choices of the same size: the best single scenario, and random subsets."""

    name: str
    value: float  # of the set itself: the largest absolute value over the columns
    single: float
    mean: float  # of random subsets
    low: float  # their 5 % quantile
    high: float  # their 95 % quantile

    @property
    def word(self) -> str:
        """'good' below the 5 % quantile of random subsets, 'poor' where it is no better than their mean."""
        if self.value <= 1e-9:
            return "good"
        if self.value >= self.mean:
            return "poor"
        return "good" if self.value < self.low else "fair"


@dataclass(frozen=True, slots=True, eq=False)
class Scorecard:
    """All scores of a scenario set against another.

    Parameters
    ----------
    scenarios, original : ScenarioSet
        As given.
    ground : GroundMetric
        Of the transport scores.
    scores : tuple of Score
    bands : tuple of Band
        The context of the headline scores.
    n_draws, seed, n_context : int
        Random subsets, their seed, and the number of original scenarios that the context was measured on.
    certificate : mapping
        What the manifest of the scenarios says of the reduction; empty where there is none.
    """

    scenarios: ScenarioSet
    original: ScenarioSet
    ground: GroundMetric
    scores: tuple[Score, ...]
    bands: tuple[Band, ...]
    n_draws: int
    seed: int
    n_context: int
    planning: PlanningValue | None = None
    certificate: Mapping[str, Any] | None = None

    def __getitem__(self, name: str) -> float:
        """Return the value of a score, `NAME` (that of the column where it is farthest from 0) or `NAME[COLUMN]`."""
        found = worst(score for score in self.scores if name in (score.name, f"{score.name}[{score.column}]"))
        if found is None or found.value is None:
            defined = dict.fromkeys(score.name for score in self.scores if score.value is not None)
            if found is not None:
                raise RequestError(f"the score {name!r} is not defined for these sets", advice="leave it out")
            raise RequestError(f"there is no score {name!r}", advice=nearest_name(name, defined))
        return found.value


def worst(scores: Iterable[Score]) -> Score | None:
    """Return the score that is farthest from 0, the first of equal ones, undefined ones last."""
    return max(scores, key=lambda score: -1.0 if score.value is None else abs(score.value), default=None)


def check_score_names(names: Iterable[str], *, plans: bool) -> None:
    """Raise a RequestError if no scorecard will hold a name, `NAME` or `NAME[COLUMN]`, before any work.

    Examples
    --------
    >>> check_score_names(["crps[wind]", "relative_cost"], plans=False)
    """
    for name in names:
        plain = name.partition("[")[0]
        if plain not in SCORE_NAMES:
            raise RequestError(f"there is no score {name!r}", advice=nearest_name(plain, SCORE_NAMES))
        if plain in PLANNING_NAMES and not plans:
            raise RequestError(f"the score {name!r} is that of a plan", advice=("add ", Setting("plan")))

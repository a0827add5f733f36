"""The headline scores alone: enough to set many reductions of one original side by side."""

from __future__ import annotations

from dataclasses import dataclass, replace

from scenred.evaluation.axes import axes_of
from scenred.evaluation.joint import pearson_scores
from scenred.evaluation.marginal import curve_error, energy_extremes, mean_error
from scenred.evaluation.proper import energy_excess, own_energy_score
from scenred.evaluation.set_pair import SetPair, check_same_shape, make_pair
from scenred.evaluation.temporal import ramp_score
from scenred.evaluation.transport import set_cost, share_of, single_cost
from scenred.evaluation.value import full_plan, planning_scores, planning_value
from scenred.model import GroundMetric, Plan, ScenarioSet, Score
from scenred.model.scorecard import worst
from scenred.options.study import Study


@dataclass(frozen=True, slots=True, eq=False)
class Truth:
    """What every reduction of one original is measured against, computed once."""

    original: ScenarioSet
    ground: GroundMetric
    alone: float  # transport cost of the best single scenario
    own: float  # energy score of the original against itself
    study: Study | None
    full: Plan | None  # the original's best plan; None without a study, or where the original is too large


def truth_of(
    original: ScenarioSet,
    ground: GroundMetric,
    study: Study | None,
    n_threads: int | None,
    full: Plan | None = None,
) -> Truth:
    """Measure the original; `full` is its best plan where that is known."""
    pair = make_pair(original, original, ground)
    alone = single_cost(pair, ground, axes_of(pair, ground), n_threads)[1]
    if study is not None and full is None:
        full = full_plan(pair, study)
    return Truth(original, ground, alone, own_energy_score(pair), study, full)


def headline_values(scenarios: ScenarioSet, truth: Truth, n_threads: int | None) -> dict[str, float]:
    """Return the headline scores by name, each of its worst column; those that are not defined are left out."""
    check_same_shape(scenarios, truth.original)
    pair = make_pair(scenarios, truth.original, truth.ground)
    cost, _ = set_cost(pair, truth.ground, n_threads)
    is_first = truth.ground.order == 1
    first = cost if is_first else set_cost(pair, replace(truth.ground, order=1.0), n_threads)[0]
    scores = [
        Score("transport", "relative_cost", share_of(cost, truth.alone), "share"),
        Score("transport", "wasserstein_1", first, "capacity"),
        *plain_scores(pair, truth.own),
    ]
    if truth.study is not None:
        scores += planning_scores(planning_value(pair, truth.study, full=truth.full))
    return by_name(scores)


def plain_scores(pair: SetPair, own: float) -> list[Score]:
    """Return the headline scores that need no transport; `own` is the original's own energy score."""
    scores: list[Score] = []
    for number in range(len(pair.original.names)):
        scores += [mean_error(pair, number), curve_error(pair, number), ramp_score(pair, number, 1)]
    scores += [score for score in energy_extremes(pair) if score.name == "smallest_energy_error"]
    return [*scores, *pearson_scores(pair), energy_excess(pair, own)]


def by_name(scores: list[Score]) -> dict[str, float]:
    """Return the value that is farthest from 0 of every name, in the order of the names."""
    names = dict.fromkeys(score.name for score in scores)
    found = {name: worst(score for score in scores if score.name == name) for name in names}
    return {name: score.value for name, score in found.items() if score and score.value is not None}

"""All scores of one set against another, in the order of docs/evaluation.md."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from scenred.evaluation.context import N_DRAWS, context_bands
from scenred.evaluation.divergence import divergence_scores
from scenred.evaluation.joint import joint_scores
from scenred.evaluation.marginal import marginal_scores
from scenred.evaluation.proper import proper_scores
from scenred.evaluation.set_pair import check_same_shape, make_pair
from scenred.evaluation.temporal import temporal_scores
from scenred.evaluation.transport import transport_scores
from scenred.evaluation.value import planning_scores, planning_value
from scenred.metrics import DEFAULT_METRIC, ground_metric
from scenred.model import ScenarioSet, Scorecard
from scenred.options import Metric, Study


def evaluate_sets(
    scenarios: ScenarioSet,
    original: ScenarioSet,
    metric: Metric = DEFAULT_METRIC,
    *,
    order: int = 1,
    shift_cost: float | None = None,
    directions: int | None = None,
    column_weights: Mapping[str, float] | None = None,
    seed: int = 0,
    n_threads: int | None = None,
    study: Study | None = None,
    others: Sequence[ScenarioSet] = (),
    certificate: Mapping[str, Any] | None = None,
    tell: Callable[[str, float], None] = lambda _stage, _fraction: None,
) -> Scorecard:
    """Measure how far a scenario set lies from the original.

    Parameters
    ----------
    scenarios, original : ScenarioSet
        With the same columns, in any order, and the same number of steps.
    metric, shift_cost, directions, column_weights
        The ground metric; see `ground_metric`.
    order : {1, 2}
        Of the relative cost.
    seed : int
        Of the random subsets.
    study : Study, optional
        Plan with these costs, too.
    others : sequence of ScenarioSet
        Reduced sets of other seeds, for the stability of the plans.
    certificate : mapping, optional
        What is known of the reduction; handed on.
    tell : callable
        Called as `tell(stage, fraction)`.

    Returns
    -------
    Scorecard

    Raises
    ------
    RequestError
        When the sets have different columns or steps, or a number is out of range.
    """
    check_same_shape(scenarios, original)
    if original.step is None and scenarios.step is not None:
        original = replace(original, step=scenarios.step)
    ground = ground_metric(
        original,
        metric,
        order=order,
        shift_cost=shift_cost,
        directions=directions,
        column_weights=column_weights,
    )
    pair = make_pair(scenarios, original, ground)
    tell("scores", 0.0)
    grounds = {r: replace(ground, order=float(r)) for r in (1, 2)}
    scores = transport_scores(pair, grounds, order, n_threads)
    tell("scores", 0.4)
    scores += divergence_scores(pair) + marginal_scores(pair) + temporal_scores(pair) + joint_scores(pair)
    tell("scores", 0.6)
    scores += proper_scores(pair, n_threads)
    tell("scores", 0.8)
    bands, n_context = context_bands(pair, ground, scores, seed, n_threads)
    tell("scores", 1.0)
    planning = None
    if study is not None:
        tell("plans", 0.0)
        planning = planning_value(pair, study, others)
        scores += planning_scores(planning)
    return Scorecard(
        scenarios=scenarios,
        original=original,
        ground=ground,
        scores=tuple(scores),
        bands=tuple(bands),
        n_draws=N_DRAWS,
        seed=seed,
        n_context=n_context,
        planning=planning,
        certificate=certificate,
    )

"""All scores of one set against another, in the order of docs/evaluation.md."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from scenred.errors import RequestError
from scenred.evaluation.context import N_DRAWS, context_bands
from scenred.evaluation.divergence import divergence_scores
from scenred.evaluation.joint import joint_scores
from scenred.evaluation.marginal import marginal_scores
from scenred.evaluation.proper import proper_scores
from scenred.evaluation.set_pair import check_same_shape, make_pair
from scenred.evaluation.temporal import temporal_scores
from scenred.evaluation.transport import transport_scores
from scenred.evaluation.value import planning_scores, planning_value
from scenred.metrics import ground_metric
from scenred.model import ScenarioSet, Scorecard
from scenred.options import GroundOptions, Work
from scenred.options.study import Study

ORDERS = (1, 2)


def evaluate_sets(
    reduced: ScenarioSet,
    whole: ScenarioSet,
    options: GroundOptions = GroundOptions(),
    *,
    seed: int,
    study: Study | None = None,
    others: Sequence[ScenarioSet] = (),
    certificate: Mapping[str, Any] | None = None,
    work: Work = Work(),
) -> Scorecard:
    """Measure how far a scenario set lies from the original.

    Parameters
    ----------
    reduced, whole : ScenarioSet
        With the same columns, in any order, and the same number of steps.
    options : GroundOptions
        Of order 1 or 2, that of the relative cost.
    others : sequence of ScenarioSet
        Reduced sets of other seeds, for the stability of the plans.
    certificate : mapping, optional
        What is known of the reduction; passed on.

    Raises
    ------
    RequestError
        If the sets have different columns or steps, or the order is another one.
    """
    check_same_shape(reduced, whole)
    if options.order not in ORDERS:
        raise RequestError(f"the order of a scorecard is {options.order:g}", "order 1 or 2")
    if whole.step is None and reduced.step is not None:
        whole = replace(whole, step=reduced.step)
    ground = ground_metric(whole, options)
    pair = make_pair(reduced, whole, ground)
    tell = work.on_stage("scores")
    tell(0.0)
    scores = transport_scores(pair, ground, work.n_threads)
    tell(0.4)
    scores += divergence_scores(pair) + marginal_scores(pair) + temporal_scores(pair) + joint_scores(pair)
    tell(0.6)
    scores += proper_scores(pair, work.n_threads)
    tell(0.8)
    bands, n_context = context_bands(pair, ground, scores, seed, work.n_threads)
    tell(1.0)
    planning = None
    if study is not None:
        work.on_stage("plans")(0.0)
        planning = planning_value(pair, study, others)
        scores += planning_scores(planning)
    return Scorecard(
        scenarios=reduced,
        original=whole,
        ground=ground,
        scores=tuple(scores),
        bands=tuple(bands),
        n_draws=N_DRAWS,
        seed=seed,
        n_context=n_context,
        planning=planning,
        certificate=certificate,
    )

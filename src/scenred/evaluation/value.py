"""What a plan made on the reduced set is worth on the original: bias, regret, stability.

Stability is that of M. Kaut and S. Wallace, "Evaluation of scenario-generation methods for stochastic
programming", Pacific Journal of Optimization 3, 2007: in sample, the optimal objectives of several reduced
sets should agree; out of sample, the costs of their plans on the original should.
"""

from __future__ import annotations

from collections.abc import Sequence

from scenred.evaluation.set_pair import SetPair, canonical, in_order_of
from scenred.model import Plan, PlanningValue, ScenarioSet, Score, Stability
from scenred.options.study import Study
from scenred.planning import Weather, best_plan, dispatched, mean_load, weather_of

# Steps of the largest original whose own optimum is sought.
MOST_STEPS = 20_000


def planning_value(
    pair: SetPair, study: Study, others: Sequence[ScenarioSet] = (), full: Plan | None = None
) -> PlanningValue:
    """Plan on the reduced set, dispatch that plan on the original, and compare with the original's best plan.

    `others` are reduced sets of other seeds, for the stability; `full`, from `full_plan`, is computed by default.

    Raises
    ------
    RequestError
        If no column is wind or PV.
    SolverError
        If a program is infeasible or unbounded.
    """
    whole = _weather(pair, pair.original, study)
    reduced = best_plan(_weather(pair, pair.reduced, study), study)
    full = full_plan(pair, study) if full is None else full
    stability = None
    if others:
        sets = (canonical(in_order_of(other, pair.original)) for other in others)
        plans = [best_plan(_weather(pair, one, study), study) for one in sets]
        costs = (dispatched(plan, whole, study).cost for plan in plans)
        stability = Stability(tuple(plan.cost for plan in plans), tuple(costs))
    return PlanningValue(study, reduced, dispatched(reduced, whole, study), full, stability)


def full_plan(pair: SetPair, study: Study) -> Plan | None:
    """Return the best plan of the original; None above 20,000 steps."""
    whole = _weather(pair, pair.original, study)
    return best_plan(whole, study) if whole.load.size <= MOST_STEPS else None


def planning_scores(value: PlanningValue) -> list[Score]:
    """Return the group `planning`: objective bias and regret."""
    full = None if value.full is None else value.full.cost
    return [
        Score("planning", "objective_bias", value.objective_bias, "share", None, full, value.reduced.cost),
        Score("planning", "regret", value.regret, "share", None, full, value.redispatched.cost),
    ]


def _weather(pair: SetPair, scenarios: ScenarioSet, study: Study) -> Weather:
    """Return what the program sees of a set, on the scales of the pair."""
    return weather_of(scenarios, pair.scales, pair.step_hours, study, mean_load(pair.original, study))

"""What a plan made on the reduced set is worth on the original: bias, regret, stability.

Stability is that of M. Kaut and S. Wallace, "Evaluation of scenario-generation methods for stochastic
programming", Pacific Journal of Optimization 3, 2007: in sample, the optimal objectives of several reduced
sets should agree; out of sample, the costs of their plans on the original should.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from scenred.arrays import Float64
from scenred.errors import InputError, RequestError
from scenred.evaluation.set_pair import Pair, canonical, in_order_of
from scenred.model import Plan, PlanningValue, ScenarioSet, Score, Stability
from scenred.options import Study
from scenred.planning.program import ASSETS, HOURS_A_YEAR, Weather, asset_costs, limits, solve

# Steps of one program: larger originals are dispatched in parts, and their own optimum is not sought.
MOST_STEPS = 20_000
STEPS_AT_ONCE = 2_400


def planning_value(
    pair: Pair, study: Study, others: Sequence[ScenarioSet] = (), full: Plan | None = None
) -> PlanningValue:
    """Plan on the reduced set, dispatch that plan on the original, and compare with the original's best plan.

    Parameters
    ----------
    pair : Pair
    study : Study
    others : sequence of ScenarioSet
        Reduced sets of other seeds, for the stability.
    full : Plan, optional
        The original's best plan, from `best_plan`; computed unless given.

    Raises
    ------
    RequestError
        When no column is wind or PV.
    SolverError
        When a program is infeasible or unbounded.

    Notes
    -----
    The programs have 5 n t variables; that of the original is solved up to 20,000 steps.
    """
    load = _mean_load(pair.original, study)
    whole = _weather(pair, pair.original, pair.whole, study, load)
    kept = _weather(pair, pair.reduced, pair.kept, study, load)
    reduced = _best_plan(kept, study, load)
    full = best_plan(pair, study) if full is None else full
    stability = None
    if others:
        plans = [_best_plan(_weather_of(pair, other, study, load), study, load) for other in others]
        stability = Stability(
            tuple(plan.cost for plan in plans),
            tuple(dispatched(plan, whole, study, load).cost for plan in plans),
        )
    return PlanningValue(study, reduced, dispatched(reduced, whole, study, load), full, stability)


def best_plan(pair: Pair, study: Study) -> Plan | None:
    """Plan on the original; None above 20,000 steps."""
    load = _mean_load(pair.original, study)
    whole = _weather(pair, pair.original, pair.whole, study, load)
    return _best_plan(whole, study, load) if whole.load.size <= MOST_STEPS else None


def planning_scores(value: PlanningValue) -> list[Score]:
    """Give the group `planning`: objective bias and regret."""
    full = None if value.full is None else value.full.cost
    return [
        Score("planning", "objective_bias", value.objective_bias, "share", None, full, value.reduced.cost),
        Score("planning", "regret", value.regret, "share", None, full, value.redispatched.cost),
    ]


def dispatched(plan: Plan, weather: Weather, study: Study, mean_load: float) -> Plan:
    """Keep a plan's investment and serve other scenarios with it, some periods at a time."""
    assets = np.array([getattr(plan, asset) for asset in ASSETS]) / mean_load
    at_once = max(1, STEPS_AT_ONCE // weather.load.shape[1])
    operating = lost = backup = 0.0
    for first in range(0, len(weather.load), at_once):
        part = slice(first, first + at_once)
        some = replace(
            weather,
            wind=weather.wind[part],
            pv=weather.pv[part],
            load=weather.load[part],
            masses=weather.masses[part],
            labels=weather.labels[part],
        )
        objective, _, served, unserved = solve(some, study, assets, assets)
        operating += objective - float(asset_costs(study) @ assets)
        backup += _mean(some, served)
        lost += _mean(some, unserved)
    return _plan(assets, operating, lost, backup, study, mean_load)


def _best_plan(weather: Weather, study: Study, mean_load: float) -> Plan:
    objective, assets, backup, lost = solve(weather, study, np.zeros(len(ASSETS)), limits(study, mean_load))
    operating = objective - float(asset_costs(study) @ assets)
    return _plan(assets, operating, _mean(weather, lost), _mean(weather, backup), study, mean_load)


def _plan(
    assets: Float64, operating: float, lost: float, backup: float, study: Study, mean_load: float
) -> Plan:
    """Turn units of the mean load into MW and EUR a year."""
    a_year = mean_load * HOURS_A_YEAR
    return Plan(
        **{asset: float(amount * mean_load) for asset, amount in zip(ASSETS, assets, strict=True)},
        investment_cost=float(asset_costs(study) @ assets) * a_year,
        operating_cost=operating * a_year,
        lost_share=lost,
        backup_share=backup,
    )


def _mean(weather: Weather, amounts: Float64) -> float:
    return float(weather.masses @ amounts.mean(axis=1))


def _mean_load(original: ScenarioSet, study: Study) -> float:
    """Give the mean load of the original in MW: the sum of its load columns, else the study's flat load."""
    kinds = [column.kind for column in original.columns]
    if not {"wind", "pv"} & set(kinds):
        raise RequestError(
            f"no column is wind or PV ({', '.join(original.names)}), and a plan needs one; name it with --wind or --pv"
        )
    if "load" not in kinds:
        return study.load_flat
    load = _sum_of(original, "load")
    mean = float(original.probabilities @ load.mean(axis=1))
    if load.min() < 0 or mean == 0:
        raise InputError(
            f"the load is {load.min():g} at its least, {mean:g} on average; scenred needs a load above 0"
        )
    return mean


def _sum_of(scenarios: ScenarioSet, kind: str) -> Float64:
    chosen = [number for number, column in enumerate(scenarios.columns) if column.kind == kind]
    return np.asarray(scenarios.values[:, :, chosen].sum(axis=2))


def _weather_of(pair: Pair, scenarios: ScenarioSet, study: Study, mean_load: float) -> Weather:
    """Read another reduced set on the scales of the pair."""
    one = canonical(in_order_of(scenarios, pair.original))
    return _weather(pair, one, one.values / pair.scales, study, mean_load)


def _weather(pair: Pair, scenarios: ScenarioSet, values: Float64, study: Study, mean_load: float) -> Weather:
    """Sum the columns of a kind to one capacity factor: the output of all sites by their capacity."""
    has_load = any(column.kind == "load" for column in scenarios.columns)
    load = _sum_of(scenarios, "load") if has_load else np.full(values.shape[:2], study.load_flat)
    factors = {}
    for kind in ("wind", "pv"):
        chosen = np.array([column.kind == kind for column in scenarios.columns])
        shares = pair.scales * chosen
        factors[kind] = values @ (shares / shares.sum()) if chosen.any() else np.zeros(values.shape[:2])
    return Weather(
        wind=factors["wind"],
        pv=factors["pv"],
        load=load / mean_load,
        masses=scenarios.probabilities,
        step_hours=pair.step_hours,
        labels=scenarios.labels,
    )

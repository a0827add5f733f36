"""Plans: the best one over all periods of some weather, and a given one that serves other periods."""

from __future__ import annotations

import numpy as np

from scenred.arrays import Float64, weighted_sum
from scenred.model import Plan
from scenred.options.study import Study
from scenred.planning.program import ASSETS, HOURS_A_YEAR, asset_costs, limits, solve
from scenred.planning.weather import Weather

# Steps of one program: more periods are dispatched in parts.
STEPS_AT_ONCE = 2_400


def best_plan(weather: Weather, study: Study) -> Plan:
    """Return the plan that costs least on all periods: one program of 5 n t variables."""
    high = limits(study) / weather.mean_load
    found = solve(weather, study, np.zeros(len(ASSETS)), high)
    operating = found.objective - float(weighted_sum(asset_costs(study), found.assets))
    return _plan(found.assets, operating, weather.mean(found.lost), weather.mean(found.backup), study, weather)


def dispatched(plan: Plan, weather: Weather, study: Study) -> Plan:
    """Return a plan with its investment and its cost on other periods, which are served some at a time."""
    assets = np.array([getattr(plan, asset) for asset in ASSETS]) / weather.mean_load
    at_once = max(1, STEPS_AT_ONCE // weather.load.shape[1])
    operating = lost = backup = 0.0
    for first in range(0, len(weather.load), at_once):
        part = weather.part(slice(first, first + at_once))
        found = solve(part, study, assets, assets)
        operating += found.objective - float(weighted_sum(asset_costs(study), assets))
        backup += part.mean(found.backup)
        lost += part.mean(found.lost)
    return _plan(assets, operating, lost, backup, study, weather)


def _plan(assets: Float64, operating: float, lost: float, backup: float, study: Study, weather: Weather) -> Plan:
    """Turn units of the mean load into MW and EUR a year."""
    a_year = weather.mean_load * HOURS_A_YEAR
    return Plan(
        **{asset: float(amount * weather.mean_load) for asset, amount in zip(ASSETS, assets, strict=True)},
        investment_cost=float(weighted_sum(asset_costs(study), assets)) * a_year,
        operating_cost=operating * a_year,
        lost_share=lost,
        backup_share=backup,
    )

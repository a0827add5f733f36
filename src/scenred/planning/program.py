"""The planning problem as a linear program: what is built serves every step of every scenario.

First stage: wind, PV, storage power, storage energy, backup. Second stage, for each step of each scenario:
charge c, discharge d, level l, backup b, lost load u, with lengths of step h and efficiencies e:

    wind W_t + pv S_t - c + d + b + u >= load_t,    c, d <= power,    l <= energy,    b <= backup,    u <= load_t
    l_t = l_(t-1) + h (e_c c - d / e_d), the first step following the last: storage is cyclic within a period

An excess is curtailed at no cost. Powers are in units of the mean load, costs in EUR per MWh of it.
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np

from scenred.arrays import Float64
from scenred.errors import SolverError
from scenred.options.study import Study
from scenred.planning.weather import Weather

HOURS_A_YEAR = 8760.0
ASSETS = ("wind", "pv", "storage_power", "storage_energy", "backup")
LIMITS = ("wind.largest", "pv.largest", "storage.largest_power", "storage.largest_energy", "backup.largest")
N_FIRST = len(ASSETS)


class Solved(NamedTuple):
    """The least cost, the assets of shape (5,), and what backup serves and what is lost, both of shape (n, t)."""

    objective: float
    assets: Float64
    backup: Float64
    lost: Float64


def asset_costs(study: Study) -> Float64:
    """Return the annual cost of each asset [EUR per MWh of load for one unit of the mean load], shape (5,)."""
    rate = study.economy.interest_rate

    def annual(investment: float, fixed: float, lifetime: float) -> float:
        annuity = 1 / lifetime if rate == 0 else rate / (1 - (1 + rate) ** -lifetime)
        return (investment * annuity + fixed) * 1000 / HOURS_A_YEAR

    wind, pv, storage, backup = study.wind, study.pv, study.storage, study.backup
    return np.array(
        [
            annual(wind.investment, wind.fixed, wind.lifetime),
            annual(pv.investment, pv.fixed, pv.lifetime),
            annual(storage.power_investment, storage.fixed, storage.lifetime),
            annual(storage.energy_investment, 0.0, storage.lifetime),
            annual(backup.investment, backup.fixed, backup.lifetime),
        ]
    )


def limits(study: Study) -> Float64:
    """Return the largest amount of each asset [MW, MWh], shape (5,)."""
    numbers = study.by_key()
    return np.array([numbers[key] for key in LIMITS])


def solve(weather: Weather, study: Study, low: Float64, high: Float64) -> Solved:
    """Solve the program with every asset between two bounds, shape (5,).

    A SolverError is raised if the program is infeasible or unbounded, naming what makes it so, or is not solved.
    """
    value_of_lost_load = study.economy.value_of_lost_load
    loses = math.isfinite(value_of_lost_load)
    mass = (weather.masses[:, None] * np.ones(weather.load.shape[1]) / weather.load.shape[1]).ravel()
    none = np.zeros(len(mass))
    lost_cost = value_of_lost_load if loses else 0.0
    costs = np.concatenate([asset_costs(study), none, none, none, mass * study.backup.fuel, mass * lost_cost])
    result = _optimum(weather, study, costs, low, high, weather.load.ravel() * loses)
    if result.status == 2:
        raise _infeasible(weather, study, low, high)
    if result.status == 3:
        raise _unbounded(study)
    if result.status != 0:
        raise SolverError(f"the plan was not solved: {result.message}", advice="use fewer scenarios or other costs")
    steps = result.x[N_FIRST:].reshape(5, *weather.load.shape)
    return Solved(float(result.fun), result.x[:N_FIRST], steps[3], steps[4])


def _optimum(weather: Weather, study: Study, costs: Float64, low: Float64, high: Float64, most_lost: Float64) -> Any:
    from scipy.optimize import linprog

    n_steps = weather.load.size
    smaller, levels = _constraints(weather, study)
    bounds = np.zeros((len(costs), 2))
    bounds[:, 1] = np.inf
    bounds[:N_FIRST] = np.column_stack([low, high])
    bounds[-n_steps:, 1] = most_lost
    right = np.concatenate([-weather.load.ravel(), np.zeros(4 * n_steps)])
    return linprog(costs, smaller, right, levels, np.zeros(n_steps), bounds=bounds, method="highs")


def _constraints(weather: Weather, study: Study) -> tuple[Any, Any]:
    """Build the sparse rows of the inequalities and of the storage levels."""
    from scipy import sparse

    n, t = weather.load.shape
    one = sparse.identity(n * t, format="csr")

    def first(**factors: Any) -> Any:
        rows = np.zeros((n * t, N_FIRST))
        for name, factor in factors.items():
            rows[:, ASSETS.index(name)] = factor
        return sparse.csr_matrix(rows)

    smaller = sparse.bmat(
        [
            [first(wind=-weather.wind.ravel(), pv=-weather.pv.ravel()), one, -one, None, -one, -one],
            [first(storage_power=-1.0), one, None, None, None, None],
            [first(storage_power=-1.0), None, one, None, None, None],
            [first(storage_energy=-1.0), None, None, one, None, None],
            [first(backup=-1.0), None, None, None, one, None],
        ],
        format="csr",
    )
    change = sparse.identity(t) - sparse.csr_matrix(np.roll(np.eye(t), -1, axis=1))
    h = weather.step_hours
    levels = sparse.hstack(
        [
            first(),
            -h * study.storage.charge_efficiency * one,
            h / study.storage.discharge_efficiency * one,
            sparse.kron(sparse.identity(n), change),
            sparse.csr_matrix((n * t, 2 * n * t)),
        ],
        format="csr",
    )
    return smaller, levels


def _infeasible(weather: Weather, study: Study, low: Float64, high: Float64) -> SolverError:
    """Name the step where the least load that must be lost is lost, and the limits that bind."""
    costs = np.zeros(N_FIRST + 5 * weather.load.size)
    costs[-weather.load.size :] = 1.0
    result = _optimum(weather, study, costs, low, high, weather.load.ravel())
    lost = result.x[-weather.load.size :].reshape(weather.load.shape)
    scenario, step = np.unravel_index(np.argmax(lost), lost.shape)
    finite = [key for key, limit in zip(LIMITS, limits(study), strict=True) if math.isfinite(limit)]
    limited = f"the limits {', '.join(finite)}" if finite and (low < high).any() else "what is built"
    return SolverError(
        f"the plan is infeasible: the load of scenario {weather.labels[int(scenario)]}, step {step}, must be served "
        f"and {limited} cannot serve it",
        advice="set economy.value_of_lost_load to a finite number, or raise a limit",
    )


def _unbounded(study: Study) -> SolverError:
    """Return the error that names the assets whose profit has no limit."""
    named = zip(ASSETS, asset_costs(study), limits(study), strict=True)
    endless = [asset for asset, cost, high in named if cost < 0 and math.isinf(high)]
    return SolverError(
        f"the plan is unbounded: more of {', '.join(endless) or 'backup (backup.fuel)'} costs less than nothing",
        "costs of at least 0, or a largest amount",
    )

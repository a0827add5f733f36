"""The planning problem as a linear program: what is built serves every step of every scenario.

First stage: wind, PV, storage power, storage energy, backup. Second stage, for each step of each scenario:
charge c, discharge d, level l, backup b, lost load u, with lengths of step h and efficiencies e:

    wind W_t + pv S_t - c + d + b + u >= load_t,    c, d <= power,    l <= energy,    b <= backup,    u <= load_t
    l_t = l_(t-1) + h (e_c c - d / e_d), the first step following the last: storage is cyclic within a period

An excess is curtailed at no cost. Powers are in units of the mean load, costs in EUR per MWh of it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from scenred.arrays import Float64
from scenred.errors import SolverError
from scenred.options import Study
from scenred.options.study import key_of

HOURS_A_YEAR = 8760.0
ASSETS = ("wind", "pv", "storage_power", "storage_energy", "backup")
N_FIRST = len(ASSETS)


@dataclass(frozen=True, slots=True, eq=False)
class Weather:
    """Hold what the planning problem sees of a scenario set.

    Parameters
    ----------
    wind, pv : ndarray of shape (n, t)
        Capacity factors.
    load : ndarray of shape (n, t)
        Divided by the mean load of the original.
    masses : ndarray of shape (n,)
    step_hours : float
    labels : tuple of str
        What messages call the scenarios.
    """

    wind: Float64
    pv: Float64
    load: Float64
    masses: Float64
    step_hours: float
    labels: tuple[str, ...]


def asset_costs(study: Study) -> Float64:
    """Give the annual cost of each asset [EUR per MWh of load for one unit of the mean load], shape (5,)."""

    def annual(investment: float, fixed: float, lifetime: float) -> float:
        rate = study.economy_interest_rate
        annuity = 1 / lifetime if rate == 0 else rate / (1 - (1 + rate) ** -lifetime)
        return (investment * annuity + fixed) * 1000 / HOURS_A_YEAR

    return np.array(
        [
            annual(study.wind_investment, study.wind_fixed, study.wind_lifetime),
            annual(study.pv_investment, study.pv_fixed, study.pv_lifetime),
            annual(study.storage_power_investment, study.storage_fixed, study.storage_lifetime),
            annual(study.storage_energy_investment, 0.0, study.storage_lifetime),
            annual(study.backup_investment, study.backup_fixed, study.backup_lifetime),
        ]
    )


def limits(study: Study, mean_load: float) -> Float64:
    """Give the largest amount of each asset in units of the mean load, shape (5,)."""
    told = [
        study.wind_largest,
        study.pv_largest,
        study.storage_largest_power,
        study.storage_largest_energy,
        study.backup_largest,
    ]
    return np.array(told) / mean_load


def solve(
    weather: Weather, study: Study, low: Float64, high: Float64
) -> tuple[float, Float64, Float64, Float64]:
    """Solve the program with every asset between two bounds.

    Returns
    -------
    objective : float
    assets : ndarray of shape (5,)
    backup, lost : ndarray of shape (n, t)

    Raises
    ------
    SolverError
        When the program is infeasible or unbounded, naming what makes it so, or the solver stops early.
    """
    loses = math.isfinite(study.economy_value_of_lost_load)
    mass = (weather.masses[:, None] * np.ones(weather.load.shape[1]) / weather.load.shape[1]).ravel()
    none = np.zeros(len(mass))
    lost_cost = study.economy_value_of_lost_load if loses else 0.0
    costs = np.concatenate([asset_costs(study), none, none, none, mass * study.backup_fuel, mass * lost_cost])
    result = _optimum(weather, study, costs, low, high, weather.load.ravel() * loses)
    if result.status == 2:
        raise SolverError(_infeasible(weather, study, low, high))
    if result.status == 3:
        raise SolverError(_unbounded(study))
    if result.status != 0:
        raise SolverError(f"the plan was not solved: {result.message}; use fewer scenarios or other costs")
    steps = result.x[N_FIRST:].reshape(5, *weather.load.shape)
    return float(result.fun), result.x[:N_FIRST], steps[3], steps[4]


def _optimum(
    weather: Weather, study: Study, costs: Float64, low: Float64, high: Float64, most_lost: Float64
) -> Any:
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
            -h * study.storage_charge_efficiency * one,
            h / study.storage_discharge_efficiency * one,
            sparse.kron(sparse.identity(n), change),
            sparse.csr_matrix((n * t, 2 * n * t)),
        ],
        format="csr",
    )
    return smaller, levels


def _infeasible(weather: Weather, study: Study, low: Float64, high: Float64) -> str:
    """Name the step where the least load that must be lost is lost, and the limits that bind."""
    costs = np.zeros(N_FIRST + 5 * weather.load.size)
    costs[-weather.load.size :] = 1.0
    result = _optimum(weather, study, costs, low, high, weather.load.ravel())
    lost = result.x[-weather.load.size :].reshape(weather.load.shape)
    scenario, step = np.unravel_index(np.argmax(lost), lost.shape)
    finite = [
        key_of(f"{table}_largest{rest}")
        for table, rest in _LIMITS
        if math.isfinite(_limit(study, table, rest))
    ]
    limited = f"the limits {', '.join(finite)}" if finite and (low < high).any() else "what is built"
    return (
        f"the plan is infeasible: the load of scenario {weather.labels[int(scenario)]}, step {step}, must be served "
        f"and {limited} cannot serve it; set economy.value_of_lost_load to a finite number, or raise a limit"
    )


_LIMITS = (("wind", ""), ("pv", ""), ("storage", "_power"), ("storage", "_energy"), ("backup", ""))


def _limit(study: Study, table: str, rest: str) -> float:
    return float(getattr(study, f"{table}_largest{rest}"))


def _unbounded(study: Study) -> str:
    """Name the assets that earn money without end."""
    costs, most = asset_costs(study), limits(study, 1.0)
    endless = [
        asset for asset, cost, high in zip(ASSETS, costs, most, strict=True) if cost < 0 and math.isinf(high)
    ]
    if not endless:
        endless = ["backup (backup.fuel)"]
    return (
        f"the plan is unbounded: more of {', '.join(endless)} costs less than nothing; scenred needs costs of at "
        "least 0, or a largest amount"
    )

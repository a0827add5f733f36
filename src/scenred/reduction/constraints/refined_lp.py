"""Linear programs solved to the rounding of float64: what HiGHS leaves by its tolerances is solved again, enlarged.

HiGHS works to absolute tolerances of 1e-7. Where one day is a million times larger than the others, these are larger
than all that matters. The residuals of a solution make another program of the same rows; its solution, scaled back,
corrects the first (A. M. Gleixner, D. E. Steffy, K. Wolter, "Iterative refinement for linear programming", INFORMS
Journal on Computing 28, 2016, doi 10.1287/ijoc.2016.0692, algorithm 1).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from scenred.arrays import Float64, weighted_sum
from scenred.errors import SolverError

# Residuals below this share of the optimum need no refinement; and how often and how far they are enlarged.
ENOUGH = 1e-10
ROUNDS = 4
LARGEST_FACTOR = 1e8


@dataclass(frozen=True, slots=True, eq=False)
class Program:
    """Minimise costs @ x with rows @ x = right, and x between two bounds.

    Matrices are sparse, whose products add in a fixed order; bounds may be infinite.
    """

    costs: Float64
    rows: Any
    right: Float64
    low: Float64
    high: Float64


@dataclass(frozen=True, slots=True, eq=False)
class Optimum:
    """A solution and the prices of its rows: what the optimum rises by with their right side."""

    x: Float64
    prices: Float64


def solved(program: Program, negligible: float = 0.0) -> Optimum:
    """Return the optimum of a program; raise a SolverError if HiGHS finds none.

    It is refined until its residuals are below 1e-10 of the optimum or below what is `negligible`, or do not shrink.
    """
    found = _by_highs(program)
    if found.status != 0:
        raise SolverError(
            f"the probabilities were not found: {found.message}",
            advice="widen the bounds or preserve fewer columns",
        )
    best = _optimum(found)
    left, primal, dual = _residual(program, best)
    for _ in range(ROUNDS):
        error = _error(best, primal, dual)
        if error <= max(ENOUGH * abs(float(weighted_sum(program.costs, best.x))), negligible):
            break
        by, dearer = (1 / max(size, 1 / LARGEST_FACTOR) for size in (primal, dual))
        found = _by_highs(_enlarged(left, by, dearer))
        if found.status != 0:
            break
        better = _corrected(program, best, _optimum(found), by, dearer)
        left, primal, dual = _residual(program, better)
        if _error(better, primal, dual) >= error:
            break
        best = better
    return best


def _error(best: Optimum, primal: float, dual: float) -> float:
    """Return about how far residuals may put the cost off."""
    return max(primal * max(float(np.abs(best.prices).max(initial=0.0)), 1.0), dual)


def _corrected(program: Program, best: Optimum, step: Optimum, by: float, dearer: float) -> Optimum:
    return Optimum(
        np.clip(best.x + step.x / by, program.low, program.high),
        best.prices + step.prices / dearer,
    )


def _residual(program: Program, best: Optimum) -> tuple[Program, float, float]:
    """Return the program of what a solution misses, and the largest that its rows and its reduced costs miss."""
    x = np.clip(best.x, program.low, program.high)
    costs = program.costs - program.rows.T @ best.prices
    right = program.right - program.rows @ x
    primal = float(np.abs(right).max(initial=0.0))
    may_rise, may_fall = x < program.high, x > program.low
    dual = max(float(-costs[may_rise].min(initial=0.0)), float((costs[may_fall] * x[may_fall]).max(initial=0.0)))
    left = replace(program, costs=costs, right=right, low=program.low - x, high=program.high - x)
    return left, primal, dual


def _enlarged(left: Program, by: float, dearer: float) -> Program:
    return replace(left, costs=left.costs * dearer, right=left.right * by, low=left.low * by, high=left.high * by)


def _by_highs(program: Program) -> Any:
    from scipy.optimize import linprog

    bounds = np.column_stack([program.low, program.high])
    sides = {"A_eq": program.rows, "b_eq": program.right, "bounds": bounds, "method": "highs"}
    found = linprog(program.costs, **sides)
    # presolve may call infeasible what is feasible within the tolerances
    return found if found.status == 0 else linprog(program.costs, **sides, options={"presolve": False})


def _optimum(found: Any) -> Optimum:
    return Optimum(np.asarray(found.x), np.asarray(found.eqlin.marginals))

"""Scenarios of days to come: stratified draws of every margin, put together in the order of the dependence.

Each margin is cut into n strata of equal probability and drawn once in each (a Latin hypercube: M. McKay, R.
Beckman, W. Conover, Technometrics 21, 1979), so a margin of n scenarios is right to 1/n with any dependence;
which draws meet in one scenario is decided by the ranks of the copula (R. Iman and W. Conover, Communications in
Statistics 11, 1982).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from scenred.arrays import Float64, product
from scenred.model import History, Margins
from scenred.options.sampling import DependenceMethod, Sampling
from scenred.sampling.dependence import normal_scores, order_of_draws, schaake_keys, shrunk_correlation
from scenred.sampling.levels import values_at
from scenred.sampling.margins import FittedMargins, fit_margins

# (forecast of a day, number of draws, generator) -> keys, whose order the draws of the margins take
Keys = Callable[[Float64, int, np.random.Generator], Float64]


@dataclass(frozen=True, slots=True, eq=False)
class FittedForecast:
    """What was learnt from the past: margins and, by dependence, the keys of draws; and the seed of draws."""

    margins: FittedMargins
    keys: dict[DependenceMethod, Keys]
    seed: int

    @property
    def history(self) -> History:
        """The days it was learnt from."""
        return self.margins.history


def fit_forecast(history: History, sampling: Sampling, dependences: tuple[DependenceMethod, ...]) -> FittedForecast:
    """Learn margins and every named dependence from the past.

    The cost is that of the margins, and for `gaussian` of a Cholesky factor of n_steps x n_columns dimensions.
    """
    fitted = fit_margins(history, sampling)
    ranks = fitted.ranks.reshape(history.n_days, -1)
    makers: dict[DependenceMethod, Callable[[History, Float64], Keys]] = {
        "gaussian": _gaussian,
        "schaake": _schaake,
        "independent": _independent,
    }
    keys = {name: makers[name](history, ranks) for name in dependences}
    return FittedForecast(fitted, keys, sampling.seed)


def draw_day(
    fitted: FittedForecast,
    forecast: Float64,
    start: pd.Timestamp,
    margins: Margins,
    dependence: DependenceMethod,
    n: int,
) -> Float64:
    """Draw n equally likely scenarios of one day, shape (n, n_steps, n_columns), in the unit of the history.

    The forecast has shape (n_steps, n_columns). The start is part of the seed, so days differ and each is the same
    alone or among others.
    """
    generator = np.random.default_rng([fitted.seed, start.toordinal()])
    quantiles = margins.quantiles[0].reshape(-1, len(margins.levels))
    keys = fitted.keys[dependence](forecast, n, generator)
    levels = (order_of_draws(keys) + generator.random(keys.shape)) / n
    values = values_at(margins.levels, quantiles, levels.T).T
    return np.asarray(values.reshape(n, *forecast.shape) * fitted.history.capacities)


def _gaussian(history: History, ranks: Float64) -> Keys:
    correlation = shrunk_correlation(normal_scores(ranks), len(history.columns))
    root: Float64 = np.asarray(np.linalg.cholesky(correlation), dtype=np.float64)
    return lambda _forecast, n, generator: product(generator.standard_normal((n, len(root))), root.T)


def _schaake(history: History, ranks: Float64) -> Keys:
    past = history.forecast / history.capacities

    def keys(forecast: Float64, n: int, generator: np.random.Generator) -> Float64:
        unlike = ((past - forecast / history.capacities) ** 2).sum(axis=(1, 2))
        return schaake_keys(ranks, unlike, n, generator)

    return keys


def _independent(_history: History, ranks: Float64) -> Keys:
    return lambda _forecast, n, generator: generator.random((n, ranks.shape[1]))

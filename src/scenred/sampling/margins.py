"""Conditional margins: the distribution of what happens, given the forecast, for every column and step.

All work on shares of capacity, are never outside 0 to 1, and give PV no power where the sun is down. What they learn is
pooled: over all hours with the hour as a feature (`quantile-regression`), or over hours within two of the step.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from scenred.arrays import Float64
from scenred.model import History, Margins
from scenred.sampling.analogues import beta_quantiles, fit_similar, sample_quantiles
from scenred.sampling.night import dark_steps
from scenred.sampling.regression import fit_regression

MarginMethod = Literal["quantile-regression", "empirical", "beta"]
# (forecast as shares, starts) -> quantiles
Predict = Callable[[Float64, pd.DatetimeIndex], Float64]


@dataclass(frozen=True, slots=True, eq=False)
class FittedMargins:
    """Hold what was learnt: margins for any forecast, and where in its margin each past value fell.

    Parameters
    ----------
    history : History
    levels : ndarray of shape (n_levels,)
    predict : callable
        From forecasts in shares of capacity to quantiles.
    ranks : ndarray of shape (n_days, n_steps, n_columns)
        P(X < x) + P(X = x) / 2 of what happened, in margins that did not know it where the method can; nan where
        the sun is down.
    """

    history: History
    levels: Float64
    predict: Predict
    ranks: Float64

    def of(self, forecast: Float64, starts: pd.DatetimeIndex) -> Margins:
        """Give the margins of days to come, their forecasts in the unit of the history."""
        dark = dark_steps(self.history, forecast, starts)
        quantiles = self.predict(forecast / self.history.capacities, starts)
        quantiles = np.sort(np.clip(quantiles, 0.0, 1.0), axis=-1)
        return Margins(self.levels, np.where(dark[..., None], 0.0, quantiles))


def fit_margins(history: History, method: MarginMethod, seed: int = 0) -> FittedMargins:
    """Learn the distribution of what happens, given the forecast.

    Parameters
    ----------
    history : History
    method : {'quantile-regression', 'empirical', 'beta'}
    seed : int
        Of what spreads a rank over an atom.

    Returns
    -------
    FittedMargins
    """
    shares = history.forecast / history.capacities, history.actual / history.capacities
    dark = dark_steps(history, history.forecast, history.starts)
    kinds = [column.kind for column in history.columns]
    if method == "quantile-regression":
        levels, predict, ranks = fit_regression(*shares, dark, kinds, seed)
    else:
        quantiles_of = sample_quantiles if method == "empirical" else beta_quantiles
        levels, predict, ranks = fit_similar(*shares, dark, quantiles_of)
    return FittedMargins(history, levels, predict, np.where(dark, np.nan, ranks))

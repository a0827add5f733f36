"""Conditional margins: the distribution of the observation, given the forecast, for every column and step.

All work on shares of capacity, are never outside 0 to 1, and give PV no power when the sun is down. They learn from all
hours, with the hour as a feature (`quantile-regression`), or from the hours within two of the step.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from scenred.arrays import Float64
from scenred.model import History, Margins
from scenred.options.sampling import Sampling
from scenred.sampling.analogues import beta_quantiles, fit_similar, sample_quantiles
from scenred.sampling.night import dark_steps
from scenred.sampling.regression import fit_regression

# forecast as shares of capacity -> quantiles
Predict = Callable[[Float64], Float64]


@dataclass(frozen=True, slots=True, eq=False)
class FittedMargins:
    """Margins for any forecast, and where in its margin each past observation fell.

    The ranks, of shape (n_days, n_steps, n_columns), are P(X < x) + P(X = x) / 2 of the observations, in margins that
    did not know them if the method can; nan when the sun is down.
    """

    history: History
    levels: Float64
    predict: Predict
    ranks: Float64

    def of(self, forecast: Float64, starts: pd.DatetimeIndex) -> Margins:
        """Return the margins of days to come, their forecasts in the unit of the history."""
        dark = dark_steps(self.history, forecast, starts)
        quantiles = self.predict(forecast / self.history.capacities)
        quantiles = np.sort(np.clip(quantiles, 0.0, 1.0), axis=-1)
        return Margins(self.levels, np.where(dark[..., None], 0.0, quantiles))


def fit_margins(history: History, sampling: Sampling) -> FittedMargins:
    """Learn the distribution of the observation, given the forecast.

    The methods take forecasts and observations of shape (n_days, n_steps, n_columns), as shares of capacity, and where
    it is dark, which they leave out; they return levels, predict and ranks as `FittedMargins` holds them.
    """
    shares = history.forecast / history.capacities, history.actual / history.capacities
    dark = dark_steps(history, history.forecast, history.starts)
    kinds = [column.kind for column in history.columns]
    if sampling.margins == "quantile-regression":
        levels, predict, ranks = fit_regression(*shares, dark, kinds, sampling.seed)
    else:
        quantiles_of = sample_quantiles if sampling.margins == "empirical" else beta_quantiles
        levels, predict, ranks = fit_similar(*shares, dark, quantiles_of)
    return FittedMargins(history, levels, predict, np.where(dark, np.nan, ranks))

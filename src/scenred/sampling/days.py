"""Scenarios of days to come, day by day: learn from the past, then draw, or build as the paper does."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from scenred.arrays import Float64
from scenred.model import History
from scenred.options import Work
from scenred.options.sampling import Sampling
from scenred.sampling.copula import draw_day, fit_forecast
from scenred.sampling.fragments import product_scenarios


@dataclass(frozen=True, slots=True, eq=False)
class DayScenarios:
    """The scenarios of one day."""

    values: Float64  # (n, n_steps, n_columns), in the unit of the history
    probabilities: Float64
    bound: float | None = None  # of `wang2015`: see `product_scenarios`


def draw_days(
    history: History,
    forecast: Float64,
    starts: pd.DatetimeIndex,
    n: int,
    sampling: Sampling,
    work: Work,
) -> list[DayScenarios]:
    """Learn from a history and draw n scenarios of each day; the forecast has shape (n_days, n_steps, n_columns)."""
    is_copula = sampling.method == "copula"
    work.on_stage("learning")(0.0)
    fitted = fit_forecast(history, sampling, (sampling.dependence,) if is_copula else ())
    work.on_stage("learning")(1.0)
    margins = fitted.margins.of(forecast, starts)
    days = []
    for number, start in enumerate(starts):
        of_day = margins.day(number)
        if is_copula:
            values = draw_day(fitted, forecast[number], start, of_day, sampling.dependence, n)
            days.append(DayScenarios(values, np.full(n, 1 / n)))
        else:
            values, masses, bound = product_scenarios(of_day.levels, of_day.quantiles[0], n, sampling)
            days.append(DayScenarios(values * history.capacities, masses, bound))
        work.on_stage("drawing" if is_copula else "merging")((number + 1) / len(starts))
    return days

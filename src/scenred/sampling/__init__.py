"""From a forecast and its past errors to scenarios: quantisers, margins, dependence, and the paper's fragments."""

from scenred.forecasts.pairing import forecast_columns, pair_columns, same_columns, told_pairs
from scenred.quantization.quantizers import optimal_quantiles
from scenred.sampling.copula import FittedForecast, draw_day, fit_forecast
from scenred.sampling.dependence import DependenceMethod
from scenred.sampling.fragments import product_scenarios
from scenred.sampling.margins import MarginMethod

__all__ = [
    "DependenceMethod",
    "FittedForecast",
    "MarginMethod",
    "draw_day",
    "fit_forecast",
    "forecast_columns",
    "optimal_quantiles",
    "pair_columns",
    "product_scenarios",
    "same_columns",
    "told_pairs",
]

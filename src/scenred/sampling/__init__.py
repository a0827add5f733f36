"""From a forecast and its past errors to scenarios: margins, dependence, and the paper's fragments."""

from scenred.sampling.copula import FittedForecast, draw_day, fit_forecast
from scenred.sampling.days import DayScenarios, draw_days
from scenred.sampling.fragments import product_scenarios

__all__ = ["DayScenarios", "FittedForecast", "draw_day", "draw_days", "fit_forecast", "product_scenarios"]

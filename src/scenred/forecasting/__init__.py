"""The forecasting street: read, pair, learn, draw; look back at how good that was; quantise a density."""

from scenred.api.quantize import density_from
from scenred.api.sample import SampleMethod, backtest, described, read_history, sample
from scenred.sampling import DependenceMethod, MarginMethod, optimal_quantiles

__all__ = [
    "DependenceMethod",
    "MarginMethod",
    "SampleMethod",
    "backtest",
    "density_from",
    "described",
    "optimal_quantiles",
    "read_history",
    "sample",
]

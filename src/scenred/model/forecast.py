"""Past forecasts with their observations, the margins of a day to come, and the scenarios drawn from them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from scenred.arrays import Float64, finite, read_only
from scenred.errors import InputError
from scenred.model.scenario_set import ScenarioSet
from scenred.model.series import Column, Source, check_columns
from scenred.options.exporting import Layout


@dataclass(frozen=True, slots=True)
class Pair:
    """A scenario column and the input columns of its forecast and observation."""

    name: str
    forecast: str
    actual: str


@dataclass(frozen=True, slots=True, eq=False)
class History:
    """The forecasts of past days and their observations.

    Parameters
    ----------
    columns : tuple of Column
        Each with its capacity, at least the largest value.
    forecast, actual : ndarray of shape (n_days, n_steps, n_columns)
        At least 0, in the unit of the input.
    starts : pandas.DatetimeIndex of length n_days
        First time stamp of each day, increasing.
    """

    columns: tuple[Column, ...]
    forecast: Float64
    actual: Float64
    starts: pd.DatetimeIndex
    step: pd.Timedelta

    def __post_init__(self) -> None:
        check_columns(self.columns)
        for name in ("forecast", "actual"):
            object.__setattr__(self, name, finite(getattr(self, name), name))
        if self.forecast.shape != self.actual.shape or len(self.forecast) != len(self.starts):
            raise InputError("the forecasts of a history do not have the shape of the observations")

    @property
    def n_days(self) -> int:
        """Number of days."""
        return len(self.starts)

    @property
    def capacities(self) -> Float64:
        """Capacity of each column, shape (n_columns,)."""
        return np.array([column.capacity for column in self.columns], dtype=np.float64)

    def before(self, day: int) -> History:
        """Return the days before the one of this number."""
        return History(self.columns, self.forecast[:day], self.actual[:day], self.starts[:day], self.step)


@dataclass(frozen=True, slots=True, eq=False)
class Margins:
    """The distribution of every step and column of days to come, as quantiles.

    Between two levels the quantile function is a line, so a density is constant there; equal quantiles at
    different levels are an atom.
    """

    levels: Float64  # increasing from 0 to 1
    quantiles: Float64  # (n_days, n_steps, n_columns, n_levels), never decreasing; shares of capacity

    def __post_init__(self) -> None:
        for name in ("levels", "quantiles"):
            object.__setattr__(self, name, read_only(getattr(self, name)))

    def day(self, number: int) -> Margins:
        """Return the margins of one day."""
        return Margins(self.levels, self.quantiles[number : number + 1])


@dataclass(frozen=True, slots=True, eq=False)
class Sample:
    """Scenarios drawn for days to come, and what they were made from.

    Parameters
    ----------
    scenarios : ScenarioSet
        Their `starts` are the days.
    days : pandas.DatetimeIndex
        Start of each day, once.
    n_history_days : int
        Days that margins and dependence were learnt from.
    product_bound : tuple of float
        Of `wang2015`, for each day: an upper bound of the distance W_1 to the product of the margins, under the
        metric `pointwise` in capacity. Empty for other methods.
    pairs : tuple of Pair
        Which column forecasts which, one for each column of the scenarios.
    history_span : tuple of pandas.Timestamp
        First and last day learnt from.
    sources : tuple of (str, Source)
        What was read, by role: forecast, history, and actual if it is a file of its own.
    capacities : tuple of float
        What each column was drawn within: its capacity where that was given, else the largest value that is known.
    """

    scenarios: ScenarioSet
    days: pd.DatetimeIndex
    n_history_days: int
    product_bound: tuple[float, ...] = ()
    pairs: tuple[Pair, ...] = ()
    history_span: tuple[pd.Timestamp, ...] = ()
    sources: tuple[tuple[str, Source], ...] = ()
    capacities: tuple[float, ...] = ()

    def to_frame(self, layout: Layout = "long") -> pd.DataFrame:
        """Return the scenario table; see `ScenarioSet.to_frame`."""
        return self.scenarios.to_frame(layout)


@dataclass(frozen=True, slots=True, eq=False)
class Backtest:
    """How well methods forecast the days, from the first to the last, that were held back."""

    table: pd.DataFrame  # a row for each method and size; docs/sampling.md describes the columns
    n_days: int
    n_steps: int
    refit: int  # days between two fits
    columns: tuple[Column, ...]
    first: pd.Timestamp
    last: pd.Timestamp

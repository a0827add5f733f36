"""Roll over the days held back: fit on the past, let all methods foretell the day, score, go on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np
import pandas as pd

from scenred.arrays import Float64
from scenred.backtesting.scores import Outlook, Tally
from scenred.metrics import DEFAULT_METRIC, pairwise_distances
from scenred.model import Backtest, Column, History, Margins, ScenarioSet
from scenred.options import Work
from scenred.reduction import reduce_once
from scenred.sampling import (
    DependenceMethod,
    FittedForecast,
    MarginMethod,
    draw_day,
    fit_forecast,
    product_scenarios,
)

# Past days within so many of the day's date, in any year, are its climatology.
SEASON_DAYS = 45
# Of `wang2015`, which pays for every fragment and merge of every day.
N_QUANTILES, FRAGMENT_LENGTH, FRAGMENT_SIZE = 5, 3, 20


def backtest_history(
    history: History,
    days: int,
    n_scenarios: int,
    k: int,
    refit: int,
    margins: MarginMethod,
    dependence: DependenceMethod,
    seed: int,
    n_threads: int | None,
    tell: Callable[[str, float], None],
) -> Backtest:
    """Foretell the last days of a history, each from the days before it; see `forecasting.backtest`.

    Notes
    -----
    A fit every `refit` days, and for each day the scores of all methods: n_scenarios**2 distances twice, and a
    reduction of n_scenarios.
    """
    first = history.n_days - days
    tallies: dict[tuple[str, str], Tally] = {}
    for day, method, outlook in foretell(history, days, n_scenarios, refit, margins, dependence, seed):
        happened = history.actual[day] / history.capacities
        several = len(outlook.values) > k
        sizes = {"all": outlook} | ({"kept": _reduced(outlook, k, n_threads)} if several else {})
        for size, one in sizes.items():
            tally = tallies.setdefault((method, size), Tally(np.random.default_rng([seed, len(tallies)])))
            tally.add(one, happened, n_threads)
        tell("backtest", (day + 1 - first) / days)
    rows = [{"method": method} | tally.row() for (method, _), tally in tallies.items()]
    return Backtest(
        pd.DataFrame(rows),
        days,
        history.actual.shape[1],
        refit,
        history.columns,
        history.starts[first],
        history.starts[-1],
    )


def foretell(
    history: History,
    days: int,
    n_scenarios: int,
    refit: int,
    margins: MarginMethod,
    dependence: DependenceMethod,
    seed: int,
) -> Iterator[tuple[int, str, Outlook]]:
    """Yield each day held back, a method, and what it says of that day from the days before the last fit."""
    first = history.n_days - days
    dependences: tuple[DependenceMethod, ...] = tuple(dict.fromkeys((dependence, "independent")))
    for begin in range(first, history.n_days, refit):
        fitted = fit_forecast(history.before(begin), margins, dependences, seed)
        ahead = range(begin, min(begin + refit, history.n_days))
        block = slice(ahead.start, ahead.stop)
        margins_ahead = fitted.margins.of(history.forecast[block], history.starts[block])
        for place, day in enumerate(ahead):
            of_day = replace(margins_ahead, quantiles=margins_ahead.quantiles[place : place + 1])
            for method, outlook in _outlooks(history, day, fitted, of_day, dependences, n_scenarios, seed):
                yield day, method, outlook


def _outlooks(
    history: History,
    day: int,
    fitted: FittedForecast,
    margins: Margins,
    dependences: tuple[DependenceMethod, ...],
    n: int,
    seed: int,
) -> Iterator[tuple[str, Outlook]]:
    """Yield what every method says of a day, in shares of capacity."""
    forecast, start = history.forecast[day], history.starts[day]
    for name in dependences:
        values = draw_day(fitted, forecast, start, name, n, seed, margins)
        yield name, Outlook.equal(values / history.capacities)
    values, masses, _ = product_scenarios(
        margins.levels, margins.quantiles[0], FRAGMENT_SIZE, N_QUANTILES, FRAGMENT_LENGTH, FRAGMENT_SIZE
    )
    yield "wang2015", Outlook(values, masses)
    yield "climatology", Outlook.equal(_climatology(history, day) / history.capacities)
    yield "raw forecast", Outlook.equal(forecast[None] / history.capacities)


def _climatology(history: History, day: int) -> Float64:
    """Give what happened on past days of the same season, shape (n, n_steps, n_columns)."""
    of_year = history.starts.day_of_year.to_numpy()
    apart = np.abs(of_year[:day] - of_year[day])
    in_season = np.minimum(apart, 365 - apart) <= SEASON_DAYS
    return history.actual[:day][in_season] if in_season.any() else history.actual[:day]


def _reduced(outlook: Outlook, k: int, n_threads: int | None) -> Outlook:
    """Keep k scenarios as `scenred generate` does by default, but by one search without a proof."""
    n_columns = outlook.values.shape[2]
    whole = ScenarioSet(
        tuple(Column(f"column {number}", capacity=1.0) for number in range(n_columns)),
        outlook.values,
        outlook.masses,
        step=pd.Timedelta(days=1) / outlook.values.shape[1],
    )
    distances = pairwise_distances(whole, DEFAULT_METRIC, n_threads=n_threads)
    kept = reduce_once(whole, distances, k, Work(n_threads=n_threads)).scenarios
    return Outlook(kept.values, kept.probabilities)

"""Roll over the days held back: fit on the past, let all methods forecast the day, score, go on."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from scenred.arrays import Float64
from scenred.backtesting.scores import DayScores, Outlook
from scenred.metrics import pairwise_distances
from scenred.model import Backtest, Column, History, Margins, ScenarioSet
from scenred.options import GroundOptions, Work
from scenred.options.rounds import Rounds
from scenred.options.sampling import DependenceMethod, Sampling
from scenred.reduction import reduce_once
from scenred.sampling import FittedForecast, draw_day, fit_forecast, product_scenarios

# Past days at most this far from the day's date, in any year, are its climatology.
SEASON_DAYS = 45
# Of `wang2015`, which reduces every fragment and merge of every day.
FRAGMENTS = Sampling(n_quantiles=5, fragment_length=3, fragment_size=20)


def backtest_history(history: History, rounds: Rounds, sampling: Sampling, work: Work) -> Backtest:
    """Forecast the last days of a history, each from the days before it, and score all methods.

    The cost: a fit every `refit` days, and for each day and method n_scenarios**2 distances twice, and a reduction.
    """
    first = history.n_days - rounds.days
    scores: dict[tuple[str, str], DayScores] = {}
    for day, method, outlook in outlooks(history, rounds, sampling):
        observed = history.actual[day] / history.capacities
        sizes = {"all": outlook}
        if len(outlook.values) > rounds.k:
            sizes["kept"] = _reduced(outlook, rounds.k, work.n_threads)
        for size, one in sizes.items():
            generator = np.random.default_rng([sampling.seed, len(scores)])
            sums = scores.setdefault((method, size), DayScores(generator))
            sums.add(one, observed, work.n_threads)
        work.on_stage("backtest")((day + 1 - first) / rounds.days)
    rows = [{"method": method} | sums.row() for (method, _), sums in scores.items()]
    return Backtest(
        table=pd.DataFrame(rows),
        n_days=rounds.days,
        n_steps=history.actual.shape[1],
        refit=rounds.refit,
        columns=history.columns,
        first=history.starts[first],
        last=history.starts[-1],
    )


def outlooks(history: History, rounds: Rounds, sampling: Sampling) -> Iterator[tuple[int, str, Outlook]]:
    """Yield each day held back, a method, and its forecast of that day from the days before the last fit."""
    dependences: tuple[DependenceMethod, ...] = tuple(dict.fromkeys((sampling.dependence, "independent")))
    for begin in range(history.n_days - rounds.days, history.n_days, rounds.refit):
        fitted = fit_forecast(history.before(begin), sampling, dependences)
        ahead = range(begin, min(begin + rounds.refit, history.n_days))
        block = slice(ahead.start, ahead.stop)
        margins = fitted.margins.of(history.forecast[block], history.starts[block])
        for place, day in enumerate(ahead):
            for method, outlook in _of_day(history, day, fitted, margins.day(place), rounds.n_scenarios):
                yield day, method, outlook


def _of_day(
    history: History, day: int, fitted: FittedForecast, margins: Margins, n: int
) -> Iterator[tuple[str, Outlook]]:
    """Yield the forecast of a day by every method, in shares of capacity."""
    forecast, start = history.forecast[day], history.starts[day]
    for name in fitted.keys:
        values = draw_day(fitted, forecast, start, margins, name, n)
        yield name, Outlook.equal(values / history.capacities)
    values, masses, _ = product_scenarios(margins.levels, margins.quantiles[0], FRAGMENTS.fragment_size, FRAGMENTS)
    yield "wang2015", Outlook(values, masses)
    yield "climatology", Outlook.equal(_climatology(history, day) / history.capacities)
    yield "raw forecast", Outlook.equal(forecast[None] / history.capacities)


def _climatology(history: History, day: int) -> Float64:
    """Return the observations of past days of the same season, shape (n, n_steps, n_columns)."""
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
    work = Work(n_threads)
    kept = reduce_once(whole, pairwise_distances(whole, GroundOptions(), work), k, work).scenarios
    return Outlook(kept.values, kept.probabilities)

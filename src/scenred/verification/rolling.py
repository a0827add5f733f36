"""Roll over the days held back: fit on the past, let all methods foretell the day, score, go on."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import numpy.typing as npt
import pandas as pd

from scenred.metrics import pairwise_distances
from scenred.model import Backtest, Column, History, ScenarioSet
from scenred.reduction import reduce
from scenred.sampling import (
    DependenceMethod,
    FittedForecast,
    MarginMethod,
    draw_day,
    fit_forecast,
    product_scenarios,
)
from scenred.verification.scores import Outlook, Tally

Float64 = npt.NDArray[np.float64]

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
    dependences: tuple[DependenceMethod, ...] = tuple(dict.fromkeys((dependence, "independent")))
    tallies: dict[tuple[str, str], Tally] = {}
    fitted: FittedForecast | None = None
    for number, day in enumerate(range(first, history.n_days)):
        if fitted is None or number % refit == 0:
            fitted = fit_forecast(history.before(day), margins, dependences, seed)
        happened = history.actual[day] / history.capacities
        for method, outlook in _outlooks(history, day, fitted, dependences, n_scenarios, seed):
            several = len(outlook.values) > k
            sizes = {"all": outlook} | ({f"{k}": _reduced(outlook, k, n_threads)} if several else {})
            for size, one in sizes.items():
                tally = tallies.setdefault((method, size), Tally(np.random.default_rng([seed, len(tallies)])))
                tally.add(one, happened, n_threads)
        tell("backtest", (number + 1) / days)
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


def _outlooks(
    history: History,
    day: int,
    fitted: FittedForecast,
    dependences: tuple[DependenceMethod, ...],
    n: int,
    seed: int,
) -> Iterator[tuple[str, Outlook]]:
    """Yield what every method says of a day, in shares of capacity."""
    forecast, start = history.forecast[day], history.starts[day]
    margins = fitted.margins.of(forecast[None], history.starts[day : day + 1])
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
    of_year = history.starts.dayofyear.to_numpy()
    apart = np.abs(of_year[:day] - of_year[day])
    in_season = np.minimum(apart, 365 - apart) <= SEASON_DAYS
    return history.actual[:day][in_season] if in_season.any() else history.actual[:day]


def _reduced(outlook: Outlook, k: int, n_threads: int | None) -> Outlook:
    """Keep k scenarios as `scenred generate` does by default, without the proof."""
    n_columns = outlook.values.shape[2]
    whole = ScenarioSet(
        tuple(Column(f"column {number}", capacity=1.0) for number in range(n_columns)),
        outlook.values,
        outlook.masses,
        step=pd.Timedelta(days=1) / outlook.values.shape[1],
    )
    distances = pairwise_distances(whole, n_threads=n_threads)
    kept = reduce(whole, distances, k, bound=False, n_starts=1, n_threads=n_threads).scenarios
    return Outlook(kept.values, kept.probabilities)

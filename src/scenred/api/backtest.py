"""Sample past days from what was known before them, and score the samples by the observations."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Unpack

from scenred.api.history import HistoryKeywords, read_past
from scenred.api.inputs import GivenReading, InputOptions
from scenred.backtesting import backtest_history
from scenred.forecasts.capacities import known_capacities
from scenred.forecasts.history import check_days
from scenred.forecasts.memory import check_memory
from scenred.io.opening.open import Source
from scenred.kernels.memory import memory_left
from scenred.model import Backtest
from scenred.options import Work
from scenred.options.declare import check_keywords, group_of
from scenred.options.keywords import WorkKeywords
from scenred.options.rounds import Rounds
from scenred.options.sampling import DependenceMethod, MarginMethod, Sampling

DEFAULT = Rounds()


class BacktestKeywords(HistoryKeywords, WorkKeywords, total=False):
    """Keywords of a history and of `Work`, and those of `Sampling` that a backtest takes."""

    pairs: Sequence[str]
    margins: MarginMethod
    dependence: DependenceMethod
    seed: int


def backtest(
    history: Source,
    *,
    actual: Source | None = None,
    days: int = DEFAULT.days,
    n_scenarios: int = DEFAULT.n_scenarios,
    k: int = DEFAULT.k,
    refit: int = DEFAULT.refit,
    reading: GivenReading = None,
    **keywords: Unpack[BacktestKeywords],
) -> Backtest:
    """Sample each of the last days from the days before it, and score the samples by the observations.

    Parameters
    ----------
    history, actual
        As in `sample`, with at least 30 days before the first that is held back.
    days : int
        Number of the last days to hold back.
    n_scenarios, k : int
        Scenarios of a day, and how many of them to keep.
    refit : int
        Days between two fits; each fit knows only the days before it.
    reading, **keywords
        As in `sample`: options of reading, `time`, `capacity`, `pairs`, `margins`, `dependence`, `seed`, and those of
        `Work`. By default a capacity is the largest value that was known on the first day held back.

    Returns
    -------
    Backtest
        `.table`, one row for each method, whole and reduced.
    """
    check_keywords(keywords, BacktestKeywords)
    rounds = Rounds(days, n_scenarios, k, refit)
    inputs, sampling = InputOptions.of(keywords, reading), group_of(Sampling, keywords)
    return backtested(history, actual, inputs, sampling, rounds, group_of(Work, keywords))


def backtested(
    history: Source,
    actual: Source | None,
    inputs: InputOptions,
    sampling: Sampling,
    rounds: Rounds,
    work: Work,
) -> Backtest:
    """Do what `backtest` does, by options as objects."""
    read = read_past(history, actual, inputs, sampling.pairs)
    n_before = read.history.n_days - rounds.days
    check_days(n_before, f"holds {max(n_before, 0)} days before the last {rounds.days}", read.name)
    _, n_steps, n_columns = read.history.forecast.shape
    check_memory(rounds.n_scenarios, 1, n_steps, n_columns, memory_left())  # one day is drawn after the other
    return backtest_history(known_capacities(read.history, n_before, read.name), rounds, sampling, work)

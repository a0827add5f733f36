"""The forecasting street on one page: read, pair, learn, draw; and look back at how good that was."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Literal, get_args

import numpy as np
import pandas as pd

from scenred.api.inputs import reading_of
from scenred.arrays import Float64
from scenred.backtesting import backtest_history
from scenred.errors import RequestError, ScenredWarning, nearest_name
from scenred.forecasts.capacities import Told, capped, with_capacities
from scenred.forecasts.history import Source, check_days, read_forecast, read_past
from scenred.forecasts.memory import check_memory
from scenred.model import Backtest, History, Sample, ScenarioSet
from scenred.options import Reading
from scenred.sampling import (
    DependenceMethod,
    FittedForecast,
    MarginMethod,
    draw_day,
    fit_forecast,
    product_scenarios,
)

SampleMethod = Literal["copula", "wang2015"]
Progress = Callable[[str, float], None]


def sample(
    forecast: Source,
    history: Source,
    n_scenarios: int = 1000,
    *,
    actual: Source | None = None,
    day: str | None = None,
    pairs: Sequence[str] = (),
    time: str | None = None,
    capacity: Told = None,
    reading: Reading | Mapping[str, Any] | None = None,
    margins: MarginMethod = "quantile-regression",
    dependence: DependenceMethod = "gaussian",
    method: SampleMethod = "copula",
    n_quantiles: int = 5,
    fragment_length: int = 3,
    fragment_size: int = 40,
    seed: int = 0,
    progress: Progress | None = None,
) -> Sample:
    """Draw scenarios of the days of a forecast, from its past errors.

    Parameters
    ----------
    forecast : path, '-' or pandas.DataFrame
        A regular series of whole days, whose columns are called as the forecasts of the history, or as the pairs.
    history : path or pandas.DataFrame
        Forecasts beside what happened, at least 30 days before the first day that is drawn; later days are not used.
    n_scenarios : int
        How many for each day, at least 1.
    actual : path or pandas.DataFrame, optional
        What happened, where `history` holds the forecasts only.
    day : str, optional
        Only this day of the forecast, such as '2020-06-01'; every day unless told.
    pairs : sequence of str
        `NAME=FORECAST:ACTUAL`; found by the usual names unless told.
    time : str, optional
        Time column of all files.
    capacity : float or mapping of str to float, optional
        By name of the pair; unless told, the largest value of history and forecast.
    reading : Reading or mapping, optional
        What else is told of all files; see `Reading`. With `missing='drop'` days that lack hours are left out.
    margins : {'quantile-regression', 'empirical', 'beta'}
    dependence : {'gaussian', 'schaake', 'independent'}
        Of steps and columns; not used by `wang2015`.
    method : {'copula', 'wang2015'}
        The paper's pipeline gives weighted scenarios; steps are independent there.
    n_quantiles, fragment_length, fragment_size : int
        Of `wang2015`; see `sampling.product_scenarios`.
    seed : int
        At least 0.
    progress : callable, optional
        Called as `progress(stage, fraction)`.

    Returns
    -------
    Sample
        `.scenarios` is the scenario set; `start` tells its days apart.

    Raises
    ------
    InputError
        When an input is refused: too short a history, a day with missing hours, a column without a partner.
    RequestError
        When a number is out of range or takes more than a gigabyte, a day is not there, or a capacity lies below a
        value.

    Warns
    -----
    ScenredWarning
        When a forecast lies outside the range of the past ones.

    Examples
    --------
    >>> hours = pd.date_range("2019-01-01", periods=24 * 60, freq="h")
    >>> expected = 0.5 + 0.3 * np.sin(np.arange(24 * 60) / 9)
    >>> happened = expected + 0.1 * np.sin(np.arange(24 * 60) / 5)
    >>> past = pd.DataFrame({"wind_forecast": expected, "wind_actual": happened}, index=hours)
    >>> drawn = sample(past[["wind_forecast"]], past, 50, day="2019-02-20", margins="empirical")
    >>> drawn.scenarios.values.shape, drawn.n_history_days
    ((50, 24, 1), 50)
    """
    tell: Progress = progress or (lambda _stage, _fraction: None)
    _check_request(n_scenarios, seed, {"margins": margins, "dependence": dependence, "method": method})
    read = read_past(history, actual, pairs, time, capacity, *reading_of(reading))
    values, days = read_forecast(forecast, read, day)
    starts = days.starts
    n_past = int((read.history.starts < starts[0]).sum())
    check_days(n_past, f"{read.name}: holds {n_past} days before {starts[0].date()}")
    check_memory(n_scenarios, *values.shape)
    past = with_capacities(read.history.before(n_past), values, read.name)
    _warn_of_range(past, values, starts)
    tell("learning", 0.0)
    fitted = fit_forecast(past, margins, (dependence,) if method == "copula" else (), seed)
    tell("learning", 1.0)
    if method == "wang2015":
        drawn = _products(
            fitted, values, starts, n_scenarios, (n_quantiles, fragment_length, fragment_size), tell
        )
    else:
        drawn = _draws(fitted, values, starts, dependence, n_scenarios, seed, tell)
    scenarios = [day_values for day_values, _, _ in drawn]
    probabilities = np.concatenate([masses for _, masses, _ in drawn]) / len(starts)
    repeats = [len(day_values) for day_values in scenarios]
    return Sample(
        scenarios=ScenarioSet(
            columns=past.columns,
            values=np.concatenate(scenarios),
            probabilities=probabilities,
            starts=starts.repeat(repeats),
            step=past.step,
        ),
        days=starts,
        n_history_days=past.n_days,
        product_bound=tuple(bound for _, _, bound in drawn if bound is not None),
        pairs=read.pairs,
        history_span=(past.starts[0], past.starts[-1]),
        sources=(("forecast", days.source), *read.sources),
    )


def read_history(
    history: Source,
    *,
    actual: Source | None = None,
    pairs: Sequence[str] = (),
    time: str | None = None,
    capacity: Told = None,
    reading: Reading | Mapping[str, Any] | None = None,
) -> History:
    """Read forecasts beside what happened; the parameters are those of `sample`."""
    read = read_past(history, actual, pairs, time, capacity, *reading_of(reading))
    return with_capacities(read.history, read.history.forecast[:0], read.name)


def described(drawn: Sample) -> list[str]:
    """Say on a line or two what was drawn."""
    days = drawn.days
    lines = [
        f"{drawn.scenarios.n_scenarios} scenarios of {len(days)} days, from {days[0].isoformat()} on, learnt from "
        f"{drawn.n_history_days} days"
    ]
    if drawn.product_bound:
        lines.append(
            f"at most {max(drawn.product_bound):.4g} (W1, pointwise, in capacity) from the product of the margins"
        )
    return lines


def backtest(
    history: Source,
    *,
    actual: Source | None = None,
    days: int = 90,
    n_scenarios: int = 200,
    k: int = 10,
    refit: int = 7,
    pairs: Sequence[str] = (),
    time: str | None = None,
    capacity: Told = None,
    reading: Reading | Mapping[str, Any] | None = None,
    margins: MarginMethod = "quantile-regression",
    dependence: DependenceMethod = "gaussian",
    seed: int = 0,
    n_threads: int | None = None,
    progress: Progress | None = None,
) -> Backtest:
    """Sample each of the last days from the days before it, and score that against what happened.

    Parameters
    ----------
    history : path or pandas.DataFrame
        As in `sample`, with at least 30 days before the first that is held back.
    actual, pairs, time, capacity, reading, margins, dependence, seed
        As in `sample`. Unless told, a capacity is the largest value that was known on the first day held back.
    days : int
        How many to hold back.
    n_scenarios, k : int
        Scenarios of a day, and how many stay after reduction.
    refit : int
        Days between two fits; each fit knows only the days before it.
    n_threads, progress
        As in `sample`. The result does not depend on the threads.

    Returns
    -------
    Backtest
        `.table`, one row for each method, whole and reduced.

    Raises
    ------
    InputError, RequestError
        As `sample`.
    """
    _check_request(n_scenarios, seed, {"margins": margins, "dependence": dependence})
    for what, number in (("days", days), ("scenarios to keep", k), ("days between two fits", refit)):
        if number < 1:
            raise RequestError(f"{number} {what} are asked for; scenred needs at least 1")
    if k > n_scenarios:
        raise RequestError(f"{k} of {n_scenarios} scenarios shall stay; keep fewer, or draw more")
    read = read_past(history, actual, pairs, time, capacity, *reading_of(reading))
    n_before = read.history.n_days - days
    check_days(n_before, f"{read.name}: holds {max(n_before, 0)} days before the last {days}")
    check_memory(n_scenarios, 1, *read.history.forecast.shape[1:])  # one day is drawn after the other
    past = capped(read.history, n_before, read.name)
    return backtest_history(
        past,
        days,
        n_scenarios,
        k,
        refit,
        margins,
        dependence,
        seed,
        n_threads,
        progress or (lambda _stage, _fraction: None),
    )


def _check_request(n: int, seed: int, choices: Mapping[str, str]) -> None:
    known = {"margins": MarginMethod, "dependence": DependenceMethod, "method": SampleMethod}
    if n < 1:
        raise RequestError(f"{n} scenarios are asked for; scenred needs at least 1")
    if seed < 0:
        raise RequestError(f"the seed is {seed}; scenred needs a whole number of at least 0")
    for what, choice in choices.items():
        if choice not in get_args(known[what]):
            raise RequestError(
                f"there is no {what} {choice!r}; {nearest_name(choice, get_args(known[what]))}"
            )


def _warn_of_range(past: History, values: Float64, starts: pd.DatetimeIndex) -> None:
    """Say where a forecast lies outside the past ones: what is learnt there ends at the bounds."""
    for number, column in enumerate(past.columns):
        low, high = past.forecast[:, :, number].min(), past.forecast[:, :, number].max()
        outside = (values[:, :, number] < low) | (values[:, :, number] > high)
        if outside.any():
            day, step = (int(index) for index in np.argwhere(outside)[0])
            warnings.warn(
                f"{column.name}: {int(outside.sum())} forecasts lie outside the past range {low:g} to {high:g}, the "
                f"first is {values[day, step, number]:g} at {starts[day] + step * past.step}; the margins there are "
                "those of the nearest past forecasts, within 0 and the capacity",
                ScenredWarning,
                stacklevel=3,
            )


def _draws(
    fitted: FittedForecast,
    values: Float64,
    starts: pd.DatetimeIndex,
    dependence: DependenceMethod,
    n: int,
    seed: int,
    tell: Progress,
) -> list[tuple[Float64, Float64, float | None]]:
    every = fitted.margins.of(values, starts)
    drawn: list[tuple[Float64, Float64, float | None]] = []
    for number, start in enumerate(starts):
        day = replace(every, quantiles=every.quantiles[number : number + 1])
        scenarios = draw_day(fitted, values[number], start, dependence, n, seed, day)
        drawn.append((scenarios, np.full(n, 1 / n), None))
        tell("drawing", (number + 1) / len(starts))
    return drawn


def _products(
    fitted: FittedForecast,
    values: Float64,
    starts: pd.DatetimeIndex,
    n: int,
    sizes: tuple[int, int, int],
    tell: Progress,
) -> list[tuple[Float64, Float64, float | None]]:
    margins = fitted.margins.of(values, starts)
    drawn: list[tuple[Float64, Float64, float | None]] = []
    for number in range(len(starts)):
        scenarios, masses, bound = product_scenarios(margins.levels, margins.quantiles[number], n, *sizes)
        drawn.append((scenarios * fitted.history.capacities, masses, bound))
        tell("merging", (number + 1) / len(starts))
    return drawn

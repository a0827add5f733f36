"""The forecasting street on one page: read, pair, learn, draw; and look back at how good that was."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Literal, get_args
import warnings

import numpy as np
import numpy.typing as npt
import pandas as pd

from scenred.errors import InputError, RequestError, ScenredWarning, nearest_name
from scenred.io.series import read_series
from scenred.model import Column, History, Sample, ScenarioSet, Series
from scenred.periods import slice_periods
from scenred.sampling import (
    DependenceMethod,
    FittedForecast,
    MarginMethod,
    Pair,
    draw_day,
    fit_forecast,
    forecast_columns,
    optimal_quantiles,
    pair_columns,
    product_scenarios,
    same_columns,
)
from scenred.verification import Backtest, backtest_history

__all__ = ["backtest", "optimal_quantiles", "read_history", "sample"]

Float64 = npt.NDArray[np.float64]
SampleMethod = Literal["copula", "wang2015"]
Source = str | os.PathLike[str] | pd.DataFrame
Progress = Callable[[str, float], None]

FEWEST_DAYS = 30
DAY = pd.Timedelta(days=1)


def sample(
    forecast: Source,
    history: Source,
    n_scenarios: int = 1000,
    *,
    actual: Source | None = None,
    day: str | None = None,
    pairs: Sequence[str] = (),
    time: str | None = None,
    capacity: float | Mapping[str, float] | None = None,
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
        When a number is out of range, a day is not there, or a capacity lies below a value.

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
    past, paired, name = _read_history(history, actual, pairs, time, capacity)
    values, starts = _read_forecast(forecast, paired, past, time, day)
    n_past = int((past.starts < starts[0]).sum())
    _check_days(n_past, f"{name}: holds {n_past} days before {starts[0].date()}")
    past = _with_capacities(past.before(n_past), values, capacity, name)
    _warn_of_range(past, values, starts)
    tell("learning", 0.0)
    fitted = fit_forecast(past, margins, (dependence,) if method == "copula" else (), seed)
    tell("learning", 1.0)
    if method == "wang2015":
        drawn = _products(fitted, values, starts, n_scenarios, (n_quantiles, fragment_length, fragment_size), tell)
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
        n_history_days=past.n_days,
        product_bound=tuple(bound for _, _, bound in drawn if bound is not None),
    )


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
    capacity: float | Mapping[str, float] | None = None,
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
    actual, pairs, time, capacity, margins, dependence, seed
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
    past, _, name = _read_history(history, actual, pairs, time, capacity)
    n_before = past.n_days - days
    _check_days(n_before, f"{name}: holds {max(n_before, 0)} days before the last {days}")
    known = np.concatenate([past.forecast[:n_before], past.actual[:n_before]])
    past = _with_capacities(past, known[:0], capacity, name) if capacity is not None else _capped(past, known)
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


def read_history(
    history: Source,
    *,
    actual: Source | None = None,
    pairs: Sequence[str] = (),
    time: str | None = None,
    capacity: float | Mapping[str, float] | None = None,
) -> History:
    """Read forecasts beside what happened; the parameters are those of `sample`."""
    past, _, name = _read_history(history, actual, pairs, time, capacity)
    return _with_capacities(past, past.forecast[:0], capacity, name)


def _read_history(
    history: Source,
    actual: Source | None,
    told: Sequence[str],
    time: str | None,
    capacity: float | Mapping[str, float] | None,
) -> tuple[History, list[Pair], str]:
    """Read and pair; capacities are not known yet, but their names are checked."""
    series = read_series(history, time=time)
    names = [column.name for column in series.columns]
    place = series.source.name
    if actual is None:
        other = series
        paired = pair_columns(names, told, place)
    else:
        other = read_series(actual, time=time)
        beside = [column.name for column in other.columns]
        paired = pair_columns([*names, *beside], told, place) if told else same_columns(names, beside, place, other.source.name)
    cut, cut_other = _days_of(series), _days_of(other)
    if cut.step != cut_other.step:
        raise InputError(f"{other.source.name}: has another step than {place}; scenred needs one; resample one of them")
    if (cut.starts.tz is None) != (cut_other.starts.tz is None):
        raise InputError(f"{other.source.name}: only one of {place} and it has a zone; write both with an offset from UTC")
    common = cut.starts.intersection(cut_other.starts)
    if not len(common):
        raise InputError(f"{other.source.name}: has no whole day in common with {place}; name files of the same time")
    rows, other_rows = cut.starts.isin(common), cut_other.starts.isin(common)
    forecasts = _columns(cut, [pair.forecast for pair in paired])[rows]
    actuals = _columns(cut_other, [pair.actual for pair in paired])[other_rows]
    _check_sign(forecasts, [pair.forecast for pair in paired], common, cut.step, place)
    _check_sign(actuals, [pair.actual for pair in paired], common, cut.step, other.source.name)
    if isinstance(capacity, Mapping):
        for key in capacity:
            if key not in [pair.name for pair in paired]:
                raise RequestError(f"a capacity names {key!r}; {nearest_name(key, [p.name for p in paired])}")
    kinds = {column.name: column.kind for column in series.columns}
    columns = tuple(Column(pair.name, kinds.get(pair.forecast, "other")) for pair in paired)
    return History(columns, forecasts, actuals, common, cut.step), paired, place


def _days_of(series: Series) -> ScenarioSet:
    """Cut whole days; hours before the first and after the last are not used."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ScenredWarning)
        try:
            return slice_periods(series, DAY)
        except RequestError as error:
            raise InputError(f"{series.source.name}: holds no whole day from midnight on; scenred needs whole days") from error


def _columns(days: ScenarioSet, names: Sequence[str]) -> Float64:
    return days.values[:, :, [days.names.index(name) for name in names]]


def _read_forecast(
    forecast: Source, paired: Sequence[Pair], past: History, time: str | None, day: str | None
) -> tuple[Float64, pd.DatetimeIndex]:
    """Read the days to come: whole ones, of the history's step."""
    series = read_series(forecast, time=time)
    place = series.source.name
    names = forecast_columns([column.name for column in series.columns], paired, place)
    if series.step != past.step:
        raise InputError(f"{place}: has a step of {series.step}, and the history {past.step}; resample one of them")
    if (series.start.tzinfo is None) != (past.starts.tz is None):
        raise InputError(f"{place}: only one of it and the history has a zone; write both with an offset from UTC")
    per_day = int(DAY / series.step)
    last = series.start + (len(series.values) - 1) * series.step
    wanted = None if day is None else _parsed_day(day, series.start)
    for start in dict.fromkeys((series.start.normalize(), last.normalize())):
        held = [max(start, series.start), min(start + DAY - series.step, last)]
        n_held = int((held[1] - held[0]) / series.step) + 1
        if n_held < per_day and (wanted is None or wanted == start):
            raise InputError(
                f"{place}: day {start.date()} holds {n_held} of {per_day} steps; scenred needs whole days; add the missing "
                "ones, or name another with --day"
            )
    cut = _days_of(series)
    rows = np.ones(cut.n_scenarios, bool) if wanted is None else np.asarray(cut.starts == wanted)
    if not rows.any():
        raise RequestError(
            f"{place}: there is no day {day}; it holds {cut.starts[0].date()} to {cut.starts[-1].date()}"
        )
    values = _columns(cut, names)[rows]
    _check_sign(values, names, cut.starts[rows], cut.step, place)
    return values, cut.starts[rows]


def _parsed_day(day: str, like: pd.Timestamp) -> pd.Timestamp:
    try:
        return pd.Timestamp(pd.to_datetime(day, format="%Y-%m-%d")).tz_localize(like.tzinfo)
    except ValueError as error:
        raise RequestError(f"{day!r} is no day; write it as 2020-06-01") from error


def _check_sign(values: Float64, names: Sequence[str], starts: pd.DatetimeIndex, step: pd.Timedelta, place: str) -> None:
    bad = np.argwhere(values < 0)
    if len(bad):
        day, hour, column = (int(index) for index in bad[0])
        raise InputError(
            f"{place}: {names[column]} is {values[day, hour, column]:g} at {starts[day] + hour * step}; scenred needs power of "
            "at least 0; correct the value"
        )


def _check_days(n: int, met: str) -> None:
    if n < FEWEST_DAYS:
        raise InputError(f"{met}; scenred needs at least {FEWEST_DAYS} days of history; give a longer one")


def _check_request(n: int, seed: int, choices: Mapping[str, str]) -> None:
    known = {"margins": MarginMethod, "dependence": DependenceMethod, "method": SampleMethod}
    if n < 1:
        raise RequestError(f"{n} scenarios are asked for; scenred needs at least 1")
    if seed < 0:
        raise RequestError(f"the seed is {seed}; scenred needs a whole number of at least 0")
    for what, choice in choices.items():
        if choice not in get_args(known[what]):
            raise RequestError(f"there is no {what} {choice!r}; {nearest_name(choice, get_args(known[what]))}")


def _with_capacities(
    past: History, forecast: Float64, capacity: float | Mapping[str, float] | None, place: str
) -> History:
    """Give every column its capacity: as told, which no value exceeds, else the largest value."""
    seen = np.concatenate([past.forecast, past.actual, forecast])
    largest = seen.max(axis=(0, 1))
    columns = []
    for column, most in zip(past.columns, largest, strict=True):
        told = capacity.get(column.name) if isinstance(capacity, Mapping) else capacity
        if told is not None and not (np.isfinite(told) and told > 0):
            raise RequestError(f"the capacity of {column.name!r} is {told}; scenred needs a finite number above 0")
        if told is not None and told < most:
            raise RequestError(
                f"{place}: the capacity of {column.name!r} is {told:g}, and values up to {most:g} were seen; name the "
                "capacity in the unit of the values, at least as large"
            )
        if most == 0 and told is None:
            raise InputError(f"{place}: {column.name!r} is 0 throughout; leave the column out, or give its capacity")
        columns.append(replace(column, capacity=float(most if told is None else told)))
    return replace(past, columns=tuple(columns))


def _capped(past: History, known: Float64) -> History:
    """Take the largest value known before the first day held back; later values above it count as full."""
    largest = known.max(axis=(0, 1))
    if not (largest > 0).all():
        raise InputError(f"column {past.columns[int(np.argmin(largest))].name!r} is 0 throughout; leave it out")
    columns = tuple(replace(c, capacity=float(most)) for c, most in zip(past.columns, largest, strict=True))
    return replace(past, columns=columns)


def _warn_of_range(past: History, values: Float64, starts: pd.DatetimeIndex) -> None:
    """Say where a forecast lies outside the past ones: what is learnt there ends at the bounds."""
    for number, column in enumerate(past.columns):
        low, high = past.forecast[:, :, number].min(), past.forecast[:, :, number].max()
        outside = (values[:, :, number] < low) | (values[:, :, number] > high)
        if outside.any():
            day, step = (int(index) for index in np.argwhere(outside)[0])
            warnings.warn(
                f"{column.name}: {int(outside.sum())} forecasts lie outside the past range {low:g} to {high:g}, the first is "
                f"{values[day, step, number]:g} at {starts[day] + step * past.step}; the margins there are those of the "
                "nearest past forecasts, within 0 and the capacity",
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

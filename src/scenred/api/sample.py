"""From a forecast and its past errors to scenarios on one page: read, pair, learn, draw."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any, Unpack

import numpy as np

from scenred.api.history import HistoryKeywords, Past, read_forecast, read_past
from scenred.api.inputs import GivenReading, InputOptions
from scenred.forecasts.capacities import with_capacities
from scenred.forecasts.history import Days, check_days
from scenred.forecasts.memory import check_memory
from scenred.io.opening.open import Source
from scenred.kernels.memory import memory_left
from scenred.model import History, Sample, ScenarioSet
from scenred.notes import note
from scenred.options import Work
from scenred.options.declare import check_keywords, group_of, overrides
from scenred.options.keywords import SamplingKeywords
from scenred.options.sampling import DEFAULT_DRAWS, Draws, Sampling
from scenred.options.work import Progress
from scenred.sampling import DayScenarios, draw_days


class SampleKeywords(HistoryKeywords, SamplingKeywords, total=False):
    """Keywords of a history and of `Sampling`, and the progress of `Work`."""

    progress: Progress | None


def sample(
    forecast: Source,
    history: Source,
    n_scenarios: int = DEFAULT_DRAWS,
    *,
    actual: Source | None = None,
    day: str | None = None,
    reading: GivenReading = None,
    **keywords: Unpack[SampleKeywords],
) -> Sample:
    """Draw scenarios of the days of a forecast, from its past errors.

    Parameters
    ----------
    forecast : path, '-' or pandas.DataFrame
        A regular series of whole days, whose columns have the names of the forecasts in the history, or of the pairs.
    history : path or pandas.DataFrame
        Past forecasts and their observations, at least 30 days before the first day that is drawn; later days are not
        used.
    n_scenarios : int
        Number of scenarios for each day.
    actual : path or pandas.DataFrame, optional
        The observations, if `history` holds the forecasts only.
    day : str, optional
        Only this day of the forecast, such as '2020-06-01'; every day by default.
    reading, **keywords
        Options of `Reading`, for all files (with `missing='drop'` days that lack hours are left out), and `Sampling`;
        `time` and `capacity` of `Columns`, the capacity by name of the pair and by default the largest value of history
        and forecast; `dst` and `drop_leap_day` of `Cutting`; `progress` of `Work`.

    Returns
    -------
    Sample
        `.scenarios` is the scenario set; `start` tells its days apart.

    Raises
    ------
    InputError
        If an input is refused: too short a history, a day with missing hours, a column without a partner.
    RequestError
        If a number is out of range or takes more than a gigabyte, a day is missing, or a capacity lies below a value.

    Warns
    -----
    ScenredWarning
        If a forecast lies outside the range of the past ones.

    Examples
    --------
    >>> import pandas as pd
    >>> hours = pd.date_range("2019-01-01", periods=24 * 60, freq="h")
    >>> expected = 0.5 + 0.3 * np.sin(np.arange(24 * 60) / 9)
    >>> observed = expected + 0.1 * np.sin(np.arange(24 * 60) / 5)
    >>> past = pd.DataFrame({"wind_forecast": expected, "wind_actual": observed}, index=hours)
    >>> drawn = sample(past[["wind_forecast"]], past, 50, day="2019-02-20", margins="empirical")
    >>> drawn.scenarios.values.shape, drawn.n_history_days
    ((50, 24, 1), 50)
    """
    check_keywords(keywords, SampleKeywords)
    inputs, sampling = InputOptions.of(keywords, reading), group_of(Sampling, keywords)
    draws = Draws(n_scenarios, day)
    return sampled(forecast, history, actual, inputs, sampling, draws, group_of(Work, keywords))[0]


def sampled(
    forecast: Source,
    history: Source,
    actual: Source | None,
    inputs: InputOptions,
    sampling: Sampling,
    draws: Draws,
    work: Work,
) -> tuple[Sample, dict[str, Any]]:
    """Do what `sample` does, by options as objects; return the sample, and the options as its manifest holds them."""
    read = read_past(history, actual, inputs, sampling.pairs)
    days = read_forecast(forecast, read, draws.day)
    n_past = int((read.history.starts < days.starts[0]).sum())
    check_days(n_past, f"holds {n_past} days before {days.starts[0].date()}", read.name)
    n_days, n_steps, n_columns = days.values.shape
    check_memory(draws.n_scenarios, n_days, n_steps, n_columns, memory_left())
    past = with_capacities(read.history.before(n_past), days.values, read.name)
    _note_range(past, days)
    drawn = draw_days(past, days.values, days.starts, draws.n_scenarios, sampling, work)
    record = {
        "n_scenarios": draws.n_scenarios,
        "actual": actual,
        "day": draws.day,
        "pairs": sampling.pairs,
        "time": inputs.columns.time,
        "capacity": inputs.columns.capacity,
        "reading": overrides(inputs.reading) | overrides(inputs.cutting),
    }
    return _sample(drawn, past, days, read), record | asdict(sampling)


def _note_range(past: History, days: Days) -> None:
    """Note forecasts outside the range of the past ones: what is learnt there ends at the bounds."""
    for number, column in enumerate(past.columns):
        known, values = past.forecast[:, :, number], days.values[:, :, number]
        low, high = known.min(), known.max()
        outside = (values < low) | (values > high)
        if outside.any():
            day, step = (int(index) for index in np.argwhere(outside)[0])
            note(
                f"{column.name}: {int(outside.sum())} forecasts lie outside the past range {low:g} to {high:g}, the "
                f"first is {values[day, step]:g} at {days.starts[day] + step * past.step}; the margins there "
                "are those of the nearest past forecasts, within 0 and the capacity"
            )


def _sample(drawn: Sequence[DayScenarios], past: History, days: Days, read: Past) -> Sample:
    """Return all days as one scenario set, with what they were made from."""
    return Sample(
        scenarios=ScenarioSet(
            columns=read.history.columns,  # with capacities that were given, not those of the largest values
            values=np.concatenate([day.values for day in drawn]),
            probabilities=np.concatenate([day.probabilities for day in drawn]) / len(drawn),
            starts=days.starts.repeat([len(day.values) for day in drawn]),
            step=past.step,
        ),
        days=days.starts,
        n_history_days=past.n_days,
        product_bound=tuple(day.bound for day in drawn if day.bound is not None),
        pairs=read.pairs,
        history_span=(past.starts[0], past.starts[-1]),
        sources=(("forecast", days.source), *read.sources),
        capacities=tuple(past.capacities.tolist()),
    )

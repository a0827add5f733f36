"""How good scenarios are: scorecards, comparisons, quality gates, and published truths to check scenred by."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from scenred.api.compare import compare
from scenred.api.generate import Progress
from scenred.api.inputs import reading_of
from scenred.errors import RequestError
from scenred.evaluation import evaluate_sets, fallen_gates
from scenred.io.opening.open import Sources, open_tables
from scenred.io.records.scenario_table import is_scenario_table, scenarios_of
from scenred.io.records.scorecard import read_certificate
from scenred.io.records.study import read_study
from scenred.io.series.columns import ColumnChoice
from scenred.io.series.series import series_of
from scenred.metrics import DEFAULT_METRIC, pairwise_distances
from scenred.model import ScenarioSet, Scorecard
from scenred.options import Align, Metric, Reading, Study
from scenred.periods.slicing import slice_periods
from scenred.reduction import reduce

__all__ = [
    "compare",
    "evaluate",
    "fallen_gates",
]


def evaluate(
    scenarios: Sources | ScenarioSet,
    original: Sources | ScenarioSet,
    *,
    time: str | None = None,
    columns: Sequence[str] = (),
    wind: Sequence[str] = (),
    pv: Sequence[str] = (),
    capacity: float | Mapping[str, float] | str | None = None,
    reading: Reading | Mapping[str, Any] | None = None,
    period: str | None = None,
    align: Align = "midnight",
    metric: Metric = DEFAULT_METRIC,
    order: int = 1,
    shift_cost: float | None = None,
    directions: int | None = None,
    column_weights: Mapping[str, float] | None = None,
    seed: int = 0,
    plan: Study | str | os.PathLike[str] | None = None,
    stability: int = 0,
    n_threads: int | None = None,
    progress: Progress | None = None,
) -> Scorecard:
    """Measure how far a scenario set lies from the set or series it stands for.

    Parameters
    ----------
    scenarios, original : path, '-', pandas.DataFrame or ScenarioSet
        Scenario tables, or series, which are cut.
    time, columns, wind, pv, capacity, reading, period, align
        What to read, and how to cut series; see `generate`.
    metric, order, shift_cost, directions, column_weights
        The ground metric of the transport scores, of order 1 or 2; see `ground_metric`.
    seed : int
        Of the random subsets that the headline scores are compared with.
    plan : Study or path, optional
        Also plan capacity with these costs (`Study()` for the defaults, or a TOML file; see docs/plan.md).
    stability : int
        With a plan: reduce the original again from this many seeds, one start each, and plan on each.
    n_threads, progress
        As in `generate`.

    Returns
    -------
    Scorecard
        `card["relative_cost"]` is a score by name, `card.scores` all of them; see docs/evaluation.md.

    Raises
    ------
    InputError
        When an input is refused.
    RequestError
        When the sets do not belong together.
    SolverError
        When the transport problem is not solved.

    Examples
    --------
    >>> import numpy as np
    >>> import pandas as pd
    >>> from scenred import generate
    >>> hours = pd.date_range("2019-01-01", periods=24 * 60, freq="h")
    >>> year = pd.DataFrame({"wind": 0.5 + 0.5 * np.sin(np.arange(24 * 60) / 3.1)}, index=hours)
    >>> card = evaluate(generate(year, 3).scenarios, year)
    >>> card["relative_cost"] < 0.5, evaluate(year, year)["wasserstein_1"]
    (True, 0.0)
    """
    choice: dict[str, Any] = {"columns": columns, "wind": wind, "pv": pv, "capacity": capacity}
    read, cutting = reading_of(reading)
    cut: dict[str, Any] = {
        "time": time,
        "reading": read,
        "cutting": replace(cutting, period=period, align=align),
    }
    certificate = read_certificate(os.fspath(scenarios)) if isinstance(scenarios, str | os.PathLike) else {}
    if stability < 0 or (stability and plan is None):
        raise RequestError(
            f"a stability of {stability} seeds is asked for; give a plan, and at least 0 seeds"
        )
    study = plan if plan is None or isinstance(plan, Study) else read_study(plan)
    reduced, whole = (_read_to_compare(source, choice, cut) for source in (scenarios, original))
    others: list[ScenarioSet] = []
    if stability:
        distances = pairwise_distances(
            whole,
            metric,
            order=order,
            shift_cost=shift_cost,
            directions=directions,
            column_weights=column_weights,
            n_threads=n_threads,
        )
        k = min(reduced.n_scenarios, whole.n_scenarios)
        others = [reduce(whole, distances, k, n_starts=1, seed=s).scenarios for s in range(stability)]
    return evaluate_sets(
        reduced,
        whole,
        metric,
        order=order,
        shift_cost=shift_cost,
        directions=directions,
        column_weights=column_weights,
        seed=seed,
        n_threads=n_threads,
        study=study,
        others=others,
        certificate=certificate,
        tell=progress or (lambda _stage, _fraction: None),
    )


def _read_to_compare(source: Any, choice: dict[str, Any], cut: dict[str, Any]) -> ScenarioSet:
    """Read one of two sets: what cuts a series does not concern a scenario table."""
    if isinstance(source, ScenarioSet):
        return source
    tables = open_tables(source, cut["reading"])
    if len(tables) == 1 and is_scenario_table(tables[0]):
        return scenarios_of(tables[0], ColumnChoice(**choice))
    series = series_of(tables, ColumnChoice(**choice), cut["time"])
    return slice_periods(series, cut["cutting"], cut["reading"].calendar)

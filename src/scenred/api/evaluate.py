"""How far scenarios lie from the set or series that they represent: the scorecard."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import Unpack

from scenred.api.generate import telling_of_compilation
from scenred.api.inputs import GivenReading, InputKeywords, InputOptions
from scenred.errors import RequestError
from scenred.evaluation import evaluate_sets
from scenred.io.opening.open import Sources, open_tables
from scenred.io.records.scenario_table import is_scenario_table, scenarios_of
from scenred.io.records.scorecard import read_certificate
from scenred.io.records.study import read_study
from scenred.io.series.series import series_of
from scenred.metrics import pairwise_distances
from scenred.model import ScenarioSet, Scorecard
from scenred.options import GroundOptions, SearchOptions, Work
from scenred.options.declare import check_keywords, group_of
from scenred.options.evaluation import Evaluation
from scenred.options.keywords import GroundKeywords, WorkKeywords
from scenred.options.study import Study
from scenred.periods.slicing import slice_periods
from scenred.reduction import reduce


class EvaluateKeywords(InputKeywords, GroundKeywords, WorkKeywords, total=False):
    """Keywords of all groups of options that `evaluate` takes."""


def evaluate(
    scenarios: Sources | ScenarioSet,
    original: Sources | ScenarioSet,
    *,
    seed: int = 0,
    plan: Study | str | os.PathLike[str] | None = None,
    stability: int = 0,
    reading: GivenReading = None,
    **keywords: Unpack[EvaluateKeywords],
) -> Scorecard:
    """Measure how far a scenario set lies from the set or series that it represents.

    Parameters
    ----------
    scenarios, original : path, '-', pandas.DataFrame or ScenarioSet
        Scenario tables, or series, which are cut.
    seed : int
        Of the random subsets that the headline scores are compared with.
    plan : Study or path, optional
        Also plan capacity with these costs (`Study()` for the defaults, or a TOML file; see docs/plan.md).
    stability : int
        With a plan: reduce the original again from this many seeds, one start each, and plan on each.
    reading, **keywords
        Options of `Columns`, `Reading`, `Cutting`, `GroundOptions` (of order 1 or 2) and `Work`.

    Returns
    -------
    Scorecard
        `card["relative_cost"]` is a score by name, `card.scores` all of them; see docs/evaluation.md.

    Raises
    ------
    RequestError
        If the sets do not belong together.
    SolverError
        If the transport problem is not solved.

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
    check_keywords(keywords, EvaluateKeywords)
    study = plan if plan is None or isinstance(plan, Study) else read_study(plan)
    inputs, ground = InputOptions.of(keywords, reading), group_of(GroundOptions, keywords)
    asked = Evaluation(seed, stability)
    return evaluated(scenarios, original, inputs, ground, asked, study, group_of(Work, keywords))


def evaluated(
    scenarios: Sources | ScenarioSet,
    original: Sources | ScenarioSet,
    inputs: InputOptions,
    ground: GroundOptions,
    asked: Evaluation,
    study: Study | None,
    work: Work,
) -> Scorecard:
    """Do what `evaluate` does, by options as objects."""
    if asked.stability and study is None:
        raise RequestError(f"a stability of {asked.stability} seeds is asked for", advice="give a plan")
    kept, whole = (_set_of(source, inputs) for source in (scenarios, original))
    sha256 = None if kept.source is None else kept.source.sha256
    certificate = read_certificate(os.fspath(scenarios), sha256) if isinstance(scenarios, str | os.PathLike) else {}
    with telling_of_compilation(work):
        return evaluate_sets(
            kept,
            whole,
            ground,
            seed=asked.seed,
            study=study,
            others=_reduced_again(kept, whole, ground, asked.stability, work),
            certificate=certificate,
            work=work,
        )


def _reduced_again(
    kept: ScenarioSet, whole: ScenarioSet, ground: GroundOptions, n_seeds: int, work: Work
) -> list[ScenarioSet]:
    """Reduce to the same number of scenarios from other seeds, one start each."""
    if not n_seeds:
        return []
    silent = replace(work, progress=None)
    distances = pairwise_distances(whole, ground, silent)
    k = min(kept.n_scenarios, whole.n_scenarios)
    searches = (SearchOptions(n_starts=1, seed=seed) for seed in range(n_seeds))
    return [reduce(whole, distances, k, search).scenarios for search in searches]


def _set_of(source: Sources | ScenarioSet, inputs: InputOptions) -> ScenarioSet:
    """Read one of two sets: how a series is cut does not concern a scenario table."""
    if isinstance(source, ScenarioSet):
        return source
    tables = open_tables(source, inputs.reading)
    if len(tables) == 1 and is_scenario_table(tables[0]):
        return scenarios_of(tables[0], inputs.columns)
    return slice_periods(series_of(tables, inputs.columns), inputs.cutting, inputs.reading.calendar)

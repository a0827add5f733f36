"""Methods of reduction side by side."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Unpack, cast

import pandas as pd

from scenred.api.generate import telling_of_compilation
from scenred.api.inputs import InputOptions, opened
from scenred.api.stages import MeasureKeywords
from scenred.comparison import compare_methods
from scenred.io.opening.open import Sources
from scenred.model import ScenarioSet
from scenred.options import GroundOptions, Work
from scenred.options.declare import check_keywords, group_of
from scenred.options.evaluation import Comparison
from scenred.options.study import Study

DEFAULT = Comparison()


def compare(
    original: ScenarioSet,
    sizes: Sequence[int] = DEFAULT.sizes,
    methods: Sequence[str] = DEFAULT.methods,
    metrics: Sequence[str] = DEFAULT.metrics,
    *,
    seed: int = 0,
    study: Study | None = None,
    **keywords: Unpack[MeasureKeywords],
) -> pd.DataFrame:
    """Reduce a set by several methods and score every result.

    Parameters
    ----------
    sizes : sequence of int
        Numbers of scenarios to keep.
    methods : sequence of str
        Those of `reduce`, and `kmeans` centroids, a baseline whose scenarios never happened.
    metrics : sequence of str
        Ground metrics.
    seed : int
        Of every method.
    study : Study, optional
        Plan, too: objective bias and regret.
    **keywords
        Options of `GroundOptions` and `Work`.

    Returns
    -------
    pandas.DataFrame
        `metric, scenarios, method` and the headline scores, each of its worst column.

    Examples
    --------
    >>> import numpy as np
    >>> from scenred import Column
    >>> values = np.random.default_rng(0).random((12, 24, 2))
    >>> days = ScenarioSet((Column("wind"), Column("pv")), values, np.full(12, 1 / 12))
    >>> compare(days, [2, 12], ["kmedoids"])["relative_cost"].round(6).tolist()[1]
    0.0
    """
    check_keywords(keywords, MeasureKeywords)
    asked, ground = Comparison(sizes, methods, metrics, seed), group_of(GroundOptions, keywords)
    return compared(original, InputOptions.of({}), asked, study, ground, group_of(Work, keywords))


def compared(
    source: Sources | ScenarioSet,
    inputs: InputOptions,
    asked: Comparison,
    study: Study | None,
    ground: GroundOptions,
    work: Work,
    on_read: Callable[[ScenarioSet], None] = lambda _scenarios: None,
) -> pd.DataFrame:
    """Do what `compare` does for an input, by options as objects; `on_read` is called before it is measured."""
    original = opened(source, inputs)
    on_read(original)
    metrics = cast("Any", asked.metrics)  # checked where the options are built
    sizes, methods, seed = asked.sizes, asked.methods, asked.seed
    with telling_of_compilation(work):
        return compare_methods(original, sizes, methods, metrics, ground, seed=seed, study=study, work=work)

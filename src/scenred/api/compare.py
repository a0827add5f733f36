"""Methods of reduction side by side."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Unpack

import pandas as pd

from scenred.comparison import compare_methods
from scenred.model import ScenarioSet
from scenred.options import GroundOptions, Metric, Study, Work
from scenred.options.ground import DEFAULT_METRIC
from scenred.options.keywords import GroundKeywords


def compare(
    original: ScenarioSet,
    sizes: Sequence[int] = (5, 10),
    methods: Sequence[str] = ("kmedoids", "random"),
    metrics: Sequence[Metric] = (DEFAULT_METRIC,),
    *,
    seed: int = 0,
    study: Study | None = None,
    n_threads: int | None = None,
    **ground: Unpack[GroundKeywords],
) -> pd.DataFrame:
    """Reduce a set by several methods and score every result.

    Parameters
    ----------
    original : ScenarioSet
    sizes : sequence of int
        Numbers of scenarios to keep.
    methods : sequence of str
        Those of `reduce`, and `kmeans` centroids, a baseline whose scenarios never happened.
    metrics : sequence of str
        Ground metrics.
    seed, n_threads
        As in `reduce` and `evaluate`.
    study : Study, optional
        Plan, too: objective bias and regret.
    **ground
        Order, shift cost, directions and column weights; see `GroundOptions`.

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
    options = GroundOptions(**ground)
    work = Work(n_threads)
    return compare_methods(original, sizes, methods, metrics, options, seed=seed, study=study, work=work)

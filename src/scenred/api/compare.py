"""Methods of reduction side by side."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Unpack, cast

import pandas as pd

from scenred.api.generate import telling_of_compilation
from scenred.api.inputs import InputOptions, opened
from scenred.comparison import compare_methods
from scenred.io.opening.open import Sources
from scenred.model import ScenarioSet
from scenred.options import GroundOptions, Work
from scenred.options.declare import check_keywords, group_of
from scenred.options.evaluation import Comparison
from scenred.options.keywords import GroundKeywords, WorkKeywords
from scenred.options.study import Study


class CompareKeywords(GroundKeywords, WorkKeywords, total=False):
    """Keywords of `GroundOptions` and `Work`."""


DEFAULT = Comparison()


def compare(
    original: ScenarioSet,
    sizes: Sequence[int] = DEFAULT.sizes,
    methods: Sequence[str] = DEFAULT.methods,
    metrics: Sequence[str] = DEFAULT.metrics,
    *,
    seed: int = 0,
    study: Study | None = None,
    **keywords: Unpack[CompareKeywords],
) -> pd.DataFrame:
    """Reduce a set by several methods and score every result.

    Parameters
    ----------
    original : ScenarioSet
    sizes, methods, metrics, seed, study
        See `Comparison`.
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
    check_keywords(keywords, GroundOptions, Work)
    asked = Comparison(sizes, methods, metrics, seed)
    return _compared(original, asked, study, group_of(GroundOptions, keywords), group_of(Work, keywords))


def compared(
    source: Sources,
    inputs: InputOptions,
    asked: Comparison,
    study: Study | None,
    ground: GroundOptions,
    work: Work,
) -> pd.DataFrame:
    """Do what `compare` does for an input, by options as objects."""
    return _compared(opened(source, inputs), asked, study, ground, work)


def _compared(
    original: ScenarioSet, asked: Comparison, study: Study | None, ground: GroundOptions, work: Work
) -> pd.DataFrame:
    metrics = cast("Any", asked.metrics)  # checked where the options are built
    with telling_of_compilation(work):
        return compare_methods(
            original,
            asked.sizes,
            asked.methods,
            metrics,
            ground,
            seed=asked.seed,
            study=study,
            work=work,
        )

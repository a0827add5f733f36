"""From an input to representative scenarios on one page: read, cut, measure, reduce."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Unpack

import numpy.typing as npt

from scenred.api.inputs import GivenReading, InputKeywords, InputOptions, opened
from scenred.errors import RequestError, UsageError
from scenred.io.files.timer import countdown, stopwatch
from scenred.io.opening.open import Sources
from scenred.io.records.dates import read_dates
from scenred.io.records.matrix import Matrix
from scenred.kernels.jit import on_compilation
from scenred.metrics import measured
from scenred.model import Reduction, ScenarioSet
from scenred.options import Conditions, GroundOptions, SearchOptions, Work
from scenred.options.amount import Amount
from scenred.options.declare import check_keywords, group_of, recorded
from scenred.options.keywords import ConditionsKeywords, GroundKeywords, SearchKeywords, WorkKeywords
from scenred.periods.groups import GROUP
from scenred.periods.sites import split_sites
from scenred.reduction import Demands, reduce_constrained


class GenerateKeywords(InputKeywords, ConditionsKeywords, GroundKeywords, SearchKeywords, WorkKeywords, total=False):
    """Keywords of all groups of options that `generate` takes."""


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked of a reduction.

    Parameters
    ----------
    matrix : array_like of shape (n, n), or what `read_matrix` read, optional
    separate : bool
        Whether each site's columns are reduced by themselves.

    Raises
    ------
    UsageError
        If a tolerance is given for groups, or numbers by group without groups.
    """

    amount: Amount
    conditions: Conditions
    ground: GroundOptions
    search: SearchOptions
    matrix: npt.ArrayLike | Matrix | None = None
    separate: bool = False

    def __post_init__(self) -> None:
        group_by = self.conditions.group_by
        if self.amount.tolerance is not None and group_by is not None:
            raise UsageError("a tolerance and groups are both given", advice="give a number of scenarios for groups")
        if isinstance(self.amount.n_scenarios, Mapping) and group_by is None:
            raise UsageError("numbers are given by group and there are no groups", advice="say what to group by")

    def record(self) -> dict[str, Any]:
        """Return the request as the manifest holds it."""
        matrix = self.matrix
        return {
            "n_scenarios": None if self.amount.tolerance is not None else self.amount.wanted,
            "tolerance": self.amount.tolerance,
            **recorded(self.conditions),
            **recorded(self.ground),
            **recorded(self.search),
            "matrix": {"name": matrix.name, "sha256": matrix.sha256} if isinstance(matrix, Matrix) else None,
        }


def generate(
    source: Sources | ScenarioSet,
    n_scenarios: int | Mapping[str, int] | None = None,
    *,
    tolerance: float | None = None,
    matrix: npt.ArrayLike | None = None,
    reading: GivenReading = None,
    **keywords: Unpack[GenerateKeywords],
) -> Reduction:
    """Turn time series, or a scenario table, into representative scenarios with probabilities.

    Parameters
    ----------
    source : path, '-', pandas.DataFrame or ScenarioSet
        A regular series with a time column, or a scenario table (columns `scenario` and `probability`), whose
        probabilities then are the weights, or what `read_input` made of either.
    n_scenarios : int or mapping of str to int, optional
        How many to keep, from 1 to the number of periods, all that is kept for a reason included; 10 by default. With
        groups, also by group.
    tolerance : float, optional
        Keep as few as lose no more than this share of the best single scenario's cost; see `smallest`.
    matrix : array_like of shape (n, n), optional
        Ground distances that were computed elsewhere; see `precomputed_distances`.
    reading, **keywords
        Options of `Columns`, `Reading`, `Cutting`, `Conditions`, `GroundOptions`, `SearchOptions` and `Work`.

    Returns
    -------
    Reduction
        `.scenarios` is the reduced set, `.to_frame()` its table, `.to_map()` the period map.

    Raises
    ------
    SolverError
        If the optimum is required and not proven.

    Notes
    -----
    n**2 / 2 distances (see `pairwise_distances`) and a few n**2 steps a start, 4 n**2 bytes, for n periods.

    Examples
    --------
    >>> import numpy as np
    >>> import pandas as pd
    >>> hours = pd.date_range("2019-01-01", periods=24 * 60, freq="h")
    >>> wind = 0.5 + 0.5 * np.sin(np.arange(24 * 60) / 3.1)
    >>> reduction = generate(pd.DataFrame({"wind": wind}, index=hours), 3)
    >>> reduction.scenarios.values.shape, float(reduction.scenarios.probabilities.sum())
    ((3, 24, 1), 1.0)
    """
    check_keywords(keywords, GenerateKeywords)
    if matrix is not None and (metric := keywords.setdefault("metric", "precomputed")) != "precomputed":
        raise RequestError(f"a matrix is given, and metric {metric!r}", advice="leave one of them out")
    request = Request(
        Amount(n_scenarios, tolerance),
        group_of(Conditions, keywords),
        group_of(GroundOptions, keywords),
        group_of(SearchOptions, keywords),
        matrix,
    )
    inputs = InputOptions.of(keywords, reading)
    return generate_all(source, inputs, request, group_of(Work, keywords))[0][""]


def generate_all(
    source: Sources | ScenarioSet,
    inputs: InputOptions,
    request: Request,
    work: Work,
    on_read: Callable[[ScenarioSet], None] | None = None,
) -> tuple[dict[str, Reduction], dict[str, Any]]:
    """Do what `generate` does, by options as objects, for the whole input ('') or each of its sites.

    `on_read` is called with the periods before they are measured. Return the reductions by site, and the options as
    the manifest holds them.
    """
    conditions = request.conditions
    conditions = replace(conditions, include=dates_of(conditions.include), exclude=dates_of(conditions.exclude))
    request = replace(request, conditions=conditions)
    original = opened(source, inputs, conditions.group_by)
    if on_read is not None:
        on_read(original)
    sets = split_sites(original) if request.separate else {"": original}
    reductions = {site: reduced(one, request, work) for site, one in sets.items()}
    return reductions, inputs.record(original) | request.record()


def reduced(original: ScenarioSet, request: Request, work: Work) -> Reduction:
    """Measure a scenario set and reduce it; the time limit begins here."""
    work = started(work, request.search)
    amount, conditions = request.amount, request.conditions
    if conditions.group_by is not None:
        conditions = replace(conditions, group_by=GROUP)  # every period has its group by now
    demands = Demands.of(original, conditions)  # what cannot be met is refused before anything is measured
    matrix = request.matrix.values if isinstance(request.matrix, Matrix) else request.matrix
    with telling_of_compilation(work):
        distances = measured(original, request.ground, work, matrix)
        return reduce_constrained(
            original, distances, amount.wanted, demands, request.search, work, tolerance=amount.tolerance
        )


def started(work: Work, search: SearchOptions) -> Work:
    """Return work whose time begins to run now."""
    return replace(work, time_left=countdown(search.time_limit), clock=stopwatch())


def telling_of_compilation(work: Work) -> Any:
    """Return a block in which progress tells when a kernel is compiled."""
    tell = work.on_stage("compiling, once per machine")
    return on_compilation(lambda: tell(0.0))


def dates_of(texts: Sequence[str]) -> list[str]:
    """Return dates unchanged, and those of the file for each `@FILE`."""
    return [date for text in texts for date in (read_dates(text[1:]) if text.startswith("@") else [text])]

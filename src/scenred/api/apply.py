"""The dates and probabilities of earlier scenarios, applied to other columns of the same calendar."""

from __future__ import annotations

import os
from typing import Unpack

from scenred.api.inputs import GivenReading, InputOptions
from scenred.errors import RequestError
from scenred.io.opening.open import Sources, open_tables
from scenred.io.records.manifest import read_manifest
from scenred.io.records.scenario_table import is_scenario_table
from scenred.io.series.series import series_of
from scenred.model import ScenarioSet
from scenred.options.declare import check_keywords
from scenred.options.keywords import ColumnsKeywords, ReadingKeywords


class ApplyKeywords(ColumnsKeywords, ReadingKeywords, total=False):
    """Keywords of `Columns` and `Reading`."""


def apply(
    manifest: str | os.PathLike[str],
    source: Sources,
    *,
    reading: GivenReading = None,
    **keywords: Unpack[ApplyKeywords],
) -> ScenarioSet:
    """Apply the dates and probabilities of an earlier reduction to other columns of the same calendar.

    Parameters
    ----------
    manifest : path
        Of the earlier reduction.
    source : path, '-' or pandas.DataFrame, or several to join on time
        A series: load, prices, another site.
    reading, **keywords
        Options of `Columns` and `Reading`.

    Raises
    ------
    RequestError
        If the series does not hold all scenarios; see `Replay.applied_to`.
    """
    check_keywords(keywords, ApplyKeywords)
    return applied(manifest, source, InputOptions.of(keywords, reading))


def applied(manifest: str | os.PathLike[str], source: Sources, inputs: InputOptions) -> ScenarioSet:
    """Do what `apply` does, by options as objects."""
    replay = read_manifest(manifest)
    replay.check_cutting(inputs.cutting)
    tables = open_tables(source, inputs.reading)
    if is_scenario_table(tables[0]):
        raise RequestError(
            "is a scenario table; scenarios are applied to a series, with a column of times",
            place=tables[0].name,
        )
    return replay.applied_to(series_of(tables, inputs.columns))

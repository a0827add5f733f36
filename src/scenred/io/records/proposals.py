"""Settings with which a refused input might be read, though its refusal does not name them: a few are tried.

What is read so is only proposed: it is regular, and no row of it is sorted, joined or left out.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from dataclasses import replace

import pandas as pd

from scenred.errors import ScenredError, ScenredWarning
from scenred.io.clock.columns import looks_like_times
from scenred.io.clock.words import is_time_part
from scenred.io.records.inspection import Chosen, Input, Understood, read_by_remedies
from scenred.io.series.columns import is_mark
from scenred.io.series.long import numbers_of_sites, site_columns, value_columns_of
from scenred.io.tables.table import Table

# Settings of a kind that are tried, and lines in which a header may be.
MOST, MOST_LINES = 4, 6
# Rows of a table that is parsed again for each of them.
MOST_ROWS = 200_000
# Changes of rows after which a proposal is not plausible, by their first words.
DOUBTFUL = (
    "rows moved",
    "rows of a time",
    "rows without partner",
    "identical rows",
    "steps missing",
    "values interpolated",
)


def proposed(given: Input, chosen: Chosen) -> Understood | None:
    """Return the input as the first plausible of a few settings reads it; None if none does."""
    for trial in _trials(given, chosen):
        found = read_by_remedies(given, trial)
        if found is not None and is_plausible(found):
            return found
    return None


def is_doubtful(found: Understood, given: Chosen) -> bool:
    """Return whether remedies sort, join or move rows, which may hide that another column holds the time."""
    now, before = found.chosen.reading, given.reading
    return (now.sort, now.duplicates, now.snap) != (before.sort, before.duplicates, before.snap)


def is_plausible(found: Understood) -> bool:
    """Return whether rows are a regular series, and were taken as they are."""
    if found.series is None:
        return False
    changes = dict(found.series.source.changes)
    return found.series.places is None and not any(what.startswith(DOUBTFUL) for what in changes)


def _trials(given: Input, chosen: Chosen) -> Iterator[Chosen]:
    """Yield options to try: another time column, columns of numbers, sites, another header."""
    columns, reading, _ = chosen
    table = _first_table(given, chosen)
    if table is not None:
        if columns.time is None:
            for time in _times(table):
                yield chosen._replace(columns=replace(columns, time=time))
        if not columns.wanted and (numbers := _numbers(table)):
            yield chosen._replace(columns=replace(columns, columns=numbers))
        if not reading.long:
            for long in _sites(table):
                yield chosen._replace(reading=replace(reading, long=long))
    if reading.header is None and (table is None or len(table.frame) <= MOST_ROWS):
        for header in (*map(str, range(1, MOST_LINES + 1)), "none"):
            yield chosen._replace(reading=replace(reading, header=header))


def _first_table(given: Input, chosen: Chosen) -> Table | None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ScenredWarning)
        try:
            return given.opened(chosen.reading)[0]
        except ScenredError:
            return None


def _times(table: Table) -> list[str]:
    """Return columns of times, those of regular steps first."""
    names = [str(name) for name in table.frame.columns]
    return [name for name in names if looks_like_times(table, name)][:MOST]


def _numbers(table: Table) -> tuple[str, ...]:
    """Return the columns of which most cells are numbers and all can be read."""
    found = []
    for name in map(str, table.frame.columns):
        if looks_like_times(table, name) or is_time_part(name) or is_mark(table, name) or table.is_text(name):
            continue
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ScenredWarning)
            try:
                values = table.cells(name)
            except ScenredError:
                continue
        if not pd.isna(values).any():
            found.append(name)
    return tuple(found)


def _sites(table: Table) -> list[tuple[str, ...]]:
    """Return columns of sites, of words or of numbers, each with all columns of values."""
    names = [str(name) for name in table.frame.columns if not looks_like_times(table, str(name))]
    numbered = numbers_of_sites(table, names)
    values = [
        name
        for name in value_columns_of(table, names)
        if not (is_time_part(name) or is_mark(table, name) or name in numbered)
    ]
    return [(site, *values) for site in [*site_columns(table, names), *numbered][:MOST] if values]

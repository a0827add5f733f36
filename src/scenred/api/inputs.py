"""An input becomes a scenario set: the way in of every verb that reads series or scenarios."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Unpack

from scenred.errors import RequestError, ScenredWarning, Setting, UsageError
from scenred.io.opening.open import Sources, open_tables
from scenred.io.records.scenario_table import is_scenario_table, scenarios_of
from scenred.io.series.labels import labels_of, without
from scenred.io.series.series import series_of
from scenred.io.tables.table import Table
from scenred.model import ScenarioSet
from scenred.model.replay import CALENDAR
from scenred.options import Columns, Cutting, Reading
from scenred.options.declare import check_keywords, group_of, overrides, recorded
from scenred.options.keywords import ColumnsKeywords, CuttingKeywords, ReadingKeywords
from scenred.periods.groups import grouped, grouped_by_words
from scenred.periods.slicing import slice_periods

GivenReading = Reading | Mapping[str, object] | None


class InputKeywords(ColumnsKeywords, ReadingKeywords, CuttingKeywords, total=False):
    """Keywords of `Columns`, `Reading` and `Cutting`."""


@dataclass(frozen=True, slots=True)
class InputOptions:
    """How an input is read and cut.

    Parameters
    ----------
    columns : Columns
    reading : Reading
    cutting : Cutting

    Raises
    ------
    UsageError
        If days of UTC are asked for, and also a choice for days of 23 and 25 hours.
    """

    columns: Columns
    reading: Reading
    cutting: Cutting

    def __post_init__(self) -> None:
        """Raise a UsageError if calendar and clock changes contradict each other."""
        if self.reading.calendar == "utc" and self.cutting.dst is not None:
            raise UsageError(
                "days of UTC all have 24 hours",
                advice=("leave out ", Setting("dst"), ", or choose ", Setting("calendar", "local")),
            )

    @classmethod
    def of(cls, keywords: Mapping[str, object], reading: GivenReading = None) -> InputOptions:
        """Build them from the keywords of a call; `reading` holds some of them in one object or mapping."""
        held = overrides(reading) if isinstance(reading, Reading) else dict(reading or {})
        check_keywords(held, Reading, Cutting)
        given = held | dict(keywords)
        return cls(group_of(Columns, given), group_of(Reading, given), group_of(Cutting, given))

    def given(self) -> list[str]:
        """Return the names of the options that differ from their defaults."""
        return [name for group in (self.columns, self.reading, self.cutting) for name in overrides(group)]

    def record(self, original: ScenarioSet) -> dict[str, object]:
        """Return the options as the manifest of a scenario set holds them."""
        cutting = recorded(self.cutting)
        calendar = {name: value for name, value in overrides(self.cutting).items() if name in CALENDAR}
        return {
            "reading": overrides(self.reading) | calendar,
            **recorded(self.columns),
            "period": self.cutting.period if original.step is None else self.cutting.length,
            "align": cutting["align"],
        }


def read_input(
    source: Sources,
    *,
    group_by: str | None = None,
    reading: GivenReading = None,
    **keywords: Unpack[InputKeywords],
) -> ScenarioSet:
    """Read a scenario table, or read and cut a series, whichever the input is.

    Parameters
    ----------
    source : path, '-' or pandas.DataFrame, or several to join on time
    group_by : str, optional
        What gives every period its group, as in `generate`; also a column of words.
    reading : Reading or mapping, optional
        Options of reading and cutting in one object.
    **keywords
        Options of `Columns`, `Reading` and `Cutting`.

    Returns
    -------
    ScenarioSet
        Equal probabilities for a series; those of the table otherwise.

    Raises
    ------
    InputError
        If the input is refused.
    RequestError
        If a scenario table is to be cut, or a column is not there.

    Examples
    --------
    >>> import numpy as np, pandas as pd
    >>> hours = pd.date_range("2019-01-01", periods=48, freq="h")
    >>> read_input(pd.DataFrame({"wind": np.linspace(0, 1, 48)}, index=hours), period="6h").n_scenarios
    8
    """
    check_keywords(keywords, Columns, Reading, Cutting)
    return opened(source, InputOptions.of(keywords, reading), group_by)


def opened(source: Sources | ScenarioSet, options: InputOptions, group_by: str | None = None) -> ScenarioSet:
    """Do what `read_input` does, by options as objects; a scenario set is taken unchanged."""
    if isinstance(source, ScenarioSet):
        if given := options.given():
            raise RequestError("a scenario set is already read and cut", advice=f"leave out {', '.join(given)}")
        return source if group_by is None else grouped(source, group_by)
    tables = open_tables(source, options.reading)
    if group_by is None:
        return _cut(tables, options)
    columns = options.columns
    labels = labels_of(tables, group_by)
    if labels is None:
        if columns.wanted and any(group_by in table.frame.columns for table in tables):
            columns = replace(columns, columns=(*columns.columns, group_by))
        return grouped(_cut(tables, replace(options, columns=columns)), group_by)
    if columns.wanted == {group_by}:
        raise RequestError("is the only column", "values next to it", place=Setting("group_by", group_by))
    kept = replace(columns.among([name for name in columns.wanted if name != group_by]), capacity=columns.capacity)
    original = _cut(without(tables, group_by), replace(options, columns=kept))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ScenredWarning)  # the notes on the values are enough
        words = InputOptions(Columns(options.columns.time, labels.columns), labels.tables[0].reading, options.cutting)
        numbers = _cut(labels.tables, words)
    return grouped_by_words(original, numbers, labels.words, group_by)


def _cut(tables: Sequence[Table], options: InputOptions) -> ScenarioSet:
    """Return the scenarios of a table of scenarios, or the periods of series."""
    columns, cutting = options.columns, options.cutting
    if not any(map(is_scenario_table, tables)):
        return slice_periods(series_of(tables, columns), cutting, options.reading.calendar)
    if len(tables) > 1:
        raise RequestError(
            "a scenario table is not joined with other inputs",
            advice="name one input",
            place=f"{tables[0].name} and others",
        )
    if cutting.period is not None or columns.time is not None or cutting.align != "midnight":
        asked = "time column" if columns.time is not None else "period"
        raise RequestError(
            f"is a scenario table, already cut; a {asked} is for series",
            advice="leave it out",
            place=tables[0].name,
        )
    return scenarios_of(tables[0], columns)

"""How an input would be read: as given, else by what refusals advise; and whether the settings read it so again."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any, NamedTuple, cast

import numpy as np

from scenred.errors import InputError, RequestError, ScenredError, ScenredWarning, Setting
from scenred.io.files.source import STDIN, Content, read_content
from scenred.io.opening.open import Source, Sources, open_tables
from scenred.io.records.scenario_table import is_scenario_table, scenarios_of
from scenred.io.series.series import series_of
from scenred.io.tables.table import Table
from scenred.model import ScenarioSet, Series
from scenred.options import Calendar, Columns, Cutting, Reading
from scenred.options.declare import group_of, overrides

Cut = Callable[[Series, Cutting, Calendar | None], ScenarioSet]
MOST_REMEDIES = 8


class Chosen(NamedTuple):
    """How an input is read and cut: the options of three groups."""

    columns: Columns
    reading: Reading
    cutting: Cutting

    @classmethod
    def of(cls, settings: Mapping[str, object]) -> Chosen:
        """Build them from settings, which are options by name."""
        return cls(group_of(Columns, settings), group_of(Reading, settings), group_of(Cutting, settings))

    def settings(self) -> dict[str, Any]:
        """Return the options that are not at their default, by name."""
        return {name: value for group in self for name, value in overrides(group).items()}

    def beyond(self, given: Chosen) -> dict[str, Any]:
        """Return the options that are not those that were given, by name."""
        before = {name: value for group in given for name, value in asdict(group).items()}
        return {name: value for name, value in self.settings().items() if value != before[name]}

    def changed(self, remedy: Sequence[Setting]) -> Chosen | None:
        """Return the options with those that a refusal names; None if they say nothing new."""
        named: dict[str, Any] = {one.option: one.value for one in remedy}
        if "na" in named:
            named["na"] = (*self.reading.na, *named["na"])
            if self.reading.missing != "error":
                named.pop("missing", None)
        groups = [
            replace(group, **{name: value for name, value in named.items() if hasattr(group, name)}) for group in self
        ]
        found = Chosen(*groups)  # type: ignore[arg-type]  # of the same types
        return None if found == self else found


@dataclass(frozen=True, slots=True, eq=False)
class Understood:
    """An input as it was read: its tables, the series that they hold, if it is one, its scenarios, and the warnings."""

    chosen: Chosen
    tables: list[Table]
    series: Series | None
    scenarios: ScenarioSet
    notes: list[ScenredWarning]

    def settings(self) -> dict[str, Any]:
        """Return the options by name that read the input so, what was found among them."""
        columns, reading, cutting = self.chosen
        if self.series is None:
            return Chosen(replace(columns, time=None), self.tables[0].reading, cutting).settings()
        source = self.series.source
        time = source.time if source.sha256 is not None else None
        return Chosen(replace(columns, time=time), source.reading or reading, cutting).settings()


@dataclass(slots=True)
class Input:
    """An input that is read several times; standard input is read once, and a table is parsed once for each layout."""

    held: list[Source]
    cut: Cut
    tables: list[Table] = field(default_factory=list)

    @classmethod
    def of(cls, source: Sources, max_size: int, cut: Cut) -> Input:
        """Take sources, and read standard input."""
        listed = cast("list[Source]", list(source) if isinstance(source, list | tuple) else [source])
        is_stdin = [isinstance(one, str) and one == STDIN for one in listed]
        content: list[Content] = [read_content(STDIN, max_size)] if any(is_stdin) else []
        return cls([content[0] if here else one for one, here in zip(listed, is_stdin, strict=True)], cut)

    def opened(self, reading: Reading) -> list[Table]:
        """Return the tables by options; one is not parsed again where its layout is that of the last time."""
        self.tables = open_tables(self.held, reading, known=self.tables)
        return self.tables

    def read(self, chosen: Chosen) -> Understood:
        """Read and cut the input, or raise what refuses it."""
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always", ScenredWarning)
            tables = self.opened(chosen.reading)
            if len(tables) == 1 and is_scenario_table(tables[0]):
                series, scenarios = None, scenarios_of(tables[0], chosen.columns)
            else:
                series = series_of(tables, chosen.columns)
                scenarios = self.cut(series, chosen.cutting, _calendar(series))
        notes = [one.message for one in caught if isinstance(one.message, ScenredWarning)]
        return Understood(chosen, tables, series, scenarios, notes)


def understood(given: Input, chosen: Chosen) -> tuple[Understood | None, ScenredError | None]:
    """Read an input as given, else by the remedies that refusals name; return also what is refused as given."""
    refusal: ScenredError | None = None
    for _ in range(MOST_REMEDIES):
        try:
            return given.read(chosen), refusal
        except (InputError, RequestError) as error:
            refusal = refusal or error
            remedied = chosen.changed(error.remedy)
        if remedied is None:
            break
        chosen = remedied
    return None, refusal


def read_by_remedies(given: Input, chosen: Chosen) -> Understood | None:
    """Read an input by options, and by the remedies of refusals; None if it is refused all the same."""
    try:
        return understood(given, chosen)[0]
    except ScenredError:  # options that contradict each other
        return None


def unlike(given: Input, first: Understood, respelled: Callable[[], Chosen]) -> str | None:
    """Read an input by the options that were found, and return what is then read otherwise; None if nothing is."""
    try:
        chosen = respelled()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ScenredWarning)
            tables = given.opened(chosen.reading)
            if first.series is None:
                return _unlike_sets(first.scenarios, scenarios_of(tables[0], chosen.columns))
            again = series_of(tables, chosen.columns)
    except ScenredError as error:
        return f"they are refused: {error}"
    if chosen.cutting != first.chosen.cutting or _calendar(again) != _calendar(first.series):
        return "days are cut otherwise"
    return _unlike_series(first.series, again)


def _calendar(series: Series) -> Calendar | None:
    return None if series.source.reading is None else series.source.reading.calendar


def _unlike_series(one: Series, other: Series) -> str | None:
    if one.columns != other.columns:
        return f"columns are {', '.join(other.names)}"
    if (one.start, str(one.start.tz), one.step) != (other.start, str(other.start.tz), other.step):
        return f"the first step of {other.step} begins at {other.start}"
    if not np.array_equal(one.steps(), other.steps()):
        return f"there are {len(other.values)} rows, or gaps lie elsewhere"
    return None if np.array_equal(one.values, other.values) else "values are others"


def _unlike_sets(one: ScenarioSet, other: ScenarioSet) -> str | None:
    if one.columns != other.columns:
        return f"columns are {', '.join(column.name for column in other.columns)}"
    is_same = np.array_equal(one.probabilities, other.probabilities) and np.array_equal(one.values, other.values)
    return None if is_same else "scenarios are others"

"""What an export is asked for besides the scenarios: calendar, step, hours and names."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pandas as pd

from scenred.errors import RequestError, Setting
from scenred.io.exports.chronology import Chronology
from scenred.model import Facts, ScenarioSet
from scenred.options.exporting import DEFAULT_REGION, Entry, Form


@dataclass(frozen=True, slots=True, eq=False)
class ExportRequest:
    """What a format may need to know: `Exporting` with its defaults, and what the set and its map add.

    `chronology` is the period map, matched with the scenarios; `step` is None where its length is not known. `hours`
    are what all scenarios together stand for: `given_hours`, else those of the set's file, else one year.
    """

    chronology: Chronology | None
    step: pd.Timedelta | None
    hours: float
    given_hours: float | None
    form: Form
    entries: Mapping[str, Entry]
    stage: str
    date: dt.date | None
    year: int | None
    value_of_lost_load: float
    network_file: str | None = None
    names: Mapping[str, str | Sequence[str]] = field(default_factory=dict)
    network_tz: str | None = None
    region: str = DEFAULT_REGION
    origin: Mapping[str, str] = field(default_factory=dict)

    def said(self, name: str) -> tuple[str | Setting, ...]:
        """Return in words what was not given: the hours that all scenarios together stand for."""
        if name == "calliope" and self.chronology is not None:
            n = self.chronology.n_periods
            return (f"Calliope counts the {n} dates of the map, {24 * n} h, and scales yearly costs by them",)
        if name == "tsam" and self.chronology is not None:
            return (f"tsam counts the {self.chronology.n_periods} periods of the map",)
        return (f"all scenarios together stand for {self.hours:g} h; choose others with ", Setting("hours"))

    def facts(self, scenarios: ScenarioSet) -> Facts:
        """Return what is known besides the table, for formats that have a place for it."""
        return Facts(self.step, self.hours, scenarios.zone, self.origin)

    @property
    def step_hours(self) -> float:
        """Length of a step in hours; raise a RequestError if it is not known."""
        if self.step is None:
            raise RequestError(
                "the scenario table does not say how long a step is",
                advice=("pass the period map, or ", Setting("step", "1h")),
            )
        return self.step / pd.Timedelta(hours=1)

    def repeats(self, scenarios: ScenarioSet) -> float:
        """Return how often each original period comes in the hours that are asked for: 1 for the days of one year."""
        return self.hours / (self.calendar.n_periods * scenarios.n_steps * self.step_hours)

    @property
    def calendar(self) -> Chronology:
        """The chronology, of formats that need it."""
        if self.chronology is None:
            raise RequestError("the period map is missing", advice="pass the one that generate wrote")
        return self.chronology

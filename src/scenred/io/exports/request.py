"""What an export is asked for besides the scenarios: calendar, step, hours and names."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pandas as pd

from scenred.errors import RequestError, Setting
from scenred.io.exports.chronology import Chronology
from scenred.options.exporting import Entry, Form


@dataclass(frozen=True, slots=True, eq=False)
class ExportRequest:
    """What a format may need to know: `Exporting` with its defaults, and what the set and its map add.

    `chronology` is the period map, matched with the scenarios; `step` is None where its length is not known.
    """

    chronology: Chronology | None
    step: pd.Timedelta | None
    hours: float
    form: Form
    entries: Mapping[str, Entry]
    stage: str
    date: dt.date | None
    year: int | None
    value_of_lost_load: float
    network_file: str | None = None
    names: Mapping[str, str | Sequence[str]] = field(default_factory=dict)
    network_tz: str | None = None

    @property
    def step_hours(self) -> float:
        """Length of a step in hours; raise a RequestError if it is not known."""
        if self.step is None:
            raise RequestError(
                "the scenario table does not say how long a step is",
                advice=("pass the period map, or ", Setting("step", "1h")),
            )
        return self.step / pd.Timedelta(hours=1)

    @property
    def calendar(self) -> Chronology:
        """The chronology, of formats that need it."""
        if self.chronology is None:
            raise RequestError("the period map is missing", advice="pass the one that generate wrote")
        return self.chronology

"""What an export is asked for besides the scenarios: calendar, step, hours and names."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from scenred.errors import RequestError
from scenred.io.exports.chronology import Chronology

Form = Literal["scenarios", "days"]

# Hours of the year that capital costs are stated for, in every model that reads these files.
HOURS_PER_YEAR = 8760.0
HOURLY_STEPS = 24


@dataclass(frozen=True, slots=True)
class Entry:
    """Return which coefficient of a linear program one column of a scenario set replaces.

    Parameters
    ----------
    column, row : str
        Names in the core file; `RHS` or whatever the core calls it as column for a right-hand side. `{step}`
        stands for the step from 0, `{step+1}` for the step from 1.
    factor : float
        What the values are multiplied by.
    """

    column: str
    row: str
    factor: float = 1.0

    def __post_init__(self) -> None:
        if not np.isfinite(self.factor):
            raise RequestError(
                f"the factor of {self.column}:{self.row} is {self.factor:g}; scenred needs a finite factor"
            )


@dataclass(frozen=True, slots=True, eq=False)
class ExportRequest:
    """What a format may need to know.

    Parameters
    ----------
    chronology : Chronology, optional
        The period map, matched with the scenarios.
    step : pandas.Timedelta, optional
        Length of a step; None where nobody said.
    hours : float
        [h] that all scenarios together stand for; a year by default.
    form : {'scenarios', 'days'}
        Whether PyPSA gets alternatives with probabilities or weighted days in one sequence.
    entries : dict of str to Entry
        For SMPS, by column of the scenario set.
    stage : str
        For SMPS: the stage in which the scenarios branch.
    date : datetime.date, optional
        For PGscen: the day that all scenarios are about.
    year : int, optional
        For Tulipa: the milestone year, 1 to 9999.
    value_of_lost_load : float
        [EUR/MWh] for GenX.
    """

    chronology: Chronology | None = None
    step: pd.Timedelta | None = None
    hours: float = HOURS_PER_YEAR
    form: Form = "scenarios"
    entries: dict[str, Entry] | None = None
    stage: str = "STAGE-2"
    date: dt.date | None = None
    year: int | None = None
    value_of_lost_load: float = 10_000.0

    def __post_init__(self) -> None:
        if not (np.isfinite(self.hours) and self.hours > 0):
            raise RequestError(f"the scenarios stand for {self.hours:g} h; scenred needs hours above 0")
        if not (np.isfinite(self.value_of_lost_load) and self.value_of_lost_load >= 0):
            raise RequestError(
                f"the value of lost load is {self.value_of_lost_load:g}; scenred needs at least 0"
            )
        if self.year is not None and not 1 <= self.year <= dt.MAXYEAR:
            raise RequestError(f"the milestone year is {self.year}; scenred needs one from 1 to {dt.MAXYEAR}")

    @property
    def step_hours(self) -> float:
        """Length of a step in hours.

        Raises
        ------
        RequestError
            When nobody said how long a step is.
        """
        if self.step is None:
            raise RequestError(
                "the scenario table does not say how long a step is; pass the period map, or a step such as 1h"
            )
        return self.step / pd.Timedelta(hours=1)

    @property
    def calendar(self) -> Chronology:
        """The chronology, which a format's table says is needed."""
        if self.chronology is None:
            raise RequestError("the period map is missing; pass the one that generate --map wrote")
        return self.chronology


def known_step(
    given: pd.Timedelta | None, own: pd.Timedelta | None, n_steps: int, starts: pd.DatetimeIndex | None
) -> pd.Timedelta | None:
    """Find the length of a step: as given, else as the set knows, else from the calendar, else 24 steps a day.

    Parameters
    ----------
    given, own : pandas.Timedelta, optional
    n_steps : int
    starts : pandas.DatetimeIndex, optional
        Of the original periods; most that follow each other are one period apart.

    Examples
    --------
    >>> days = pd.date_range("2019-01-01", periods=5, freq="D")
    >>> known_step(None, None, 96, days)
    Timedelta('0 days 00:15:00')
    >>> known_step(None, None, 168, None) is None
    True
    """
    if given is not None:
        if given <= pd.Timedelta(0):
            raise RequestError(f"a step of {given} is asked for; scenred needs a length above 0, such as 1h")
        return given
    if own is not None:
        return own
    if starts is not None and len(starts) > 1:
        lengths = pd.Series(starts[1:] - starts[:-1])
        return pd.Timedelta(lengths.mode()[0] / n_steps)  # days are missing, or are 23 and 25 hours apart
    return pd.Timedelta(hours=1) if n_steps == HOURLY_STEPS else None

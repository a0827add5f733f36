"""What the models that read an export ask for besides the scenarios."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal

from scenred.errors import RequestError
from scenred.options.declare import check, option

Form = Literal["scenarios", "days"]
# Of a scenario table: one row per scenario and step, or one row per scenario.
Layout = Literal["long", "wide"]

# Hours of the year that capital costs are stated for, in every model that reads these files.
HOURS_PER_YEAR = 8760.0
HOURS_PER_LEAP_YEAR = 8784.0
DEFAULT_FORM: Form = "scenarios"
DEFAULT_LOST_LOAD = 10_000.0
DEFAULT_STAGE = "STAGE-2"
DEFAULT_REGION = "REGION1"


@dataclass(frozen=True, slots=True)
class Entry:
    """The coefficient of a linear program that one column of a scenario set replaces.

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
        """Raise a RequestError if the factor is not finite."""
        if not math.isfinite(self.factor):
            raise RequestError(f"the factor of {self.column}:{self.row} is {self.factor:g}", "a finite factor")


@dataclass(frozen=True, slots=True)
class Exporting:
    """What a format may need to know; each option belongs to some formats only.

    Raises
    ------
    RequestError
        If a number is out of range.
    """

    heading: ClassVar[str] = "Formats"

    step: str | None = option(
        None,
        "Length of a step, where neither table nor map holds it: 1h, 15min.",
        metavar="LENGTH",
        shown="1h for 24 steps",
    )
    hours: float | None = option(
        None,
        "Hours that all scenarios together stand for.",
        noun="number of hours",
        metavar="H",
        unit="h",
        shown=f"one year, {HOURS_PER_YEAR:g}, or {HOURS_PER_LEAP_YEAR:g} where all days are of leap years",
        low=0,
        is_open=(True, False),
        is_finite=True,
    )
    rename: Mapping[str, str] | None = option(
        None,
        "Call a column, scenario or group otherwise, where a format cannot carry its name; repeat for more.",
        metavar="OLD=NEW",
    )
    form: Form | None = option(
        None,
        "For pypsa: alternatives with probabilities, or weighted days in a row.",
        shown=DEFAULT_FORM,
    )
    network_file: str | None = option(
        None,
        "For pypsa-netcdf: network of PyPSA that gets the scenarios: .nc, or folder of CSV.",
        flag="--network",
        metavar="PATH",
    )
    names: Mapping[str, str | Sequence[str]] | None = option(
        None,
        "For pypsa-netcdf: generator, or load, that gets a column; repeat for more; NAME= for none. That of its "
        "name by default.",
        flag="--component",
        metavar="NAME=COMPONENT",
    )
    network_tz: str | None = option(
        None,
        "For pypsa-netcdf: zone of the network's snapshots, where it has series of its own.",
        metavar="ZONE",
        shown="UTC or that of the scenarios, by the values",
    )
    value_of_lost_load: float | None = option(
        None,
        "For genx: value of lost load.",
        flag="--voll",
        metavar="EUR/MWH",
        unit="EUR/MWh",
        shown=f"{DEFAULT_LOST_LOAD:g}",
        low=0,
        is_finite=True,
    )
    year: int | None = option(
        None,
        "For tulipa, osemosys, switch and temoa: year that is modelled; that of the first period by default.",
        noun="year",
        metavar="YEAR",
        low=1,
        high=9999,
    )
    entries: Mapping[str, Entry] | None = option(
        None,
        "For smps: what a column replaces in the core file, {step} or {step+1} being the step; repeat for more.",
        flag="--entry",
        metavar="NAME=COLUMN:ROW[:FACTOR]",
        shown="RHS:NAME_{step}",
    )
    stage: str | None = option(None, "For smps: stage of the scenarios.", metavar="NAME", shown=DEFAULT_STAGE)
    date: str | None = option(
        None, "For pgscen and plexos: day of the scenarios; their own by default.", metavar="YYYY-MM-DD"
    )
    region: str | None = option(
        None, "For osemosys and temoa: name of the region.", metavar="NAME", shown=DEFAULT_REGION
    )

    def __post_init__(self) -> None:
        """Raise a RequestError if a number is out of range."""
        check(self)

"""What a scenario table does not say, and other formats carry with it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

ORIGIN = ("written_by", "source", "source_sha256", "options")


@dataclass(frozen=True, slots=True)
class Facts:
    """Facts about a scenario set that its table has no column for; each is None where it is not known.

    Parameters
    ----------
    step : pandas.Timedelta, optional
        Length of a step.
    hours : float, optional
        Hours that all scenarios together stand for [h]: each stands for its probability times these.
    zone : str, optional
        Zone whose clock the starts show: its IANA name, or such as `UTC+02:00`.
    origin : mapping of str to str
        Where the set comes from, by `ORIGIN`: the program that wrote it, the file that was reduced and its SHA-256, and
        the options of the reduction as JSON.

    Examples
    --------
    >>> Facts(pd.Timedelta("15min"), 8760.0, "Europe/Berlin").named()
    {'step_seconds': 900.0, 'hours': 8760.0, 'zone': 'Europe/Berlin'}
    """

    step: pd.Timedelta | None = None
    hours: float | None = None
    zone: str | None = None
    origin: Mapping[str, str] = field(default_factory=dict)

    def named(self) -> dict[str, float | str]:
        """Return the facts that are known, by the name that they have in files."""
        seconds = None if self.step is None else self.step.total_seconds()
        found = {"step_seconds": seconds, "hours": self.hours, "zone": self.zone}
        return {name: fact for name, fact in found.items() if fact is not None} | dict(self.origin)

    @classmethod
    def of(cls, named: Mapping[str, object]) -> Facts:
        """Return the facts that a file names, as numbers or as text; other names are left.

        Raise a ValueError if a length is not a finite number above 0.

        Examples
        --------
        >>> Facts.of({"hours": "24", "title": "a day"}).hours
        24.0
        """
        seconds, hours = (_positive(name, named.get(name)) for name in ("step_seconds", "hours"))
        zone = named.get("zone")
        step = None if seconds is None else pd.Timedelta(seconds=seconds)
        origin = {name: str(named[name]) for name in ORIGIN if named.get(name) is not None}
        return cls(step, hours, None if zone is None else str(zone), origin)


def _positive(name: str, value: object) -> float | None:
    if value is None:
        return None
    number = float(str(value))
    if not 0 < number < math.inf:
        raise ValueError(f"{name} is {number:g}")
    return number

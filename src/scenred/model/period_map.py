"""Which scenario represents each original period: the calendar behind a reduced set."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from scenred.arrays import Float64, finite
from scenred.errors import InputError


@dataclass(frozen=True, slots=True, eq=False)
class PeriodMap:
    """The period map: one entry per original period, in the order of time.

    Parameters
    ----------
    periods : tuple of str
        Label of each original period.
    scenarios : tuple of str
        Label of the scenario that represents it.
    distances : ndarray of shape (n_periods,)
        Ground distance of each period to its scenario, at least 0.
    starts : pandas.DatetimeIndex of length n_periods, optional
        First time stamp of each period, increasing.
    clocks : pandas.DatetimeIndex of length n_periods, optional
        The same as the clock shows it, without zone; it tells the dates where the offset from UTC changes.
    sha256 : str, optional
        Of the file that it was read from.

    Raises
    ------
    InputError
        If the lengths differ, a distance is below 0, or the starts do not increase.
    """

    periods: tuple[str, ...]
    scenarios: tuple[str, ...]
    distances: Float64
    starts: pd.DatetimeIndex | None = None
    clocks: pd.DatetimeIndex | None = None
    sha256: str | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "distances", finite(self.distances, "distances"))
        n = len(self.periods)
        if not n or len(self.scenarios) != n or self.distances.shape != (n,):
            raise InputError(
                f"a period map has {n} periods, {len(self.scenarios)} scenarios and {self.distances.size} distances",
                "one scenario and one distance for each period, and at least one period",
            )
        if (self.distances < 0).any():
            raise InputError(f"a period map holds the distance {self.distances.min():g}", "at least 0")
        if self.clocks is None and self.starts is not None:
            object.__setattr__(self, "clocks", self.starts.tz_localize(None))
        if self.starts is not None and not (
            self.starts.is_monotonic_increasing and self.starts.is_unique and len(self.starts) == n
        ):
            raise InputError("the periods of a period map are not ordered by start", advice="sort its rows")

    @property
    def n_periods(self) -> int:
        """Number of original periods."""
        return len(self.periods)

"""The scenarios of an earlier reduction, ready for other columns of the same calendar."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from scenred.arrays import Float64, read_only
from scenred.errors import RequestError, Setting, Text, UsageError
from scenred.model.local_time import DAY, left_out_before, local_moments
from scenred.model.scenario_set import ScenarioSet
from scenred.model.series import Series, micros
from scenred.options import Cutting
from scenred.options.declare import overrides

# Missing days that a message names.
NAMED = 3
# How periods are cut; it is settled when scenarios are chosen.
CALENDAR = ("dst", "drop_leap_day")


@dataclass(frozen=True, slots=True, eq=False)
class Replay:
    """When the scenarios of a reduction begin, how long they are, and how probable.

    With `dst` 'regular' days are counted by the clock: the hour that is missing in spring repeats the hour before it
    (the one after where a day begins with it), the second of the double hour in autumn is cut, as `slice_periods` does
    it. Otherwise time passes evenly.
    """

    name: str  # of the manifest, for messages
    starts: pd.DatetimeIndex  # without zone, or on the clock of the reduction
    length: pd.Timedelta  # of a scenario
    probabilities: Float64
    groups: tuple[str, ...] = ()
    reading: Mapping[str, Any] = field(default_factory=dict)  # the given options of CALENDAR

    def __post_init__(self) -> None:
        object.__setattr__(self, "probabilities", read_only(self.probabilities))

    def applied_to(self, series: Series) -> ScenarioSet:
        """Cut the same periods, with their probabilities, out of another series of any columns.

        Its step may be another one that divides the length of a scenario.

        Raises
        ------
        RequestError
            If the series does not hold a scenario whole, naming its day; if one of the two knows its offset from
            UTC and the other does not; or if the step does not fit.

        Examples
        --------
        >>> from scenred import read_series
        >>> hours = pd.date_range("2019-01-01", periods=72, freq="h")
        >>> load = read_series(pd.DataFrame({"load": np.arange(72.0)}, index=hours))
        >>> replay = Replay("s.manifest.json", hours[[0, 48]], pd.Timedelta("1D"), np.array([0.25, 0.75]))
        >>> replay.applied_to(load).values[:, 0, 0]
        array([ 0., 48.])
        """
        name = series.source.name
        if (self.starts.tz is None) != (series.start.tz is None):
            known, unknown = (self.name, name) if self.starts.tz is not None else (name, self.name)
            zone: Text = ("name the zone of its times, such as ", Setting("tz", "UTC"))
            raise RequestError(
                f"{known} knows its offset from UTC and {unknown} does not",
                "the same clock in both",
                zone if unknown == name else "reduce a series with a zone",
            )
        n_steps = self.length // series.step
        if n_steps < 1 or n_steps * series.step != self.length:
            raise RequestError(
                f"a step of {series.step} does not divide scenarios of {self.length}",
                advice="resample the series",
                place=name,
            )
        if n_steps > 2 * len(series.values):  # also where hours are repeated
            raise RequestError(
                f"has {len(series.values)} steps and a scenario of {self.name} {n_steps}",
                advice="give a series of the same calendar",
                place=name,
            )
        wanted, times = self._moments(micros(series.step), n_steps), series.times().as_unit("us").asi8
        rows = np.minimum(np.searchsorted(times, wanted), len(times) - 1)
        is_there = (times[rows] == wanted).all(axis=1)
        if not is_there.all():
            missing = [start.isoformat() for start in self.starts[~is_there]]
            more = f" and {len(missing) - NAMED} more" if len(missing) > NAMED else ""
            raise RequestError(
                f"does not hold the periods of {', '.join(missing[:NAMED])}{more}, which are scenarios of {self.name}",
                advice="give a series of the same calendar",
                place=name,
            )
        return ScenarioSet(
            columns=series.columns,
            values=series.values[rows],
            probabilities=self.probabilities,
            starts=self.starts,
            step=series.step,
            source=series.source,
            groups=self.groups,
        )

    def check_cutting(self, cutting: Cutting) -> None:
        """Raise a UsageError if the calendar is not that of the reduction; a cutting may repeat it, or leave it out."""
        for name, value in overrides(cutting).items():
            own = self.reading.get(name)
            if name in CALENDAR and value != own:
                cut = ("with ", Setting(name, own)) if own is not None else ("without ", Setting(name))
                raise UsageError(
                    ("its periods were cut ", *cut, ", and ", Setting(name), " is given here"),
                    advice="leave it out, it is known",
                    place=self.name,
                )

    def _moments(self, step: int, n_steps: int) -> npt.NDArray[np.int64]:
        """Return the times of all steps in microseconds since 1970 in UTC, shape (n, n_steps)."""
        passed = np.arange(n_steps) * step
        if self.starts.tz is None or self.reading.get("dst") != "regular":
            return np.asarray(self.starts.as_unit("us").asi8[:, None] + passed)
        clock = self._first_slots()[:, None] + passed
        return local_moments(clock.ravel(), self.starts).reshape(clock.shape)

    def _first_slots(self) -> npt.NDArray[np.int64]:
        """Return the local time of the first step of each scenario, which may be one that the zone leaves out."""
        clock = self.starts.tz_localize(None).as_unit("us").asi8
        grid = min(micros(self.length), DAY)
        gap = clock - left_out_before(self.starts)
        return np.where((gap < clock) & (clock % grid != 0) & (gap % grid == 0), gap, clock)

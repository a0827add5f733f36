"""The scenarios of an earlier reduction, ready for other columns of the same calendar."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from scenred.errors import RequestError
from scenred.model.arrays import read_only
from scenred.model.scenario_set import ScenarioSet
from scenred.model.series import Series

# Missing days that a message names.
NAMED = 3


@dataclass(frozen=True, slots=True, eq=False)
class Replay:
    """Hold when the scenarios of a reduction begin, how long they are, and how probable.

    Parameters
    ----------
    name : str
        Of the manifest, for messages.
    starts : pandas.DatetimeIndex of length n
        Without zone, or with one fixed offset from UTC.
    length : pandas.Timedelta
        Of a scenario.
    probabilities : ndarray of shape (n,)
    groups : tuple of str
        Empty where there are none.
    """

    name: str
    starts: pd.DatetimeIndex
    length: pd.Timedelta
    probabilities: npt.NDArray[np.float64]
    groups: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "probabilities", read_only(self.probabilities))

    def applied_to(self, series: Series) -> ScenarioSet:
        """Cut the same periods out of another series.

        Parameters
        ----------
        series : Series
            Any columns; its step may be another one that divides the length of a scenario.

        Returns
        -------
        ScenarioSet
            The same starts and probabilities with the values of the series, as read.

        Raises
        ------
        RequestError
            When the series does not hold a scenario whole, naming its day; when one of the two knows its offset from
            UTC and the other does not; or when the step does not fit.

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
            raise RequestError(
                f"{known} knows its offset from UTC and {unknown} does not; scenred needs the same clock in both"
            )
        n_steps = self.length // series.step
        if n_steps < 1 or n_steps * series.step != self.length:
            raise RequestError(
                f"{name}: a step of {series.step} does not divide scenarios of {self.length}; resample the series"
            )
        firsts = (self.starts - series.start) // series.step
        is_there = (firsts >= 0) & (firsts + n_steps <= len(series.values))
        is_there &= series.start + firsts * series.step == self.starts
        if not is_there.all():
            missing = [start.isoformat() for start in self.starts[~is_there]]
            more = f" and {len(missing) - NAMED} more" if len(missing) > NAMED else ""
            raise RequestError(
                f"{name}: does not hold the periods of {', '.join(missing[:NAMED])}{more}, which are scenarios of "
                f"{self.name}; give a series of the same calendar"
            )
        rows = np.asarray(firsts, dtype=np.int64)[:, None] + np.arange(n_steps)
        return ScenarioSet(
            columns=series.columns,
            values=series.values[rows],
            probabilities=self.probabilities,
            starts=self.starts,
            step=series.step,
            source=series.source,
            groups=self.groups,
        )

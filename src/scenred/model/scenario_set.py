"""Scenarios with probabilities: the noun on both sides of a reduction."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any, get_args

import numpy as np
import pandas as pd

from scenred.arrays import Float64, Int64, finite, read_only
from scenred.errors import InputError, RequestError, nearest_name
from scenred.model.series import Column, Source, check_columns
from scenred.model.stamps import iso_stamps, zone_name
from scenred.options.exporting import Layout

# Probabilities read from a file may miss 1 by the rounding of their digits, not by more.
PROBABILITY_TOLERANCE = 1e-6


@dataclass(frozen=True, slots=True, eq=False)
class ScenarioSet:
    """n scenarios whose probabilities sum to 1.

    Parameters
    ----------
    columns : tuple of Column
        Unique names.
    values : ndarray of shape (n_scenarios, n_steps, n_columns), float64
        Finite, as read.
    probabilities : ndarray of shape (n_scenarios,)
        At least 0; their sum within 1e-6 of 1 (then made 1).
    labels : tuple of str
        A unique name for each scenario: by default its number.
    starts : pandas.DatetimeIndex of length n_scenarios, optional
        First time stamp of each scenario, never decreasing.
    groups : tuple of str
        The group that each scenario belongs to, such as its season; empty where there are none.
    step : pandas.Timedelta, optional
        Length of a step; None if a table does not tell.
    clocks : pandas.DatetimeIndex of length n_scenarios, optional
        The starts as the clock showed them, without zone; it tells the dates where the offset from UTC changes and
        no zone is known. By default that of the starts.

    Raises
    ------
    InputError
        If one of these laws is broken.

    Examples
    --------
    >>> two = ScenarioSet((Column("wind"),), np.array([[[0.1], [0.4]], [[0.9], [0.7]]]), np.array([0.25, 0.75]))
    >>> two.to_frame()
      scenario  probability  step  wind
    0        1         0.25     0   0.1
    1        1         0.25     1   0.4
    2        2         0.75     0   0.9
    3        2         0.75     1   0.7
    """

    columns: tuple[Column, ...]
    values: Float64
    probabilities: Float64
    labels: tuple[str, ...] = ()
    starts: pd.DatetimeIndex | None = None
    step: pd.Timedelta | None = None
    source: Source | None = None
    groups: tuple[str, ...] = ()
    clocks: pd.DatetimeIndex | None = None

    def __post_init__(self) -> None:
        check_columns(self.columns)
        object.__setattr__(self, "values", finite(self.values, "values"))
        if self.values.ndim != 3 or self.values.shape[2] != len(self.columns) or 0 in self.values.shape:
            raise InputError(
                f"a scenario set has values of shape {self.values.shape} for {len(self.columns)} columns",
                "(scenarios, steps, columns), none of them 0",
            )
        probabilities = np.asarray(self.probabilities, dtype=np.float64)
        _check_probabilities(probabilities, len(self.values))
        if abs(math.fsum(probabilities) - 1) > 1e-12:  # rounding of digits in a file
            probabilities = probabilities / math.fsum(probabilities)
        object.__setattr__(self, "probabilities", read_only(probabilities))
        if not self.labels:
            object.__setattr__(self, "labels", tuple(str(i + 1) for i in range(len(self.values))))
        if len(set(self.labels)) != len(self.values):
            raise InputError("two scenarios have the same label", "a label of its own for every scenario")
        if self.starts is not None and not self.starts.is_monotonic_increasing:
            raise InputError("the scenarios are not ordered by start", advice="sort them")
        if self.starts is None or self.clocks is None or self.starts.tz is None:
            object.__setattr__(self, "clocks", None if self.starts is None else self.starts.tz_localize(None))
        if self.groups and (len(self.groups) != len(self.values) or "" in self.groups):
            raise InputError(
                f"{len(self.values)} scenarios have {len(self.groups)} groups, or one without a name",
                "the name of one group for every scenario",
            )

    @property
    def n_scenarios(self) -> int:
        """Number of scenarios."""
        return len(self.values)

    @property
    def n_steps(self) -> int:
        """Number of steps of a scenario."""
        return int(self.values.shape[1])

    @property
    def names(self) -> list[str]:
        """Names of the columns."""
        return [column.name for column in self.columns]

    @property
    def stamps(self) -> list[str] | None:
        """Start of each scenario in ISO 8601, by the clock and with its offset; None where there are no starts."""
        return None if self.starts is None or self.clocks is None else iso_stamps(self.starts, self.clocks)

    @property
    def zone(self) -> str | None:
        """Zone of the starts, its IANA name or such as `UTC+02:00`; None where it is not known."""
        return zone_name(self.starts, self.clocks)

    def members(self, rows: Int64, probabilities: Float64) -> ScenarioSet:
        """Return some scenarios, rows in increasing order, with other probabilities and without groups."""
        labels = tuple(self.labels[row] for row in rows)
        starts = None if self.starts is None else self.starts[rows]
        values = self.values[rows]
        clocks = None if self.clocks is None else self.clocks[rows]
        return replace(
            self, values=values, probabilities=probabilities, labels=labels, starts=starts, clocks=clocks, groups=()
        )

    def called(self, row: int) -> str:
        """Return what messages call a scenario: its start, or its label where there is none."""
        if self.starts is None or self.clocks is None:
            return self.labels[row]
        return iso_stamps(self.starts[[row]], self.clocks[[row]])[0]

    def to_frame(self, layout: Layout = "long") -> pd.DataFrame:
        """Lay the set out as the scenario table: `scenario, probability, start, group` (the last two where known).

        Then, 'long', `step` and the columns, a row for each scenario and step; or, 'wide', a row for each scenario
        with columns such as `wind_0`.
        """
        if layout not in get_args(Layout):
            raise RequestError(f"there is no layout {layout!r}", advice=nearest_name(layout, get_args(Layout)))
        n, t, c = self.values.shape
        repeats = t if layout == "long" else 1
        head: dict[str, Any] = {
            "scenario": np.repeat(self.labels, repeats),
            "probability": np.repeat(self.probabilities, repeats),
        }
        if (starts := self.stamps) is not None:
            head["start"] = np.repeat(starts, repeats)
        if self.groups:
            head["group"] = np.repeat(self.groups, repeats)
        if layout == "long":
            head["step"] = np.tile(np.arange(t), n)
            head |= dict(zip(self.names, self.values.reshape(n * t, c).T, strict=True))
        else:
            wide = self.values.transpose(2, 1, 0).reshape(c * t, n)
            head |= dict(zip((f"{name}_{step}" for name in self.names for step in range(t)), wide, strict=True))
        return pd.DataFrame(head)


def _check_probabilities(probabilities: Float64, n: int) -> None:
    if probabilities.shape != (n,) or not np.isfinite(probabilities).all() or (probabilities < 0).any():
        raise InputError(
            f"{n} scenarios have {probabilities.size} probabilities, or one that is not finite or below 0",
            f"{n} probabilities, finite and at least 0",
        )
    if abs(probabilities.sum() - 1) > PROBABILITY_TOLERANCE:
        raise InputError(
            f"the probabilities sum to {probabilities.sum():.9g}",
            "1 (within 1e-6)",
            "divide them by their sum",
        )

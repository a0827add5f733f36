"""Which periods hold the extremes that a planner names: `min:wind+pv`, `max:load`, `longest-lull:wind+pv<0.1`."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from scenred.arrays import Bool, Float64, Int64
from scenred.errors import RequestError, Setting, UsageError, nearest_name
from scenred.model import Extreme, ScenarioSet
from scenred.notes import note
from scenred.reduction.constraints.expressions import evaluated

UNITS = ("step", "day", "period")
# What is compared by default: a whole period is scarce, one step is a peak.
DEFAULT_UNITS = {"min": "period", "max": "step"}
STATISTICS = ("min", "max", "max-ramp", "longest-lull")
DAY = pd.Timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Keep:
    """One request for an extreme, read from STAT:EXPR[:UNIT][@SITE]; `text` is all of it.

    For the expression see `expressions.evaluated`. The unit says what is compared, steps for ramps and lulls. The limit
    is that below which a lull lies, nan for others.
    """

    text: str
    statistic: str
    expression: str
    unit: str
    site: str | None = None
    limit: float = math.nan

    @property
    def place(self) -> Setting:
        """What messages call it."""
        return Setting("keep", self.text)


def parse_keep(text: str, names: Sequence[str] = ()) -> Keep:
    """Read a request such as 'min:wind+pv', 'max:load:day', 'longest-lull:wind<0.1@north'.

    A name of a column that holds a mark of this grammar is not cut. Any other text raises a UsageError.

    Examples
    --------
    >>> keep = parse_keep("min:pv:day@miami")
    >>> keep.statistic, keep.expression, keep.unit, keep.site
    ('min', 'pv', 'day', 'miami')
    """
    place = Setting("keep", text)
    statistic, _, rest = text.partition(":")
    if statistic not in STATISTICS:
        raise UsageError(
            f"there is no statistic {statistic!r}; {nearest_name(statistic, STATISTICS)}",
            advice="write STAT:COLUMNS[:UNIT][@SITE], such as min:wind+pv",
            place=place,
        )
    site: str | None = None
    limit = math.nan
    if statistic == "longest-lull":
        rest, _, number = rest.rpartition("<")
        number, mark, behind = number.partition("@")
        limit, site = _limit(place, rest, number), behind if mark else None
    is_known = rest in names or all(part in names for part in rest.split("+"))
    if site is None and "@" in rest and not is_known:
        rest, _, site = rest.rpartition("@")
    unit = DEFAULT_UNITS.get(statistic, "step")
    if rest not in names and ":" in rest:
        rest, _, unit = rest.rpartition(":")
        if unit not in UNITS or statistic not in DEFAULT_UNITS:
            known = nearest_name(unit, UNITS) if statistic in DEFAULT_UNITS else f"{statistic} has none"
            raise UsageError(f"there is no unit {unit!r}", advice=known, place=place)
    if not rest.strip() or site == "":
        advice = f"write one, such as {statistic}:wind+pv@north"
        raise UsageError("names no column or site", advice=advice, place=place)
    return Keep(text, statistic, rest.strip(), unit, site, limit)


def find_extremes(
    scenarios: ScenarioSet,
    keeps: Sequence[str],
    installed: Mapping[str, float] | None = None,
    excluded: Int64 | Sequence[int] = (),
) -> tuple[Extreme, ...]:
    """Return the period of each extreme, the earliest of equal ones; the `excluded` rows are not looked at.

    See docs/planning.md for `keeps`; `installed` is the capacity by column or kind, for `residual`. A period that holds
    several extremes is named for each, with a `ScenredWarning`. A few passes over n t values a request.

    Raises
    ------
    UsageError
        If a request cannot be read.
    RequestError
        If a column is missing, or no step is a lull.

    Examples
    --------
    >>> from scenred import Column
    >>> days = ScenarioSet((Column("wind", "wind"),), np.array([[[0.5]], [[0.25]], [[0.25]]]), np.full(3, 1 / 3))
    >>> find_extremes(days, ["min:wind", "max:wind"])
    (Extreme(keep='min:wind', row=1, value=0.25), Extreme(keep='max:wind', row=0, value=0.5))
    """
    allowed = np.ones(scenarios.n_scenarios, dtype=bool)
    allowed[np.asarray(excluded, dtype=np.int64)] = False
    found = []
    for text in dict.fromkeys(keeps):
        keep = parse_keep(text, scenarios.names)
        values = evaluated(scenarios, keep.expression, keep.site, installed or {}, keep.place)
        find = _longest_lull if keep.statistic == "longest-lull" else _most
        found.append(find(scenarios, keep, values, allowed))
    _tell_shared(scenarios, found)
    return tuple(found)


def _most(scenarios: ScenarioSet, keep: Keep, values: Float64, allowed: Bool) -> Extreme:
    """Compare steps, days or periods, each by its mean."""
    if keep.statistic == "max-ramp":
        if scenarios.n_steps < 2:
            raise RequestError("periods have one step, and a ramp needs two", advice="lengthen them", place=keep.place)
        values = np.abs(np.diff(values, axis=1))
    elif keep.unit == "day":
        values = _daily(scenarios, keep, values)
    elif keep.unit == "period":
        values = values.mean(axis=1, keepdims=True)
    pick: Callable[..., Float64] = np.min if keep.statistic == "min" else np.max
    by_period = pick(values, axis=1)
    best = pick(by_period[allowed])
    row = int(np.flatnonzero(allowed & (by_period == best))[0])
    return Extreme(keep.text, row, float(best))


def _daily(scenarios: ScenarioSet, keep: Keep, values: Float64) -> Float64:
    """Return the means of the days of each period, shape (n, days)."""
    step = scenarios.step or pd.Timedelta(hours=1)  # of a table that does not state it
    steps = DAY // step
    if not steps or steps * step != DAY or scenarios.n_steps % steps:
        raise RequestError(
            f"a period of {scenarios.n_steps} steps is not a whole number of days",
            advice="compare steps or periods, or cut days",
            place=keep.place,
        )
    return np.asarray(values.reshape(len(values), -1, steps).mean(axis=2))


def _longest_lull(scenarios: ScenarioSet, keep: Keep, values: Float64, allowed: Bool) -> Extreme:
    """Return the period with most steps of the longest run below the limit; a run may cross several periods."""
    below = values < keep.limit
    if not below[allowed].any():
        raise RequestError(
            f"no step lies below {keep.limit:g}, the least is {values[allowed].min():g}",
            advice="raise the limit",
            place=keep.place,
        )
    runs = _runs(below, _follows(scenarios))
    lengths = np.bincount(runs[below], minlength=runs.max() + 1)
    reachable = np.unique(runs[below & allowed[:, None]])
    longest = reachable[np.argmax(lengths[reachable])]
    inside = ((runs == longest) & below).sum(axis=1) * allowed
    hours = 1.0 if scenarios.step is None else scenarios.step.total_seconds() / 3600
    return Extreme(keep.text, int(np.argmax(inside)), float(lengths[longest] * hours))


def _runs(below: Bool, follows: Bool) -> Int64:
    """Return for steps that lie below the number of their run, shape (n, t); others have that of the run before."""
    before = np.zeros_like(below)
    before[:, 1:] = below[:, :-1]
    before[1:, 0] = below[:-1, -1] & follows
    return np.asarray(np.cumsum(below & ~before), dtype=np.int64).reshape(below.shape)


def _follows(scenarios: ScenarioSet) -> Bool:
    """Return for each period except the first whether it begins where the one before ends, shape (n - 1,)."""
    if scenarios.starts is None or scenarios.step is None:
        return np.zeros(scenarios.n_scenarios - 1, dtype=bool)
    length = scenarios.n_steps * scenarios.step
    return np.asarray(scenarios.starts[1:] - scenarios.starts[:-1] == length)


def _limit(place: Setting, expression: str, number: str) -> float:
    """Read the limit of a lull."""
    try:
        limit = float(number) if expression else math.nan
    except ValueError:
        limit = math.nan
    if not math.isfinite(limit):
        raise UsageError(
            "a lull needs a limit", advice="write it after <, such as longest-lull:wind+pv<0.1", place=place
        )
    return limit


def _tell_shared(scenarios: ScenarioSet, extremes: Sequence[Extreme]) -> None:
    """Warn where one period holds several extremes: it stays once and counts once."""
    for row in dict.fromkeys(extreme.row for extreme in extremes):
        same = [extreme.keep for extreme in extremes if extreme.row == row]
        if len(same) > 1:
            named = f"period {scenarios.called(row)} holds {len(same)} extremes ({', '.join(same)})"
            note(f"{named}; it is kept and counts once")

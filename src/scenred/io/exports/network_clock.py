"""The snapshots of a network that are the times of a scenario set, though the network's clock has no zone."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd

from scenred.arrays import Int64
from scenred.errors import RequestError, Setting
from scenred.io.exports.request import ExportRequest
from scenred.model import ScenarioSet

Times = npt.NDArray[np.datetime64]
Pairs = Mapping[str, tuple[pd.DataFrame, pd.DataFrame]]

UTC = "UTC"
LOCAL = "local"  # the clock of the days, also where its zone has no name
# Values that differ by less, by rounding when they were divided by a capacity, are the same.
SAME = 1e-9
ADVICE = "reduce the network's series together with the others, or take them out of the network"


def own_rows(network: pd.Index, scenarios: ScenarioSet, request: ExportRequest, pairs: Pairs, series: str) -> Int64:
    """Return the position in a network's snapshots of every step of every scenario, shape (n_scenarios, n_steps).

    `series` is what messages call the network's own. Where the set knows its zone, the clock of the network is
    `request.network_tz`, else the one of UTC and the set's zone by which `pairs` are equal: series of the network at
    all its snapshots, and those of the set, a row for each scenario and step, of the same components.

    Raise a RequestError if either has no times, the clock cannot be told, or the network lacks a snapshot.
    """
    if not isinstance(network, pd.DatetimeIndex) or scenarios.starts is None or scenarios.clocks is None:
        lacking = "its snapshots are not times" if scenarios.starts is not None else "the scenarios have no starts"
        raise RequestError(f"the network has {series}, and {lacking}", "times in both", ADVICE)
    snapshots, step = network.as_unit("us"), pd.Timedelta(hours=request.step_hours)
    passed = np.arange(scenarios.n_steps) * step.as_unit("us").to_numpy()
    shown = _after(scenarios.clocks, passed)
    own = scenarios.zone or LOCAL
    if scenarios.starts.tz is None or request.network_tz in (own, LOCAL):
        return _positions(snapshots, shown, series)
    moments = _moments(scenarios, scenarios.starts, passed)
    if request.network_tz is not None:
        return _positions(snapshots, _on_clock(moments, request.network_tz), series)
    clocks = {own: shown, UTC: _on_clock(moments, UTC)}
    if not np.array_equal(clocks[own], clocks[UTC]):
        fitting = [zone for zone, times in clocks.items() if _are_equal(snapshots, times, pairs)]
        if len(fitting) != 1:
            zones = (Setting("network_tz", UTC), ", or ", Setting("network_tz", own))
            raise RequestError(
                f"the network has {series}, and its snapshots do not say whether they are in UTC or {own}",
                advice=("pass ", *zones),
            )
        own = fitting[0]
    return _positions(snapshots, clocks[own], series)


def _after(starts: pd.DatetimeIndex, passed: npt.NDArray[np.timedelta64]) -> Times:
    """Return the times of all steps after starts without zone, shape (n_scenarios, n_steps)."""
    return np.asarray(starts.as_unit("us").to_numpy()[:, None] + passed)


def _moments(scenarios: ScenarioSet, starts: pd.DatetimeIndex, passed: npt.NDArray[np.timedelta64]) -> Times:
    """Return the times of all steps in UTC, shape (n_scenarios, n_steps)."""
    cutting = None if scenarios.source is None else scenarios.source.cutting
    if cutting is None or cutting.dst != "regular":
        return _after(starts.tz_convert(UTC).tz_localize(None), passed)
    # the hour that spring leaves out repeats the one before
    shown = pd.DatetimeIndex(_after(starts.tz_localize(None), passed).ravel())
    local = shown.tz_localize(starts.tz, ambiguous=np.ones(len(shown), bool), nonexistent=-pd.Timedelta(hours=1))
    return local.tz_convert(UTC).tz_localize(None).as_unit("us").to_numpy().reshape(len(starts), len(passed))


def _on_clock(moments: Times, zone: str) -> Times:
    """Return moments of UTC on the clock of a zone, or raise a RequestError if there is none of that name."""
    try:
        local = pd.DatetimeIndex(moments.ravel()).tz_localize(UTC).tz_convert(zone).tz_localize(None)
    except (KeyError, ValueError) as error:
        raise RequestError(
            f"there is no zone {zone!r}", advice=("pass one such as ", Setting("network_tz", UTC))
        ) from error
    return local.as_unit("us").to_numpy().reshape(moments.shape)


def _positions(snapshots: pd.DatetimeIndex, times: Times, series: str) -> Int64:
    rows = snapshots.get_indexer(pd.DatetimeIndex(times.ravel()))
    if (rows < 0).any():
        missing = pd.Timestamp(times.ravel()[rows < 0][0])
        raise RequestError(
            f"the network has {series}, and no snapshot at {missing}, which the scenarios hold",
            "every time of the scenarios among the network's snapshots",
            ADVICE,
        )
    return rows.astype(np.int64).reshape(times.shape)


def _are_equal(snapshots: pd.DatetimeIndex, times: Times, pairs: Pairs) -> bool:
    """Return whether the network's series at these times are the set's."""
    rows = snapshots.get_indexer(pd.DatetimeIndex(times.ravel()))
    held = rows >= 0
    both = [(own.to_numpy()[rows[held]], given.to_numpy()[held]) for own, given in pairs.values() if len(own.columns)]
    return bool(both) and all(np.allclose(own, given, rtol=SAME, atol=SAME) for own, given in both)

"""tsam: the choice of days as a `ClusteringResult`, which tsam and tsam_xarray apply to other series of the same days.

Rules: tsam 4, `ClusteringResult.from_json` and `apply`: `cluster_assignments`, a cluster from 0 for each period, and
`cluster_centers`, the period from 0 that represents each cluster; representatives are real periods, not rescaled, where
`preserve_column_means` is false. tsam_xarray 0.6, `ClusteringResult.from_json`: names of dimensions around
`clusterings`, the same objects by slice. Either reads its own keys and leaves the others, so one file serves both.
"""

from __future__ import annotations

from typing import Any

import pandas as pd

from scenred.errors import RequestError, Setting
from scenred.io.exports.chronology import check_shares
from scenred.io.exports.request import ExportRequest
from scenred.io.storage.envelope import to_json
from scenred.model import ScenarioSet
from scenred.notes import note

# Names of dimensions by default; `apply` of tsam_xarray takes others.
DIMENSIONS = {"time_dim": "time", "cluster_dim": ["variable"], "slice_dims": []}


def tsam(scenarios: ScenarioSet, request: ExportRequest) -> dict[str, bytes]:
    """Write the clustering, for tsam and, around it, for tsam_xarray.

    Raise a RequestError if the probabilities are not the map's shares, which tsam counts, or other hours are asked for.
    """
    calendar = request.calendar
    check_shares(scenarios, calendar, "tsam")
    counted = calendar.n_periods * scenarios.n_steps * request.step_hours
    if request.given_hours not in (None, counted):
        raise RequestError(
            f"{request.given_hours:g} hours are asked for; tsam counts the {calendar.n_periods} periods, {counted:g} h",
            advice=("leave ", Setting("hours"), " out, and scale its counts"),
        )
    if calendar.has_changes_of_clock:
        note(
            f"tsam cuts rows by number, {scenarios.n_steps} a period, and the clock of these periods changes: apply "
            "the clustering to a series that has as many rows on the days of 23 and 25 hours"
        )
    clustering: dict[str, Any] = {
        "period_duration": scenarios.n_steps * request.step_hours,
        "cluster_assignments": calendar.order.tolist(),
        "n_timesteps_per_period": scenarios.n_steps,
        "preserve_column_means": False,
        "representation": "medoid",
        "cluster_centers": calendar.representatives.tolist(),
        "temporal_resolution": request.step_hours,
    }
    if calendar.starts is not None:
        clustering["time_index"] = _times(calendar.starts, scenarios.n_steps, pd.Timedelta(hours=request.step_hours))
    about = {"scenred": request.facts(scenarios).named()}
    content = about | clustering | DIMENSIONS | {"clusterings": [{"key": [], "clustering": clustering}]}
    return {"": to_json(content, indent=None).encode()}


def _times(starts: pd.DatetimeIndex, n_steps: int, step: pd.Timedelta) -> dict[str, Any] | list[str]:
    """Return the times of all steps: begin, number and frequency where none is missing, else one by one."""
    if (starts == pd.date_range(starts[0], periods=len(starts), freq=step * n_steps)).all():
        seconds = f"{step.total_seconds():g}s"
        return {"start": starts[0].isoformat(), "periods": len(starts) * n_steps, "freq": seconds}
    return [(start + step * number).isoformat() for start in starts for number in range(n_steps)]

"""Calliope: the data of `config.init.time_cluster`, which hold for every date the one that represents it.

Rules: Calliope 0.7, "Time adjustment" in its documentation: a CSV whose first column, `datesteps`, holds the dates of
the model's own time series and whose second the representative date, read as a data table (in the first releases of 0.7
as a file). Calliope cuts its own series by it, so no value is written. It counts the dates of that series, and scales
yearly costs by the hours that it counts (`annualisation_weight` of its mathematics).
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from scenred.arrays import first
from scenred.errors import RequestError, Setting
from scenred.io.exports.chronology import check_shares
from scenred.io.exports.request import ExportRequest
from scenred.io.storage.csv import to_csv
from scenred.model import ScenarioSet


def calliope(scenarios: ScenarioSet, request: ExportRequest) -> dict[str, bytes]:
    """Write `datesteps,cluster`, one row per day.

    Raise a RequestError if the periods are not calendar days, the probabilities are not the map's shares, or other
    hours are asked for than those that Calliope counts.
    """
    calendar = request.calendar
    check_shares(scenarios, calendar, "Calliope")
    starts = calendar.starts
    if starts is None:
        raise RequestError(
            "Calliope clusters dates and the period map has no starts", advice="it cannot carry this set"
        )
    length = scenarios.n_steps * request.step_hours
    late = first(np.asarray(starts != starts.normalize()))
    if length != 24 or late is not None:
        raise RequestError(
            f"Calliope clusters whole days from midnight and there is a period of {length:g} h from "
            f"{starts[late or 0].isoformat()}",
            advice=(
                "reduce days that begin at midnight, in a zone whose clock changes such as with ",
                Setting("dst", "drop"),
            ),
        )
    if request.given_hours not in (None, 24 * len(starts)):
        raise RequestError(
            f"{request.given_hours:g} hours are asked for; Calliope counts the {len(starts)} dates, "
            f"{24 * len(starts)} h, and scales yearly costs by them",
            advice=("leave ", Setting("hours"), " out"),
        )
    dates = starts.strftime("%Y-%m-%d")
    frame = pd.DataFrame({"datesteps": dates, "cluster": dates[calendar.representatives[calendar.order]]})
    return {"": to_csv(frame).encode()}

"""PLEXOS: samples of stochastic variables, a band each, and the weights of the samples.

Rules: PLEXOS help, "Text File Formats", named bands in columns: `NAME, YEAR, MONTH, DAY, PERIOD, 1, 2, ...`, periods
counted from 1 in each day; "Variable Sampling Method", User: each band of `Profile` is one sample; master template,
`Global.Sample Weight`, a band for each sample, from 0 to 1.
"""

from __future__ import annotations

import pandas as pd

from scenred.errors import RequestError
from scenred.io.exports.request import ExportRequest
from scenred.io.exports.step_times import target_day, time_of_day
from scenred.io.storage.csv import to_csv
from scenred.io.storage.names import unfit
from scenred.model import ScenarioSet

READER = "PLEXOS"
DAY = pd.Timedelta(days=1)


def plexos(scenarios: ScenarioSet, request: ExportRequest) -> dict[str, bytes]:
    """Write `profiles.csv`, values as read, and `sample_weights.csv`, the probabilities.

    Raise a RequestError if the scenarios are not about one day, steps do not divide a day, or a name holds a comma.
    """
    step = pd.Timedelta(hours=request.step_hours)
    if DAY % step:
        raise RequestError(f"PLEXOS counts the periods of a day and a step is {request.step_hours:g} h long")
    for name in scenarios.names:
        if any(mark in name for mark in ',\t"\n\r'):
            raise unfit(f"column {name!r} holds a mark that parts the fields of a PLEXOS file", name, scenarios.names)
    begin = pd.Timestamp(target_day(scenarios, request, READER)) + time_of_day(scenarios, READER)
    if (begin - begin.normalize()) % step:
        raise RequestError(f"PLEXOS counts periods from midnight and these scenarios begin at {begin:%H:%M}")
    times = pd.DatetimeIndex([begin + step * number for number in range(scenarios.n_steps)])
    bands = [str(number + 1) for number in range(scenarios.n_scenarios)]
    head = {
        "YEAR": times.year,
        "MONTH": times.month,
        "DAY": times.day,
        "PERIOD": (times - times.normalize()) // step + 1,
    }
    blocks = [
        pd.DataFrame({"NAME": name} | head | dict(zip(bands, scenarios.values[:, :, number], strict=True)))
        for number, name in enumerate(scenarios.names)
    ]
    weights = pd.DataFrame({"NAME": "Sample Weight", "BAND": bands, "VALUE": scenarios.probabilities})
    frames = {"profiles.csv": pd.concat(blocks), "sample_weights.csv": weights}
    return {name: to_csv(frame).encode() for name, frame in frames.items()}

"""SpineOpt: representative temporal blocks and series, as JSON for a Spine database.

Rules: SpineOpt.jl, "Representative days with seasonal storages" and `representative_periods_mapping`: a temporal block
for each representative period (`block_start`, `block_end`, `resolution`, `weight`), and on the block of the whole
horizon a map from the begin of each period to the name of its block; `unit_availability_factor` of units and `demand`
of nodes. Spine Database API, `import_data`: `entities` and `parameter_values`, values as in the database.
"""

from __future__ import annotations

from typing import Any

import pandas as pd

from scenred.errors import RequestError
from scenred.io.exports.chronology import check_shares
from scenred.io.exports.profiles import per_unit
from scenred.io.exports.request import ExportRequest
from scenred.io.exports.step_times import step_clocks
from scenred.io.storage.envelope import to_json
from scenred.model import ScenarioSet

READER = "SpineOpt"
WHOLE = "all_periods"  # the block of the whole horizon


def spineopt(scenarios: ScenarioSet, request: ExportRequest) -> dict[str, bytes]:
    """Write blocks, their mapping, and the series at the times of the representative periods.

    `weight` times the hours of a block is what its scenario stands for. Raise a RequestError if there are no times, a
    time comes twice, the probabilities are not the map's shares, or a column is not a capacity factor.
    """
    calendar = request.calendar
    check_shares(scenarios, calendar, READER)
    times = step_clocks(scenarios, request, READER)
    if calendar.starts is None or not times.is_unique:
        raise RequestError("SpineOpt needs each time once, and the periods have none, or share one")
    t = scenarios.n_steps
    step = pd.Timedelta(hours=request.step_hours)
    blocks = [f"rp_{label}" for label in scenarios.labels]
    resolution = _typed("duration", _duration(step))
    values: list[list[Any]] = []
    for number, block in enumerate(blocks):
        begin = times[number * t]
        values += [
            ["temporal_block", block, "block_start", _typed("date_time", begin.isoformat())],
            ["temporal_block", block, "block_end", _typed("date_time", (begin + step * t).isoformat())],
            ["temporal_block", block, "resolution", resolution],
            [
                "temporal_block",
                block,
                "weight",
                scenarios.probabilities[number] * request.hours / (t * request.step_hours),
            ],
        ]
    mapping = [[start.isoformat(), blocks[one]] for start, one in zip(calendar.starts, calendar.order, strict=True)]
    values += [
        ["temporal_block", WHOLE, "block_start", _typed("date_time", calendar.starts[0].isoformat())],
        ["temporal_block", WHOLE, "block_end", _typed("date_time", (calendar.starts[-1] + step * t).isoformat())],
        ["temporal_block", WHOLE, "resolution", resolution],
        [
            "temporal_block",
            WHOLE,
            "representative_periods_mapping",
            {"type": "map", "index_type": "date_time", "data": mapping},
        ],
    ]
    entities = [["temporal_block", name] for name in (WHOLE, *blocks)]
    stamps = [time.isoformat() for time in times]
    for number, column in enumerate(scenarios.columns):
        kind, parameter = ("node", "demand") if column.kind == "load" else ("unit", "unit_availability_factor")
        series = [list(pair) for pair in zip(stamps, per_unit(scenarios, number, READER).ravel().tolist(), strict=True)]
        entities.append([kind, column.name])
        values.append([kind, column.name, parameter, _typed("time_series", series)])
    about = [[name, str(fact)] for name, fact in request.facts(scenarios).named().items()]
    content = {"entities": entities, "parameter_values": values, "metadata": about}
    return {"": to_json(content, indent=None).encode()}


def _duration(step: pd.Timedelta) -> str:
    """Return a length of time in the largest unit of which it is a whole number.

    Examples
    --------
    >>> _duration(pd.Timedelta("15min")), _duration(pd.Timedelta("1h"))
    ('15m', '1h')
    """
    units = {"h": pd.Timedelta(hours=1), "m": pd.Timedelta(minutes=1), "s": pd.Timedelta(seconds=1)}
    unit = next(name for name, length in units.items() if not step % length or name == "s")
    return f"{step // units[unit]}{unit}"


def _typed(kind: str, data: object) -> dict[str, object]:
    return {"type": kind, "data": data}

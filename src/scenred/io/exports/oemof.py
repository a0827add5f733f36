"""oemof.solph: order and occurrences of the typical periods, and their profiles, as JSON.

Rules: oemof.solph, `EnergySystem(tsa_parameters=...)`, as tsam gives them: `timesteps_per_period`; `order`, the number
from 0 of the typical period that stands for each period; `occurrences`, how often each does. Costs are counted by
occurrences and by `Model(objective_weighting=...)`, in which the hours that are asked for are written.
"""

from __future__ import annotations

from scenred.io.exports.chronology import check_shares
from scenred.io.exports.profiles import per_unit
from scenred.io.exports.request import ExportRequest
from scenred.io.storage.envelope import to_json
from scenred.model import ScenarioSet


def oemof(scenarios: ScenarioSet, request: ExportRequest) -> dict[str, bytes]:
    """Write the parameters of time series aggregation and the profiles.

    `order` and the keys of `occurrences` count from 0; `representatives` are the positions, from 0, of the real
    periods; `objective_weighting`, hours by step, times occurrences sums to the hours that are asked for; `profiles`
    hold the typical periods one after the other. Raise a RequestError if the probabilities are not the map's shares, or
    a column of wind, PV or another kind is not a capacity factor.
    """
    calendar = request.calendar
    check_shares(scenarios, calendar, "oemof.solph")
    n, t, _ = scenarios.values.shape
    content = {
        "timesteps_per_period": t,
        "hours_per_timestep": request.step_hours,
        "order": calendar.order.tolist(),
        "occurrences": {str(number): count for number, count in enumerate(calendar.counts.tolist())},
        "representatives": calendar.representatives.tolist(),
        "objective_weighting": [request.step_hours * request.repeats(scenarios)] * (n * t),
        "hours": request.hours,
        "zone": scenarios.zone,
        "scenred": request.facts(scenarios).named(),
        "starts": scenarios.stamps,
        "profiles": {
            name: per_unit(scenarios, number, "oemof.solph").ravel().tolist()
            for number, name in enumerate(scenarios.names)
        },
    }
    return {"": to_json(content, indent=None).encode()}

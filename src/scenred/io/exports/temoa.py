"""Temoa: seasons, times of day, capacity factors and the distribution of demand, as SQL for its database.

Rules: Temoa 4, `temoa_schema_v4.sql`: `time_season`, a share of the year for each, which sum to 1; `time_of_day`, hours
of the day that sum to 24; `capacity_factor_tech`; `demand_specific_distribution`, the share of the year's demand in
each.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from scenred.errors import RequestError
from scenred.io.exports.osemosys import demand_shares
from scenred.io.exports.profiles import capacity_factors, columns_of
from scenred.io.exports.request import ExportRequest
from scenred.io.exports.step_times import model_year
from scenred.io.exports.year import check_one_year
from scenred.io.storage.names import as_words
from scenred.model import ScenarioSet

READER = "Temoa"
HOURS_OF_DAY = 24.0


def temoa(scenarios: ScenarioSet, request: ExportRequest) -> dict[str, bytes]:
    """Write statements that fill the four tables; the season has the label of its scenario, steps are h01, h02, ...

    Raise a RequestError if scenarios are not days, other hours than those of a year are asked for, a load is not
    positive, or another column is not a capacity factor.
    """
    check_one_year(request, READER)
    length = scenarios.n_steps * request.step_hours
    if length != HOURS_OF_DAY:
        raise RequestError(f"Temoa divides days of 24 hours and a scenario is {length:g} h long", advice="reduce days")
    seasons = as_words(scenarios.labels, "season")
    steps = [f"h{number + 1:0{max(len(str(scenarios.n_steps)), 2)}}" for number in range(scenarios.n_steps)]
    notes: Sequence[str | None] = scenarios.stamps or [None] * len(seasons)
    year, place = model_year(scenarios, request, READER), request.region
    cells = [(season, step) for season in seasons for step in steps]
    lines = [f"-- {name} {fact}" for name, fact in request.facts(scenarios).named().items()]
    lines += _rows(
        "time_season(sequence, season, segment_fraction, notes)",
        zip(range(1, len(seasons) + 1), seasons, scenarios.probabilities.tolist(), notes, strict=True),
    )
    lines += _rows(
        "time_of_day(sequence, tod, hours)",
        ((number + 1, step, request.step_hours) for number, step in enumerate(steps)),
    )
    for number in columns_of(scenarios, "wind", "pv", "other"):
        factors = capacity_factors(scenarios, number, READER).ravel().tolist()
        lines += _rows(
            "capacity_factor_tech(region, season, tod, tech, factor)",
            ((place, *cell, scenarios.names[number], factor) for cell, factor in zip(cells, factors, strict=True)),
        )
    for number in columns_of(scenarios, "load"):
        shares = demand_shares(scenarios, number, READER).ravel().tolist()
        lines += _rows(
            "demand_specific_distribution(region, period, season, tod, demand_name, dsd)",
            ((place, year, *cell, scenarios.names[number], share) for cell, share in zip(cells, shares, strict=True)),
        )
    return {"": ("\n".join(["BEGIN;", *lines, "COMMIT;"]) + "\n").encode()}


def _rows(table: str, rows: Iterable[tuple[object, ...]]) -> list[str]:
    """Return a statement a row, which replaces one of the same key."""
    return [f"REPLACE INTO {table} VALUES ({', '.join(map(_literal, row))});" for row in rows]  # noqa: S608 - literals are quoted


def _literal(value: object) -> str:
    if value is None:
        return "NULL"
    return "'" + value.replace("'", "''") + "'" if isinstance(value, str) else repr(value)

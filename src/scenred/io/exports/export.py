"""A scenario set goes to a file or folder in another format, whole or not at all."""

from __future__ import annotations

import datetime as dt

import pandas as pd

from scenred.errors import RequestError, UsageError
from scenred.io.exports.chronology import Chronology, chronology
from scenred.io.exports.formats import FORMATS, written
from scenred.io.exports.request import ExportRequest
from scenred.io.exports.year import hours_of_year
from scenred.io.files.atomic import write_files
from scenred.io.files.folder import write_folder
from scenred.io.files.stdout import STDOUT
from scenred.io.storage.origin import origin_of
from scenred.model import Facts, PeriodMap, ScenarioSet
from scenred.options.exporting import DEFAULT_FORM, DEFAULT_LOST_LOAD, DEFAULT_REGION, DEFAULT_STAGE, Exporting

HOURLY_STEPS = 24


def check_format(name: str) -> None:
    """Raise a UsageError if there is no such format, listing those that are."""
    if name not in FORMATS:
        raise UsageError(f"there is no format {name!r}", advice=f"there are: {', '.join(FORMATS)}")


def request_of(
    scenarios: ScenarioSet, period_map: PeriodMap | None, exporting: Exporting, facts: Facts | None = None
) -> ExportRequest:
    """Return what an export is asked for; hours that are not given are those of `facts`, what the set's file told.

    Raise a RequestError if the map is not of this set, or the length of a step or the date cannot be read.
    """
    calendar = None if period_map is None else chronology(scenarios, period_map)
    lost_load = exporting.value_of_lost_load
    names = exporting.rename or {}
    hours = exporting.hours or (facts and facts.hours) or hours_of_year(scenarios, calendar)
    return ExportRequest(
        calendar,
        _step(scenarios, calendar, exporting.step),
        hours,
        exporting.hours,
        exporting.form or DEFAULT_FORM,
        {names.get(name, name): entry for name, entry in (exporting.entries or {}).items()},
        exporting.stage or DEFAULT_STAGE,
        _date(exporting.date),
        exporting.year,
        DEFAULT_LOST_LOAD if lost_load is None else lost_load,
        exporting.network_file,
        {names.get(name, name): found for name, found in (exporting.names or {}).items()},
        exporting.network_tz,
        exporting.region or DEFAULT_REGION,
        origin_of(scenarios, facts),
    )


def write_set(
    name: str, scenarios: ScenarioSet, path: str, request: ExportRequest, exporting: Exporting, *, force: bool
) -> None:
    """Write a scenario set in a format to a file, a folder for a format of several files, or `-`.

    Raise a RequestError or a UsageError as `written`, also if a folder holds what scenred did not write, unless `force`
    is set; an OutputError if it cannot be written.
    """
    files = written(name, scenarios, request, exporting)
    check_folder = FORMATS[name].check_folder
    if check_folder is not None and force and path != STDOUT:
        check_folder(path, files, request)
    if FORMATS[name].is_folder:
        if path == STDOUT:
            raise UsageError(f"{name} is a folder of files, which standard output cannot take", advice="name a folder")
        write_folder(path, files, force=force, about=request.facts(scenarios).named())
    else:
        write_files([(path, files[""])])


def _step(scenarios: ScenarioSet, calendar: Chronology | None, given: str | pd.Timedelta | None) -> pd.Timedelta | None:
    """Find the length of a step: as given, else as the set knows, else from the calendar, else 24 steps a day."""
    if given is not None:
        return _length(given)
    if scenarios.step is not None:
        return scenarios.step
    starts = None if calendar is None else calendar.starts
    if starts is not None and len(starts) > 1:
        lengths = pd.Series(starts[1:] - starts[:-1])
        # days are missing, or are 23 and 25 hours apart
        return pd.Timedelta(lengths.mode()[0] / scenarios.n_steps)
    return pd.Timedelta(hours=1) if scenarios.n_steps == HOURLY_STEPS else None


def _length(given: str | pd.Timedelta) -> pd.Timedelta:
    try:
        length = pd.Timedelta(given)
    except ValueError:
        length = pd.Timedelta("NaT")
    if pd.isna(length):
        raise RequestError(f"a step of {given!r} is not a length of time", "one such as 1h")
    if length <= pd.Timedelta(0):
        raise RequestError(f"a step of {length} is asked for", "a length above 0, such as 1h")
    return length


def _date(given: str | dt.date | None) -> dt.date | None:
    if not isinstance(given, str):
        return given
    try:
        return dt.date.fromisoformat(given)
    except ValueError as error:
        raise RequestError(f"{given!r} is not a date", "one such as 2019-07-02") from error

"""A scenario set goes to a file or folder in another format, whole or not at all."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from scenred.errors import RequestError, UsageError
from scenred.io.exports import FORMATS, Entry, ExportRequest, chronology, known_step, written
from scenred.io.files.atomic import write_files, write_stdout
from scenred.io.files.folder import write_folder
from scenred.model import PeriodMap, ScenarioSet

STDOUT = "-"


def check_format(name: str) -> None:
    """Refuse a format that is not there, listing those that are.

    Raises
    ------
    UsageError
    """
    if name not in FORMATS:
        raise UsageError(f"there is no format {name!r}; there are: {', '.join(FORMATS)}")


def request_of(
    scenarios: ScenarioSet,
    period_map: PeriodMap | None,
    *,
    step: str | pd.Timedelta | None = None,
    entries: Mapping[str, Entry] | None = None,
    date: str | dt.date | None = None,
    **given: Any,
) -> ExportRequest:
    """Gather what an export is asked for; see `ExportRequest`.

    Parameters
    ----------
    scenarios : ScenarioSet
    period_map : PeriodMap, optional
    step : str or pandas.Timedelta, optional
        Length of a step where the set does not know it.
    entries, date
        See `ExportRequest`; a date may be text such as 2019-07-02.
    **given
        Other fields of `ExportRequest`.

    Raises
    ------
    RequestError
        If the map is not of this set, or a length, date or number cannot be.
    """
    calendar = None if period_map is None else chronology(scenarios, period_map)
    starts = None if calendar is None else calendar.starts
    length = known_step(_length(step), scenarios.step, scenarios.n_steps, starts)
    return ExportRequest(
        chronology=calendar,
        step=length,
        entries=None if entries is None else dict(entries),
        date=_date(date),
        **given,
    )


def write_set(
    name: str, scenarios: ScenarioSet, path: str, request: ExportRequest, *, given: Iterable[str], force: bool
) -> None:
    """Write a scenario set in a format.

    Parameters
    ----------
    name : str
        One of `FORMATS`.
    scenarios : ScenarioSet
    path : str
        A file, or a folder for a format of several files; `-` is standard output.
    request : ExportRequest
    given : iterable of str
        Names of the options that were given.
    force : bool
        Write into a folder that holds other files.

    Raises
    ------
    RequestError
        If the format cannot carry the set.
    UsageError
        If an option belongs to another format, or a folder holds what scenred did not write.
    OutputError
        If it cannot be written.
    """
    files = written(name, scenarios, request, given)
    if FORMATS[name].is_folder:
        if path == STDOUT:
            raise UsageError(f"{name} is a folder of files, which standard output cannot take; name a folder")
        write_folder(path, files, force=force)
    elif path == STDOUT:
        write_stdout(files[""])
    else:
        write_files([(path, files[""])])


def _length(step: str | pd.Timedelta | None) -> pd.Timedelta | None:
    if step is None or isinstance(step, pd.Timedelta):
        return step
    try:
        length = pd.Timedelta(step)
        if pd.isna(length):
            raise ValueError("no time")  # noqa: TRY301 - one message for both
    except ValueError as error:
        raise RequestError(
            f"a step of {step!r} is no length of time; scenred needs one such as 1h"
        ) from error
    return length


def _date(date: str | dt.date | None) -> dt.date | None:
    if not isinstance(date, str):
        return date
    try:
        return dt.date.fromisoformat(date)
    except ValueError as error:
        raise RequestError(f"{date!r} is no date; scenred needs one such as 2019-07-02") from error

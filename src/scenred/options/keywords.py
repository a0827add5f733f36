"""The options as keywords of Python functions, for type checkers and editors.

Written by `pytest tests/options --update-golden`: do not edit, declare an option in its group.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypedDict

from scenred.options.conditions import ExtremeWeight, Share
from scenred.options.cutting import Align, Dst
from scenred.options.exporting import Entry, Form
from scenred.options.ground import Metric
from scenred.options.reading import Calendar, Decimal, Duplicates, Negative, Stamp, Unit
from scenred.options.sampling import DependenceMethod, MarginMethod, SampleMethod
from scenred.options.search import Method
from scenred.options.work import Progress


class ColumnsKeywords(TypedDict, total=False):
    """Keywords of `Columns`."""

    time: str | None
    columns: Sequence[str]
    wind: Sequence[str]
    pv: Sequence[str]
    capacity: float | Mapping[str, float] | str | None


class ReadingKeywords(TypedDict, total=False):
    """Keywords of `Reading`."""

    encoding: str | None
    delimiter: str | None
    decimal: Decimal | None
    header: str | None
    rows: str | None
    sheet: str | None
    at: str | None
    max_size: int
    long: tuple[str, ...]
    time_format: str | None
    start: str | None
    step: str | None
    snap: str | None
    stamp: Stamp | None
    tz: str | None
    calendar: Calendar | None
    sort: bool
    resample: str | None
    missing: str
    na: tuple[str, ...]
    duplicates: Duplicates
    negative: Negative | None
    clip: bool
    unit: Unit | None


class CuttingKeywords(TypedDict, total=False):
    """Keywords of `Cutting`."""

    period: str | None
    align: Align
    dst: Dst | None
    drop_leap_day: bool


class GroundKeywords(TypedDict, total=False):
    """Keywords of `GroundOptions`."""

    metric: Metric
    order: float
    shift_cost: float | None
    directions: int | None
    column_weights: Mapping[str, float] | None


class SearchKeywords(TypedDict, total=False):
    """Keywords of `SearchOptions`."""

    method: Method
    gap: float
    bound: bool
    require_optimal: bool
    time_limit: float | None
    n_starts: int
    seed: int


class ConditionsKeywords(TypedDict, total=False):
    """Keywords of `Conditions`."""

    keep: Sequence[str]
    include: Sequence[str]
    exclude: Sequence[str]
    extreme_weight: ExtremeWeight
    installed: Mapping[str, float] | None
    preserve: Sequence[str]
    equal_probabilities: bool
    min_probability: float
    max_probability: float
    group_by: str | None
    share: Share
    fixed: Sequence[int]


class WorkKeywords(TypedDict, total=False):
    """Keywords of `Work`."""

    n_threads: int | None
    progress: Progress | None


class SamplingKeywords(TypedDict, total=False):
    """Keywords of `Sampling`."""

    pairs: Sequence[str]
    margins: MarginMethod
    dependence: DependenceMethod
    method: SampleMethod
    n_quantiles: int
    fragment_length: int
    fragment_size: int
    seed: int


class ExportingKeywords(TypedDict, total=False):
    """Keywords of `Exporting`."""

    step: str | None
    hours: float | None
    rename: Mapping[str, str] | None
    form: Form | None
    network_file: str | None
    names: Mapping[str, str | Sequence[str]] | None
    network_tz: str | None
    value_of_lost_load: float | None
    year: int | None
    entries: Mapping[str, Entry] | None
    stage: str | None
    date: str | None
    region: str | None

"""How a file is to be read: what a caller may say of its shape, its clock and its values."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

from scenred.errors import UsageError, nearest_name

Stamp = Literal["start", "end"]
Calendar = Literal["local", "utc"]
Dst = Literal["keep-utc", "drop", "regular"]
Duplicates = Literal["error", "first", "last", "mean"]
Negative = Literal["keep", "zero", "error"]
Unit = Literal["MW", "kW", "percent", "cf"]

# Bytes of a file once it is unpacked; more is refused before it fills the memory.
DEFAULT_MAX_SIZE = 1_000_000_000
# Steps in a row that `interpolate` fills unless told.
DEFAULT_FILL = 3


@dataclass(frozen=True, slots=True)
class Reading:
    """Hold what a caller says of a file; what is None or left out is found in the file itself.

    Parameters
    ----------
    encoding : str, optional
        Of a text file, such as 'cp1252'.
    delimiter, decimal : str, optional
        One character each; decimal is '.' or ','.
    header : str, optional
        Line of the header, such as '3', or the first and last of several, such as '1-2'; 'none' where the file
        has none (columns are then called by number).
    sheet : str, optional
        Of a workbook.
    max_size : int
        Bytes of the unpacked file, above 0.
    long : tuple of str
        Of a long table: the column that names the site, or several such as 'area+type', then the column or columns of
        values.
    time_format : str, optional
        'iso', 'ymd', 'dmy', 'mdy', 'unix', 'excel' or 'matlab' (days since their epochs), or a format of strptime.
    start : str, optional
        Time of the first row of a file without times, such as '2019-01-01'; rows then follow each other.
    step : str, optional
        Their step, such as '15min'; one hour unless told.
    stamp : {'start', 'end'}, optional
        What a time stamp says of its step.
    tz : str, optional
        IANA zone that local times without offset are in, or that days are counted in.
    calendar : {'local', 'utc'}, optional
        Whose midnight begins a day; of the zone `tz` where there is one.
    dst : {'keep-utc', 'drop', 'regular'}, optional
        What becomes of days of 23 or 25 hours; refused unless told. See `slice_periods`.
    drop_leap_day : bool
        Drop every period with a part of 29 February.
    sort : bool
        Sort rows by time.
    resample : str, optional
        Means over longer steps, such as '1h'.
    missing : str
        'error', 'drop' (the whole period), 'interpolate' or 'interpolate:N' (at most N steps in a row).
    na : tuple of str
        Further cells that mean a missing value, such as '-999'.
    duplicates : {'error', 'first', 'last', 'mean'}
        Which of several rows of one time counts, where they differ.
    negative : {'keep', 'zero', 'error'}, optional
        What becomes of negative values; kept unless told.
    clip : bool
        Clip values to [0, capacity].
    unit : {'MW', 'kW', 'percent', 'cf'}, optional
        Of the values; capacities are then in MW.

    Raises
    ------
    UsageError
        When an option cannot be read or contradicts another one.

    Examples
    --------
    >>> Reading(missing="interpolate:6").fill
    6
    """

    encoding: str | None = None
    delimiter: str | None = None
    decimal: str | None = None
    header: str | None = None
    sheet: str | None = None
    max_size: int = DEFAULT_MAX_SIZE
    long: tuple[str, ...] = ()
    time_format: str | None = None
    start: str | None = None
    step: str | None = None
    stamp: Stamp | None = None
    tz: str | None = None
    calendar: Calendar | None = None
    dst: Dst | None = None
    drop_leap_day: bool = False
    sort: bool = False
    resample: str | None = None
    missing: str = "error"
    na: tuple[str, ...] = ()
    duplicates: Duplicates = "error"
    negative: Negative | None = None
    clip: bool = False
    unit: Unit | None = None

    def __post_init__(self) -> None:
        for name, choices in CHOICES.items():
            _check_choice(name, getattr(self, name), choices)
        if self.delimiter is not None and (
            len(self.delimiter) != 1 or self.delimiter in '"\r\n0123456789.+-'
        ):
            raise UsageError(
                f"the delimiter is {self.delimiter!r}; scenred needs one character, such as , ; | or tab"
            )
        if self.header is not None and not re.fullmatch(r"none|[1-9]\d{0,6}(-[1-9]\d{0,6})?", self.header):
            raise UsageError(
                f"the header is {self.header!r}; scenred needs its line, such as 3, lines 1-2, or none"
            )
        if not re.fullmatch(r"error|drop|interpolate(:[1-9]\d{0,6})?", self.missing):
            raise UsageError(
                f"--missing {self.missing}: there is no such policy; choose error, drop, interpolate or interpolate:N"
            )
        if self.step is not None and self.start is None:
            raise UsageError(
                f"--step {self.step}: the step is that of a file without times; give --start too"
            )
        if self.start is not None and (self.time_format, self.stamp) != (None, None):
            raise UsageError(
                f"--start {self.start}: is of a file without times; leave out --time-format and --stamp"
            )
        if len(self.long) == 1:
            raise UsageError(
                f"--long {self.long[0]}: scenred needs the column of sites and one of values: site,value"
            )
        if self.max_size < 1:
            raise UsageError(f"the largest size is {self.max_size} bytes; scenred needs at least 1")
        if self.calendar == "utc" and self.dst is not None:
            raise UsageError("days of UTC all have 24 hours; leave out --dst, or choose --calendar local")

    @property
    def fill(self) -> int:
        """Steps in a row that may be interpolated; 0 unless told."""
        if not self.missing.startswith("interpolate"):
            return 0
        return int(self.missing.partition(":")[2] or DEFAULT_FILL)

    def told(self) -> dict[str, Any]:
        """Give the options that differ from their defaults."""
        return {name: getattr(self, name) for name in FIELDS if getattr(self, name) != getattr(DEFAULT, name)}


CHOICES: dict[str, tuple[str, ...]] = {
    "decimal": (".", ","),
    "stamp": get_args(Stamp),
    "calendar": get_args(Calendar),
    "dst": get_args(Dst),
    "duplicates": get_args(Duplicates),
    "negative": get_args(Negative),
    "unit": get_args(Unit),
}
FIELDS: tuple[str, ...] = tuple(Reading.__dataclass_fields__)


def _check_choice(name: str, value: str | None, choices: tuple[str, ...]) -> None:
    if value is not None and value not in choices:
        raise UsageError(f"there is no {name} {value!r}; {nearest_name(value, choices)}")


DEFAULT = Reading()


def reading_of(told: Reading | Mapping[str, Any] | None) -> Reading:
    """Give what is told of a reading as one object."""
    return told if isinstance(told, Reading) else Reading(**(told or {}))

"""How a file is read: its shape, its clock and its values."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import ClassVar, Literal

from scenred.errors import Setting, UsageError
from scenred.options.declare import check, option

Stamp = Literal["start", "end"]
Calendar = Literal["local", "utc"]
Duplicates = Literal["error", "first", "last", "mean"]
Negative = Literal["keep", "zero", "error"]
Unit = Literal["MW", "kW", "percent", "cf"]
Decimal = Literal[".", ","]

# Bytes of a file once it is unpacked; more is refused before it fills the memory.
DEFAULT_MAX_SIZE = 1_000_000_000
# Step of a file without times.
DEFAULT_STEP = "1h"
# Steps in a row that `interpolate` fills by default.
DEFAULT_FILL = 3


@dataclass(frozen=True, slots=True)
class Reading:
    """How a file is read; what is None or left out is found in the file itself.

    Raises
    ------
    UsageError
        If an option cannot be read or contradicts another one.

    Examples
    --------
    >>> Reading(missing="interpolate:6").fill
    6
    """

    heading: ClassVar[str] = "Reading"

    encoding: str | None = option(None, "Encoding of the text: utf-8, cp1252. Found by default.", metavar="NAME")
    delimiter: str | None = option(
        None, "Between fields: comma, semicolon, tab, or the mark. Found by default.", metavar="MARK"
    )
    decimal: Decimal | None = option(None, "Decimal mark, . or , . Found by default.", metavar="MARK")
    header: str | None = option(
        None,
        "Line of the header, or lines such as 1-2. Found by default.",
        metavar="LINE",
        preset=("--no-header", "none", "The file has no header: columns are called 1, 2, ..."),
    )
    rows: str | None = option(
        None,
        "Lines of the table, such as 5-400, where a file holds several; its header may be among them.",
        metavar="A-B",
    )
    sheet: str | None = option(None, "Sheet of a workbook.", metavar="NAME")
    at: str | None = option(
        None,
        "Place of a grid, or of sites with places: the nearest to a latitude and longitude, 52.5,13.4, or mean of all.",
        metavar="LAT,LON",
    )
    max_size: int = option(DEFAULT_MAX_SIZE, "Largest unpacked input.", metavar="SIZE", shown="1GB", low=1)
    long: tuple[str, ...] = option(
        (),
        "Long table: the column of sites, or AREA+TYPE, and the one or more of values.",
        metavar="SITE,VALUE",
    )
    time_format: str | None = option(
        None,
        "iso, ymd, dmy, mdy, unix, excel, matlab, or a format such as %d.%m.%Y %H:%M. Found by default.",
        metavar="FORM",
    )
    start: str | None = option(
        None,
        "Time of the first row of a file without times, or of a typical year, whose rows follow each other but for the "
        "year: 2019-01-01, or 2019-01-01T00:30.",
        metavar="TIME",
    )
    step: str | None = option(None, "Step of a file without times: 15min.", metavar="LENGTH", shown=DEFAULT_STEP)
    snap: str | None = option(
        None, "Move times that are some seconds early or late to the nearest multiple: 1min.", metavar="LENGTH"
    )
    stamp: Stamp | None = option(
        None,
        "Whether a time stamp is the start or the end of its step.",
        shown="start, or end where the file says so",
    )
    tz: str | None = option(
        None, "Zone of times without offset, whose midnight begins a day: Europe/Berlin.", metavar="ZONE"
    )
    calendar: Calendar | None = option(None, "Whose midnight begins a day.", shown="local")
    sort: bool = option(False, "Sort the rows by time.")
    resample: str | None = option(None, "Take means over longer steps: 1h.", metavar="LENGTH")
    missing: str = option(
        "error",
        "What to do with missing steps and values: error, drop (the whole period), interpolate or interpolate:N "
        f"(at most N steps in a row, {DEFAULT_FILL} by default).",
        metavar="POLICY",
    )
    na: tuple[str, ...] = option(
        (), "A further cell that means a missing value, such as -999; repeat for more.", metavar="CELL"
    )
    duplicates: Duplicates = option(
        "error", "Which row counts where several of one time differ; identical ones are dropped."
    )
    negative: Negative | None = option(None, "What to do with negative values.", shown="keep")
    clip: bool = option(False, "Clip values to [0, capacity].")
    unit: Unit | None = option(None, "Unit of the values; capacities are then in MW. Values stay as read.")

    def __post_init__(self) -> None:
        """Raise a UsageError if an option cannot be read or contradicts another one."""
        check(self, UsageError)
        if self.delimiter is not None and (len(self.delimiter) != 1 or self.delimiter in '"\r\n0123456789.+-'):
            raise UsageError(f"the delimiter is {self.delimiter!r}", "one character, such as , ; | or tab")
        if self.header is not None and not re.fullmatch(r"none|[1-9]\d{0,6}(-[1-9]\d{0,6})?", self.header):
            raise UsageError(f"the header is {self.header!r}", "its line, such as 3, lines 1-2, or none")
        self._check_rows()
        if not re.fullmatch(r"error|drop|interpolate(:[1-9]\d{0,6})?", self.missing):
            raise UsageError(
                "there is no such policy",
                advice="choose error, drop, interpolate or interpolate:N",
                place=Setting("missing", self.missing),
            )
        self._check_start()
        if len(self.long) == 1:
            raise UsageError(
                "one column is named",
                "the column of sites and one of values: site,value",
                place=Setting("long", self.long[0]),
            )

    def _check_rows(self) -> None:
        """Raise a UsageError if lines or a place cannot be read."""
        lines = re.fullmatch(r"([1-9]\d{0,8})-([1-9]\d{0,8})", self.rows or "1-2")
        if lines is None or int(lines[1]) >= int(lines[2]):
            raise UsageError("are not lines", "the first and the last, such as 5-400", place=Setting("rows", self.rows))
        number = r"[+-]?\d{1,3}(\.\d{1,12})?"
        if self.at is not None and not re.fullmatch(rf"mean|{number} ?, ?{number}", self.at, re.ASCII):
            raise UsageError(
                "is not a place", "a latitude and a longitude, such as 52.5,13.4, or mean", place=Setting("at", self.at)
            )

    def _check_start(self) -> None:
        """Raise a UsageError if there is a step and no start."""
        if self.step is not None and self.start is None:
            raise UsageError(
                "the step is that of a file without times",
                advice=("give ", Setting("start"), " too"),
                place=Setting("step", self.step),
            )

    @property
    def fill(self) -> int:
        """Steps in a row that may be interpolated; 0 by default."""
        if not self.missing.startswith("interpolate"):
            return 0
        return int(self.missing.partition(":")[2] or DEFAULT_FILL)

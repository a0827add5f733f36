"""Flags of reading, which every command that reads a series has: shape of the file, clock, values."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from functools import wraps
from typing import Annotated, Any, Literal

import typer

from scenred.errors import UsageError

StampName = Literal["start", "end"]
CalendarName = Literal["local", "utc"]
DstName = Literal["keep-utc", "drop", "regular"]
DuplicatesName = Literal["error", "first", "last", "mean"]
NegativeName = Literal["keep", "zero", "error"]
UnitName = Literal["MW", "kW", "percent", "cf"]

Missing = Annotated[
    str,
    typer.Option(
        metavar="POLICY",
        help="What becomes of missing steps and values: error, drop (the whole period), interpolate or interpolate:N "
        "(at most N steps in a row, 3 unless told).",
    ),
]
Na = Annotated[
    list[str] | None,
    typer.Option(
        metavar="CELL", help="A further cell that means a missing value, such as -999; repeat for more."
    ),
]
Duplicates = Annotated[
    DuplicatesName,
    typer.Option(help="Which row counts where several of one time differ; identical ones are dropped."),
]
Negative = Annotated[
    NegativeName | None,
    typer.Option(help="What becomes of negative values. [default: keep]", show_default=False),
]
Clip = Annotated[bool, typer.Option("--clip", help="Clip values to [0, capacity].")]
Unit = Annotated[
    UnitName | None,
    typer.Option(
        help="Unit of the values; capacities are then in MW. Values stay as read.", show_default=False
    ),
]
Tz = Annotated[
    str | None,
    typer.Option(
        metavar="ZONE", help="Zone of times without offset, whose midnight begins a day: Europe/Berlin."
    ),
]
Calendar = Annotated[
    CalendarName | None,
    typer.Option(help="Whose midnight begins a day. [default: local]", show_default=False),
]
Dst = Annotated[
    DstName | None,
    typer.Option(
        help="Days of 23 and 25 hours: count 24 hours of standard time, drop them, or repeat and cut an hour; "
        "refused unless told.",
        show_default=False,
    ),
]
DropLeapDay = Annotated[
    bool, typer.Option("--drop-leap-day", help="Drop every period with a part of 29 February.")
]
Stamp = Annotated[
    StampName | None,
    typer.Option(
        help="Whether a time stamp is the start or the end of its step. [default: start, or end where the file "
        "says so]",
        show_default=False,
    ),
]
TimeFormat = Annotated[
    str | None,
    typer.Option(
        metavar="FORM",
        help="iso, ymd, dmy, mdy, unix, excel, matlab, or a format such as %d.%m.%Y %H:%M; found unless told.",
    ),
]
Start = Annotated[
    str | None,
    typer.Option(
        metavar="TIME", help="Time of the first row of a file without times: 2019-01-01, or 2019-01-01T00:30."
    ),
]
Step = Annotated[
    str | None,
    typer.Option(
        metavar="LENGTH", help="Step of a file without times: 15min. [default: 1h]", show_default=False
    ),
]
Resample = Annotated[str | None, typer.Option(metavar="LENGTH", help="Take means over longer steps: 1h.")]
Sort = Annotated[bool, typer.Option("--sort", help="Sort the rows by time.")]
Long = Annotated[
    str | None,
    typer.Option(
        metavar="SITE,VALUE",
        help="Long table: the column of sites, or AREA+TYPE, and the one or more of values.",
    ),
]
Delimiter = Annotated[
    str | None,
    typer.Option(
        metavar="MARK", help="Between fields: comma, semicolon, tab, or the mark; found unless told."
    ),
]
Decimal = Annotated[
    str | None, typer.Option(metavar="MARK", help="Decimal mark, . or , ; found unless told.")
]
Encoding = Annotated[
    str | None, typer.Option(metavar="NAME", help="Of the text: utf-8, cp1252; found unless told.")
]
Header = Annotated[
    str | None,
    typer.Option(metavar="LINE", help="Line of the header, or lines such as 1-2; found unless told."),
]
NoHeader = Annotated[
    bool, typer.Option("--no-header", help="The file has no header: columns are called 1, 2, ...")
]
Sheet = Annotated[str | None, typer.Option(metavar="NAME", help="Sheet of a workbook.")]
MaxSize = Annotated[str, typer.Option(metavar="SIZE", help="Largest unpacked input.")]

# In the order of the help.
FLAGS: dict[str, tuple[Any, Any]] = {
    "missing": (Missing, "error"),
    "na": (Na, None),
    "duplicates": (Duplicates, "error"),
    "negative": (Negative, None),
    "clip": (Clip, False),
    "unit": (Unit, None),
    "tz": (Tz, None),
    "calendar": (Calendar, None),
    "dst": (Dst, None),
    "drop_leap_day": (DropLeapDay, False),
    "stamp": (Stamp, None),
    "time_format": (TimeFormat, None),
    "start": (Start, None),
    "step": (Step, None),
    "resample": (Resample, None),
    "sort": (Sort, False),
    "long": (Long, None),
    "delimiter": (Delimiter, None),
    "decimal": (Decimal, None),
    "encoding": (Encoding, None),
    "header": (Header, None),
    "no_header": (NoHeader, False),
    "sheet": (Sheet, None),
    "max_size": (MaxSize, "1GB"),
}
DELIMITERS = {"comma": ",", "semicolon": ";", "tab": "\t", "\\t": "\t", "pipe": "|", "space": " "}
SIZES = {"": 1, "K": 10**3, "M": 10**6, "G": 10**9}


def with_reading(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the flags of reading, which it takes as one parameter `reading`."""
    signature = inspect.signature(command, eval_str=True)
    own = [parameter for name, parameter in signature.parameters.items() if name != "reading"]
    flags = [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=annotation)
        for name, (annotation, default) in FLAGS.items()
    ]
    where = next((number for number, parameter in enumerate(own) if parameter.name == "period"), len(own))
    named = [parameter.replace(kind=inspect.Parameter.KEYWORD_ONLY) for parameter in own]

    @wraps(command)
    def run(**given: Any) -> None:
        told = {name: given.pop(name) for name in FLAGS}
        command(**given, reading=told)

    run.__signature__ = signature.replace(  # type: ignore[attr-defined]  # what typer reads
        parameters=[*named[:where], *flags, *named[where:]]
    )
    run.__annotations__ = {}
    return run


def options_of(flags: dict[str, Any]) -> dict[str, Any]:
    """Give what flags told, beyond their defaults, as the options that `Reading` takes."""
    options = dict(flags)
    if options.pop("no_header"):
        if options["header"] is not None:
            raise UsageError("--header and --no-header contradict each other; choose one")
        options["header"] = "none"
    options["na"] = tuple(options["na"] or ())
    options["long"] = tuple(part.strip() for part in (options["long"] or "").split(",") if part.strip())
    if options["delimiter"] is not None:
        options["delimiter"] = DELIMITERS.get(options["delimiter"], options["delimiter"])
    defaults = {name: default for name, (_, default) in FLAGS.items()}
    told = {name: value for name, value in options.items() if value not in (defaults.get(name), ())}
    if "max_size" in told:
        told["max_size"] = size(told["max_size"])
    return told


def size(text: str) -> int:
    """Read a number of bytes.

    Examples
    --------
    >>> size("2GB"), size("500 MB"), size("1000")
    (2000000000, 500000000, 1000)
    """
    match = re.fullmatch(r"(\d{1,12}) ?([KMG]?B?)", text.strip().upper(), re.ASCII)
    if match is None or int(match[1]) == 0:
        raise UsageError(f"--max-size {text}: scenred needs a number of bytes above 0, such as 500MB or 2GB")
    return int(match[1]) * SIZES[match[2].removesuffix("B")]

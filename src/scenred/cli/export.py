"""The command `scenred export`."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import typer

from scenred.cli import options
from scenred.cli.process import light_start
from scenred.errors import UsageError

FormName = Literal["scenarios", "days"]


def export(
    scenarios: Annotated[
        str,
        typer.Argument(
            metavar="SCENARIOS", help="Scenario table to hand over; - is standard input.", show_default=False
        ),
    ],
    to: Annotated[
        str,
        typer.Option(
            metavar="FORMAT",
            help="pypsa, netcdf, parquet, xlsx, json, genx, tulipa, calliope, oemof, gams, scenred2, smps or pgscen; "
            "see docs/export.md.",
            show_default=False,
        ),
    ],
    output: Annotated[
        str,
        typer.Option(
            "-o",
            "--output",
            metavar="PATH",
            help="File, or folder for pypsa, genx, tulipa and pgscen; - is standard output.",
            show_default=False,
        ),
    ],
    period_map: Annotated[
        str | None,
        typer.Option(
            "--map",
            metavar="FILE",
            help="Period map of the same run; genx, tulipa, calliope and oemof need it.",
        ),
    ] = None,
    column: options.ColumnNames = None,
    wind: options.Wind = None,
    pv: options.Pv = None,
    capacity: Annotated[
        list[str] | None,
        typer.Option(
            metavar="[NAME=]MW",
            help="Installed capacity of one column, or of all, in the unit of the values; repeat for more. "
            "Models that read capacity factors get values divided by it.",
        ),
    ] = None,
    step: Annotated[
        str | None,
        typer.Option(
            metavar="LENGTH",
            help="Length of a step, where neither table nor map tells: 1h, 15min. [default: 1h for 24 steps]",
        ),
    ] = None,
    hours: Annotated[
        float | None,
        typer.Option(
            metavar="H",
            help="For pypsa and genx: hours that all scenarios together stand for. [default: 8760]",
        ),
    ] = None,
    form: Annotated[
        FormName | None,
        typer.Option(
            help="For pypsa: alternatives with probabilities, or weighted days in a row. [default: scenarios]"
        ),
    ] = None,
    voll: Annotated[
        float | None,
        typer.Option(metavar="EUR/MWH", help="For genx: value of lost load. [default: 10000]"),
    ] = None,
    year: Annotated[
        int | None,
        typer.Option(
            metavar="YEAR", help="For tulipa: milestone year; that of the first period unless told."
        ),
    ] = None,
    entry: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME=COLUMN:ROW[:FACTOR]",
            help="For smps: what a column replaces in the core file, {step} or {step+1} being the step; repeat for "
            "more. [default: RHS:NAME_{step}]",
        ),
    ] = None,
    stage: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="For smps: stage of the scenarios. [default: STAGE-2]"),
    ] = None,
    date: Annotated[
        str | None,
        typer.Option(metavar="YYYY-MM-DD", help="For pgscen: day of the scenarios; their own unless told."),
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help="Write into a folder that holds other files too.")
    ] = False,
    quiet: options.Quiet = False,
) -> None:
    """Write scenarios in the format of the model that will read them."""
    if "" in (output, period_map):
        raise UsageError("an input or output has an empty name; name a file, or - for a stream")
    if scenarios == period_map == "-":
        raise UsageError("SCENARIOS and --map are both standard input; name a file for one of them")
    inputs: dict[str, Any] = {
        "columns": column or [],
        "wind": wind or [],
        "pv": pv or [],
        "capacity": options.capacities(capacity or []),
    }
    given = {
        "form": form,
        "hours": hours,
        "value_of_lost_load": voll,
        "year": year,
        "stage": stage,
        "date": date,
    }
    told: dict[str, Any] = {name: value for name, value in given.items() if value is not None}
    entries = [_entry(text) for text in entry or []]
    # numerical libraries load from here on
    with light_start():
        from scenred.api import export as handover
    from scenred.cli.stderr import Talk
    from scenred.io.files.atomic import is_same_file

    if entries:
        told["entries"] = {name: handover.Entry(*place) for name, place in entries}
    for source in (scenarios, period_map):
        if source is not None and is_same_file(output, source):
            raise UsageError(f"the export would replace its own input {source}; name another file")
    with Talk(quiet=quiet, verbose=False):
        handover.export(
            scenarios, to, output, period_map=period_map, step=step, force=force, **inputs, **told
        )


def _entry(text: str) -> tuple[str, tuple[str, str, float]]:
    """Read NAME=COLUMN:ROW[:FACTOR]."""
    name, mark, place = text.rpartition("=")
    parts = place.split(":")
    try:
        column, row, *factor = parts
        number = float(factor[0]) if factor else 1.0
    except ValueError:
        mark = ""
    if not mark or not name or len(parts) > 3 or not all(parts):
        raise UsageError(
            f"--entry {text}: scenred needs NAME=COLUMN:ROW or NAME=COLUMN:ROW:FACTOR, such as "
            "load=RHS:balance_{step}"
        )
    return name, (column, row, number)

"""The command `scenred apply`."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import typer

from scenred.cli import options
from scenred.cli.process import light_start, return_large_blocks
from scenred.errors import UsageError

LayoutName = Literal["long", "wide"]


def apply(
    manifest: Annotated[
        str,
        typer.Argument(
            metavar="MANIFEST",
            help="Manifest of the scenarios, such as scenarios.manifest.json.",
            show_default=False,
        ),
    ],
    source: Annotated[
        list[str],
        typer.Argument(
            metavar="SERIES",
            help="File of other columns of the same calendar; - is standard input.",
            show_default=False,
        ),
    ],
    output: Annotated[
        str | None,
        typer.Option(
            "-o", "--output", metavar="FILE", help="Write the scenarios here; otherwise to standard output."
        ),
    ] = None,
    layout: Annotated[
        LayoutName, typer.Option(help="One row per scenario and step, or one row per scenario.")
    ] = "long",
    time: options.Time = None,
    column: options.ColumnNames = None,
    wind: options.Wind = None,
    pv: options.Pv = None,
    quiet: options.Quiet = False,
    reading: Any = None,
) -> None:
    """Apply the dates and probabilities of earlier scenarios to other columns: load, prices, another site."""
    if output == "":
        raise UsageError("an output has an empty name; name a file, or - for standard output")
    if manifest == "-" and "-" in source:
        raise UsageError("MANIFEST and SERIES are both standard input; name a file for one of them")
    inputs = options.reading(time, column, wind, pv, None, None, "midnight", reading)
    told = {name: inputs[name] for name in ("time", "columns", "wind", "pv", "reading")}
    return_large_blocks()
    # numerical libraries load from here on
    with light_start():
        from scenred.api import generate as api
    from scenred.cli.stderr import Talk
    from scenred.io.files.atomic import is_same_file, write_files, write_stdout
    from scenred.io.storage.csv import to_csv

    for name in (manifest, *source):
        if output is not None and is_same_file(output, name):
            raise UsageError(f"the scenarios would replace their own input {name}; name another file")
    with Talk(quiet=quiet, verbose=False):
        scenarios = api.apply(manifest, source, **told)
        table = to_csv(scenarios.to_frame(layout))
        if output in (None, "-"):
            write_stdout(table)
        else:
            write_files([(str(output), table)])

"""The command `scenred apply`."""

from __future__ import annotations

from typing import Annotated

import typer

from scenred.cli.flags import shared
from scenred.cli.flags.attach import Use
from scenred.cli.process import collect_again, return_large_blocks
from scenred.errors import UsageError
from scenred.options import Columns, Cutting, Reading
from scenred.options.exporting import Layout


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
    output: shared.Output = None,
    layout: Annotated[Layout, shared.LayoutOfTable] = "long",
    quiet: shared.Quiet = False,
    *,
    columns: Annotated[Columns, Use(without=("capacity",))],
    reading: Reading,
    cutting: Annotated[Cutting, Use(only=("dst", "drop_leap_day"))],
) -> None:
    """Apply the dates and probabilities of earlier scenarios to other columns: load, prices, another site."""
    if output == "":
        raise UsageError("an output has an empty name", advice="name a file, or - for standard output")
    if manifest == "-" and "-" in source:
        raise UsageError("MANIFEST and SERIES are both standard input", advice="name a file for one of them")
    return_large_blocks()
    # numerical libraries load from here on
    from scenred.api.apply import applied
    from scenred.api.inputs import InputOptions
    from scenred.cli.output import emit
    from scenred.cli.stderr import Stderr
    from scenred.io.files.inputs import expect_results
    from scenred.io.storage.endings import check_table_path, table_file

    expect_results(output)
    check_table_path(output, layout)
    collect_again()
    with Stderr(quiet=quiet):
        scenarios = applied(manifest, source, InputOptions(columns, reading, cutting))
        emit((output, table_file(scenarios, output, layout)))

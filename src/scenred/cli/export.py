"""The command `scenred export`."""

from __future__ import annotations

from typing import Annotated

import typer

from scenred.cli.flags import shared
from scenred.cli.flags.attach import Use
from scenred.cli.process import collect_again
from scenred.options import Columns
from scenred.options.exporting import Exporting


def export(
    scenarios: Annotated[
        str,
        typer.Argument(metavar="SCENARIOS", help="Scenario table to export; - is standard input.", show_default=False),
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
    force: Annotated[bool, typer.Option("--force", help="Write into a folder that holds other files too.")] = False,
    quiet: shared.Quiet = False,
    *,
    columns: Annotated[
        Columns,
        Use(
            without=("time",),
            help={
                "capacity": "Installed capacity of one column, or of all, in the unit of the values; repeat for more. "
                "Models that read capacity factors get values divided by it."
            },
        ),
    ],
    exporting: Exporting,
) -> None:
    """Write scenarios in the format of the model that will read them."""
    # numerical libraries load from here on
    from scenred.api.export import exported
    from scenred.cli.output import check_streams
    from scenred.cli.stderr import Stderr
    from scenred.io.files.inputs import expect_results

    check_streams({"SCENARIOS": scenarios, "--map": period_map}, output)
    expect_results(output)
    collect_again()
    with Stderr(quiet=quiet):
        exported(scenarios, to, output, period_map, columns, exporting, force=force)

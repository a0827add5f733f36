"""The command `scenred export`."""

from __future__ import annotations

from typing import Annotated

import typer

from scenred.cli.flags import shared
from scenred.cli.flags.attach import Use
from scenred.cli.process import collect_again
from scenred.options import Columns, Reading
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
            help="pypsa, pypsa-netcdf, netcdf, parquet, xlsx, json, genx, tulipa, calliope, oemof, tsam, gams, "
            "gdx, scenred2, smps, pgscen, plexos, osemosys, sienna, switch, temoa or spineopt; see docs/export.md.",
            show_default=False,
        ),
    ],
    output: Annotated[
        str,
        typer.Option(
            "-o",
            "--output",
            metavar="PATH",
            help="File, or folder for pypsa, genx, tulipa, pgscen, plexos, osemosys, sienna and switch; - is "
            "standard output.",
            show_default=False,
        ),
    ],
    period_map: Annotated[
        str | None,
        typer.Option(
            "--map",
            metavar="FILE",
            help="Period map of the same run; genx, tulipa, calliope, oemof, tsam and spineopt need it.",
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
    reading: Annotated[
        Reading, Use(only=("tz",), help={"tz": "Zone of the starts (IANA name), where the table holds offsets only."})
    ],
    exporting: Exporting,
) -> None:
    """Write scenarios in the format of the model that will read them."""
    # numerical libraries load from here on
    from scenred.api.export import exported
    from scenred.cli.flags.spelling import spelled
    from scenred.cli.output import check_streams
    from scenred.cli.stderr import Stderr
    from scenred.errors import written
    from scenred.io.files.inputs import expect_results

    check_streams({"SCENARIOS": scenarios, "--map": period_map, "--network": exporting.network_file}, output)
    expect_results(output)
    collect_again()
    with Stderr(quiet=quiet) as stderr:
        said = exported(scenarios, to, output, period_map, columns, exporting, reading, force=force)
        if exporting.hours is None:
            stderr.announce(written(said, spelled), is_important=True)

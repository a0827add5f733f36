"""Arguments and flags that several commands have and that are not options of a group."""

from __future__ import annotations

from typing import Annotated

import typer

Sources = Annotated[
    list[str],
    typer.Argument(
        metavar="INPUT",
        help="File of a regular time series (CSV, Excel, Parquet, NetCDF), a folder of them, or a scenario "
        "table; several are joined on time; - is standard input.",
        show_default=False,
    ),
]
Output = Annotated[
    str | None,
    typer.Option("-o", "--output", metavar="FILE", help="Write the result here; otherwise to standard output."),
]
OutputWithManifest = Annotated[
    str | None,
    typer.Option(
        "-o",
        "--output",
        metavar="FILE",
        help="Write the scenarios here and the manifest next to them; otherwise to standard output.",
    ),
]
ManifestFile = Annotated[
    str | None,
    typer.Option("--manifest", metavar="FILE", help="Write options, input and result as JSON here."),
]
LayoutOfTable = typer.Option(help="One row per scenario and step, or one row per scenario.")
Json = Annotated[bool, typer.Option("--json", help="Write JSON.")]
MatrixFile = Annotated[
    str | None,
    typer.Option(
        "--matrix",
        metavar="FILE.npy",
        help="For precomputed: square matrix of distances; rows are served by columns.",
    ),
]
PlanToo = Annotated[bool, typer.Option("--plan", help="Also plan capacity: objective bias and regret.")]
StudyFile = Annotated[
    str | None,
    typer.Option(
        "--study",
        metavar="FILE.toml",
        help="With --plan: costs and limits that replace the defaults, see docs/plan.md.",
    ),
]
Verbose = Annotated[
    bool, typer.Option("-v", "--verbose", help="Print the summary also where stderr is not a terminal.")
]
Quiet = Annotated[bool, typer.Option("-q", "--quiet", help="Print nothing but errors.")]

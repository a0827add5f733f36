"""The command `scenred compare`."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from scenred.cli.evaluate import OrderNumber, check_plan
from scenred.cli.flags import shared
from scenred.cli.flags.attach import Use
from scenred.cli.process import load_numba, return_large_blocks
from scenred.errors import UsageError
from scenred.options import Columns, Cutting, GroundOptions, Reading, Work

FormatName = Literal["csv", "json", "text"]


def compare(
    source: shared.Sources,
    n_scenarios: Annotated[
        list[int] | None,
        typer.Option("-k", "--scenarios", metavar="N", help="How many to keep; repeat for more. [default: 5, 10]"),
    ] = None,
    method: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME",
            help="kmedoids, exact, forward, backward, alternating, random, or kmeans (centroids, a baseline); "
            "repeat for more. [default: kmedoids, random]",
        ),
    ] = None,
    metric: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME",
            help="duration, pointwise, wasserstein or sliced; repeat for more. [default: sliced]",
        ),
    ] = None,
    output: shared.Output = None,
    layout: Annotated[FormatName, typer.Option("--format", help="Format of the table.")] = "csv",
    plan: shared.PlanToo = False,
    study: shared.StudyFile = None,
    seed: Annotated[int, typer.Option(metavar="N", min=0, help="Seed of every method.")] = 0,
    verbose: shared.Verbose = False,
    quiet: shared.Quiet = False,
    *,
    columns: Columns,
    reading: Reading,
    cutting: Cutting,
    ground: Annotated[GroundOptions, Use(without=("metric",), kind={"order": OrderNumber}, default={"order": "1"})],
    work: Work,
) -> None:
    """Reduce by several methods, metrics and numbers of scenarios, and put the headline scores side by side."""
    if output == "":
        raise UsageError("an output has an empty name", advice="name a file, or - for standard output")
    check_plan(source, study, plan=plan)
    return_large_blocks()
    # numerical libraries load from here on
    from scenred.api.compare import DEFAULT, Comparison, compared
    from scenred.api.inputs import InputOptions
    from scenred.cli.output import emit, keep_inputs
    from scenred.cli.stderr import Stderr, check_loudness
    from scenred.io.records.reports import write_comparison
    from scenred.io.records.study import read_study
    from scenred.options.study import Study

    check_loudness(verbose=verbose, quiet=quiet)
    keep_inputs(source, output)
    load_numba()
    with Stderr(quiet=quiet) as stderr:
        costs = None if not plan else Study() if study is None else read_study(study)
        sizes, methods, metrics = n_scenarios or DEFAULT.sizes, method or DEFAULT.methods, metric or DEFAULT.metrics
        asked = Comparison(sizes, methods, metrics, seed, costs)
        table = compared(source, InputOptions(columns, reading, cutting), asked, ground, work)
        if verbose:
            stderr.announce(f"{len(table)} reductions compared", is_important=True)
        emit((output, write_comparison(table, layout)))

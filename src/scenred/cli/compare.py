"""The command `scenred compare`."""

from __future__ import annotations

import sys
from typing import Annotated, Any, Literal, cast

import typer

from scenred.cli import options
from scenred.cli.evaluate import OrderNumber
from scenred.cli.process import light_start, return_large_blocks
from scenred.errors import UsageError

FormatName = Literal["csv", "json", "text"]


def compare(
    source: options.Sources,
    n_scenarios: Annotated[
        list[int] | None,
        typer.Option(
            "-k", "--scenarios", metavar="N", help="How many to keep; repeat for more. [default: 5, 10]"
        ),
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
    output: Annotated[
        str | None, typer.Option("-o", "--output", metavar="FILE", help="Write the table here.")
    ] = None,
    layout: Annotated[
        FormatName, typer.Option("--format", help="Format of the table; --json is the same as json.")
    ] = "csv",
    json: Annotated[bool, typer.Option("--json", help="Write JSON.")] = False,
    time: options.Time = None,
    column: options.ColumnNames = None,
    wind: options.Wind = None,
    pv: options.Pv = None,
    capacity: options.Capacity = None,
    period: options.Period = None,
    align: options.AlignAt = "midnight",
    order: Annotated[OrderNumber, typer.Option(help="Order r of the Wasserstein distance.")] = "1",
    shift_cost: options.ShiftCost = None,
    directions: options.Directions = None,
    weight: options.Weight = None,
    plan: Annotated[
        bool, typer.Option("--plan", help="Also plan capacity: objective bias and regret.")
    ] = False,
    study: Annotated[
        str | None,
        typer.Option(
            metavar="FILE.toml",
            help="With --plan: costs and limits that replace the defaults; --plan FILE.toml is the same.",
        ),
    ] = None,
    seed: Annotated[int, typer.Option(metavar="N", min=0, help="Seed of every method.")] = 0,
    threads: options.Threads = None,
    verbose: options.Verbose = False,
    quiet: options.Quiet = False,
    reading: Any = None,
) -> None:
    """Reduce by several methods, metrics and numbers of scenarios, and put the headline scores side by side."""
    if output == "":
        raise UsageError("an output has an empty name; name a file, or - for standard output")
    if study is not None and not plan:
        raise UsageError("--study belongs to --plan; add --plan")
    options.check_talk(verbose=verbose, quiet=quiet)
    inputs = options.reading(time, column, wind, pv, capacity, period, align, reading)
    weights = options.named_numbers(weight or [], "--weight")
    return_large_blocks()
    # numerical libraries load from here on
    with light_start():
        from scenred.api import evaluate as judging
        from scenred.api import generate as api
    from scenred.cli.stderr import Talk
    from scenred.io.files.atomic import is_same_file, write_files, write_stdout
    from scenred.io.records.reports import write_comparison
    from scenred.io.records.study import read_study
    from scenred.options import Study

    for path in source:
        if output is not None and is_same_file(output, path):
            raise UsageError(f"the table would replace its own input {path}; name another file")
    with Talk(quiet=quiet, verbose=verbose):
        costs = None if not plan else Study() if study is None else read_study(study)
        original = api.read_input(source, **inputs)
        table = judging.compare(
            original,
            n_scenarios or (5, 10),
            method or ("kmedoids", "random"),
            cast("Any", metric or ("sliced",)),
            order=int(order),
            shift_cost=shift_cost,
            directions=directions,
            column_weights=weights,
            seed=seed,
            study=costs,
            n_threads=threads,
        )
        if verbose:
            sys.stderr.write(
                f"scenred: {len(table)} reductions of {original.n_scenarios} scenarios compared\n"
            )
        text = write_comparison(table, "json" if json else layout)
        if output in (None, "-"):
            write_stdout(text)
        else:
            write_files([(str(output), text)])

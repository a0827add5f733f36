"""The command `scenred evaluate`."""

from __future__ import annotations

import sys
from typing import Annotated, Any, Literal

import typer

from scenred.cli import options
from scenred.cli.process import light_start, return_large_blocks
from scenred.errors import SolverError, UsageError, one_line

MetricName = Literal["duration", "pointwise", "wasserstein", "sliced"]
OrderNumber = Literal["1", "2"]


def evaluate(
    scenarios: Annotated[
        str,
        typer.Argument(
            metavar="SCENARIOS", help="Scenario table to judge; - is standard input.", show_default=False
        ),
    ],
    original: Annotated[
        list[str],
        typer.Argument(
            metavar="ORIGINAL",
            help="The truth: the series or scenario table it was made from, or a held-out year.",
            show_default=False,
        ),
    ],
    output: Annotated[
        str | None, typer.Option("-o", "--output", metavar="FILE", help="Write the scorecard here.")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Write JSON instead of text.")] = False,
    fail_above: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME=X",
            help="Leave with 5 when this score is farther from 0 than X, in the worst column; repeat for more.",
        ),
    ] = None,
    time: options.Time = None,
    column: options.ColumnNames = None,
    wind: options.Wind = None,
    pv: options.Pv = None,
    capacity: options.Capacity = None,
    period: options.Period = None,
    align: options.AlignAt = "midnight",
    metric: Annotated[MetricName, typer.Option(help="Ground metric of the transport scores.")] = "sliced",
    order: Annotated[OrderNumber, typer.Option(help="Order r of the relative cost.")] = "1",
    shift_cost: options.ShiftCost = None,
    directions: options.Directions = None,
    weight: options.Weight = None,
    seed: Annotated[int, typer.Option(metavar="N", min=0, help="Seed of the random subsets.")] = 0,
    plan: Annotated[
        bool,
        typer.Option("--plan", help="Also plan capacity on both sets: objective bias and regret."),
    ] = False,
    study: Annotated[
        str | None,
        typer.Option(
            metavar="FILE.toml",
            help="With --plan: costs and limits that replace the defaults, see docs/plan.md; --plan FILE.toml is "
            "the same.",
        ),
    ] = None,
    stability: Annotated[
        int,
        typer.Option(metavar="N", min=0, help="With --plan: also plan on reductions of N seeds."),
    ] = 0,
    threads: options.Threads = None,
    verbose: Annotated[
        bool, typer.Option("-v", "--verbose", help="Print every column, not the worst only.")
    ] = False,
    quiet: options.Quiet = False,
    reading: Any = None,
) -> None:
    """Say how far a scenario set lies from the truth: one scorecard of named scores."""
    if output == "":
        raise UsageError("an output has an empty name; name a file, or - for standard output")
    options.check_talk(verbose=verbose, quiet=quiet)
    if scenarios == "-" and "-" in original:
        raise UsageError("SCENARIOS and ORIGINAL are both standard input; name a file for one of them")
    if not plan and (study is not None or stability):
        raise UsageError("--study and --stability belong to --plan; add --plan")
    gates = options.named_numbers(fail_above or [], "--fail-above")
    request: dict[str, Any] = {
        **options.reading(time, column, wind, pv, capacity, period, align, reading),
        **options.measuring(metric, int(order), shift_cost, directions, None, weight),
        "seed": seed,
        "stability": stability,
        "n_threads": threads,
    }
    return_large_blocks()
    # numerical libraries load from here on
    with light_start():
        from scenred.api import evaluate as judging
    from scenred.cli.colour import coloured, wants_colour
    from scenred.cli.stderr import Talk
    from scenred.io.files.atomic import is_same_file, write_files, write_stdout
    from scenred.io.records.scorecard import to_json
    from scenred.io.records.scorecard_text import to_text
    from scenred.model.scorecard import check_score_names
    from scenred.options import Study

    check_score_names(gates, plans=plan)
    for source in (scenarios, *original):
        if output is not None and is_same_file(output, source):
            raise UsageError(f"the scorecard would replace its own input {source}; name another file")
    with Talk(quiet=quiet, verbose=False) as talk:
        costs = (study or Study()) if plan else None
        card = judging.evaluate(scenarios, original, **request, plan=costs, progress=talk.progress)
        fallen = judging.fallen_gates(card, gates)
        text = to_json(card, gates) if json else to_text(card, all_columns=verbose)
        if output in (None, "-"):
            write_stdout(coloured(text) if not json and wants_colour() else text)
        else:
            write_files([(str(output), text)])
    for line in fallen[:-1]:
        sys.stderr.write(f"scenred: {one_line(line)}\n")
    if fallen:
        raise SolverError(fallen[-1])

"""The command `scenred evaluate`."""

from __future__ import annotations

import math
import sys
from typing import Annotated, Literal

import typer

from scenred.cli.flags import shared, texts
from scenred.cli.flags.attach import Use
from scenred.cli.process import load_numba, return_large_blocks
from scenred.errors import SolverError, UsageError, one_line
from scenred.options import Columns, Cutting, GroundOptions, Reading, Work
from scenred.options.evaluation import Evaluation

MetricName = Literal["duration", "pointwise", "wasserstein", "sliced"]
OrderNumber = Literal["1", "2"]


def evaluate(
    scenarios: Annotated[
        str,
        typer.Argument(metavar="SCENARIOS", help="Scenario table to judge; - is standard input.", show_default=False),
    ],
    original: Annotated[
        list[str],
        typer.Argument(
            metavar="ORIGINAL",
            help="The truth: the series or scenario table it was made from, or a held-out year.",
            show_default=False,
        ),
    ],
    output: shared.Output = None,
    json: Annotated[bool, typer.Option("--json", help="Write JSON instead of text.")] = False,
    fail_above: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME=X",
            help="Exit with code 5 if abs(score) > X, in the worst column; repeat for more.",
        ),
    ] = None,
    plan: shared.PlanToo = False,
    study: shared.StudyFile = None,
    verbose: Annotated[bool, typer.Option("-v", "--verbose", help="Print every column, not the worst only.")] = False,
    quiet: shared.Quiet = False,
    *,
    asked: Evaluation,
    columns: Columns,
    reading: Reading,
    cutting: Cutting,
    ground: Annotated[
        GroundOptions,
        Use(
            kind={"metric": MetricName, "order": OrderNumber},
            default={"order": "1"},
            help={
                "metric": "Ground metric of the transport scores.",
                "order": "Order r of the relative cost.",
            },
        ),
    ],
    work: Work,
) -> None:
    """Score how far a scenario set lies from the truth: one scorecard of named scores."""
    check_plan(original, study, plan=plan, stability=asked.stability)
    gates = gates_of(fail_above or [])
    return_large_blocks()
    # numerical libraries load from here on
    from dataclasses import replace

    from scenred.api.evaluate import evaluated
    from scenred.api.inputs import InputOptions
    from scenred.cli.colour import coloured, wants_colour
    from scenred.cli.output import check_streams, emit
    from scenred.cli.stderr import Stderr, check_loudness
    from scenred.evaluation import failed_gates
    from scenred.io.files.inputs import expect_results
    from scenred.io.records.scorecard import to_json
    from scenred.io.records.scorecard_text import to_text
    from scenred.io.records.study import read_study
    from scenred.io.storage.endings import check_text_path
    from scenred.model.scorecard import check_score_names
    from scenred.options.study import Study

    check_loudness(verbose=verbose, quiet=quiet)
    check_streams({"SCENARIOS": scenarios, "ORIGINAL": "-" if "-" in original else original[0]}, output)
    check_score_names(gates, plans=plan)
    expect_results(output)
    check_text_path(output)
    load_numba()
    with Stderr(quiet=quiet) as stderr:
        costs = None if not plan else Study() if study is None else read_study(study)
        inputs = InputOptions(columns, reading, cutting)
        work = replace(work, progress=stderr.progress)
        card = evaluated(scenarios, original, inputs, ground, asked, costs, work)
        failed = failed_gates(card, gates)
        text = to_json(card, gates) if json else to_text(card, all_columns=verbose)
        colours = output in (None, "-") and not json and wants_colour()
        stderr.clear()
        emit((output, coloured(text) if colours else text))
    for line in failed[:-1]:
        sys.stderr.write(f"scenred: {one_line(line)}\n")
    if failed:
        raise SolverError(failed[-1])


def gates_of(given: list[str]) -> dict[str, float]:
    """Read the limits of scores; raise a UsageError if one is not a finite number."""
    gates = texts.named_numbers(given, "--fail-above")
    for name, limit in gates.items():
        if not math.isfinite(limit):
            raise UsageError(f"the limit of {name} is {limit}", "a finite number", place="--fail-above")
    return gates


def check_plan(inputs: list[str], study: str | None, *, plan: bool, stability: int) -> None:
    """Raise a UsageError if a flag of planning is given without --plan, or a study without its flag."""
    if not plan and (study is not None or stability):
        raise UsageError("--study and --stability belong to --plan", advice="add --plan")
    for path in inputs:
        if plan and path.endswith(".toml"):
            raise UsageError("is a study, not a table", advice=f"pass --study {path}", place=path)

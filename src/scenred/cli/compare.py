"""The command `scenred compare`."""

from __future__ import annotations

from typing import Annotated, Any, Literal, cast

import typer

from scenred.cli.evaluate import OrderNumber, check_plan
from scenred.cli.flags import shared
from scenred.cli.flags.attach import Use
from scenred.cli.process import load_numba, return_large_blocks
from scenred.errors import UsageError
from scenred.options import Columns, Cutting, GroundOptions, Reading, Work
from scenred.options.evaluation import Comparison

FormatName = Literal["csv", "json", "text"]


def compare(
    source: shared.Sources,
    output: shared.Output = None,
    layout: Annotated[FormatName, typer.Option("--format", help="Format of the table.")] = "csv",
    plan: shared.PlanToo = False,
    study: shared.StudyFile = None,
    verbose: shared.Verbose = False,
    quiet: shared.Quiet = False,
    *,
    asked: Comparison,
    columns: Columns,
    reading: Reading,
    cutting: Cutting,
    ground: Annotated[GroundOptions, Use(without=("metric",), kind={"order": OrderNumber}, default={"order": "1"})],
    work: Work,
) -> None:
    """Reduce by several methods, metrics and numbers of scenarios, and put the headline scores side by side."""
    if output == "":
        raise UsageError("an output has an empty name", advice="name a file, or - for standard output")
    check_plan(source, study, plan=plan, stability=0)
    return_large_blocks()
    # numerical libraries load from here on
    from scenred.api.compare import compared
    from scenred.api.inputs import InputOptions
    from scenred.cli.estimate import announcing
    from scenred.cli.output import emit
    from scenred.cli.stderr import Stderr, check_loudness
    from scenred.io.files.inputs import expect_results
    from scenred.io.records.reports import write_comparison
    from scenred.io.records.study import read_study
    from scenred.io.storage.endings import check_text_path
    from scenred.options.study import Study

    check_loudness(verbose=verbose, quiet=quiet)
    expect_results(output)
    check_text_path(output)
    load_numba()
    with Stderr(quiet=quiet) as stderr:
        costs = None if not plan else Study() if study is None else read_study(study)
        tell = announcing(stderr, ground, work, cast("Any", asked.metrics))
        table = compared(source, InputOptions(columns, reading, cutting), asked, costs, ground, work, tell)
        if verbose:
            stderr.announce(f"{len(table)} reductions compared", is_important=True)
        emit((output, write_comparison(table, layout)))

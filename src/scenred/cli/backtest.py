"""The command `scenred backtest`."""

from __future__ import annotations

from typing import Annotated

import typer

from scenred.cli.flags import shared
from scenred.cli.flags.attach import Use
from scenred.cli.sample import Actual, OfDays, OfPairs, check_pairs
from scenred.options import Reading, Work
from scenred.options.rounds import Rounds
from scenred.options.sampling import Sampling


def backtest(
    history: Annotated[
        str,
        typer.Argument(
            metavar="HISTORY",
            help="File of past forecasts and their observations; - is standard input.",
            show_default=False,
        ),
    ],
    actual: Actual = None,
    output: shared.Output = None,
    json: shared.Json = False,
    quiet: shared.Quiet = False,
    *,
    rounds: Rounds,
    columns: OfPairs,
    reading: Reading,
    cutting: OfDays,
    sampling: Annotated[Sampling, Use(only=("pairs", "margins", "dependence", "seed"))],
    work: Work,
) -> None:
    """Sample past days from what was known before them, and score the samples by the observations.

    For comparison: independent margins, the pipeline of the paper, past days of the season, and the raw forecast.
    """
    check_pairs(columns)
    # numerical libraries load from here on
    from dataclasses import replace

    from scenred.api.backtest import backtested
    from scenred.api.inputs import InputOptions
    from scenred.cli.output import check_streams, emit
    from scenred.cli.stderr import Stderr
    from scenred.io.files.inputs import expect_results
    from scenred.io.records.reports import write_backtest
    from scenred.io.storage.endings import check_text_path

    check_streams({"HISTORY": history, "--actual": actual}, output)
    expect_results(output)
    check_text_path(output)
    with Stderr(quiet=quiet) as stderr:
        work = replace(work, progress=stderr.progress)
        inputs = InputOptions(columns, reading, cutting)
        result = backtested(history, actual, inputs, sampling, rounds, work)
        stderr.clear()
        emit((output, write_backtest(result, as_json=json)))

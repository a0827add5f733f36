"""The command `scenred backtest`."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from scenred.cli import options
from scenred.cli.reading import options_of
from scenred.cli.sample import Actual, DependenceBy, MarginsBy, PairCapacity, Pairs
from scenred.errors import UsageError


def backtest(
    history: Annotated[
        str,
        typer.Argument(
            metavar="HISTORY",
            help="File of past forecasts beside what happened; - is standard input.",
            show_default=False,
        ),
    ],
    days: Annotated[int, typer.Option(metavar="N", help="How many of the last days to hold back.")] = 90,
    n_scenarios: Annotated[
        int, typer.Option("-n", "--number", metavar="N", help="How many scenarios for each day.")
    ] = 200,
    k: Annotated[
        int,
        typer.Option("-k", "--scenarios", metavar="N", help="How many of them to keep, for the second row."),
    ] = 10,
    refit: Annotated[
        int, typer.Option(metavar="DAYS", help="Learn again after so many days, from all days before.")
    ] = 7,
    actual: Actual = None,
    pair: Pairs = None,
    output: Annotated[
        str | None,
        typer.Option(
            "-o", "--output", metavar="FILE", help="Write the table here; otherwise to standard output."
        ),
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Write JSON instead of CSV.")] = False,
    time: options.Time = None,
    capacity: PairCapacity = None,
    margins: MarginsBy = "quantile-regression",
    dependence: DependenceBy = "gaussian",
    seed: Annotated[int, typer.Option(metavar="N", help="Seed of the draws.")] = 0,
    threads: options.Threads = None,
    quiet: options.Quiet = False,
    reading: Any = None,
) -> None:
    """Sample past days from what was known before them, and score that against what happened.

    Beside it: independent margins, the pipeline of the paper, past days of the season, and the raw forecast.
    """
    if output == "":
        raise UsageError("an output has an empty name; name a file, or - for standard output")
    options.check_stdin(**{"HISTORY": history, "--actual": actual})
    request: dict[str, Any] = {
        "days": days,
        "n_scenarios": n_scenarios,
        "k": k,
        "refit": refit,
        "actual": actual,
        "pairs": pair or [],
        "time": time,
        "capacity": options.capacities_told(capacity or []),
        "reading": options_of(reading),
        "margins": margins,
        "dependence": dependence,
        "seed": seed,
        "n_threads": threads,
    }
    # numerical libraries load from here on
    from scenred.api.backtest import backtest as run
    from scenred.cli.stderr import Talk
    from scenred.io.files.atomic import is_same_file, write_files, write_stdout
    from scenred.io.records.backtest_table import write_backtest

    for source in (history, actual):
        if output is not None and source is not None and is_same_file(output, source):
            raise UsageError(f"the table would replace its own input {source}; name another file")
    with Talk(quiet=quiet, verbose=False) as talk:
        result = run(history, **request, progress=talk.progress)
        text = write_backtest(result, as_json=json)
        if output in (None, "-"):
            write_stdout(text)
        else:
            write_files([(str(output), text)])

"""The command `scenred sample`."""

from __future__ import annotations

from typing import Annotated

import typer

from scenred.cli.flags import shared
from scenred.cli.flags.attach import Use
from scenred.errors import UsageError
from scenred.options import Columns, Cutting, Reading
from scenred.options.declare import overrides
from scenred.options.exporting import Layout
from scenred.options.sampling import Draws, Sampling

Actual = Annotated[
    str | None,
    typer.Option(metavar="FILE", help="Observations, if the history holds the forecasts only."),
]
PAIR_CAPACITY = (
    "Installed capacity of one pair, or of all, in the unit of the values; repeat for more. By default the "
    "largest value seen."
)
# What a command that pairs columns says of its clock and its capacities.
OfPairs = Annotated[Columns, Use(only=("time", "capacity"), help={"capacity": PAIR_CAPACITY})]
OfDays = Annotated[Cutting, Use(only=("dst", "drop_leap_day"))]


def sample(
    forecast: Annotated[
        str,
        typer.Argument(
            metavar="FORECAST",
            help="File of a forecast, a regular series of whole days; - is standard input.",
            show_default=False,
        ),
    ],
    history: Annotated[
        str,
        typer.Option(
            metavar="FILE",
            help="Past forecasts and their observations, at least 30 days.",
            show_default=False,
        ),
    ],
    actual: Actual = None,
    output: shared.OutputWithManifest = None,
    manifest: shared.ManifestFile = None,
    layout: Annotated[Layout, shared.LayoutOfTable] = "long",
    verbose: shared.Verbose = False,
    quiet: shared.Quiet = False,
    *,
    draws: Draws,
    columns: OfPairs,
    reading: Reading,
    cutting: OfDays,
    sampling: Sampling,
) -> None:
    """Draw scenarios of tomorrow from a forecast and its past errors.

    The table goes straight into `scenred generate - -k 10`.
    """
    if manifest == "-":
        raise UsageError("standard output holds the scenarios", advice="name a file for --manifest")
    check_sampling(sampling)
    check_pairs(columns)
    # numerical libraries load from here on
    from scenred.api.inputs import InputOptions
    from scenred.api.sample import sampled
    from scenred.cli.output import check_streams, emit, expect_table, next_to
    from scenred.cli.stderr import Stderr, check_loudness
    from scenred.cli.summary import sample_summary
    from scenred.io.records.outputs import described_outputs
    from scenred.io.records.sample_manifest import sample_manifest_text
    from scenred.io.storage.endings import check_table_path, check_text_path, table_file
    from scenred.options import Work

    check_loudness(verbose=verbose, quiet=quiet)
    check_streams({"FORECAST": forecast, "--history": history, "--actual": actual}, output, manifest)
    expect_table(output, manifest)
    check_table_path(output, layout)
    check_text_path(manifest)
    inputs = InputOptions(columns, reading, cutting)
    with Stderr(quiet=quiet, verbose=verbose) as stderr:
        work = Work(progress=stderr.progress)
        drawn, record = sampled(forecast, history, actual, inputs, sampling, draws, work)
        stderr.clear()
        results: list[tuple[str | None, str | bytes]] = [(output, table_file(drawn.scenarios, output, layout))]
        manifest = manifest or next_to(output)
        if manifest is not None:
            described = described_outputs(table=results[0])
            results.append((manifest, sample_manifest_text(drawn, record | {"layout": layout}, described)))
        emit(*results)
        for line in sample_summary(drawn):
            stderr.announce(line)


def check_sampling(sampling: Sampling) -> None:
    """Raise a UsageError if a flag belongs to the other way to sample."""
    sizes = {"n_quantiles", "fragment_length", "fragment_size"}
    if sampling.method == "copula" and sizes & set(overrides(sampling)):
        raise UsageError(
            "--quantiles, --fragment-length and --fragment-size are for the paper's pipeline",
            advice="add --method wang2015",
        )
    if sampling.method == "wang2015" and sampling.dependence != "gaussian":
        raise UsageError(
            f"--dependence {sampling.dependence} is not for wang2015, whose periods are independent",
            advice="leave it out",
        )


def check_pairs(columns: Columns) -> None:
    """Raise a UsageError for a table of plants: the columns are pairs."""
    if isinstance(columns.capacity, str):
        raise UsageError(
            "this command takes no table of plants",
            "MW, or NAME=MW for every one",
            place=f"--capacity {columns.capacity}",
        )

"""The command `scenred sample`."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import typer

from scenred.cli import options
from scenred.cli.reading import options_of
from scenred.errors import UsageError

MarginName = Literal["quantile-regression", "empirical", "beta"]
DependenceName = Literal["gaussian", "schaake", "independent"]
SampleMethodName = Literal["copula", "wang2015"]
LayoutName = Literal["long", "wide"]

Actual = Annotated[
    str | None,
    typer.Option(metavar="FILE", help="What happened, where the history holds the forecasts only."),
]
Pairs = Annotated[
    list[str] | None,
    typer.Option(
        "--pair",
        metavar="NAME=FORECAST:ACTUAL",
        help="Columns of the history that belong together; repeat for more; found by the usual names unless told.",
    ),
]
PairCapacity = Annotated[
    list[str] | None,
    typer.Option(
        metavar="[NAME=]MW",
        help="Installed capacity of one pair, or of all, in the unit of the values; repeat for more. Unless told, the "
        "largest value seen.",
    ),
]
MarginsBy = Annotated[
    MarginName, typer.Option(help="How the distribution of what happens is learnt, given the forecast.")
]
DependenceBy = Annotated[
    DependenceName, typer.Option(help="How steps and columns belong together; independent is the paper's.")
]

# Quantiles, length and size of fragments of the paper's pipeline unless told.
PAPER_SIZES = (5, 3, 40)


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
            metavar="FILE", help="Past forecasts beside what happened, at least 30 days.", show_default=False
        ),
    ],
    n_scenarios: Annotated[
        int, typer.Option("-n", "--number", metavar="N", help="How many scenarios for each day.")
    ] = 1000,
    actual: Actual = None,
    day: Annotated[
        str | None,
        typer.Option(metavar="DATE", help="Only this day, such as 2020-06-01; every day unless told."),
    ] = None,
    pair: Pairs = None,
    output: Annotated[
        str | None,
        typer.Option(
            "-o",
            "--output",
            metavar="FILE",
            help="Write the scenarios here and the manifest beside them; otherwise to standard output.",
        ),
    ] = None,
    manifest: Annotated[
        str | None,
        typer.Option("--manifest", metavar="FILE", help="Write options, inputs and result as JSON here."),
    ] = None,
    layout: Annotated[
        LayoutName, typer.Option(help="One row per scenario and step, or one row per scenario.")
    ] = "long",
    time: options.Time = None,
    capacity: PairCapacity = None,
    margins: MarginsBy = "quantile-regression",
    dependence: DependenceBy = "gaussian",
    method: Annotated[
        SampleMethodName,
        typer.Option(help="Draws put together by their dependence, or the pipeline of the paper."),
    ] = "copula",
    quantiles: Annotated[
        int, typer.Option(metavar="N", help="For wang2015: optimal quantiles of each period.")
    ] = PAPER_SIZES[0],
    fragment_length: Annotated[
        int, typer.Option(metavar="N", help="For wang2015: periods of a fragment.")
    ] = PAPER_SIZES[1],
    fragment_size: Annotated[
        int, typer.Option(metavar="N", help="For wang2015: scenarios that a fragment is reduced to.")
    ] = PAPER_SIZES[2],
    seed: Annotated[int, typer.Option(metavar="N", help="Seed of the draws.")] = 0,
    verbose: Annotated[
        bool, typer.Option("-v", "--verbose", help="Print what was made also where stderr is no terminal.")
    ] = False,
    quiet: options.Quiet = False,
    reading: Any = None,
) -> None:
    """Draw scenarios of tomorrow from a forecast and its past errors.

    The table goes straight into `scenred generate - -k 10`.
    """
    if "" in (output, manifest):
        raise UsageError("an output has an empty name; name a file, or - for standard output")
    options.check_talk(verbose=verbose, quiet=quiet)
    options.check_stdin(**{"FORECAST": forecast, "--history": history, "--actual": actual})
    if method == "copula" and (quantiles, fragment_length, fragment_size) != PAPER_SIZES:
        raise UsageError(
            "--quantiles, --fragment-length and --fragment-size are for the paper's pipeline; add --method wang2015"
        )
    if method == "wang2015" and dependence != "gaussian":
        raise UsageError(
            f"--dependence {dependence} is not for wang2015, whose periods are independent; leave it out"
        )
    request: dict[str, Any] = {
        "actual": actual,
        "day": day,
        "pairs": pair or [],
        "time": time,
        "capacity": options.capacities_told(capacity or []),
        "reading": options_of(reading),
        "margins": margins,
        "dependence": dependence,
        "method": method,
        "n_quantiles": quantiles,
        "fragment_length": fragment_length,
        "fragment_size": fragment_size,
        "seed": seed,
    }
    # numerical libraries load from here on
    from scenred.api.inputs import InputOptions
    from scenred.api.sample import sampled
    from scenred.cli.output import deliver_sample
    from scenred.cli.sample_summary import sample_summary
    from scenred.cli.stderr import Talk
    from scenred.options import Sampling, Work
    from scenred.options.declare import group_of

    with Talk(quiet=quiet, verbose=verbose) as talk:
        inputs = InputOptions.of({"time": time, "capacity": request["capacity"]}, request["reading"])
        work = Work(progress=talk.progress)
        sampling = group_of(Sampling, request)
        drawn, record = sampled(forecast, history, actual, inputs, sampling, n_scenarios, day, work)
        deliver_sample(drawn, record | {"layout": layout}, output=output, manifest=manifest)
        for said in sample_summary(drawn):
            talk.announce(said, is_important=False)

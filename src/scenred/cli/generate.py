"""The command `scenred generate`."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import typer

from scenred.cli.start import light_start, return_large_blocks
from scenred.errors import UsageError

MetricName = Literal["duration", "pointwise", "wasserstein", "sliced", "precomputed"]
OrderNumber = Literal["1", "2"]
AlignName = Literal["midnight", "start"]
LayoutName = Literal["long", "wide"]


def generate(
    source: Annotated[
        str,
        typer.Argument(
            metavar="INPUT",
            help="CSV file of a regular time series, or a scenario table; - is standard input.",
            show_default=False,
        ),
    ],
    n_scenarios: Annotated[
        int, typer.Option("-k", "--scenarios", metavar="N", help="How many scenarios to keep.")
    ] = 10,
    output: Annotated[
        str | None,
        typer.Option(
            "-o",
            "--output",
            metavar="FILE",
            help="Write the scenarios here and the manifest beside them; otherwise to standard output.",
        ),
    ] = None,
    period_map: Annotated[
        str | None,
        typer.Option("--map", metavar="FILE", help="Write which scenario represents each period."),
    ] = None,
    manifest: Annotated[
        str | None,
        typer.Option("--manifest", metavar="FILE", help="Write options, input and result as JSON here."),
    ] = None,
    layout: Annotated[
        LayoutName, typer.Option(help="One row per scenario and step, or one row per scenario.")
    ] = "long",
    json: Annotated[bool, typer.Option("--json", help="Print the manifest instead of the table.")] = False,
    time: Annotated[
        str | None, typer.Option(metavar="NAME", help="Time column; the first that holds times unless told.")
    ] = None,
    column: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="Use this column; repeat for more; all numeric ones unless told."),
    ] = None,
    wind: Annotated[
        list[str] | None, typer.Option(metavar="NAME", help="Use this column, of kind wind; repeat for more.")
    ] = None,
    pv: Annotated[
        list[str] | None, typer.Option(metavar="NAME", help="Use this column, of kind PV; repeat for more.")
    ] = None,
    capacity: Annotated[
        list[str] | None,
        typer.Option(
            metavar="[NAME=]MW",
            help="Installed capacity of one column, or of all, in the unit of the values; repeat for more. "
            "The metric divides by it; unless told, by the column's maximum.",
        ),
    ] = None,
    period: Annotated[
        str | None,
        typer.Option(
            metavar="LENGTH", help="Length of a scenario, a multiple of the step: 6h, 24h, 7D. [default: 24h]"
        ),
    ] = None,
    align: Annotated[
        AlignName, typer.Option(help="Where the first period begins: at midnight or at the first row.")
    ] = "midnight",
    metric: Annotated[
        MetricName,
        typer.Option(
            help="Ground metric: duration curves, values hour by hour, exact transport in time and value, its "
            "cheaper sliced version, or a matrix of your own."
        ),
    ] = "sliced",
    order: Annotated[OrderNumber, typer.Option(help="Order r of the Wasserstein distance.")] = "1",
    shift_cost: Annotated[
        float | None,
        typer.Option(
            metavar="KAPPA",
            help="For wasserstein and sliced: what moving all columns by one hour costs, in capacity. "
            "[default: 0.05]",
        ),
    ] = None,
    directions: Annotated[
        int | None, typer.Option(metavar="M", help="For sliced: directions to project on. [default: 32]")
    ] = None,
    matrix: Annotated[
        str | None,
        typer.Option(
            metavar="FILE.npy",
            help="For precomputed: square matrix of distances; rows are served by columns.",
        ),
    ] = None,
    weight: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME=X", help="Weight of a column in the metric, 1 unless told; repeat for more."
        ),
    ] = None,
    starts: Annotated[
        int, typer.Option(metavar="N", help="Seeded starts of the search; the best is kept.")
    ] = 10,
    seed: Annotated[int, typer.Option(metavar="N", help="Seed of the starts.")] = 0,
    threads: Annotated[
        int | None,
        typer.Option(metavar="N", help="Threads; one per processor unless told. The result is the same."),
    ] = None,
    verbose: Annotated[
        bool, typer.Option("-v", "--verbose", help="Print the summary also where stderr is no terminal.")
    ] = False,
    quiet: Annotated[bool, typer.Option("-q", "--quiet", help="Print nothing but errors.")] = False,
) -> None:
    """Turn wind and PV series into a few representative scenarios with probabilities.

    The scenarios are real periods of the input, chosen so that the transport cost between input and result
    is least (k-medoids under a Wasserstein metric).
    """
    if "" in (output, period_map, manifest):
        raise UsageError("an output has an empty name; name a file, or - for standard output")
    if (metric == "precomputed") != (matrix is not None):
        raise UsageError("--metric precomputed and --matrix FILE.npy go together; give both or neither")
    if verbose and quiet:
        raise UsageError("--verbose and --quiet contradict each other; choose one")
    capacities = _capacities(capacity or [])
    weights = _named_numbers(weight or [], "--weight")

    inputs: dict[str, Any] = {
        "time": time,
        "columns": column or [],
        "wind": wind or [],
        "pv": pv or [],
        "capacity": capacities,
        "period": period,
        "align": align,
    }
    options: dict[str, Any] = {
        "n_scenarios": n_scenarios,
        "metric": metric,
        "order": int(order),
        "shift_cost": shift_cost,
        "directions": directions,
        "column_weights": weights,
        "n_starts": starts,
        "seed": seed,
    }
    return_large_blocks()
    # numerical libraries load from here on
    from scenred import api
    from scenred.cli.estimate import announce_cost
    from scenred.cli.results import deliver
    from scenred.cli.talk import Talk

    with Talk(quiet=quiet, verbose=verbose) as talk:
        original = api.read_input(source, **inputs)
        if original.step is not None:
            inputs["period"] = api.DEFAULT_PERIOD if period is None else period
        given = None if matrix is None else api.read_matrix(matrix)
        with light_start():
            api.compile_kernels(metric, talk.progress)
        announce_cost(talk, original, metric, int(order), shift_cost, threads)
        reduction = api.generate(
            original,
            **options,
            matrix=None if given is None else given.values,
            n_threads=threads,
            progress=talk.progress,
        )
        file = None if given is None else {"name": given.name, "sha256": given.sha256}
        deliver(
            reduction,
            inputs | options | {"matrix": file, "layout": layout},
            output=output,
            period_map=period_map,
            manifest=manifest,
            json=json,
        )
        talk.summary(reduction)


def _capacities(texts: list[str]) -> float | dict[str, float] | None:
    """Read `--capacity`: one number for all columns, or NAME=MW for some."""
    plain = [text for text in texts if "=" not in text]
    if not plain:
        return _named_numbers(texts, "--capacity") or None
    if len(texts) > 1:
        raise UsageError(
            f"--capacity {plain[0]} is for all columns; give it alone, or name every one: NAME=MW"
        )
    return _number(plain[0], "--capacity", plain[0])


def _named_numbers(texts: list[str], flag: str) -> dict[str, float]:
    numbers: dict[str, float] = {}
    for text in texts:
        name, mark, number = text.rpartition("=")
        if not mark or not name:
            raise UsageError(f"{flag} {text}: scenred needs NAME=NUMBER, such as wind=120")
        if name in numbers:
            raise UsageError(f"{flag} {text}: {name!r} is named twice; name it once")
        numbers[name] = _number(number, flag, text)
    return numbers


def _number(number: str, flag: str, text: str) -> float:
    try:
        return float(number)
    except ValueError as error:
        raise UsageError(f"{flag} {text}: {number!r} is no number; scenred needs one, such as 120") from error

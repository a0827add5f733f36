"""The command `scenred curve`."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Any

import typer

from scenred.cli import options
from scenred.cli.process import light_start, return_large_blocks
from scenred.errors import UsageError


def curve(
    source: options.Sources,
    most: Annotated[int, typer.Option("--max", metavar="N", help="Largest number of scenarios.")] = 50,
    output: Annotated[
        str | None,
        typer.Option(
            "-o", "--output", metavar="FILE", help="Write the table here; otherwise to standard output."
        ),
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Write JSON instead of CSV.")] = False,
    time: options.Time = None,
    column: options.ColumnNames = None,
    wind: options.Wind = None,
    pv: options.Pv = None,
    capacity: options.Capacity = None,
    period: options.Period = None,
    align: options.AlignAt = "midnight",
    metric: options.GroundMetric = "sliced",
    order: options.Order = 1.0,
    shift_cost: options.ShiftCost = None,
    directions: options.Directions = None,
    matrix: options.MatrixFile = None,
    weight: options.Weight = None,
    method: options.SearchMethod = "kmedoids",
    gap: options.Gap = 1e-4,
    no_bound: options.Bound = False,
    time_limit: options.TimeLimit = None,
    starts: options.Starts = 10,
    seed: options.Seed = 0,
    threads: options.Threads = None,
    quiet: options.Quiet = False,
    reading: Any = None,
) -> None:
    """Tabulate what each number of scenarios costs, to see how many are enough.

    One row per k: cost, relative cost, lower bound, gap and W. The search for k begins with the scenarios of
    k - 1, so the cost never rises.
    """
    if output == "":
        raise UsageError("an output has an empty name; name a file, or - for standard output")
    inputs = options.reading(time, column, wind, pv, capacity, period, align, reading)
    measure = options.measuring(metric, order, shift_cost, directions, matrix, weight)
    search: dict[str, Any] = {
        "method": method,
        "gap": gap,
        "bound": not no_bound,
        "n_starts": starts,
        "seed": seed,
        "n_threads": threads,
    }
    return_large_blocks()
    # numerical libraries load from here on
    from scenred.api import generate as api
    from scenred.cli.estimate import announce_cost
    from scenred.cli.output import deliver_curve
    from scenred.cli.stderr import Talk
    from scenred.io.files.timer import countdown

    with Talk(quiet=quiet, verbose=False) as talk:
        original = api.read_input(source, **inputs)
        given = None if matrix is None else api.read_matrix(matrix).values
        with light_start():
            api.compile_kernels(metric, talk.progress, method=method, bound=not no_bound)
        announce_cost(talk, original, metric, order, shift_cost, threads)
        time_left = countdown(time_limit)
        distances = api.measure(original, given, **measure, n_threads=threads, progress=talk.progress)
        table = api.curve(
            original,
            distances,
            most,
            **search,
            time_left=time_left,
            on_fraction=partial(talk.progress, "curve"),
        )
        deliver_curve(table, original.source, output=output, json=json)

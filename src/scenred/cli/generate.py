"""The command `scenred generate`."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import typer

from scenred.cli import options
from scenred.cli.process import light_start, return_large_blocks
from scenred.errors import UsageError

LayoutName = Literal["long", "wide"]

DEFAULT_SCENARIOS = 10


def generate(
    source: options.Sources,
    n_scenarios: options.Size = None,
    tolerance: Annotated[
        float | None,
        typer.Option(
            metavar="SHARE",
            help="Instead of -k: keep as few as lose at most this share of the best single scenario's cost.",
        ),
    ] = None,
    keep: options.Keep = None,
    extreme_weight: options.ExtremeWeight = "cluster",
    installed: options.Installed = None,
    include: options.Include = None,
    exclude: options.Exclude = None,
    preserve: options.Preserve = None,
    equal_probabilities: options.EqualProbabilities = False,
    min_probability: options.MinProbability = 0.0,
    max_probability: options.MaxProbability = 1.0,
    group_by: options.GroupBy = None,
    share: options.ShareBy = "mass",
    separate: options.Separate = False,
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
    require_optimal: Annotated[
        bool,
        typer.Option("--require-optimal", help="Fail unless the optimum is proven, conditions included."),
    ] = False,
    starts: options.Starts = 10,
    seed: options.Seed = 0,
    threads: options.Threads = None,
    verbose: options.Verbose = False,
    quiet: options.Quiet = False,
    reading: Any = None,
) -> None:
    """Turn wind and PV series into a few representative scenarios with probabilities.

    The scenarios are real periods of the input, chosen so that the transport cost between input and result
    is least (k-medoids under a Wasserstein metric).
    """
    if "" in (output, period_map, manifest):
        raise UsageError("an output has an empty name; name a file, or - for standard output")
    options.check_talk(verbose=verbose, quiet=quiet)
    if n_scenarios is not None and tolerance is not None:
        raise UsageError(
            "-k and --tolerance are both given; choose a number of scenarios or what may be lost"
        )
    if require_optimal and no_bound:
        raise UsageError("--require-optimal needs the bound that --no-bound leaves out; choose one")
    if separate and (output in (None, "-") or json or matrix is not None or manifest is not None):
        raise UsageError(
            "--separate writes a table and a manifest for each site; name -o FILE, and leave out --json, "
            "--manifest and --matrix"
        )
    inputs = options.reading(time, column, wind, pv, capacity, period, align, reading)
    request: dict[str, Any] = {
        "n_scenarios": options.size(n_scenarios, DEFAULT_SCENARIOS if tolerance is None else None),
        "tolerance": tolerance,
        **options.planned(
            keep,
            include,
            exclude,
            extreme_weight,
            installed,
            preserve,
            equal_probabilities,
            min_probability,
            max_probability,
            group_by,
            share,
        ),
        **options.measuring(metric, order, shift_cost, directions, matrix, weight),
        "method": method,
        "gap": gap,
        "bound": not no_bound,
        "require_optimal": require_optimal,
        "time_limit": time_limit,
        "n_starts": starts,
        "seed": seed,
    }
    return_large_blocks()
    # numerical libraries load from here on
    from scenred.api import generate as api
    from scenred.cli.estimate import announce_cost
    from scenred.cli.output import deliver, deliver_sites
    from scenred.cli.stderr import Talk

    with Talk(quiet=quiet, verbose=verbose) as talk:
        for dates in ("include", "exclude"):
            request[dates] = api.dates_of(request[dates])
        original = api.read_input(source, **inputs, group_by=group_by)
        if original.step is not None:
            inputs["period"] = api.DEFAULT_PERIOD if period is None else period
        given = None if matrix is None else api.read_matrix(matrix)
        with light_start():
            api.compile_kernels(metric, talk.progress, method=method, bound=not no_bound)
        announce_cost(talk, original, metric, order, shift_cost, threads)
        values = None if given is None else given.values
        sets = api.split_sites(original) if separate else {"": original}
        wanted = request | {"group_by": None if group_by is None else api.GROUP}
        reductions = {
            site: api.generate(one, **wanted, matrix=values, n_threads=threads, progress=talk.progress)
            for site, one in sets.items()
        }
        file = None if given is None else {"name": given.name, "sha256": given.sha256}
        told = inputs | request | {"matrix": file, "layout": layout, "separate": separate}
        if separate:
            deliver_sites(reductions, told, output=str(output), period_map=period_map)
        else:
            deliver(reductions[""], told, output=output, period_map=period_map, manifest=manifest, json=json)
        for reduction in reductions.values():
            talk.summary(reduction)

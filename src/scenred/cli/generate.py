"""The command `scenred generate`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from scenred.cli.flags import shared
from scenred.cli.process import load_numba, return_large_blocks
from scenred.errors import UsageError
from scenred.options import Columns, Conditions, Cutting, GroundOptions, Reading, SearchOptions, Work
from scenred.options.amount import Amount
from scenred.options.exporting import Layout

if TYPE_CHECKING:
    from scenred.model import Reduction


def generate(
    source: shared.Sources,
    separate: Annotated[
        bool,
        typer.Option(
            "--separate",
            help="Reduce the columns of each site by themselves, into a file for each site next to -o.",
        ),
    ] = False,
    output: shared.OutputWithManifest = None,
    period_map: Annotated[
        str | None,
        typer.Option("--map", metavar="FILE", help="Write which scenario represents each period."),
    ] = None,
    manifest: shared.ManifestFile = None,
    layout: Annotated[Layout, shared.LayoutOfTable] = "long",
    json: Annotated[bool, typer.Option("--json", help="Print the manifest instead of the table.")] = False,
    matrix: shared.MatrixFile = None,
    verbose: shared.Verbose = False,
    quiet: shared.Quiet = False,
    *,
    amount: Amount,
    columns: Columns,
    reading: Reading,
    cutting: Cutting,
    conditions: Conditions,
    ground: GroundOptions,
    search: SearchOptions,
    work: Work,
) -> None:
    """Turn wind and PV series into a few representative scenarios with probabilities.

    The scenarios are real periods of the input, chosen so that the transport cost between input and result
    is least (k-medoids under a Wasserstein metric).
    """
    check_output(output, period_map, manifest, matrix, json=json, separate=separate)
    check_conditions(conditions)
    check_matrix(ground, matrix)
    return_large_blocks()
    # numerical libraries load from here on
    from dataclasses import replace

    from scenred.api.generate import Request, generate_all
    from scenred.api.inputs import InputOptions
    from scenred.cli.estimate import announcing
    from scenred.cli.output import expect_table
    from scenred.cli.stderr import Stderr, check_loudness
    from scenred.cli.summary import summary
    from scenred.io.records.matrix import read_matrix
    from scenred.io.storage.endings import check_table_path, check_text_path

    check_loudness(verbose=verbose, quiet=quiet)
    if not separate:
        expect_table(output, manifest, period_map)
    check_table_path(output, layout)
    check_text_path(period_map, manifest)
    inputs = InputOptions(columns, reading, cutting)
    request = Request(amount, conditions, ground, search, separate=separate)
    load_numba()
    with Stderr(quiet=quiet, verbose=verbose) as stderr:
        if matrix is not None:
            request = replace(request, matrix=read_matrix(matrix, reading.max_size))
        work = replace(work, progress=stderr.progress)
        reductions, record = generate_all(source, inputs, request, work, announcing(stderr, ground, work))
        record |= {"layout": layout, "separate": separate}
        stderr.clear()
        if separate:
            emit_sites(reductions, record, str(output), period_map)
        else:
            emit_whole(reductions[""], record, output, period_map, manifest, json=json)
        for reduction in reductions.values():
            stderr.summary(summary(reduction, verbose=verbose))


def check_output(
    output: str | None,
    period_map: str | None,
    manifest: str | None,
    matrix: str | None,
    *,
    json: bool,
    separate: bool,
) -> None:
    """Raise a UsageError if the outputs contradict each other."""
    if "" in (output, period_map, manifest):
        raise UsageError("an output has an empty name", advice="name a file, or - for standard output")
    if "-" in (period_map, manifest):
        raise UsageError("standard output holds the scenarios", advice="name a file for --map and --manifest")
    if separate and (output in (None, "-") or json or matrix is not None or manifest is not None):
        raise UsageError(
            "--separate writes a table and a manifest for each site",
            advice="name -o FILE, and leave out --json, --manifest and --matrix",
        )


def check_conditions(conditions: Conditions) -> None:
    """Raise a UsageError if a flag belongs to another one that is not given."""
    if conditions.extreme_weight != "cluster" and not conditions.keep:
        raise UsageError(
            f"--extreme-weight {conditions.extreme_weight} is for extremes", advice="name some with --keep"
        )
    if conditions.installed and not any("residual" in text for text in conditions.keep):
        raise UsageError("--installed is for a residual", advice="ask for one, such as --keep max:residual")
    if conditions.share != "mass" and conditions.group_by is None:
        raise UsageError(f"--share {conditions.share} is for groups", advice="add --group-by")


def check_matrix(ground: GroundOptions, matrix: str | None) -> None:
    """Raise a UsageError if only one of a precomputed metric and its matrix is given."""
    if (ground.metric == "precomputed") != (matrix is not None):
        raise UsageError("--metric precomputed and --matrix FILE.npy go together", advice="give both or neither")


def emit_whole(
    reduction: Reduction,
    record: dict[str, Any],
    output: str | None,
    period_map: str | None,
    manifest: str | None,
    *,
    json: bool,
) -> None:
    """Write the table, the period map and the manifest; with `json` standard output gets the manifest."""
    from scenred.cli.output import emit, next_to
    from scenred.io.records.manifest import manifest_text
    from scenred.io.records.outputs import described_outputs
    from scenred.io.storage.csv import to_csv
    from scenred.io.storage.endings import table_file

    table = (output, table_file(reduction.scenarios, output, record["layout"]))
    mapping = None if period_map is None else (period_map, to_csv(reduction.to_map()))
    manifest = manifest or next_to(output)
    text = manifest_text(reduction, record, described_outputs(table=table, map=mapping))
    results: list[tuple[str | None, str | bytes]] = [] if json and output in (None, "-") else [table]
    results += [] if mapping is None else [mapping]
    results += [] if manifest is None else [(manifest, text)]
    results += [(None, text)] if json else []
    emit(*results)


def emit_sites(reductions: dict[str, Reduction], record: dict[str, Any], output: str, period_map: str | None) -> None:
    """Write a table, a manifest and, where asked, a period map for each site, all together: scenarios.SITE.csv."""
    from scenred.cli.output import at_site, emit, next_to
    from scenred.io.records.manifest import manifest_text
    from scenred.io.records.outputs import described_outputs
    from scenred.io.storage.csv import to_csv
    from scenred.io.storage.endings import table_file

    results: list[tuple[str | None, str | bytes]] = []
    for site, reduction in reductions.items():
        path = at_site(output, site)
        table = (path, table_file(reduction.scenarios, path, record["layout"]))
        mapping = None if period_map is None else (at_site(period_map, site), to_csv(reduction.to_map()))
        results += [table] if mapping is None else [table, mapping]
        if (manifest := next_to(path)) is not None:
            described = described_outputs(table=table, map=mapping)
            results.append((manifest, manifest_text(reduction, record | {"site": site}, described)))
    emit(*results)

"""The command `scenred curve`."""

from __future__ import annotations

from typing import Annotated

from scenred.cli.flags import shared
from scenred.cli.flags.attach import Use
from scenred.cli.generate import check_matrix
from scenred.cli.process import load_numba, return_large_blocks
from scenred.errors import UsageError
from scenred.options import Columns, Cutting, GroundOptions, Reading, SearchOptions, Work
from scenred.options.amount import CurveLength


def curve(
    source: shared.Sources,
    output: shared.Output = None,
    json: shared.Json = False,
    matrix: shared.MatrixFile = None,
    quiet: shared.Quiet = False,
    *,
    length: CurveLength,
    columns: Columns,
    reading: Reading,
    cutting: Cutting,
    ground: GroundOptions,
    search: Annotated[SearchOptions, Use(without=("require_optimal",))],
    work: Work,
) -> None:
    """Tabulate what each number of scenarios costs, to see how many are enough.

    One row per k: cost, relative cost, lower bound, gap and W. The search for k begins with the scenarios of
    k - 1, so the cost never rises.
    """
    if output == "":
        raise UsageError("an output has an empty name", advice="name a file, or - for standard output")
    check_matrix(ground, matrix)
    return_large_blocks()
    # numerical libraries load from here on
    from dataclasses import replace

    from scenred.api.curve import tabulated
    from scenred.api.inputs import InputOptions
    from scenred.cli.estimate import announcing
    from scenred.cli.output import emit
    from scenred.cli.stderr import Stderr
    from scenred.io.files.inputs import expect_results
    from scenred.io.records.matrix import read_matrix
    from scenred.io.records.reports import rows_to_json
    from scenred.io.storage.csv import to_csv
    from scenred.io.storage.endings import check_text_path

    expect_results(output)
    check_text_path(output)
    load_numba()
    with Stderr(quiet=quiet) as stderr:
        given = None if matrix is None else read_matrix(matrix, reading.max_size)
        work = replace(work, progress=stderr.progress)
        table, _ = tabulated(
            source,
            InputOptions(columns, reading, cutting),
            length.most,
            ground,
            search,
            work,
            given,
            announcing(stderr, ground, work),
        )
        stderr.clear()
        emit((output, rows_to_json(table) if json else to_csv(table)))

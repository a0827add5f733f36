"""The command `scenred quantize`."""

from __future__ import annotations

from typing import Annotated

import typer

from scenred.cli.flags import shared, texts
from scenred.cli.flags.attach import Use
from scenred.errors import UsageError
from scenred.options import Columns, Reading
from scenred.options.declare import overrides
from scenred.options.quantizing import Quantizing


def quantize(
    source: Annotated[
        str | None,
        typer.Argument(
            metavar="[INPUT]",
            help="File of a regular series, one column of which is the sample; - is standard input.",
        ),
    ] = None,
    distribution: Annotated[
        str | None,
        typer.Option(
            metavar="NAME[:X,...]",
            help="Instead of INPUT: a continuous distribution of scipy.stats with its parameters, such as norm, "
            "beta:2,5 or weibull_min:2.",
        ),
    ] = None,
    atom: Annotated[
        list[str] | None,
        typer.Option(
            metavar="VALUE=P",
            help="A value with a probability of its own; the density keeps the rest; repeat for more.",
        ),
    ] = None,
    smooth: Annotated[
        bool, typer.Option("--smooth", help="Quantise the kernel density of the sample, not the sample.")
    ] = False,
    column: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="Column of INPUT; by default the only one of numbers."),
    ] = None,
    output: shared.Output = None,
    json: Annotated[
        bool, typer.Option("--json", help="Write JSON, with the distortion and that of the paper's formula.")
    ] = False,
    quiet: shared.Quiet = False,
    *,
    quantizing: Quantizing,
    columns: Annotated[Columns, Use(only=("time",))],
    reading: Annotated[Reading, Use(without=("calendar",))],
) -> None:
    """Find the N points with probabilities that represent one density best (optimal quantiles)."""
    if (source is None) == (distribution is None):
        raise UsageError("give an INPUT or a --distribution, one of them")
    if distribution is not None and (column or smooth or overrides(columns) or overrides(reading)):
        raise UsageError("--column, --smooth and the flags of reading belong to an INPUT", advice="leave them out")
    if atom and distribution is None and not smooth:
        raise UsageError(
            "--atom belongs to a density; a sample has its own atoms", advice="add --smooth, or leave it out"
        )
    atoms = _atoms(atom or [])
    # numerical libraries load from here on
    from dataclasses import replace

    from scenred.api.quantize import Density, quantized
    from scenred.cli.output import check_streams, emit
    from scenred.cli.stderr import Stderr
    from scenred.io.files.inputs import expect_results
    from scenred.io.records.reports import write_quantizer
    from scenred.io.storage.endings import check_text_path
    from scenred.options import Work

    check_streams({"INPUT": source}, output)
    expect_results(output)
    check_text_path(output)
    with Stderr(quiet=quiet) as stderr:
        chosen = replace(columns, columns=() if column is None else (column,))
        density = Density(source, distribution, atoms, chosen, reading, smooth=smooth)
        found = quantized(density, quantizing, Work(progress=stderr.progress))
        stderr.clear()
        emit((output, write_quantizer(found, as_json=json)))


def _atoms(atom: list[str]) -> dict[float, float]:
    masses = texts.named_numbers(atom, "--atom", "VALUE=P, such as 0=0.3")
    try:
        return {float(value): mass for value, mass in masses.items()}
    except ValueError as error:
        raise UsageError("an --atom has no number before its =", "VALUE=P, such as 0=0.3") from error

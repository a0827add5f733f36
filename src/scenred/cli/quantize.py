"""The command `scenred quantize`."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from scenred.cli import options
from scenred.cli.reading import options_of
from scenred.errors import UsageError

# Flags of reading that say how days are cut.
OF_DAYS = ("calendar", "drop_leap_day", "dst")


def quantize(
    source: Annotated[
        str | None,
        typer.Argument(
            metavar="[INPUT]",
            help="File of a regular series, one column of which is the sample; - is standard input.",
        ),
    ] = None,
    n_points: Annotated[int, typer.Option("-n", "--number", metavar="N", help="How many points.")] = 5,
    order: Annotated[
        float, typer.Option(metavar="R", help="Order r of the Wasserstein distance, at least 1.")
    ] = 2.0,
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
    column: Annotated[
        str | None, typer.Option(metavar="NAME", help="Column of INPUT; the only one of numbers unless told.")
    ] = None,
    smooth: Annotated[
        bool, typer.Option("--smooth", help="Quantise the kernel density of the sample, not the sample.")
    ] = False,
    time: options.Time = None,
    output: Annotated[
        str | None,
        typer.Option(
            "-o", "--output", metavar="FILE", help="Write the points here; otherwise to standard output."
        ),
    ] = None,
    json: Annotated[
        bool, typer.Option("--json", help="Write JSON, with the distortion and that of the paper's formula.")
    ] = False,
    quiet: options.Quiet = False,
    reading: Any = None,
) -> None:
    """Find the N points with probabilities that represent one density best (optimal quantiles)."""
    if output == "":
        raise UsageError("an output has an empty name; name a file, or - for standard output")
    if (source is None) == (distribution is None):
        raise UsageError("give an INPUT or a --distribution, one of them")
    told = options_of(reading)
    if distribution is not None and (column or smooth or time or told):
        raise UsageError("--column, --smooth and the flags of reading belong to an INPUT; leave them out")
    for name in [name for name in OF_DAYS if name in told]:
        raise UsageError(f"--{name.replace('_', '-')} is for days, and a sample has none; leave it out")
    if atom and distribution is None and not smooth:
        raise UsageError(
            "--atom belongs to a density; a sample has its own atoms; add --smooth, or leave it out"
        )
    masses = options.named_numbers(atom or [], "--atom", "VALUE=P, such as 0=0.3")
    try:
        atoms = {float(value): mass for value, mass in masses.items()}
    except ValueError as error:
        raise UsageError(
            "an --atom has no number before its =; scenred needs VALUE=P, such as 0=0.3"
        ) from error
    # numerical libraries load from here on
    from scenred.api.quantize import Density, quantized
    from scenred.cli.stderr import Talk
    from scenred.io.files.atomic import is_same_file, write_files, write_stdout
    from scenred.io.records.quantizer import write_quantizer
    from scenred.options import Columns, Reading, Work

    if output is not None and source is not None and is_same_file(output, source):
        raise UsageError(f"the points would replace their own input {source}; name another file")
    with Talk(quiet=quiet, verbose=False) as talk:
        columns = Columns(time=time, columns=() if column is None else (column,))
        density = Density(source, distribution, atoms, columns, Reading(**told), smooth=smooth)
        found = quantized(density, n_points, order, Work(progress=talk.progress))
        text = write_quantizer(found, as_json=json)
        if output in (None, "-"):
            write_stdout(text)
        else:
            write_files([(str(output), text)])

"""The command `scenred selftest`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from scenred.cli.process import load_numba
from scenred.errors import SolverError, UsageError, one_line

if TYPE_CHECKING:
    from scenred.api.selftest import Check

WIDTH = 40


def selftest(
    more: Annotated[
        list[str] | None, typer.Argument(metavar="[FILE]...", help="More instance files, after --pmed.")
    ] = None,
    pmed: Annotated[
        list[str] | None,
        typer.Option(
            metavar="FILE...",
            help="Solve these p-median instances instead: OR-Library, or TSPLIB of type EUC_2D with -k. "
            "A pmedopt.txt next to them holds the published optima.",
        ),
    ] = None,
    k: Annotated[
        list[int] | None,
        typer.Option("-k", metavar="N", help="How many medoids an instance gets; repeat for more."),
    ] = None,
    time_limit: Annotated[
        float, typer.Option(metavar="SECONDS", help="Stop proving one instance after this time.")
    ] = 60.0,
) -> None:
    """Reproduce published results on this machine and show them next to ours.

    Exit code 5 when one is missed.
    """
    files = [*(pmed or []), *(more or [])]
    if files and not pmed:
        raise UsageError(f"{files[0]}: name instance files after --pmed")
    if k and not files:
        raise UsageError("-k is for instances; name their files after --pmed")
    # numerical libraries load from here on
    from scenred.api.selftest import small_truths
    from scenred.cli.stderr import Stderr
    from scenred.io.files.stdout import write_stdout
    from scenred.io.files.timer import countdown, stopwatch

    load_numba()
    countdown(time_limit)  # refuses what is not a time
    checks = list(_instances(files, k or [], time_limit) if files else small_truths())
    write_stdout(f"{'what':<{WIDTH}}  {'published':>12}  {'ours':>12}  {'gap':>9}  {'time':>8}\n")
    missed = []
    with Stderr(quiet=False):  # kernels that cannot be kept are a note
        for what, check in checks:
            seconds = stopwatch()
            found = check()
            published = "-" if found.published is None else f"{found.published:.8g}"
            gap = "0" if found.gap == 0 else f"{found.gap:.2e}"
            line = f"{one_line(what):<{WIDTH}}  {published:>12}  {found.ours:>12.8g}  {gap:>9}  {seconds():>6.2f} s"
            write_stdout(line + ("\n" if found.is_right else "  missed\n"))
            missed += [] if found.is_right else [what]
    if missed:
        raise SolverError(
            f"{len(missed)} of {len(checks)} published results are missed, the first is {missed[0]}; "
            "allow more time, or report it with the table"
        )


def _instances(files: list[str], sizes: list[int], time_limit: float) -> Iterator[Check]:
    """Read all files first, so that one that cannot be read costs no time."""
    from scenred.api.selftest import OPTIMA, instance_check, read_instance

    for file in files:
        if Path(file).name == OPTIMA and len(files) > 1:
            continue  # the optima, caught by a pattern
        instance = read_instance(file)
        if instance.p is None and not sizes:
            raise UsageError(f"{file}: does not say how many medoids to choose; give -k")
        for p in sizes or [instance.p or 0]:
            yield (
                f"{instance.name}, n = {len(instance.costs)}, k = {p}",
                instance_check(instance, p, time_limit),
            )

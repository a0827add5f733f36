"""The command `scenred inspect`."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from scenred.cli import options
from scenred.cli.process import return_large_blocks


def inspect(
    source: options.Sources,
    json: Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")] = False,
    time: options.Time = None,
    column: options.ColumnNames = None,
    wind: options.Wind = None,
    pv: options.Pv = None,
    capacity: options.Capacity = None,
    period: options.Period = None,
    align: options.AlignAt = "midnight",
    reading: Any = None,
) -> None:
    """Read a file as generate would, and say what was understood, and with which flags.

    Where generate would refuse the file, the flags that would read it are told, and the command leaves with the
    code of the refusal.
    """
    inputs = options.reading(time, column, wind, pv, capacity, period, align, reading)
    return_large_blocks()
    # numerical libraries load from here on
    from scenred.api import generate as api
    from scenred.cli.findings import with_flags
    from scenred.io.files.atomic import write_stdout
    from scenred.io.records.envelope import to_json
    from scenred.io.records.findings_text import to_text

    findings, refusal = api.inspect(source, **inputs)
    findings = with_flags(findings, refusal)
    write_stdout(to_json(findings) if json else to_text(findings))
    if refusal is not None:
        raise refusal

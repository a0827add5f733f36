"""The command `scenred inspect`."""

from __future__ import annotations

from typing import Annotated

import typer

from scenred.cli.flags import shared
from scenred.cli.process import return_large_blocks
from scenred.options import Columns, Cutting, Reading


def inspect(
    source: shared.Sources,
    json: Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")] = False,
    *,
    columns: Columns,
    reading: Reading,
    cutting: Cutting,
) -> None:
    """Read a file as generate would, and describe what was understood, and with which flags.

    If generate would refuse the file, the flags that would read it are printed, and the command ends with the
    code of the refusal.
    """
    return_large_blocks()
    # numerical libraries load from here on
    from scenred.api.inputs import InputOptions
    from scenred.api.inspect import inspected
    from scenred.cli.findings import parsed, with_flags
    from scenred.io.files.stdout import write_stdout
    from scenred.io.records.findings_text import to_text
    from scenred.io.storage.envelope import to_json

    found, refusal = inspected(source, InputOptions(columns, reading, cutting), parsed)
    findings = with_flags(found, refusal, source)
    write_stdout(to_json(findings) if json else to_text(findings))
    if refusal is not None:
        raise refusal

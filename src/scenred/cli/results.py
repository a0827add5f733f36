"""Where a reduction goes: scenario table, period map and manifest, to files and to standard output."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from scenred.errors import UsageError
from scenred.io.format import to_csv
from scenred.io.write import is_same_file, is_stream, write_files, write_stdout
from scenred.model import Reduction


def deliver(
    reduction: Reduction,
    options: Mapping[str, Any],
    *,
    output: str | None,
    period_map: str | None,
    manifest: str | None,
    json: bool,
) -> None:
    """Write all files together, then standard output.

    The table goes to `output`, with the manifest beside it unless told where, or to standard output (`-`);
    with `json` standard output gets the manifest.
    """
    if "-" in (period_map, manifest):
        raise UsageError("standard output holds the scenarios; name a file for --map and --manifest")
    output = None if output == "-" else output
    source = reduction.original.source
    for path in (output, period_map, manifest):
        if path is not None and source is not None and is_same_file(path, source.name):
            raise UsageError(f"a result would replace its own input {source.name}; name another file")
    table = to_csv(reduction.to_frame(options["layout"]))
    files = []
    if output is not None:
        files.append((output, table))
        manifest = manifest or _beside(output)
    content = _manifest(reduction, options) if json or manifest is not None else ""
    if period_map is not None:
        files.append((period_map, to_csv(reduction.to_map())))
    if manifest is not None:
        files.append((manifest, content))
    write_files(files)
    if json:
        write_stdout(content)
    elif output is None:
        write_stdout(table)


def _manifest(reduction: Reduction, options: Mapping[str, Any]) -> str:
    from scenred.io.manifest import manifest, to_json

    return to_json(manifest(reduction, options, dt.datetime.now(dt.UTC)))


def _beside(output: str) -> str | None:
    """Name the manifest beside an output file; a device has none."""
    path = Path(output)
    return str(path.with_suffix(".manifest.json")) if path.name and not is_stream(output) else None

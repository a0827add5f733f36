"""Where results go: scenario table, period map, manifest and curve, to files and to standard output."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from scenred.errors import UsageError
from scenred.io.files.atomic import is_same_file, is_stream, write_files, write_stdout
from scenred.io.storage.csv import to_csv
from scenred.model import Reduction, Sample, Source


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
    _keep_input(reduction.original.source, output, period_map, manifest)
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


def deliver_sites(
    reductions: Mapping[str, Reduction],
    options: Mapping[str, Any],
    *,
    output: str,
    period_map: str | None,
) -> None:
    """Write a table, a manifest and, where asked, a period map for each site, all together: scenarios.SITE.csv."""
    files = []
    for site, reduction in reductions.items():
        table, where = _at_site(output, site), None if period_map is None else _at_site(period_map, site)
        _keep_input(reduction.original.source, table, where)
        files.append((table, to_csv(reduction.to_frame(options["layout"]))))
        if where is not None:
            files.append((where, to_csv(reduction.to_map())))
        manifest = _beside(table)
        if manifest is not None:
            files.append((manifest, _manifest(reduction, {**options, "site": site})))
    write_files(files)


def deliver_sample(
    drawn: Sample, options: Mapping[str, Any], *, output: str | None, manifest: str | None
) -> None:
    """Write the table to `output` with the manifest beside it, or to standard output (`-`)."""
    if manifest == "-":
        raise UsageError("standard output holds the scenarios; name a file for --manifest")
    output = None if output == "-" else output
    for _, source in drawn.sources:
        _keep_input(source, output, manifest)
    table = to_csv(drawn.to_frame(options["layout"]))
    files = [] if output is None else [(output, table)]
    manifest = manifest or (None if output is None else _beside(output))
    if manifest is not None:
        from scenred.io.records.sample_manifest import sample_manifest_text

        files.append((manifest, sample_manifest_text(drawn, options)))
    write_files(files)
    if output is None:
        write_stdout(table)


def _at_site(path: str, site: str) -> str:
    """Put a site's name before the ending of a path.

    Examples
    --------
    >>> _at_site("out/scenarios.csv", "north/1")
    'out/scenarios.north_1.csv'
    """
    safe = "".join(mark if mark.isalnum() or mark in "_-. " else "_" for mark in site)
    whole = Path(path)
    return str(whole.with_name(f"{whole.stem}.{safe}{whole.suffix}"))


def deliver_curve(table: pd.DataFrame, source: Source | None, *, output: str | None, json: bool) -> None:
    """Write the curve to `output`, or to standard output (`-`), as CSV or as JSON, one object a row."""
    output = None if output == "-" else output
    _keep_input(source, output)
    from scenred.io.records.reports import rows_to_json

    content = rows_to_json(table) if json else to_csv(table)
    if output is None:
        write_stdout(content)
    else:
        write_files([(output, content)])


def _keep_input(source: Source | None, *paths: str | None) -> None:
    for file in source.files if source is not None else ():
        for path in paths:
            if path is not None and is_same_file(path, file):
                raise UsageError(f"a result would replace its own input {file}; name another file")


def _manifest(reduction: Reduction, options: Mapping[str, Any]) -> str:
    from scenred.io.records.manifest import manifest_text

    return manifest_text(reduction, options)


def _beside(output: str) -> str | None:
    """Name the manifest beside an output file; a device has none."""
    path = Path(output)
    return str(path.with_suffix(".manifest.json")) if path.name and not is_stream(output) else None

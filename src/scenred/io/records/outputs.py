"""The files that belong to a manifest: next to each other by name, and known again by their hashes."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from scenred.errors import InputError, Setting, UsageError, written
from scenred.io.files.source import STDIN, printable, read_bytes
from scenred.io.storage.envelope import from_json
from scenred.notes import note

TABLE = ".csv"
MANIFEST = ".manifest.json"
# What a manifest names: the scenario table and the period map.
ROLES = ("table", "map")


def manifest_path(table: str) -> str:
    """Return the path of the manifest next to a scenario table; only the ending `.csv` gives way.

    Examples
    --------
    >>> manifest_path("out/run.csv"), manifest_path("run.2030")
    ('out/run.manifest.json', 'run.2030.manifest.json')
    """
    return table.removesuffix(TABLE) + MANIFEST


def described_outputs(**results: tuple[str | None, str | bytes] | None) -> dict[str, Any]:
    """Return name and SHA-256 of the table and the map of a run, by role; no name for standard output."""
    described: dict[str, Any] = dict.fromkeys(ROLES)
    for role, result in results.items():
        if result is not None:
            path, content = result
            data = content.encode() if isinstance(content, str) else content
            name = None if path in (None, STDIN) else printable(Path(str(path)).name)
            described[role] = {"name": name, "sha256": hashlib.sha256(data).hexdigest()}
    return described


def manifest_of(table: str | os.PathLike[str], sha256: str | None) -> dict[str, Any]:
    """Return the manifest next to a scenario table; empty, with a note, if it belongs to another table of that name.

    Raise an InputError if it cannot be read as JSON.
    """
    path = manifest_path(os.fspath(table))
    content = _read(path) if os.fspath(table) != STDIN and Path(path).is_file() else {}
    if content and _hash(content, "table") != sha256:
        note(
            f"{printable(path)} is not used: it is not the manifest of this table, which was changed later or comes "
            "from another run"
        )
        return {}
    return content


def check_run(table: str | os.PathLike[str], sha256: str | None, period_map: str, map_sha256: str | None) -> None:
    """Raise an InputError if the manifest next to a table says that this period map is not of the same run."""
    path = manifest_path(os.fspath(table))
    content = _read(path) if os.fspath(table) != STDIN and Path(path).is_file() else {}
    known = _hash(content, "map")
    if known is not None and (_hash(content, "table") == sha256) != (known == map_sha256):
        raise InputError(
            f"is not of the same run as {printable(table)}",
            f"both as {printable(path)} names them",
            "write them again with generate; if they do belong together, remove that manifest",
            place=period_map,
        )


def check_table_of(manifest: str, content: Mapping[str, Any]) -> None:
    """Note that the table next to a manifest is not the one that it describes."""
    path = _table_of(manifest, content)
    if path is not None and hashlib.sha256(read_bytes(path, printable(path))).hexdigest() != _hash(content, "table"):
        note(
            f"{printable(path)} is not the table of {printable(manifest)}: it was changed later or comes from another "
            "run; days and probabilities are those of the manifest"
        )


def check_manifest_place(manifest: str, table: str) -> None:
    """Raise a UsageError if another table has its manifest where that of a new table would go."""
    try:
        content = json.loads(Path(manifest).read_bytes())
    except (OSError, ValueError, RecursionError):  # there is none, or it is not a manifest
        return
    other = _table_of(manifest, content)
    if other is not None and other.name != Path(table).name:
        advice = ("name another output, or another manifest with ", Setting("manifest"))
        raise UsageError(f"is the manifest of {printable(other)}", advice=advice, place=printable(manifest))


def _read(path: str) -> dict[str, Any]:
    """Read JSON that is a manifest; empty for an object of another kind."""
    try:
        content = from_json(read_bytes(path, printable(path)), printable(path))
    except InputError as error:
        met = f"is not a manifest that can be read: {written(error.met)}"
        raise InputError(met, advice="remove or repair it", place=printable(path)) from error
    is_manifest = isinstance(content, dict) and bool({"manifest", "sample_manifest"} & content.keys())
    return content if is_manifest else {}


def _table_of(manifest: str, content: Mapping[str, Any]) -> Path | None:
    """Return the table next to a manifest that has the name of its own; None if there is none."""
    try:
        name = str(content["outputs"]["table"]["name"] or "")
    except (KeyError, TypeError):
        return None
    path = Path(manifest).parent / name
    return path if name and Path(name).name == name and path.is_file() else None


def _hash(content: Mapping[str, Any], role: str) -> str | None:
    try:
        return str(content["outputs"][role]["sha256"])
    except (KeyError, TypeError):
        return None

"""The envelope of the JSON documents of scenred: what a document is, which layout it has, and what made it."""

from __future__ import annotations

import json
import platform
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from typing import Any

from scenred.errors import InputError
from scenred.io.files.source import too_large
from scenred.options.reading import DEFAULT_MAX_SIZE

# Version of the layout by kind of document.
LAYOUTS = {
    "manifest": 1,
    "sample_manifest": 1,
    "scorecard": 1,
    "findings": 1,
    "comparison": 1,
    "backtest": 1,
    "quantizer": 1,
    "scenario_set": 1,
}
# Kinds that also hold the version under their own name, for programs that read them before there was `kind`.
NAMED = frozenset({"manifest", "sample_manifest", "scorecard", "comparison", "backtest", "scenario_set"})


# Bytes of memory that a value of JSON takes, with its place in what holds it.
VALUE_SIZE = 72


def enveloped(kind: str, content: Mapping[str, Any], *packages: str) -> dict[str, Any]:
    """Return content below `kind`, one of `LAYOUTS`, `version` of its layout, and `versions` of what made it.

    Those are scenred and, where the result depends on `packages`, these and Python.

    Examples
    --------
    >>> list(enveloped("manifest", {"created": "2026-01-02"}, "numpy"))
    ['kind', 'version', 'manifest', 'versions', 'created']
    """
    head = {"kind": kind, "version": LAYOUTS[kind]} | ({kind: LAYOUTS[kind]} if kind in NAMED else {})
    python = {"python": platform.python_version()} if packages else {}
    versions = python | {name: version(name) for name in ("scenred", *packages)}
    return head | {"versions": versions} | dict(content)


def to_json(content: Mapping[str, Any] | Sequence[Mapping[str, Any]], indent: int | None = 2) -> str:
    """Return a document, or the rows of a table, as JSON with a final newline.

    Bytes of the command line that are no text become escapes, which JSON reads back.
    """
    text = json.dumps(content, indent=indent, ensure_ascii=False, allow_nan=False) + "\n"
    return text.encode("utf-8", "backslashreplace").decode()


def from_json(data: bytes, name: str, max_size: int = DEFAULT_MAX_SIZE) -> Any:
    """Return what a document of JSON holds; `name` is what messages call it.

    Raise an InputError if it is not JSON, is nested too deeply, or would take more than `max_size` bytes of memory.
    """
    if len(data) + VALUE_SIZE * sum(map(data.count, (b",", b"[", b"{", b":"))) > max_size:
        raise too_large(name, max_size, "unpacks to")
    try:
        return json.loads(data)
    except RecursionError as error:
        raise InputError("is nested too deeply", "JSON as scenred writes it", place=name) from error
    except ValueError as error:  # also bytes that are not text
        raise InputError(f"cannot be parsed as JSON: {error}", place=name) from error

"""The envelope of the JSON documents of scenred: what a document is, which layout it has, and what made it."""

from __future__ import annotations

import json
import platform
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from typing import Any

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
    """Return a document, or the rows of a table, as JSON with a final newline."""
    return json.dumps(content, indent=indent, ensure_ascii=False, allow_nan=False) + "\n"

"""The manifest of sampled scenarios: the request, the inputs and what was learnt from them, the result."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from scenred.io.records.manifest import described_source
from scenred.io.storage.envelope import enveloped, to_json
from scenred.model import Sample

PACKAGES = ("numpy", "pandas", "scipy", "scikit-learn", "numba")


def sample_manifest(
    drawn: Sample, options: Mapping[str, Any], created: dt.datetime, outputs: Mapping[str, Any]
) -> dict[str, Any]:
    """Describe sampled scenarios completely, ready for JSON, in an envelope; as `manifest` does a reduction."""
    scenarios = drawn.scenarios
    first, last = drawn.history_span
    content = {
        "created": created.isoformat(timespec="seconds"),
        "outputs": dict(outputs),
        "options": dict(options),
        "inputs": {role: described_source(source) for role, source in drawn.sources},
        "columns": [
            asdict(column) | {"forecast": pair.forecast, "actual": pair.actual}
            for column, pair in zip(scenarios.columns, drawn.pairs, strict=True)
        ],
        "learnt_from": {"days": drawn.n_history_days, "first": first.isoformat(), "last": last.isoformat()},
        "result": {
            "n_scenarios": scenarios.n_scenarios,
            "days": [start.isoformat() for start in drawn.days],
            "steps": scenarios.n_steps,
            "step_seconds": None if scenarios.step is None else scenarios.step.total_seconds(),
            "product_bound": list(drawn.product_bound),
        },
    }
    return enveloped("sample_manifest", content, *PACKAGES)


def sample_manifest_text(drawn: Sample, options: Mapping[str, Any], outputs: Mapping[str, Any]) -> str:
    """Return the manifest of scenarios sampled now, as JSON."""
    return to_json(sample_manifest(drawn, options, dt.datetime.now(dt.UTC), outputs))

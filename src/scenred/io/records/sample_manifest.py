"""The manifest of sampled scenarios: what was asked, what was read and learnt from, what came out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from scenred.io.records.manifest import described_source, versions
from scenred.model import Sample

VERSION = 1


def sample_manifest(drawn: Sample, options: Mapping[str, Any], created: dt.datetime) -> dict[str, Any]:
    """Describe sampled scenarios completely.

    Parameters
    ----------
    drawn : Sample
        From files.
    options : mapping
        The resolved options, as `sample` takes them.
    created : datetime.datetime
        With zone. The only thing in any result that differs from run to run.

    Returns
    -------
    dict
        Ready for JSON: `sample_manifest` (version of this layout), `created`, `versions`, `options`, `inputs`,
        `columns`, `learnt_from`, `result`.
    """
    scenarios = drawn.scenarios
    first, last = drawn.history_span
    return {
        "sample_manifest": VERSION,
        "created": created.isoformat(timespec="seconds"),
        "versions": versions("numpy", "pandas", "scipy", "scikit-learn", "numba"),
        "options": dict(options),
        "inputs": {role: described_source(source) for role, source in drawn.sources},
        "columns": [
            {
                "name": column.name,
                "kind": column.kind,
                "capacity": column.capacity,
                "forecast": pair.forecast,
                "actual": pair.actual,
            }
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

"""A scorecard as JSON with a stable layout, and the certificate of the scenarios in it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from scenred.io.records.outputs import manifest_of
from scenred.io.storage import envelope
from scenred.model import Plan, PlanningValue, ScenarioSet, Scorecard

# Units of what a plan holds, in the order in which it is shown.
PLAN_UNITS = {
    "wind": "MW", "pv": "MW", "storage_power": "MW", "backup": "MW", "storage_energy": "MWh",
    "investment_cost": "EUR/a", "operating_cost": "EUR/a", "cost": "EUR/a",
    "lost_share": "share", "backup_share": "share",
}  # fmt: skip
# What the manifest holds of the quality of a reduction.
CERTIFICATE = ("n_scenarios", "method", "cost", "relative_cost", "lower_bound", "gap", "is_optimal")


def read_certificate(scenarios: str, sha256: str | None) -> dict[str, Any]:
    """Read the quality of the reduction from the manifest next to a scenario file; empty where there is none.

    A manifest of another table is not used; see `manifest_of`.
    """
    result = manifest_of(scenarios, sha256).get("result")
    return {key: result[key] for key in CERTIFICATE if key in result} if isinstance(result, dict) else {}


def to_json(card: Scorecard, gates: Mapping[str, float]) -> str:
    """Return a scorecard as JSON; the layout is described in docs/evaluation.md."""
    content = {
        "scenarios": _described(card.scenarios),
        "original": _described(card.original),
        "ground_metric": asdict(card.ground),
        "scores": [asdict(score) for score in card.scores],
        "context": {
            "draws": card.n_draws,
            "seed": card.seed,
            "scenarios": card.n_context,
            "headline": [asdict(band) | {"word": band.word} for band in card.bands],
        },
        "planning": _planning(card.planning),
        "certificate": dict(card.certificate or {}),
        "gates": [
            {"name": name, "limit": limit, "value": card[name], "holds": abs(card[name]) <= limit}
            for name, limit in gates.items()
        ],
    }
    return envelope.to_json(envelope.enveloped("scorecard", content))


def plans_of(value: PlanningValue) -> dict[str, Plan]:
    """Return the plans by name: the reduced set's, the same dispatched on the original, the original's best."""
    plans = {"reduced": value.reduced, "redispatched": value.redispatched}
    return plans if value.full is None else plans | {"full": value.full}


def _planning(value: PlanningValue | None) -> dict[str, Any] | None:
    """Return the plans and their stability; an infinite number of the study is null."""
    if value is None:
        return None
    study = {
        key.replace(".", "_"): number if math.isfinite(number) else None for key, number in value.study.by_key().items()
    }
    plans = {name: asdict(plan) | {"cost": plan.cost} for name, plan in plans_of(value).items()}
    stability = None if value.stability is None else asdict(value.stability) | {"unit": "EUR/a"}
    return {"study": study, "plans": plans, "units": PLAN_UNITS, "stability": stability}


def name_of(scenarios: ScenarioSet) -> str:
    """Return what a scenario set is called: its file, where it has one."""
    return scenarios.source.name if scenarios.source is not None else "a scenario set"


def _described(scenarios: ScenarioSet) -> dict[str, Any]:
    return {
        "name": name_of(scenarios),
        "sha256": scenarios.source.sha256 if scenarios.source is not None else None,
        "scenarios": scenarios.n_scenarios,
        "steps": scenarios.n_steps,
        "columns": [asdict(column) for column in scenarios.columns],
    }

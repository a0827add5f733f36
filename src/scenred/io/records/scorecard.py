"""A scorecard as JSON, with a stable layout, and as aligned text."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import Any

from scenred.errors import InputError
from scenred.model import Plan, PlanningValue, ScenarioSet, Score, Scorecard
from scenred.model.scorecard import worst

VERSION = 1

# What the manifest of a reduction tells of its quality.
CERTIFICATE = ("n_scenarios", "method", "cost", "relative_cost", "lower_bound", "gap", "is_optimal")


def read_certificate(scenarios: str) -> dict[str, Any]:
    """Read what the manifest beside a scenario file says of the reduction; empty where there is none.

    Raises
    ------
    InputError
        If the file beside it is no JSON.
    """
    path = Path(scenarios).with_suffix(".manifest.json") if Path(scenarios).name else Path(scenarios)
    if scenarios == "-" or not path.is_file():
        return {}
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, OSError) as error:
        raise InputError(f"{path}: is no manifest that can be read: {error}; remove or repair it") from error
    result = content.get("result") if isinstance(content, dict) else None
    return {key: result[key] for key in CERTIFICATE if key in result} if isinstance(result, dict) else {}


def to_json(card: Scorecard, gates: Mapping[str, float]) -> str:
    """Write a scorecard as indented JSON; the layout is described in docs/evaluation.md."""
    content = {
        "scorecard": VERSION,
        "versions": {"scenred": version("scenred")},
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
    return json.dumps(content, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def to_text(card: Scorecard, *, all_columns: bool = False) -> str:
    """Write a scorecard as aligned text: each score of its worst column unless all are wanted."""
    scenarios, original = card.scenarios, card.original
    lines = [
        f"{_name(scenarios)} against {_name(original)}: {scenarios.n_scenarios} of {original.n_scenarios} scenarios, "
        f"{original.n_steps} steps, columns {', '.join(original.names)}",
        f"metric {card.ground.name}, order {card.ground.order:g}",
    ]
    for group in dict.fromkeys(score.group for score in card.scores):
        lines += ["", group]
        of_group = [score for score in card.scores if score.group == group]
        names = dict.fromkeys(score.name for score in of_group)
        shown = of_group if all_columns else [_worst(of_group, name) for name in names]
        words = {band.name: band.word for band in card.bands}
        lines += _aligned([_cells(score, words.get(score.name, "")) for score in shown])
    lines += ["", f"context: best single scenario, {card.n_draws} random subsets of the same size"]
    if card.n_context < original.n_scenarios:
        lines[-1] += f", on {card.n_context} scenarios of the original"
    head = ["", "", "single", "mean", "5 %", "95 %", ""]
    rows = [
        [
            band.name,
            *(f"{v:.4g}" for v in (band.value, band.single, band.mean, band.low, band.high)),
            band.word,
        ]
        for band in card.bands
    ]
    lines += _aligned([head, *rows])
    if card.planning is not None:
        lines += ["", *_plan_lines(card.planning)]
    if card.certificate:
        given = ", ".join(f"{key} {value}" for key, value in card.certificate.items())
        lines += ["", f"certificate: {given}"]
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _plans(value: PlanningValue) -> dict[str, Plan]:
    plans = {"reduced": value.reduced, "redispatched": value.redispatched}
    return plans if value.full is None else plans | {"full": value.full}


def _planning(value: PlanningValue | None) -> dict[str, Any] | None:
    """Return the plans and their stability; an infinite number of the study is null."""
    if value is None:
        return None
    study = {key: number if math.isfinite(number) else None for key, number in asdict(value.study).items()}
    plans = {name: asdict(plan) | {"cost": plan.cost} for name, plan in _plans(value).items()}
    units = {"wind": "MW", "pv": "MW", "storage_power": "MW", "backup": "MW", "storage_energy": "MWh"}
    units |= dict.fromkeys(("investment_cost", "operating_cost", "cost"), "EUR/a")
    units |= dict.fromkeys(("lost_share", "backup_share"), "share")
    stability = None if value.stability is None else asdict(value.stability) | {"unit": "EUR/a"}
    return {"study": study, "plans": plans, "units": units, "stability": stability}


def _plan_lines(value: PlanningValue) -> list[str]:
    """Put the plans side by side, and the spread of those of several seeds below."""
    plans = _plans(value)
    fields = [(name, "MW", 1.0, ".1f") for name in ("wind", "pv", "storage_power", "backup")]
    fields.append(("storage_energy", "MWh", 1.0, ".1f"))
    fields += [(name, "MEUR/a", 1e-6, ".3f") for name in ("investment_cost", "operating_cost", "cost")]
    fields += [(name, "share", 1.0, ".4g") for name in ("lost_share", "backup_share")]
    rows = [["", *plans]] + [
        [f"{name} [{unit}]", *(f"{getattr(plan, name) * factor:{digits}}" for plan in plans.values())]
        for name, unit, factor, digits in fields
    ]
    lines = [
        "plans: the reduced set's, the same dispatched on the original, the original's best",
        *_aligned(rows),
    ]
    if value.stability is not None:
        for name, costs in asdict(value.stability).items():
            low, high = min(costs) / 1e6, max(costs) / 1e6
            lines.append(
                f"  {name}: {len(costs)} seeds, {low:.3f} to {high:.3f} MEUR/a, {high / low - 1:.2%} apart"
            )
    return lines


def _worst(scores: Sequence[Score], name: str) -> Score:
    found = worst(score for score in scores if score.name == name)
    if found is None:
        raise KeyError(name)
    return found


def _cells(score: Score, word: str) -> list[str]:
    value = "-" if score.value is None else f"{score.value:.4g}"
    sides = ""
    if score.original is not None and score.reduced is not None:
        sides = f"{score.reduced:.4g} for {score.original:.4g}"
    return [score.name, value, score.unit, score.column or "", sides, score.method or "", word]


def _aligned(rows: list[list[str]]) -> list[str]:
    widths = [max(len(cell) for cell in column) for column in zip(*rows, strict=True)]
    return [
        "  "
        + "  ".join(
            _padded(cell, width, place) for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        for row in rows
    ]


def _padded(cell: str, width: int, place: int) -> str:
    is_number = cell[:1].isdigit() or cell[:1] == "-"
    return cell.rjust(width) if is_number and place and " " not in cell else cell.ljust(width)


def _name(scenarios: ScenarioSet) -> str:
    return scenarios.source.name if scenarios.source is not None else "a scenario set"


def _described(scenarios: ScenarioSet) -> dict[str, Any]:
    return {
        "name": _name(scenarios),
        "sha256": scenarios.source.sha256 if scenarios.source is not None else None,
        "scenarios": scenarios.n_scenarios,
        "steps": scenarios.n_steps,
        "columns": [asdict(column) for column in scenarios.columns],
    }

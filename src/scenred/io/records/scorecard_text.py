"""A scorecard as aligned text."""

from __future__ import annotations

from dataclasses import asdict

from scenred.errors import one_line
from scenred.io.records.scorecard import PLAN_UNITS, name_of, plans_of
from scenred.model import PlanningValue, Score, Scorecard
from scenred.model.scorecard import worst

# Units that are shown otherwise than with one digit behind the point: as what, times what, and the digits.
SHOWN = {"EUR/a": ("MEUR/a", 1e-6, ".3f"), "share": ("share", 1.0, ".4g")}


def to_text(card: Scorecard, *, all_columns: bool = False) -> str:
    """Return a scorecard as aligned text: each score of its worst column or of all columns."""
    scenarios, original = card.scenarios, card.original
    lines = [
        f"{name_of(scenarios)} against {name_of(original)}: {scenarios.n_scenarios} of {original.n_scenarios} "
        f"scenarios, {original.n_steps} steps, columns {', '.join(original.names)}",
        f"metric {card.ground.name}, order {card.ground.order:g}",
    ]
    for group in dict.fromkeys(score.group for score in card.scores):
        lines += ["", group]
        of_group = [score for score in card.scores if score.group == group]
        names = dict.fromkeys(score.name for score in of_group)
        of_worst = (worst(score for score in of_group if score.name == name) for name in names)
        shown = of_group if all_columns else [score for score in of_worst if score is not None]
        words = {band.name: band.word for band in card.bands}
        lines += _aligned([_cells(score, words.get(score.name, "")) for score in shown])
    lines += ["", f"context: best single scenario, {card.n_draws} random subsets of the same size"]
    if card.n_context < original.n_scenarios:
        lines[-1] += f", on {card.n_context} scenarios of the original"
    head = ["", "", "single", "mean", "5 %", "95 %", ""]
    rows = [
        [band.name, *(f"{v:.4g}" for v in (band.value, band.single, band.mean, band.low, band.high)), band.word]
        for band in card.bands
    ]
    lines += _aligned([head, *rows])
    if card.planning is not None:
        lines += ["", *_plan_lines(card.planning)]
    if card.certificate:
        parts = ", ".join(f"{key} {value}" for key, value in card.certificate.items())
        lines += ["", f"certificate: {parts}"]
    return "\n".join(one_line(line.rstrip()) for line in lines) + "\n"


def _plan_lines(value: PlanningValue) -> list[str]:
    """Put the plans side by side, and the spread of those of several seeds below."""
    plans = plans_of(value)
    rows = [["", *plans]]
    for name, unit in PLAN_UNITS.items():
        shown, factor, digits = SHOWN.get(unit, (unit, 1.0, ".1f"))
        rows.append([f"{name} [{shown}]", *(f"{getattr(plan, name) * factor:{digits}}" for plan in plans.values())])
    lines = ["plans: the reduced set's, the same dispatched on the original, the original's best", *_aligned(rows)]
    if value.stability is not None:
        for name, costs in asdict(value.stability).items():
            low, high = min(costs) / 1e6, max(costs) / 1e6
            lines.append(f"  {name}: {len(costs)} seeds, {low:.3f} to {high:.3f} MEUR/a, {high / low - 1:.2%} apart")
    return lines


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
        + "  ".join(_padded(cell, width, place) for place, (cell, width) in enumerate(zip(row, widths, strict=True)))
        for row in rows
    ]


def _padded(cell: str, width: int, place: int) -> str:
    is_number = cell[:1].isdigit() or cell[:1] == "-"
    return cell.rjust(width) if is_number and place and " " not in cell else cell.ljust(width)

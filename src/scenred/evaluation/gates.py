"""Quality gates: limits on scores that a pipeline stops at."""

from __future__ import annotations

from collections.abc import Mapping

from scenred.model import Scorecard


def failed_gates(card: Scorecard, limits: Mapping[str, float]) -> list[str]:
    """Return one line for each gate that failed; limits are of the absolute value, by name as `Scorecard` takes it."""
    values = {name: card[name] for name in limits}
    return [
        f"gate {name}: {values[name]:.6g} is above {limit:g}"
        for name, limit in limits.items()
        if not abs(values[name]) <= limit
    ]

"""Quality gates: limits on scores that a pipeline stops at."""

from __future__ import annotations

from collections.abc import Mapping

from scenred.model import Scorecard


def failed_gates(card: Scorecard, limits: Mapping[str, float]) -> list[str]:
    """Return one line for each gate that failed.

    Parameters
    ----------
    limits : mapping of str to float
        The largest absolute value by name of a score, `NAME` (worst column) or `NAME[COLUMN]`.

    Raises
    ------
    RequestError
        If a name is unknown, naming the nearest score.
    """
    values = {name: card[name] for name in limits}
    return [
        f"gate {name}: {values[name]:.6g} is above {limit:g}"
        for name, limit in limits.items()
        if not abs(values[name]) <= limit
    ]

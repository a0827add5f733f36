"""What a planner holds a reduction to, and what that costs."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Extreme:
    """Name a period that stays because it holds an extreme.

    Parameters
    ----------
    keep : str
        What was asked for, such as 'min:wind+pv'.
    row : int
        Of the original.
    value : float
        Of the expression, in the unit of the input; hours for a lull (steps where their length is not known).
    """

    keep: str
    row: int
    value: float


@dataclass(frozen=True, slots=True)
class Payment:
    """Say what a condition costs: the same reduction without it and with it.

    Parameters
    ----------
    condition : str
        In words.
    before, after : float
        Transport cost W_r^r without and with the condition.
    lower_bound : float, optional
        Of the cost without the condition.
    """

    condition: str
    before: float
    after: float
    lower_bound: float | None = None

    @property
    def gap(self) -> float | None:
        """(cost with the condition - lower bound without it) / cost with it; None where there is no bound."""
        if self.lower_bound is None:
            return None
        return (self.after - self.lower_bound) / self.after if self.after > 0 else 0.0

"""A ground metric with all that it needs: how far apart two scenarios are, and in which unit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Metric = Literal["duration", "pointwise", "wasserstein", "sliced", "precomputed"]


@dataclass(frozen=True, slots=True)
class GroundMetric:
    """Hold a ground metric's name and the numbers that make it definite.

    Parameters
    ----------
    name : {'duration', 'pointwise', 'wasserstein', 'sliced', 'precomputed'}
    order : float
        r >= 1.
    scales : tuple of float
        What each column is divided by, in the unit of its values; empty for a precomputed metric.
    column_weights : tuple of float
        Weight of each column; empty for a precomputed metric.
    shift_cost : float, optional
        Cost of moving by one hour, in capacity; None for a metric that moves nothing in time.
    step_hours : float, optional
        Length of a step in hours; None where there is no shift cost.
    directions : int, optional
        Number of directions of the sliced metric; None for others.
    """

    name: Metric
    order: float
    scales: tuple[float, ...] = ()
    column_weights: tuple[float, ...] = ()
    shift_cost: float | None = None
    step_hours: float | None = None
    directions: int | None = None

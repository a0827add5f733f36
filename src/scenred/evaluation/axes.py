"""What the axes of a metric's embedding tell of two sets, one sort an axis and no pairs of scenarios.

The costs of an embedding are sums over its axes. So the energy distance and the cost of serving all by one member
are exact sums, and the transport costs along each axis add up to a lower bound of the transport cost.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from scenred.arrays import Float64, weighted_sum
from scenred.evaluation.set_pair import SetPair
from scenred.kernels.distributions_1d import first_sums, mean_absolute_to, order_distance
from scenred.kernels.threads import map_blocks
from scenred.metrics.embedding import embed
from scenred.model import GroundMetric

# Axes that one thread sums before it takes more; fixed, so that threads change no sum.
AXES = 24


@dataclass(frozen=True, slots=True, eq=False)
class Axes:
    """Both sets as points, with masses, for one ground metric that has an embedding."""

    points: Float64  # (n, d): the original
    others: Float64  # (m, d): the reduced set
    p: Float64
    q: Float64
    order: float


def axes_of(pair: SetPair, ground: GroundMetric) -> Axes:
    """Embed both sets; `sliced` stands for exact transport."""
    if ground.name == "wasserstein":
        ground = replace(ground, name="sliced", directions=32)
    points, others = embed(pair.original, ground), embed(pair.reduced, ground)
    return Axes(points, others, pair.p, pair.q, float(ground.order))


def lower_bound(axes: Axes, n_threads: int | None) -> float:
    """Sum the transport costs W_r^r along each axis."""
    return math.fsum(map_blocks(partial(_costs, axes), _blocks(axes), n_threads))


def member_totals(axes: Axes, n_threads: int | None) -> Float64:
    """Return the cost of serving the original by each of its members alone, shape (n,).

    For order 2 it is the squared distance from the mean: the variance, which all have in common, is left out.
    """
    total = np.zeros(len(axes.points))
    for part in map_blocks(partial(_totals, axes), _blocks(axes), n_threads):
        total += part
    return total


def first_totals(axes: Axes, n_threads: int | None) -> tuple[float, float, Float64]:
    """Return the lower bound, the energy distance and the member totals of axes of order 1, by one sort an axis.

    The energy distance is 2 E d(X,Y) - E d(X,X') - E d(Y,Y').
    """
    bound, energy, totals = 0.0, 0.0, np.zeros(len(axes.points))
    for of_bound, of_energy, of_members in map_blocks(partial(_firsts, axes), _blocks(axes), n_threads):
        bound += of_bound
        energy += of_energy
        totals += of_members
    return bound, 2 * energy, totals


def _blocks(axes: Axes) -> list[range]:
    width = axes.points.shape[1]
    return [range(first, min(first + AXES, width)) for first in range(0, width, AXES)]


def _costs(axes: Axes, numbers: range) -> float:
    return math.fsum(
        order_distance(axes.points[:, axis], axes.p, axes.others[:, axis], axes.q, axes.order) for axis in numbers
    )


def _totals(axes: Axes, numbers: range) -> Float64:
    total = np.zeros(len(axes.points))
    for axis in numbers:
        places = axes.points[:, axis]
        total += mean_absolute_to(places, axes.p) if axes.order == 1 else (places - weighted_sum(axes.p, places)) ** 2
    return total


def _firsts(axes: Axes, numbers: range) -> tuple[float, float, Float64]:
    bound, energy, totals = 0.0, 0.0, np.zeros(len(axes.points))
    for axis in numbers:
        one, two, means = first_sums(axes.points[:, axis], axes.p, axes.others[:, axis], axes.q)
        bound += one
        energy += two
        totals += means
    return bound, energy, totals

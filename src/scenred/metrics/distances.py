"""Ground costs of all pairs of a scenario set, and of all scenarios to a few."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import partial

import numpy as np
import numpy.typing as npt

from scenred.arrays import Float64, Int64
from scenred.errors import InputError, RequestError, Setting
from scenred.kernels.memory import memory_left
from scenred.kernels.pairwise import costs_between, pairwise_costs
from scenred.kernels.threads import map_blocks
from scenred.kernels.transport import pairwise_transport, transport_costs_to
from scenred.metrics.embedding import clouds, embed, moved_by_slices, time_costs
from scenred.metrics.ground import ground_metric
from scenred.metrics.precision import check_costs
from scenred.model import DistanceMatrix, GroundMetric, Movement, ScenarioSet
from scenred.notes import note
from scenred.options import GroundOptions, Work
from scenred.options.ground import DEFAULT_METRIC

# Bytes of a pair at the peak, measured: the costs and what looks at them; of a given matrix also tables of doubles.
PAIR_SIZE, GIVEN_PAIR_SIZE = 5, 24
# Below this share of pairs, or of projections, that move in time the shift cost has no effect.
# Some directions are nearly level and move values at any shift cost.
HARDLY_MOVES, HARDLY_MOVES_SLICED = 0.01, 0.1
# Periods that are projected to tell whether the sliced metric moves anything.
SLICED_TO_TELL = 200
# Scenarios whose distances to a few one thread computes at a time.
BLOCK = 512


def measured(
    original: ScenarioSet,
    options: GroundOptions = GroundOptions(),
    work: Work = Work(),
    matrix: npt.ArrayLike | None = None,
) -> DistanceMatrix:
    """Compute the ground costs of all pairs, or take those of a matrix.

    With a matrix the metric is `precomputed`, or left at its default: a RequestError names another one.
    """
    if matrix is None:
        return pairwise_distances(original, options, work)
    if options.metric == DEFAULT_METRIC:
        options = replace(options, metric="precomputed")
    if options.metric != "precomputed":
        raise RequestError(f"a matrix is given, and metric {options.metric!r}", advice="leave one of them out")
    return precomputed_distances(original, matrix, options)


def pairwise_distances(
    scenarios: ScenarioSet, options: GroundOptions = GroundOptions(), work: Work = Work()
) -> DistanceMatrix:
    """Compute the ground costs of all pairs of a scenario set.

    Returns
    -------
    DistanceMatrix
        `costs` of shape (n, n), float32, `costs[i, j] = d(x_i, x_j)**r` with d in capacity. For
        `wasserstein` it says which share of the pairs moves mass in time, and how far.

    Raises
    ------
    RequestError
        As `ground_metric`, or if the matrix is larger than this machine's memory or beyond single precision.
    InputError
        If all columns are constant.

    Notes
    -----
    n**2 t c / 2 differences; `sliced` n**2 t m / 2 for m directions. `wasserstein` solves n**2 / 2 assignment problems
    of size t: a few microseconds each for 24 steps. 4 n**2 bytes are kept, 5 n**2 are taken meanwhile.
    """
    ground = ground_metric(scenarios, options)
    n = scenarios.n_scenarios
    width = (ground.directions or len(scenarios.columns)) * scenarios.n_steps
    _check_memory(n, PAIR_SIZE, 8 * width)
    n_threads, on_fraction = work.n_threads, work.on_stage("distances")
    movement, rounding = None, 0.0
    if ground.name == "wasserstein":
        points = clouds(scenarios, ground)
        hours = time_costs(scenarios.n_steps, ground)
        costs, moved, steps, rounding = pairwise_transport(
            points, hours, ground.order, n_threads=n_threads, on_fraction=on_fraction
        )
        movement = Movement(moved, steps * (ground.step_hours or 0.0))
    else:
        points = embed(scenarios, ground)
        costs = pairwise_costs(points, ground.order, n_threads=n_threads, on_fraction=on_fraction)
    check_costs(scenarios, ground, costs, points)
    _note_extremes(scenarios, ground, movement)
    costs.setflags(write=False)  # so that the matrix is taken as it is, not copied
    return DistanceMatrix(costs=costs, ground=ground, points=points, movement=movement, rounding=rounding)


def precomputed_distances(
    scenarios: ScenarioSet, matrix: npt.ArrayLike, options: GroundOptions = GroundOptions("precomputed")
) -> DistanceMatrix:
    """Take ground distances that were computed elsewhere, for example by the planner's own model.

    matrix[i, j] is the distance when scenario i is represented by scenario j. It may be asymmetric: rows are served by
    columns. Costs are matrix**order.

    Raises
    ------
    InputError
        If the matrix has another shape, or a number is not finite, negative, or not 0 on the diagonal.
    RequestError
        If costs do not fit into single precision.
    """
    n = scenarios.n_scenarios
    _check_memory(n, GIVEN_PAIR_SIZE)
    distances = np.asarray(matrix, dtype=np.float64)
    if distances.shape != (n, n):
        raise InputError(f"the matrix has shape {distances.shape} and there are {n} periods", f"shape ({n}, {n})")
    wrong = ~(np.isfinite(distances) & (distances >= 0))
    wrong[np.diag_indices(n)] = distances.diagonal() != 0
    if wrong.any():
        i, j = (int(index) for index in np.argwhere(wrong)[0])
        needed = "0 on the diagonal" if i == j else "finite numbers of at least 0"
        raise InputError(f"the matrix holds {distances[i, j]} in row {i}, column {j}", needed)
    order = float(options.order)
    with np.errstate(over="ignore", under="ignore"):
        exact = np.ascontiguousarray(distances.T) ** order
        costs = exact.astype(np.float32)
    ground = GroundMetric("precomputed", order)
    check_costs(scenarios, ground, costs, exact)
    costs.setflags(write=False)
    return DistanceMatrix(costs=costs, ground=ground, points=exact)


def member_costs(distances: DistanceMatrix, members: Int64) -> Float64:
    """Return the ground costs of every scenario to a few members, shape (n, m), as exactly as known."""
    points, ground = distances.points, distances.ground
    if points is None:
        return distances.costs[members].T.astype(np.float64)
    if ground.name == "precomputed":
        return points[members].T
    return costs_of_points(points, points[members], ground)


def distances_to(
    scenarios: ScenarioSet, members: ScenarioSet, ground: GroundMetric, n_threads: int | None = None
) -> Float64:
    """Compute the ground distance from n scenarios to m members, without a matrix of all pairs.

    Both sets are measured with the scales of `ground`, from `ground_metric`. The distances have shape (n, m), float64,
    and are in capacity, not to the power r: n m t c differences, or n m assignment problems for `wasserstein`. A
    RequestError is raised if the sets differ in columns or number of steps, or the metric is a precomputed matrix.

    Examples
    --------
    >>> import scenred
    >>> days = ScenarioSet((scenred.Column("wind"),), np.array([[[0.0]], [[0.4]], [[0.8]]]), np.full(3, 1 / 3))
    >>> best = scenred.generate(days, 1, metric="pointwise").scenarios
    >>> distances_to(days, best, ground_metric(days, GroundOptions("pointwise"))).ravel()
    array([0.5, 0. , 0.5])
    """
    if ground.name == "precomputed":
        raise RequestError("a precomputed metric knows the pairs of its matrix only", advice="choose another metric")
    for one in (scenarios, members):
        if len(one.columns) != len(ground.scales):
            raise RequestError(
                f"the metric is of {len(ground.scales)} columns and a set has {len(one.columns)} "
                f"({', '.join(one.names)})",
                "the same columns",
            )
    if members.names != scenarios.names or members.n_steps != scenarios.n_steps:
        raise RequestError(
            f"one set has {scenarios.n_steps} steps of {', '.join(scenarios.names)}, the other {members.n_steps} of "
            f"{', '.join(members.names)}",
            "the same",
        )
    prepare = clouds if ground.name == "wasserstein" else embed
    costs = costs_of_points(prepare(scenarios, ground), prepare(members, ground), ground, n_threads)
    return np.asarray(costs ** (1 / ground.order))


def costs_of_points(points: Float64, others: Float64, ground: GroundMetric, n_threads: int | None = None) -> Float64:
    """Return the ground costs d^r of all points to a few, both embedded or both clouds, shape (n, m)."""
    if ground.name == "wasserstein":
        hours = time_costs(points.shape[2], ground)
        return transport_costs_to(points, others, hours, ground.order, n_threads=n_threads)
    if len(points) <= BLOCK:
        return costs_between(points, others, ground.order)
    blocks = (points[first : first + BLOCK] for first in range(0, len(points), BLOCK))
    of_block = partial(costs_between, others=others, order=ground.order)
    return np.concatenate(list(map_blocks(of_block, blocks, n_threads)))


def thin(scenarios: ScenarioSet, n: int) -> ScenarioSet:
    """Return at most n scenarios, evenly spaced and equally likely: a small set like the large one."""
    rows = np.unique(np.linspace(0, scenarios.n_scenarios - 1, n).astype(int))
    return scenarios.members(rows, np.full(len(rows), 1 / len(rows)))


def _note_extremes(scenarios: ScenarioSet, ground: GroundMetric, movement: Movement | None) -> None:
    """Warn of a shift cost that makes the metric another one."""
    n, n_steps = scenarios.n_scenarios, scenarios.n_steps
    if ground.shift_cost is None or n < 2 or n_steps < 2:
        return
    if ground.shift_cost == 0:
        note(
            "the shift cost is 0: the metric forgets the clock and takes a day for its mirror image; "
            "a small shift cost, such as 0.02, keeps it"
        )
        return
    if movement is None:
        moved = moved_by_slices(thin(scenarios, SLICED_TO_TELL), ground)
        of_what, least = "projected periods", HARDLY_MOVES_SLICED
    else:
        moved, of_what, least = movement.moved_share, "pairs", HARDLY_MOVES
    if moved < least:
        note(
            f"the shift cost {ground.shift_cost:g} has no effect: nothing moves in time for {1 - moved:.1%} of the "
            f"{of_what}, because values differ by less than a shift costs; check ",
            Setting("capacity"),
            ", lower the shift cost, or choose ",
            Setting("metric", "pointwise"),
        )


def _check_memory(n: int, pair_size: int, scenario_size: int = 0) -> None:
    """Raise a RequestError if the distances do not fit into memory, before the system kills the process for it.

    Sizes are in bytes, of a pair and of a scenario.
    """
    left, needed = memory_left(), (pair_size * n + scenario_size) * n
    if left is None or needed <= left:
        return
    half = scenario_size / (2 * pair_size)
    most = int(math.sqrt(half * half + max(left, 0) / pair_size) - half)
    sizes = f"take {needed / 1e9:.2g} GB and this process may take {max(left, 0) / 1e9:.2g} GB"
    raise RequestError(
        f"the distances of {n:,} scenarios {sizes}",
        advice=f"use fewer or longer periods: {most:,} fit",
    )

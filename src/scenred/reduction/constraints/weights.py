"""Other probabilities for scenarios that stay: true means, equal shares, bounds, at the least transport cost.

With the medoids S given, the probabilities q that meet a condition at the least transport cost solve a linear program
over the transported masses x:

    minimise    sum_ij c_ij x_ij
    subject to  sum_j x_ij = p_i,  sum_i x_ij = q_j,  low_j <= q_j <= high_j,  sum_j q_j m_jc = mu_c

where m_jc is the mean of column c in scenario j and mu_c that of the original, which is taken off both;
what remains is divided by its largest value over all periods, as a load varies little from day to day. HiGHS solves
it to 1e-7 or so; the last
digits of the means come from a correction of q, of least norm, among the probabilities that are not at a bound.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from scenred.arrays import Float64, Int64
from scenred.errors import RequestError, SolverError, UsageError, nearest_name
from scenred.metrics import member_costs
from scenred.model import DistanceMatrix, Payment, Reduction, ScenarioSet

# A mean may miss by this share of its spread: how far the mean of a period lies from it at most.
MEAN_TOLERANCE = 1e-10
# Below this share of the spread a miss is what HiGHS leaves.
LEAST_MISS = 1e-7
# Columns that are named in words.
NAMED = 4
# Below this share of the mean a spread is rounding: all periods have that mean.
ROUNDING = 1e-13
# What is exact in float64; and how often it is tried.
EXACT = 1e-16
CORRECTIONS = 5


@dataclass(frozen=True, slots=True)
class Wish:
    """Hold what probabilities must meet.

    Parameters
    ----------
    columns : tuple of str
        Their means are those of the original.
    low, high : float
        Bounds of every probability.
    equal : bool
        All are 1 / k.
    """

    columns: tuple[str, ...] = ()
    low: float = 0.0
    high: float = 1.0
    equal: bool = False

    def __str__(self) -> str:
        """Say it in words."""
        names = ", ".join(self.columns) if len(self.columns) <= NAMED else f"{len(self.columns)} columns"
        words = [f"mean of {names}"] if self.columns else []
        words += ["equal probabilities"] if self.equal else []
        words += [f"probabilities of at least {self.low:g}"] if self.low > 0 else []
        words += [f"probabilities of at most {self.high:g}"] if self.high < 1 else []
        return ", ".join(words)


def wish_for(
    original: ScenarioSet,
    preserve: str | Sequence[str] = (),
    *,
    equal_probabilities: bool = False,
    min_probability: float = 0.0,
    max_probability: float = 1.0,
) -> Wish | None:
    """Read what probabilities must meet; None where that is nothing.

    Parameters
    ----------
    original : ScenarioSet
    preserve : str or sequence of str
        'mean', or 'mean:wind,pv' for some columns; several add up.
    equal_probabilities : bool
    min_probability, max_probability : float
        0 to 1.

    Raises
    ------
    UsageError
        When something else than the mean is to be preserved, or conditions contradict each other.
    RequestError
        When a column is not there or a number is out of range.

    Examples
    --------
    >>> from scenred import Column
    >>> days = ScenarioSet((Column("wind"), Column("pv")), np.zeros((1, 1, 2)), np.ones(1))
    >>> print(wish_for(days, "mean:wind", min_probability=0.01))
    mean of wind, probabilities of at least 0.01
    """
    texts = [preserve] if isinstance(preserve, str) else list(preserve)
    columns = [name for text in texts for name in _columns_of(original, text)]
    for value, name in ((min_probability, "least"), (max_probability, "largest")):
        if not 0 <= value <= 1:
            raise RequestError(f"the {name} probability is {value}; scenred needs a number from 0 to 1")
    bounded = min_probability > 0 or max_probability < 1
    if equal_probabilities and (columns or bounded):
        raise UsageError(
            "equal probabilities leave nothing to preserve or to bound; choose equal probabilities or the others"
        )
    if not (columns or bounded or equal_probabilities):
        return None
    ordered = tuple(name for name in original.names if name in columns)
    return Wish(ordered, float(min_probability), float(max_probability), equal_probabilities)


def reweigh(
    reduction: Reduction, distances: DistanceMatrix, wish: Wish, alone: Sequence[int] = ()
) -> Reduction:
    """Give the scenarios that stay the probabilities that meet a wish at the least transport cost.

    Groups keep their mass, and nothing moves from one to another.

    Parameters
    ----------
    reduction : Reduction
    distances : DistanceMatrix
        Of its original.
    wish : Wish
        From `wish_for`.
    alone : sequence of int
        Rows of scenarios that represent themselves alone: they keep their own probability.

    Returns
    -------
    Reduction
        The same scenarios and period map with other probabilities; `cost` is the transport cost to these, and the
        last of `payments` says what was paid.

    Raises
    ------
    RequestError
        When no probabilities meet the wish, with the column that misses and by how much.
    SolverError
        When the program is not solved.

    Notes
    -----
    A linear program with n k variables: 0.03 s for 365 x 10, 2 s for 3,650 x 10.

    Examples
    --------
    >>> from scenred import Column, pairwise_distances, reduce
    >>> values = np.array([0.0, 0.2, 0.4, 1.0]).reshape(4, 1, 1)
    >>> days = ScenarioSet((Column("wind"),), values, np.full(4, 0.25))
    >>> distances = pairwise_distances(days, "pointwise")
    >>> reduction = reweigh(reduce(days, distances, 2), distances, wish_for(days, "mean"))
    >>> reduction.scenarios.values.ravel(), reduction.scenarios.probabilities, reduction.payments[0].before
    (array([0.2, 1. ]), array([0.75, 0.25]), 0.1)
    """
    return priced(reduction, distances, wish, alone)[0]


def priced(
    reduction: Reduction, distances: DistanceMatrix, wish: Wish, alone: Sequence[int] = ()
) -> tuple[Reduction, Float64]:
    """Do what `reweigh` does, and give the dual prices of the means, by their spreads, shape (m,)."""
    low, high = _bounds(reduction, wish, alone)
    blocks, block_masses = _blocks(reduction)
    check_bounds(reduction, wish, alone)
    off, target, spreads = moments(reduction, wish)
    means = off[reduction.medoids]
    relative = means.T, np.zeros(len(target))
    rows, right = np.vstack([blocks, relative[0]]), np.concatenate([block_masses, relative[1]])
    if wish.columns:
        _check_reach(wish, rows, right, (means, target, spreads), low, high)
    costs = member_costs(distances, reduction.medoids)
    by_group = bool(reduction.scenarios.groups)
    closed = closed_pairs(reduction.original, reduction.medoids, alone, by_group=by_group)
    masses, prices = _transport(costs, reduction.original.probabilities, closed, *relative, low, high)
    q = _corrected(masses.sum(axis=0), rows, right, low, high)
    cost = max(math.fsum((masses * costs).ravel()), reduction.lower_bound or 0.0)
    paid = Payment(str(wish), reduction.cost, cost, reduction.lower_bound)
    found = replace(
        reduction,
        probabilities=q,
        cost=cost,
        is_optimal=reduction.is_optimal and cost <= reduction.cost,
        payments=(*reduction.payments, paid),
    )
    return found, prices


def _columns_of(original: ScenarioSet, text: str) -> list[str]:
    what, mark, names = text.partition(":")
    if what != "mean":
        raise UsageError(
            f"--preserve {text}: only the mean can be preserved; write mean, or mean:COLUMN,COLUMN"
        )
    if not mark:
        return original.names
    if names in original.names:  # a name with a comma
        return [names]
    wanted = [name.strip() for name in names.split(",")]
    for name in wanted:
        if name not in original.names:
            raise RequestError(
                f"--preserve {text}: there is no column {name!r}; {nearest_name(name, original.names)}"
            )
    return wanted


def _blocks(reduction: Reduction) -> tuple[Float64, Float64]:
    """Give the scenarios of every group as rows of 0 and 1, shape (g, k), and the groups' masses, shape (g,)."""
    groups = reduction.scenarios.groups or ("",) * len(reduction.medoids)
    blocks = np.array([[group == one for one in groups] for group in dict.fromkeys(groups)], dtype=np.float64)
    return blocks, np.array([math.fsum(reduction.masses[row > 0]) for row in blocks])


def closed_pairs(
    original: ScenarioSet, medoids: Int64, alone: Sequence[int], *, by_group: bool
) -> npt.NDArray[np.bool_]:
    """Say which pairs may move no mass, shape (n, k): into another group, to what represents itself alone."""
    closed = np.zeros((original.n_scenarios, len(medoids)), dtype=bool)
    if by_group:
        groups = np.array(original.groups)
        closed = groups[:, None] != groups[medoids][None, :]
    closed[:, np.isin(medoids, np.asarray(alone))] = True
    closed[medoids, np.arange(len(medoids))] = False
    return closed


def _bounds(reduction: Reduction, wish: Wish, alone: Sequence[int]) -> tuple[Float64, Float64]:
    """Give the bounds of every probability; a scenario that represents itself alone keeps its own."""
    k = len(reduction.medoids)
    low, high = np.full(k, wish.low), np.full(k, wish.high)
    is_alone = np.isin(reduction.medoids, np.asarray(alone))
    low[is_alone] = high[is_alone] = reduction.masses[is_alone]
    if wish.equal:
        for block, mass in zip(*_blocks(reduction), strict=True):
            others = (block > 0) & ~is_alone
            if others.any():
                share = (mass - low[(block > 0) & is_alone].sum()) / others.sum()
                low[others] = high[others] = share
    return low, high


def check_bounds(reduction: Reduction, wish: Wish, alone: Sequence[int] = ()) -> None:
    """Refuse bounds that no probabilities of the right sum keep.

    Raises
    ------
    RequestError
    """
    low, high = _bounds(reduction, wish, alone)
    for block, mass in zip(*_blocks(reduction), strict=True):
        least, most = float(block @ low), float(block @ high)
        if (low > high).any() or least > mass + 1e-12 or most < mass - 1e-12:
            raise RequestError(
                f"{block.sum():g} scenarios cannot have probabilities from {wish.low:g} to {wish.high:g} each: they "
                f"sum to {least:.6g} at least and {most:.6g} at most, and scenred needs {mass:.6g}; widen the bounds"
            )


def moments(reduction: Reduction, wish: Wish) -> tuple[Float64, Float64, Float64]:
    """Give how far the means of the periods lie from those of the original, by their spreads, both, and the spreads.

    Returns
    -------
    off : ndarray of shape (n, m)
        (m_ic - mu_c) / spread_c, from -1 to 1; 0 where all periods have the same mean.
    target, spreads : ndarray of shape (m,)
        mu_c, and the largest of abs(m_ic - mu_c).
    """
    original = reduction.original
    places = [original.names.index(name) for name in wish.columns]
    by_period = original.values[:, :, places].mean(axis=1)
    target = np.array([math.fsum(original.probabilities * column) for column in by_period.T])
    off = by_period - target
    spreads = np.abs(off).max(axis=0, initial=0.0)
    is_flat = spreads <= ROUNDING * np.abs(target)
    off[:, is_flat] = 0.0
    return off / np.where(is_flat, 1.0, spreads), target, spreads


def _check_reach(
    wish: Wish,
    rows: Float64,
    right: Float64,
    moments: tuple[Float64, Float64, Float64],
    low: Float64,
    high: Float64,
) -> None:
    """Refuse means that no probabilities within the bounds reach, and say by how much the worst one misses."""
    means, target, spreads = moments
    k, m = means.shape
    q, _ = nearest_means(rows, right, m, low, high)
    misses = np.abs(means.T @ q)
    if misses.sum() <= LEAST_MISS:
        return
    worst = int(np.argmax(misses))
    reach = [_extreme_mean(rows[:-m], right[:-m], sign * means[:, worst], low, high) for sign in (1.0, -1.0)]
    least, most = (target[worst] + spreads[worst] * end for end in (reach[0], -reach[1]))
    by_itself = f"by itself it can be {least:.6g} to {most:.6g}"
    raise RequestError(
        f"--preserve mean: the mean of {wish.columns[worst]} is {target[worst]:.6g} and these {k} scenarios reach "
        f"{target[worst] + spreads[worst] * (means[:, worst] @ q):.6g}, {misses[worst] * spreads[worst]:.3g} off "
        f"({by_itself}); keep more or other "
        "scenarios, lower the least probability, or preserve fewer columns"
    )


def nearest_means(
    rows: Float64, right: Float64, m: int, low: Float64, high: Float64
) -> tuple[Float64, Float64]:
    """Give the probabilities whose means miss least, and the dual price of each row, shapes (k,) and (g + m,).

    The last m of `rows` are means and may be missed, at the sum of the misses; the others hold.
    """
    k = rows.shape[1]
    slack = np.zeros((len(rows), 2 * m))
    slack[-m:] = np.hstack([np.eye(m), -np.eye(m)])
    bounds = np.column_stack([np.r_[low, np.zeros(2 * m)], np.r_[high, np.full(2 * m, np.inf)]])
    costs = np.r_[np.zeros(k), np.ones(2 * m)]
    found = _program(costs, np.hstack([rows, slack]), right, bounds)
    return np.asarray(found.x[:k]), np.asarray(found.eqlin.marginals)


def _extreme_mean(
    blocks: Float64, block_masses: Float64, means: Float64, low: Float64, high: Float64
) -> float:
    """Give the least mean that probabilities within the bounds reach."""
    return float(means @ _solved(means, blocks, block_masses, np.column_stack([low, high])))


def _transport(
    costs: Float64,
    masses: Float64,
    closed: npt.NDArray[np.bool_],
    rows: Float64,
    right: Float64,
    low: Float64,
    high: Float64,
) -> tuple[Float64, Float64]:
    """Solve the program: the mass from every period to every scenario (n, k), and the prices of the means (m,)."""
    from scipy.sparse import coo_array, vstack

    n, k = costs.shape
    pairs = np.arange(n * k)
    point, place = pairs // k, pairs % k
    per_point = coo_array((np.ones(n * k), (point, pairs)), shape=(n, n * k))
    per_place = coo_array((np.ones(n * k), (place, pairs)), shape=(k, n * k)).tocsr()
    is_set = low == high
    free = per_place[~is_set]
    most = np.where(closed, 0.0, np.inf).ravel()
    largest = float(costs.max()) or 1.0
    found = _program(
        (costs / largest).ravel(),
        vstack([per_point, per_place[is_set], coo_array(np.tile(rows, n))], format="csr"),
        np.concatenate([masses, low[is_set], right]),
        np.column_stack([np.zeros(n * k), most]),
        vstack([-free, free], format="csr") if (~is_set).any() else None,
        np.concatenate([-low[~is_set], high[~is_set]]),
    )
    prices = np.asarray(found.eqlin.marginals)[n + int(is_set.sum()) :] * largest
    return np.asarray(found.x).reshape(n, k), prices


def _solved(
    costs: Float64, rows: Any, right: Float64, bounds: Float64, upper: Any = None, most: Float64 | None = None
) -> Float64:
    return np.asarray(_program(costs, rows, right, bounds, upper, most).x)


def _program(
    costs: Float64, rows: Any, right: Float64, bounds: Float64, upper: Any = None, most: Float64 | None = None
) -> Any:
    """Minimise by HiGHS, and refuse anything but an optimum."""
    from scipy.optimize import linprog

    found = linprog(costs, upper, None if upper is None else most, rows, right, bounds, method="highs")
    if found.status != 0:
        raise SolverError(
            f"the probabilities were not found: {found.message}; widen the bounds or preserve fewer columns"
        )
    return found


def _corrected(q: Float64, rows: Float64, right: Float64, low: Float64, high: Float64) -> Float64:
    """Move the probabilities that are not at a bound, as little as possible, until sums and means are exact."""
    q = np.clip(q, low, high)
    for _ in range(CORRECTIONS):
        missing = right - rows @ q
        free = (q > low) & (q < high)
        if np.abs(missing).max() <= EXACT or not free.any():
            break
        step = np.zeros(len(q))
        step[free] = np.linalg.lstsq(rows[:, free], missing, rcond=None)[0]
        q = np.clip(q + step, low, high)
    miss = float(np.abs(right - rows @ q).max())
    if miss > MEAN_TOLERANCE:
        raise SolverError(
            f"the probabilities miss by {miss:.2g} of the spread of a mean, scenred needs {MEAN_TOLERANCE:g}; lower "
            "the least probability or preserve fewer columns"
        )
    return q

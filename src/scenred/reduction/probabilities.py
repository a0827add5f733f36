"""Other probabilities for scenarios that stay: true means, equal shares, bounds, at the least transport cost.

With the medoids S given, the probabilities q that meet a condition at the least transport cost solve a linear program
over the transported masses x:

    minimise    sum_ij c_ij x_ij
    subject to  sum_j x_ij = p_i,  sum_i x_ij = q_j,  low_j <= q_j <= high_j,  sum_j q_j m_jc = mu_c

where m_jc is the mean of column c in scenario j and mu_c that of the original. HiGHS solves it to 1e-7 or so; the last
digits of the means come from a correction of q, of least norm, among the probabilities that are not at a bound.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from scenred.errors import RequestError, SolverError, UsageError, nearest_name
from scenred.metrics import member_costs
from scenred.model import DistanceMatrix, Payment, Reduction, ScenarioSet

Float64 = npt.NDArray[np.float64]

# A mean may miss by this share of its column's largest value.
MEAN_TOLERANCE = 1e-10
# Below this share of the largest value a miss is what HiGHS leaves.
LEAST_MISS = 1e-7
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
        words = [f"mean of {', '.join(self.columns)}"] if self.columns else []
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
    A linear program with n k variables: 0.1 s for 365 x 10, some seconds for 3,650 x 10.
    """
    k = len(reduction.medoids)
    low, high = _bounds(reduction, wish, alone)
    _check_bounds(wish, k, low, high)
    means, target, scales = _means(reduction, wish)
    _check_reach(wish, means, target, scales, low, high)
    costs = member_costs(distances, reduction.medoids)
    masses = _transport(costs, reduction.original.probabilities, means / scales, target / scales, low, high)
    q = _corrected(masses.sum(axis=0), means / scales, target / scales, low, high)
    cost = math.fsum((masses * costs).ravel())
    paid = Payment(str(wish), reduction.cost, max(cost, _least(reduction)), reduction.lower_bound)
    return replace(
        reduction,
        probabilities=q,
        cost=paid.after,
        is_optimal=reduction.is_optimal and paid.after <= paid.before,
        payments=(*reduction.payments, paid),
    )


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


def _least(reduction: Reduction) -> float:
    return 0.0 if reduction.lower_bound is None else reduction.lower_bound


def _bounds(reduction: Reduction, wish: Wish, alone: Sequence[int]) -> tuple[Float64, Float64]:
    """Give the bounds of every probability; a scenario that represents itself alone keeps its own."""
    k = len(reduction.medoids)
    low = np.full(k, 1 / k if wish.equal else wish.low)
    high = np.full(k, 1 / k if wish.equal else wish.high)
    if len(alone) and not wish.equal:
        is_alone = np.isin(reduction.medoids, np.asarray(alone))
        low[is_alone] = high[is_alone] = reduction.masses[is_alone]
    return low, high


def _check_bounds(wish: Wish, k: int, low: Float64, high: Float64) -> None:
    if not (low <= high).all() or low.sum() > 1 + 1e-12 or high.sum() < 1 - 1e-12:
        raise RequestError(
            f"{k} scenarios cannot have probabilities from {wish.low:g} to {wish.high:g} each: they would sum to "
            f"{low.sum():.6g} at least and {high.sum():.6g} at most, and scenred needs 1; widen the bounds"
        )


def _means(reduction: Reduction, wish: Wish) -> tuple[Float64, Float64, Float64]:
    """Give the means of the columns by scenario (k, m), of the original (m,), and the largest absolute values (m,)."""
    original = reduction.original
    places = [original.names.index(name) for name in wish.columns]
    by_period = original.values[:, :, places].mean(axis=1)
    target = np.array([math.fsum(original.probabilities * column) for column in by_period.T])
    largest = np.abs(original.values[:, :, places]).max(axis=(0, 1))
    return by_period[reduction.medoids], target, np.where(largest > 0, largest, 1.0)


def _check_reach(
    wish: Wish, means: Float64, target: Float64, scales: Float64, low: Float64, high: Float64
) -> None:
    """Refuse means that no probabilities within the bounds reach, and say by how much the worst one misses."""
    if not wish.columns:
        return
    k, m = means.shape
    relative = means.T / scales[:, None]
    rows = np.vstack([np.hstack([np.ones((1, k)), np.zeros((1, 2 * m))]), _with_slack(relative)])
    right = np.concatenate([[1.0], target / scales])
    bounds = np.column_stack([np.r_[low, np.zeros(2 * m)], np.r_[high, np.full(2 * m, np.inf)]])
    found = _solved(np.r_[np.zeros(k), np.ones(2 * m)], rows, right, bounds)
    misses = np.abs(relative @ found[:k] - target / scales)
    if misses.sum() <= LEAST_MISS:
        return
    worst = int(np.argmax(misses))
    name, of_worst = wish.columns[worst], means[:, worst]
    least, most = (_extreme_mean(of_worst, low, high, sign) for sign in (1.0, -1.0))
    if least <= target[worst] <= most:
        reach = "these scenarios reach it only where another column misses"
    else:
        reach = f"these scenarios reach {least:.6g} to {most:.6g}"
    raise RequestError(
        f"--preserve mean: the mean of {name} is {target[worst]:.6g} and the nearest that can be had together is "
        f"{of_worst @ found[:k]:.6g}, {misses[worst] * scales[worst]:.3g} off; {reach}; keep more scenarios or others, "
        "lower --min-probability, or preserve fewer columns"
    )


def _with_slack(rows: Float64) -> Float64:
    one = np.eye(len(rows))
    return np.hstack([rows, one, -one])


def _extreme_mean(means: Float64, low: Float64, high: Float64, sign: float) -> float:
    """Give the least mean (sign 1) or the largest (-1) that probabilities within the bounds reach."""
    q, left = low.copy(), 1 - low.sum()
    for place in np.argsort(sign * means, kind="stable"):
        added = min(high[place] - low[place], left)
        q[place] += added
        left -= added
    return float(q @ means)


def _transport(
    costs: Float64, masses: Float64, means: Float64, target: Float64, low: Float64, high: Float64
) -> Float64:
    """Solve the program: the mass that goes from every period to every scenario, shape (n, k)."""
    from scipy.sparse import coo_array, vstack

    n, k = costs.shape
    pairs = np.arange(n * k)
    point, place = pairs // k, pairs % k
    scale = float(costs.max()) or 1.0
    per_point = coo_array((np.ones(n * k), (point, pairs)), shape=(n, n * k))
    per_place = coo_array((np.ones(n * k), (place, pairs)), shape=(k, n * k))
    fixed = low == high
    equal = [per_point, per_place.tocsr()[fixed]]
    right = [masses, low[fixed]]
    if means.shape[1]:
        equal.append(coo_array(np.tile(means.T, n)))
        right.append(target)
    free = per_place.tocsr()[~fixed]
    found = _solved(
        (costs / scale).ravel(),
        vstack(equal, format="csr"),
        np.concatenate(right),
        np.column_stack([np.zeros(n * k), np.full(n * k, np.inf)]),
        vstack([-free, free], format="csr") if (~fixed).any() else None,
        np.concatenate([-low[~fixed], high[~fixed]]),
    )
    return found.reshape(n, k)


def _solved(
    costs: Float64, rows: Any, right: Float64, bounds: Float64, upper: Any = None, most: Float64 | None = None
) -> Float64:
    """Minimise by HiGHS, and refuse anything but an optimum."""
    from scipy.optimize import linprog

    found = linprog(costs, upper, None if upper is None else most, rows, right, bounds, method="highs")
    if found.status != 0:
        raise SolverError(
            f"the probabilities were not found: {found.message}; widen the bounds or preserve fewer columns"
        )
    return np.asarray(found.x)


def _corrected(q: Float64, means: Float64, target: Float64, low: Float64, high: Float64) -> Float64:
    """Move the probabilities that are not at a bound, as little as possible, until sum and means are exact."""
    rows = np.vstack([np.ones(len(q)), means.T])
    right = np.concatenate([[1.0], target])
    q = np.clip(q, low, high)
    for _ in range(CORRECTIONS):
        missing = right - rows @ q
        free = (q > low) & (q < high)
        if np.abs(missing).max() <= 1e-16 or not free.any():
            break
        step = np.zeros(len(q))
        step[free] = np.linalg.lstsq(rows[:, free], missing, rcond=None)[0]
        q = np.clip(q + step, low, high)
    if np.abs(right - rows @ q).max() > MEAN_TOLERANCE:
        raise SolverError(
            f"the probabilities miss by {np.abs(right - rows @ q).max():.2g} of the largest value, scenred needs "
            f"{MEAN_TOLERANCE:g}; lower --min-probability or preserve fewer columns"
        )
    return q

"""The best N contiguous groups of sorted weighted values: exact k-medians and k-means on the line.

An optimal quantiser of a sample has contiguous cells: it is the shortest path of N links from the first value to the
end, where the link from i to j costs what values i to j-1 cost about their centre. That cost satisfies the quadrangle
inequality (X. Wu, "Optimal quantization by matrix searching", Journal of Algorithms 12, 1991, doi
10.1016/0196-6774(91)90039-2), so the least cost of N links is convex in N, and a price on every link finds it: A.
Aggarwal, B. Schieber, T. Tokuyama, "Finding a minimum-weight k-link path in graphs with the concave Monge property
and applications", Discrete & Computational Geometry 12, 1994, doi 10.1007/BF02574380. Paths at one price take n log n
costs: a link from a later value, once it is better, stays better, so a queue of candidates holds all that is needed
(R. Wilber, "The concave least-weight subsequence problem revisited", Journal of Algorithms 9, 1988).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from scenred.errors import SolverError
from scenred.kernels.compiled import as_compiled, compiled

Float64 = npt.NDArray[np.float64]
Int64 = npt.NDArray[np.int64]

# Penalised costs this near to each other are equal: rounding parts them.
SAME = 1e-13
# Prices that are guessed before those where two paths tie; about six are needed, far more are a fault of rounding.
N_GUESSES, MOST_PRICES = 2, 200


@compiled
def _median(i: int, j: int, sums: Any) -> int:
    """Find the weighted median of values i to j-1, the lower one of two."""
    half = 0.5 * (sums[i, 0] + sums[j, 0])
    low, high = i, j - 1
    while low < high:
        middle = (low + high) // 2
        if sums[middle + 1, 0] >= half:
            high = middle
        else:
            low = middle + 1
    return low


@compiled
def _cost(i: int, j: int, sums: Any, order: int) -> Any:
    """Give the least sum of w |x - z|^order over values i to j-1.

    Row i of `sums` holds the sums of w, w x and w x^2 before value i, and the value.
    """
    if order == 2:
        mass, first = sums[j, 0] - sums[i, 0], sums[j, 1] - sums[i, 1]
        return max(sums[j, 2] - sums[i, 2] - first * first / mass, 0.0)
    m = _median(i, j, sums)
    z = sums[m, 3]
    left = z * (sums[m, 0] - sums[i, 0]) - (sums[m, 1] - sums[i, 1])
    right = sums[j, 1] - sums[m, 1] - z * (sums[j, 0] - sums[m, 0])
    return max(left + right, 0.0)


@compiled
def _path(
    price: float,
    sums: Any,
    order: int,
    least: Any,
    last: Any,
    queue: Any,
) -> None:
    """Write into least[j] what the cheapest path to j pays, a price on each link, and where its last link begins.

    `queue[0, q]` is a value to come from, which is the best for ends from `queue[1, q]` on, until the next takes over.
    """
    n = len(sums) - 1
    least[0] = 0.0
    queue[0, 0], queue[1, 0] = 0, 1
    front, back, near = 0, 0, 0
    for j in range(1, n + 1):
        if front < back and queue[1, front + 1] <= j:
            front += 1
        i = queue[0, front]
        least[j] = least[i] + price + _cost(i, j, sums, order)
        last[j] = i
        while j < n:
            other, since = queue[0, back], max(queue[1, back], j + 1)
            apart = least[j] - least[other]
            if _saved(j, other, since, sums, order) < apart:
                begin = near = _overtaken(j, other, since + 1, near, apart, sums, order)
                if begin <= n:
                    back += 1
                    queue[0, back], queue[1, back] = j, begin
                break
            if back == front:
                queue[0, back], queue[1, back] = j, j + 1
                break
            back -= 1  # the other is never the best


@compiled
def _saved(later: int, earlier: int, end: int, sums: Any, order: int) -> Any:
    """Give how much cheaper a link to `end` is from a later value; it never falls with the end."""
    long = _cost(earlier, end, sums, order)
    return long - _cost(later, end, sums, order)


@compiled
def _overtaken(
    later: int,
    earlier: int,
    since: int,
    near: int,
    apart: float,
    sums: Any,
    order: int,
) -> int:
    """Find the first end, from `since` on, to which a link from a later value saves as much; n + 1 where none does.

    It is looked for around `near`, by leaps that double, and then by halving.
    """
    low, high = since, len(sums)
    at, stride = min(max(near, low), high - 1), 1
    while low < high:
        if _saved(later, earlier, at, sums, order) >= apart:
            high = at
            at = max(at - stride, low)
        else:
            low = at + 1
            at = min(at + stride, high - 1)
        if high - low <= stride or (low > since and high < len(sums)):
            break
        stride *= 2
    while low < high:
        middle = (low + high) // 2
        if _saved(later, earlier, middle, sums, order) >= apart:
            high = middle
        else:
            low = middle + 1
    return low


@dataclass(frozen=True, slots=True, eq=False)
class Path:
    """Hold where the links of a path begin, shape (k,), and what they cost without a price."""

    begins: Int64
    cost: float


def best_segments(values: Float64, weights: Float64, k: int, order: int) -> tuple[Int64, Float64]:
    """Cut sorted values into the k groups of least total cost.

    Parameters
    ----------
    values : ndarray of shape (n,)
        Increasing, each once.
    weights : ndarray of shape (n,)
        Above 0.
    k : int
        From 1 to n.
    order : {1, 2}
        1: sum of w |x - median|; 2: sum of w (x - mean)^2.

    Returns
    -------
    begins : ndarray of shape (k,)
        Index of the first value of each group.
    centres : ndarray of shape (k,)
        Median (the lower one) or mean of each group.

    Raises
    ------
    SolverError
        When no price is found, which takes rounding.

    Notes
    -----
    About six times n log(n / k) costs, each of which at order 1 looks for a median in log(n / k) steps; 60 n bytes.

    Examples
    --------
    >>> best_segments(np.array([0.0, 1.0, 8.0, 9.0]), np.ones(4), 2, 2)
    (array([0, 2]), array([0.5, 8.5]))
    """
    n = len(values)
    middle = float(weights @ values / weights.sum())
    x = values - middle  # sums of squares lose fewer digits around 0
    sums = np.zeros((n + 1, 4))
    for place, terms in enumerate((weights, weights * x, weights * x * x)):
        sums[1:, place] = np.cumsum(terms)
    sums[:-1, 3] = x
    (sums,) = as_compiled(sums)
    begins = _priced(sums, k, order).begins
    ends = np.append(begins[1:], n)
    if order == 2:
        centres = np.add.reduceat(weights * x, begins) / np.add.reduceat(weights, begins) + middle
        return begins, np.clip(centres, values[begins], values[ends - 1])
    return begins, values[[_median(int(i), int(j), sums) for i, j in zip(begins, ends, strict=True)]]


def _priced(sums: Float64, k: int, order: int) -> Path:
    """Find the path of k links: by prices as a flat density has them, or by those where two paths tie."""
    n = len(sums) - 1
    least, last, queue = np.empty(n + 1), np.empty(n + 1, np.int64), np.empty((2, n + 1), np.int64)
    few = Path(np.zeros(1, np.int64), float(_cost(0, n, sums, order)))
    many = Path(np.arange(n), 0.0)
    guess = order * few.cost / k ** (order + 1.0)
    for number in range(MOST_PRICES):
        for path in (few, many):
            if len(path.begins) == k:
                return path
        tie = (few.cost - many.cost) / (len(many.begins) - len(few.begins))
        price = guess if number < N_GUESSES else tie
        _path(price, sums, order, least, last, queue)
        begins = _traced(last)
        found = Path(begins, float(least[n] - price * len(begins)))
        is_nearer = len(few.begins) < len(begins) < len(many.begins)
        if price == tie and (not is_nearer or least[n] >= (few.cost + tie * len(few.begins)) * (1 - SAME)):
            return _joined(few, many, k, n)
        if is_nearer:
            few, many = (found, many) if len(begins) <= k else (few, found)
        guess *= (len(begins) / k) ** (order + 1.0)  # the cost falls nearly with this power of the number
    raise SolverError(f"{k} groups of {n} values were not found; choose another number")


def _traced(last: Int64) -> Int64:
    """Follow the links of a path back from the end, and give where they begin."""
    begins = [int(last[-1])]
    while begins[-1] > 0:
        begins.append(int(last[begins[-1]]))
    return np.array(begins[::-1], dtype=np.int64)


def _joined(few: Path, many: Path, k: int, n: int) -> Path:
    """Begin with the longer path and end with the shorter, by a link inside one of the shorter's: k links in all.

    Where both are cheapest at one price, so is every path that two links which hold each other exchange.
    """
    a, b = (np.append(path.begins, n) for path in (few, many))
    more = k - len(few.begins)
    ahead = b[more : more + len(a)] >= a[: len(b) - more]
    q = int(np.argmin(ahead)) - 1
    share = more / (len(many.begins) - len(few.begins))
    begins = np.concatenate([b[: q + more + 1], a[q + 1 : -1]])
    return Path(begins, few.cost + share * (many.cost - few.cost))

"""The best N contiguous groups of sorted weighted values: exact k-medians and k-means on the line.

An optimal quantiser of a sample has contiguous cells. It is the shortest path of N links from the first value to the
end: the link from i to j costs the sum of values i to j-1 about their centre. This cost satisfies the quadrangle
inequality (X. Wu, "Optimal quantization by matrix searching", Journal of Algorithms 12, 1991, doi
10.1016/0196-6774(91)90039-2), so the least cost of N links is convex in N, and a price on every link finds it: A.
Aggarwal, B. Schieber, T. Tokuyama, "Finding a minimum-weight k-link path in graphs with the concave Monge property
and applications", Discrete & Computational Geometry 12, 1994, doi 10.1007/BF02574380. Paths at one price take n log n
costs: once a link from a later value is better, it stays better, so a queue of candidates is enough
(R. Wilber, "The concave least-weight subsequence problem revisited", Journal of Algorithms 9, 1988).

The cost of a group is the sum of two halves that meet at a value inside it (T. F. Chan, G. H. Golub,
R. J. LeVeque, "Algorithms for computing the sample variance", The American Statistician 37, 1983, doi
10.1080/00031305.1983.10483115, their pairwise formula). Nothing larger than the cost cancels, so its error is rounding
of the group's own spread, however wide the sample is. Differences of running sums of w x and w x^2 are not so exact.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from scenred.arrays import Float64, Int64
from scenred.errors import SolverError
from scenred.kernels.jit import as_compiled, compiled

# Penalised costs that differ by less than this share are equal: the difference is rounding.
SAME = 1e-13
# Prices that are guessed before prices of ties, and prices in all: about six are needed, far more only by rounding.
N_GUESSES, MOST_PRICES = 2, 200
# After this number of prices the costs fall by decades from number to number; every other price is a geometric mean.
FEW_PRICES = 12
# Values are scaled to about this power of two: squares then neither overflow nor, down to LEAST_GAP, underflow.
TOP = 450
LEAST_GAP = 2.0**-480


@compiled
def _median(i: int, j: int, line: Any) -> int:
    """Return the index of the weighted median of values i to j-1, the lower one of two."""
    half = 0.5 * (line[0, i, 0] + line[0, j, 0])
    low, high = i, j - 1
    while low < high:
        middle = (low + high) // 2
        if line[0, middle + 1, 0] >= half:
            high = middle
        else:
            low = middle + 1
    return low


@compiled
def _cost(i: int, j: int, line: Any, order: int) -> Any:
    """Return the least sum of w |x - z|^order over values i to j-1; `line` is that of `_line`."""
    if j - i < 2:
        return 0.0
    level = int(line[0, min(i ^ (j - 1), line.shape[1] - 1), 1])
    if order == 2:
        left, right = line[level, i, 0], line[level, j - 1, 0]
        apart = line[level, i, 1] + line[level, j - 1, 1]
        own = line[level, i, 2] + line[level, j - 1, 2]
        return own + apart * apart * (left / (left + right) * right)
    m = _median(i, j, line)
    end, other = i, j - 1
    if m >> (level - 1) == other >> (level - 1):  # the median lies on the right of the middle
        end, other = other, end
    off = line[level, m, 2]
    beyond = line[level, end, 1] - line[level, m, 1] - off * (line[level, end, 0] - line[level, m, 0])
    before = off * line[level, m, 0] - line[level, m, 1]
    return max(beyond, 0.0) + max(before, 0.0) + line[level, other, 1] + off * line[level, other, 0]


@compiled
def _fill_halves(x: Any, w: Any, halves: Any, order: int) -> None:
    """Write the sums from every middle of 2, 4, 8, ... values to each value on its two sides.

    `halves[level, i]` is for the values from the middle to i, or from i up to before the middle. At order 2: the sum
    of w, the distance of their mean from the middle, and the sum of w (x - mean)^2. At order 1: the sum of w, the sum
    of w times the distance from the middle, and the distance of value i.
    """
    n = len(x)
    for level in range(len(halves)):
        half = 1 << level
        for middle in range(half, n, 2 * half):
            for begin, end, step in ((middle, min(middle + half, n), 1), (middle - 1, middle - half - 1, -1)):
                mass, mean, spread = 0.0, 0.0, 0.0
                for i in range(begin, end, step):
                    off = abs(x[i] - x[middle])
                    share = w[i] / (mass + w[i])
                    if order == 2:
                        spread += (off - mean) * (off - mean) * (share * mass)
                        mean += (off - mean) * share
                    else:
                        mean, spread = mean + off * w[i], off
                    mass += w[i]
                    halves[level, i, 0], halves[level, i, 1], halves[level, i, 2] = mass, mean, spread


@compiled
def _path(price: float, line: Any, order: int, least: Any, last: Any, queue: Any) -> None:
    """Write the cheapest path to every j with a price on each link: its cost without prices, its links, the last begin.

    Costs are in `least[0]` and numbers of links in `least[1]`: in one sum, a high price would hide the costs.
    `queue[0, q]` is the best value to come from for the ends from `queue[1, q]` up to the next in the queue.
    """
    n = len(last) - 1
    least[0, 0], least[1, 0] = 0.0, 0.0
    queue[0, 0], queue[1, 0] = 0, 1
    front, back, near = 0, 0, 0
    for j in range(1, n + 1):
        if front < back and queue[1, front + 1] <= j:
            front += 1
        i = queue[0, front]
        least[0, j] = least[0, i] + _cost(i, j, line, order)
        least[1, j] = least[1, i] + 1
        last[j] = i
        while j < n:
            other, since = queue[0, back], max(queue[1, back], j + 1)
            apart = least[0, j] - least[0, other] + price * (least[1, j] - least[1, other])
            if _saved(j, other, since, line, order) < apart:
                begin = near = _overtaken(j, other, since + 1, near, apart, line, order)
                if begin <= n:
                    back += 1
                    queue[0, back], queue[1, back] = j, begin
                break
            if back == front:
                queue[0, back], queue[1, back] = j, j + 1
                break
            back -= 1  # the other is never the best


@compiled
def _saved(later: int, earlier: int, end: int, line: Any, order: int) -> Any:
    """Return how much cheaper a link to `end` is from a later value; it never falls with the end."""
    long = _cost(earlier, end, line, order)
    return long - _cost(later, end, line, order)


@compiled
def _overtaken(later: int, earlier: int, since: int, near: int, apart: float, line: Any, order: int) -> int:
    """Return the first end, from `since` on, to which a link from a later value saves `apart`; n + 1 for none.

    The search starts at `near` with steps that double, and ends by bisection.
    """
    low, high = since, line.shape[1]
    at, stride = min(max(near, low), high - 1), 1
    while low < high:
        if _saved(later, earlier, at, line, order) >= apart:
            high = at
            at = max(at - stride, low)
        else:
            low = at + 1
            at = min(at + stride, high - 1)
        if high - low <= stride or (low > since and high < line.shape[1]):
            break
        stride *= 2
    while low < high:
        middle = (low + high) // 2
        if _saved(later, earlier, middle, line, order) >= apart:
            high = middle
        else:
            low = middle + 1
    return low


@dataclass(frozen=True, slots=True, eq=False)
class Path:
    """Where links begin, shape (k,), their cost without prices, and a price at which no other path is better."""

    begins: Int64
    cost: float
    price: float


def best_segments(values: Float64, weights: Float64, k: int, order: int) -> tuple[Int64, Float64]:
    """Cut n increasing, unique values with weights above 0 into the k groups of least total cost.

    That is the sum of w |x - median| at order 1, of w (x - mean)^2 at order 2. A SolverError is raised if no price is
    found, which only rounding can cause.

    Returns
    -------
    begins, centres : ndarray of shape (k,)
        Index of the first value of each group, and its median (the lower one) or mean.

    Notes
    -----
    About six times n log(n / k) costs; each of them at order 1 finds a median in log(n / k) steps. Memory:
    24 n log2(n) bytes. The cost is the least within rounding: about 1e-13 of it at order 2 if the values are
    `is_resolved`, about 1e-15 of the cost of one group at order 1.

    Examples
    --------
    >>> best_segments(np.array([0.0, 1.0, 8.0, 9.0]), np.ones(4), 2, 2)
    (array([0, 2]), array([0.5, 8.5]))
    """
    n = len(values)
    exponent = _exponent(values)
    x = np.ldexp(values, exponent)
    line = _line(x, weights, order)
    begins = _priced(line, k, order)
    ends = np.append(begins[1:], n)
    if order == 2:
        offsets = x - np.repeat(x[begins], ends - begins)
        means = x[begins] + np.add.reduceat(weights * offsets, begins) / np.add.reduceat(weights, begins)
        return begins, np.clip(np.ldexp(means, -exponent), values[begins], values[ends - 1])
    return begins, values[[_median(int(i), int(j), line) for i, j in zip(begins, ends, strict=True)]]


def is_resolved(values: Float64) -> bool:
    """Return whether the squares of all gaps between increasing values differ from 0 next to the largest."""
    return bool((np.diff(np.ldexp(values, _exponent(values))) >= LEAST_GAP).all())


def _exponent(values: Float64) -> int:
    """Return the power of two that scales the largest value to about 2^TOP."""
    return TOP - int(np.frexp(np.abs(values).max())[1])


def _line(x: Float64, w: Float64, order: int) -> Float64:
    """Return the parts of all costs in one array: kernels are slower with several.

    Row i of plane 0 has the sum of w before value i, and the plane of the middle between two values whose numbers have
    the exclusive or i. The planes from 1 on are those of `_fill_halves`.
    """
    n = len(x)
    n_levels = (n - 1).bit_length()
    line = np.zeros((1 + n_levels, n + 1, 3))
    line[0, 1:, 0] = np.cumsum(w)
    line[0, 1:, 1] = np.minimum(np.frexp(np.arange(1.0, n + 1))[1], n_levels)
    places, masses = as_compiled(x, w)
    _fill_halves(places, masses, line[1:], order)
    return as_compiled(line)[0]


def _priced(line: Float64, k: int, order: int) -> Int64:
    """Return where the k links begin: first by the prices of a flat density, then by prices at which two paths tie."""
    n = line.shape[1] - 1
    least, last, queue = np.empty((2, n + 1)), np.empty(n + 1, np.int64), np.empty((2, n + 1), np.int64)
    whole = float(_cost(0, n, line, order))
    few, many = Path(np.zeros(1, np.int64), whole, whole), Path(np.arange(n), 0.0, 0.0)
    guess = order * whole / k ** (order + 1.0)
    for number in range(MOST_PRICES):
        for path in (few, many):
            if len(path.begins) == k:
                return path.begins
        tie = (few.cost - many.cost) / (len(many.begins) - len(few.begins))
        price = guess if number < N_GUESSES else tie
        if number > FEW_PRICES and number % 2:
            price = max(few.price, tie) ** 0.5 * max(many.price, whole * 1e-290) ** 0.5
        _path(price, line, order, least, last, queue)
        begins = _traced(last)
        found = Path(begins, float(least[0, n]), price)
        is_nearer = len(few.begins) < len(begins) < len(many.begins)
        paid = found.cost + price * len(begins)
        if price == tie and (not is_nearer or paid >= (few.cost + tie * len(few.begins)) * (1 - SAME)):
            return _joined(few.begins, many.begins, k, n)
        if is_nearer:
            few, many = (found, many) if len(begins) <= k else (few, found)
        elif len(begins) == len(few.begins):
            few = found
        elif len(begins) == len(many.begins):
            many = found
        guess *= (len(begins) / k) ** (order + 1.0)  # the cost falls nearly with this power of the number
    raise SolverError(f"{k} groups of {n} values were not found; choose another number")


def _traced(last: Int64) -> Int64:
    """Return where the links of a path begin, followed back from the end."""
    begins = [int(last[-1])]
    while begins[-1] > 0:
        begins.append(int(last[begins[-1]]))
    return np.array(begins[::-1], dtype=np.int64)


def _joined(few: Int64, many: Int64, k: int, n: int) -> Int64:
    """Begin with the longer path and end with the shorter, joined so that there are k links.

    The longer path has a link inside one of the shorter's, and there they exchange their ends. If both are cheapest
    at one price, the joined path is too.
    """
    a, b = np.append(few, n), np.append(many, n)
    more = k - len(few)
    ahead = b[more : more + len(a)] >= a[: len(b) - more]
    q = int(np.argmin(ahead)) - 1
    return np.concatenate([b[: q + more + 1], a[q + 1 : -1]])

"""The linear assignment problem by shortest augmenting paths, within a band around the diagonal.

R. Jonker and A. Volgenant, "A shortest augmenting path algorithm for dense and sparse linear assignment
problems", Computing 38, 1987, doi 10.1007/BF02278710: column reduction, augmenting row reduction, then
shortest augmenting paths. It departs from the paper in three ways:

- Column reduction prefers the diagonal: a row stays in place unless a move lowers the cost.
- There is one sweep of row reduction with one try a row, and no reduction transfer. More of either costs as much
  as the paths that it saves (measured on days and weeks of wind and PV).
- Entries further than `band` from the diagonal are left out. The caller proves from the duals that they do not
  matter.

Convention: row s goes to column t at costs[s, t] if abs(s - t) <= band. `columns[s]` and `rows[t]` are the two
directions of the assignment, -1 for none.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from scenred.kernels.jit import compiled


@compiled
def _reduce_columns(costs: Any, band: int, duals: Any, columns: Any, rows: Any) -> Any:
    """Set every dual to its column's least cost, assign the rows that are wanted once; count the free rows."""
    n = costs.shape[0]
    for t in range(n):
        duals[t] = np.inf
        columns[t] = -1
        rows[t] = t
    for s in range(n):
        first = max(0, s - band)
        stop = min(n, s + band + 1)
        row = costs[s, first:stop]
        least = duals[first:stop]
        wanted = rows[first:stop]
        for t in range(stop - first):
            is_less = row[t] < least[t]
            least[t] = row[t] if is_less else least[t]
            wanted[t] = s if is_less else wanted[t]
    n_free = n
    for t in range(n):
        if costs[t, t] <= duals[t]:
            rows[t] = t
            columns[t] = t
            n_free -= 1
    for t in range(n):
        s = rows[t]
        if s != t:
            if columns[s] < 0:
                columns[s] = t
                n_free -= 1
            else:
                rows[t] = -1
    return n_free


@compiled
def _reduce_rows(costs: Any, band: int, duals: Any, columns: Any, rows: Any, free: Any, n_free: int) -> int:
    """Assign free rows to their cheapest columns, lowering those duals to the second cheapest; count the free rows."""
    n = costs.shape[0]
    position = 0
    still_free = 0
    tries = n
    while position < n_free:
        s = free[position]
        position += 1
        tries -= 1
        first = max(0, s - band)
        stop = min(n, s + band + 1)
        row = costs[s, first:stop]
        near = duals[first:stop]
        least = np.inf
        second = np.inf
        column = s
        other = s
        for t in range(stop - first):
            reduced = row[t] - near[t]
            if reduced < second:
                if reduced < least:
                    second = least
                    other = column
                    least = reduced
                    column = first + t
                else:
                    second = reduced
                    other = first + t
        lowers = least < second and second < np.inf and duals[column] - (second - least) < duals[column]
        if lowers:
            duals[column] -= second - least
        elif rows[column] >= 0 and second < np.inf:  # a tie: the other column may have no row
            column = other
        displaced = rows[column]
        rows[column] = s
        columns[s] = column
        if displaced >= 0:
            columns[displaced] = -1
            if lowers and tries > 0:
                position -= 1
                free[position] = displaced
            else:
                free[still_free] = displaced
                still_free += 1
    return still_free


@compiled
def _relax(s: int, offset: float, row: Any, duals: Any, distances: Any, settled: Any, before: Any) -> None:
    """Shorten the paths to the columns that lead over row s."""
    for t in range(row.shape[0]):
        distance = row[t] - duals[t] - offset
        is_less = distance + settled[t] < distances[t]  # never for a column that is done
        distances[t] = distance if is_less else distances[t]
        before[t] = s if is_less else before[t]


@compiled
def _augment(costs: Any, band: int, duals: Any, columns: Any, rows: Any, start: int, scratch: Any) -> None:
    """Assign the free row `start` by a shortest path (Dijkstra on reduced costs), and update the duals.

    Columns from `left` to `right` have been reached. A column that is done has infinite `settled`.
    """
    n = costs.shape[0]
    distances, settled, before = scratch
    for t in range(n):
        distances[t] = np.inf
        settled[t] = 0.0
    s = start
    offset = 0.0
    left = n
    right = 0
    nearest = np.inf
    column = start
    for _ in range(n):  # each round is done with a column
        first = max(0, s - band)
        stop = min(n, s + band + 1)
        _relax(
            s,
            offset,
            costs[s, first:stop],
            duals[first:stop],
            distances[first:stop],
            settled[first:stop],
            before[first:stop],
        )
        left = min(left, first)
        right = max(right, stop)
        nearest = np.inf
        column = left
        reached = distances[left:right]
        done = settled[left:right]
        for t in range(right - left):
            distance = reached[t] + done[t]
            if distance < nearest:
                nearest = distance
                column = left + t
        settled[column] = np.inf
        if rows[column] < 0:
            break
        s = rows[column]
        offset = costs[s, column] - duals[column] - nearest
    for t in range(left, right):
        if settled[t] > 0.0 and distances[t] < nearest:
            duals[t] += distances[t] - nearest
    for _ in range(n):
        s = before[column]
        rows[column] = s
        column, columns[s] = columns[s], column
        if s == start:
            break


@compiled
def solve_assignment(costs: Any, band: int, duals: Any, columns: Any, rows: Any, scratch: Any) -> None:
    """Assign every row to a column at the least total cost; fill `columns`, `rows` and the column duals.

    Called from kernels only. `costs` is square and finite within the band. `scratch` has four arrays of length n:
    integers, floats, floats and integers. The duals prove that the assignment is optimal: within rounding,
    costs[s, t] - duals[t] >= costs[s, columns[s]] - duals[columns[s]] for all abs(s - t) <= band. O(n**2 band) at
    worst, far less if most rows stay.
    """
    free, distances, settled, before = scratch
    if _reduce_columns(costs, band, duals, columns, rows) == 0:
        return
    n_free = 0
    for s in range(costs.shape[0]):
        if columns[s] < 0:
            free[n_free] = s
            n_free += 1
    n_free = _reduce_rows(costs, band, duals, columns, rows, free, n_free)
    for position in range(n_free):
        _augment(costs, band, duals, columns, rows, free[position], (distances, settled, before))

"""P-median instances of the literature become cost matrices.

OR-Library (J. E. Beasley): `nodes edges p`, then one edge `node node length` a line; of a duplicated edge the
last one counts; costs are all-pairs shortest paths. TSPLIB (G. Reinelt): coordinates of type EUC_2D; costs are
Euclidean distances rounded down, as the p-median literature takes them.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import PurePath

import numpy as np

from scenred.arrays import Float32, Float64
from scenred.errors import InputError
from scenred.io.files.source import Text, read_text

# The file of published optima next to OR-Library instances: name and value a line.
OPTIMA = "pmedopt.txt"
# Whole numbers up to here are exact in float32.
LARGEST_COST = 1 << 24


@dataclass(frozen=True, slots=True, eq=False)
class Instance:
    """A p-median instance: symmetric costs of whole numbers, of shape (n, n), and the optimum published for p medoids.

    `p` is None if the file does not say it.
    """

    name: str
    costs: Float32
    p: int | None
    optimum: float | None = None


def read_instance(path: str | os.PathLike[str]) -> Instance:
    """Read an OR-Library or a TSPLIB file.

    Raise an InputError if it is neither, a line cannot be read, or a node cannot be reached.
    """
    text, file = read_text(path), PurePath(path)
    lines = [line.split() for line in text.data.decode().splitlines()]
    if any(words and words[0].startswith("NODE_COORD_SECTION") for words in lines):
        return Instance(file.stem, _euclidean(text, lines), None)
    costs, p = _shortest_paths(text, lines)
    return Instance(file.stem, costs, p, _published(file))


def _shortest_paths(text: Text, lines: list[list[str]]) -> tuple[Float32, int]:
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import shortest_path

    rows = [(number, words) for number, words in enumerate(lines, start=1) if words]
    (n, n_edges, p) = _numbers(text, rows[0], ("nodes", "edges", "p"))
    if not (1 <= p <= n and n_edges == len(rows) - 1):
        raise InputError(
            f"says {n:g} nodes, {n_edges:g} edges and p = {p:g}, and {len(rows) - 1} edges follow",
            "the number of edges that it says and p from 1 to the nodes",
            place=f"{text.name}:{rows[0][0]}",
        )
    lengths: dict[tuple[int, int], float] = {}
    for row in rows[1:]:
        i, j, length = _numbers(text, row, ("node", "node", "length"))
        if not (1 <= i <= n and 1 <= j <= n and length > 0):
            raise InputError(
                f"edge {i:g} {j:g} has length {length:g}",
                f"nodes from 1 to {n:g} and a length above 0",
                place=f"{text.name}:{row[0]}",
            )
        lengths[int(min(i, j)) - 1, int(max(i, j)) - 1] = length
    ends = np.array(list(lengths), dtype=np.int32).reshape(-1, 2)  # SciPy 1.13 takes no int64
    graph = csr_array((list(lengths.values()), (ends[:, 0], ends[:, 1])), shape=(int(n), int(n)))
    costs: Float64 = shortest_path(graph, directed=False)
    if not np.isfinite(costs).all():
        lost = int(np.flatnonzero(~np.isfinite(costs[0]))[0]) + 1
        raise InputError(f"node {lost} cannot be reached from node 1", "a connected graph", place=text.name)
    np.fill_diagonal(costs, 0.0)
    return _exact(text, costs), int(p)


def _euclidean(text: Text, lines: list[list[str]]) -> Float32:
    from scipy.spatial.distance import cdist

    header = {words[0].rstrip(":"): words[-1] for words in lines if words and not words[0][0].isdigit()}
    if header.get("EDGE_WEIGHT_TYPE") != "EUC_2D":
        met = f"has edge weights of type {header.get('EDGE_WEIGHT_TYPE')}"
        raise InputError(met, "EUC_2D", place=text.name)
    begin = next(row for row, words in enumerate(lines) if words and words[0].startswith("NODE_COORD_SECTION"))
    points = []
    for number, words in enumerate(lines[begin + 1 :], start=begin + 2):
        if words and words[0] in ("EOF", "-1"):
            break
        if words:
            points.append(_numbers(text, (number, words), ("node", "x", "y"))[1:])
    expected = header.get("DIMENSION", "?")
    if expected != str(len(points)):
        raise InputError(f"says {expected} nodes and holds {len(points)}", "all of them", place=text.name)
    return _exact(text, np.floor(cdist(np.array(points), np.array(points))))


def _numbers(text: Text, row: tuple[int, list[str]], names: tuple[str, ...]) -> list[float]:
    """Read a line of one finite number a name; the parts that count nodes must be whole."""
    number, words = row
    try:
        values = [float(word) for word in words]
    except ValueError:
        values = []
    counted = [value for value, name in zip(values, names, strict=False) if name not in ("length", "x", "y")]
    if len(values) != len(names) or not all(np.isfinite(values)) or not all(v.is_integer() for v in counted):
        raise InputError(
            f"{' '.join(words)[:60]!r} is not a line of a p-median instance",
            ", ".join(names),
            "name an OR-Library p-median file or a TSPLIB file of type EUC_2D",
            place=f"{text.name}:{number}",
        )
    return values


def _exact(text: Text, costs: Float64) -> Float32:
    if costs.max() >= LARGEST_COST:
        raise InputError(f"has distances up to {costs.max():g}", "less than 2**24", place=text.name)
    return costs.astype(np.float32)


def _published(file: PurePath) -> float | None:
    """Return the optimum of an instance from the file of optima next to it, None without one."""
    try:
        words = [line.split() for line in read_text(file.with_name(OPTIMA)).data.decode().splitlines()]
        return float({pair[0]: pair[1] for pair in words if len(pair) == 2}[file.stem])
    except (InputError, KeyError, ValueError):
        return None

"""P-median instance files: what is read, and what is refused."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from scenred.errors import InputError
from scenred.io.records.instances import read_instance

GRAPH = "4 5 2\n1 2 3\n2 3 4\n3 4 5\n1 2 9\n1 3 1\n"
SQUARE = (
    "NAME: square\nTYPE : TSP\nDIMENSION : 3\nEDGE_WEIGHT_TYPE : EUC_2D\nNODE_COORD_SECTION\n"
    "1 0.0 0\n2 1 1\n3 3e0 4\nEOF\n"
)


def write(folder: Path, text: str, name: str = "tiny.txt") -> Path:
    path = folder / name
    path.write_text(text)
    return path


def test_costs_are_shortest_paths_and_the_last_of_two_edges_counts(tmp_path: Path) -> None:
    instance = read_instance(write(tmp_path, GRAPH))

    assert (instance.name, instance.p, instance.optimum) == ("tiny", 2, None)
    assert instance.costs.tolist() == [[0, 5, 1, 6], [5, 0, 4, 9], [1, 4, 0, 5], [6, 9, 5, 0]]


def test_published_optimum_is_read_from_the_file_next_to_it(tmp_path: Path) -> None:
    write(tmp_path, "Data file   Optimal solution value\ntiny   6\nother 7\n", "pmedopt.txt")

    assert read_instance(write(tmp_path, GRAPH)).optimum == 6


def test_euclidean_distances_are_rounded_down(tmp_path: Path) -> None:
    instance = read_instance(write(tmp_path, SQUARE, "square.tsp"))

    assert (instance.name, instance.p) == ("square", None)
    assert instance.costs.tolist() == [[0, 1, 5], [1, 0, 3], [5, 3, 0]]
    assert instance.costs.dtype == np.float32


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "is empty"),
        ("time,wind\n2019-01-01,3\n", ":1: 'time,wind' is not a line of a p-median instance"),
        (
            "4 2 1\n1 2 3\n2 3\n",
            ":3: '2 3' is not a line of a p-median instance; scenred needs node, node, length",
        ),
        ("4 2 1\n1 2 3\n2 x 3\n", ":3: '2 x 3' is not a line"),
        ("4 2 1\n1 2 3\n2.5 3 3\n", ":3: '2.5 3 3' is not a line"),
        ("4 2 1\n1 2 nan\n2 3 3\n", ":2: '1 2 nan' is not a line"),
        ("4 3 1\n1 2 3\n2 3 3\n", ":1: says 4 nodes, 3 edges and p = 1, and 2 edges follow"),
        ("3 2 4\n1 2 3\n2 3 3\n", "p from 1 to the nodes"),
        ("3 2 1\n1 2 3\n2 9 3\n", ":3: edge 2 9 has length 3; scenred needs nodes from 1 to 3"),
        ("3 2 1\n1 2 3\n2 3 -1\n", ":3: edge 2 3 has length -1"),
        ("4 2 1\n1 2 3\n3 4 3\n", "node 3 cannot be reached from node 1"),
        (SQUARE.replace("EUC_2D", "GEO"), "has edge weights of type GEO; scenred needs EUC_2D"),
        (SQUARE.replace("3e0 4", "3e0"), ":8: '3 3e0' is not a line"),
        (SQUARE.replace("3 3e0 4\n", ""), "says 3 nodes and holds 2"),
        (SQUARE.replace("3e0", "3e9"), "distances up to 3e+09; scenred needs less than"),
    ],
)
def test_file_that_is_not_an_instance_is_refused(tmp_path: Path, text: str, message: str) -> None:
    path = write(tmp_path, text)

    with pytest.raises(InputError) as refusal:
        read_instance(path)

    assert str(refusal.value).startswith(str(path))
    assert message in str(refusal.value)

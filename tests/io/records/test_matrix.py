"""Matrices from files: what is taken, and what is refused."""

from __future__ import annotations

import io
import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from scenred import InputError, read_matrix


def saved(array: Any) -> bytes:
    buffer = io.BytesIO()
    np.save(buffer, array, allow_pickle=True)
    return buffer.getvalue()


@pytest.mark.parametrize("kind", ["float64", "float32", "int16", ">f8"])
def test_any_real_numbers_are_read_exactly(tmp_path: Path, kind: str) -> None:
    np.save(tmp_path / "m.npy", np.array([[0, 3], [1, 0]], dtype=kind, order="F"))

    matrix = read_matrix(tmp_path / "m.npy")

    assert matrix.values.dtype == np.float64
    assert matrix.values.tolist() == [[0, 3], [1, 0]]
    assert matrix.name == str(tmp_path / "m.npy")
    assert len(matrix.sha256) == 64


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"0,1\n1,0\n", "is not a .npy file"),
        (pickle.dumps([[0, 1], [1, 0]]), "is not a .npy file"),
        (saved(np.zeros((2, 2)))[:-8], "it is cut or corrupt"),
        (saved(np.zeros((2, 2)))[:9], "it is cut or corrupt"),
        (saved(np.array([[0, "a"], [1, 0]], dtype=object)), "it holds Python objects"),
        (saved(np.zeros(4)), r"shape \(4,\)"),
        (saved(np.zeros((2, 2), dtype=complex)), "type complex128"),
        (saved(np.array([["a", "b"]])), "type <U1"),
        (b"", "is not a .npy file"),
    ],
)
def test_other_files_are_refused(tmp_path: Path, content: bytes, message: str) -> None:
    (tmp_path / "m.npy").write_bytes(content)

    with pytest.raises(InputError, match=message):
        read_matrix(tmp_path / "m.npy")


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"none\.npy: there is no such file"):
        read_matrix(tmp_path / "none.npy")

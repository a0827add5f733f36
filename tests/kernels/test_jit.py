"""Compilation."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

REPORT = """
import numpy as np
from scenred.kernels.jit import on_compilation
from scenred.kernels.variogram import variogram_sums

told = []
with on_compilation(lambda: told.append(1)):
    variogram_sums(np.eye(2), np.full(2, 0.5), np.eye(2), np.full(2, 0.5), 2)
print(bool(told))
"""


def compiles(**environment: str) -> bool:
    """Run a kernel in a new process; return whether it was told of a compilation."""
    command = [sys.executable, "-c", REPORT]
    process = subprocess.run(command, env=os.environ | environment, capture_output=True, text=True, check=True)
    return process.stdout.strip() == "True"


def test_compilation_is_told_only_until_the_code_is_on_disk(tmp_path: Path) -> None:
    cache = str(tmp_path)

    assert not compiles(NUMBA_CACHE_DIR=cache, NUMBA_DISABLE_JIT="1")
    assert compiles(NUMBA_CACHE_DIR=cache)
    assert not compiles(NUMBA_CACHE_DIR=cache)
    assert compiles(NUMBA_CACHE_DIR=cache, NUMBA_CPU_NAME="generic")

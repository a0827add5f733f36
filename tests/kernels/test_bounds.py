"""The tests of the kernels once more, with numba's checks that no index leaves its array."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent


@pytest.mark.slow
def test_no_index_leaves_its_array(tmp_path: Path) -> None:
    environment = {**os.environ, "NUMBA_BOUNDSCHECK": "1", "NUMBA_CACHE_DIR": str(tmp_path)}
    rooms = [HERE, HERE.parent / "quantization"]

    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-n", "0", "-p", "no:cacheprovider", "-m", "not slow", *map(str, rooms)],
        env=environment,
        capture_output=True,
        text=True,
        cwd=HERE.parent.parent,
        check=False,
    )

    assert run.returncode == 0, run.stdout[-3000:]

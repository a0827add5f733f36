"""What makes a short process start in half the time: measured in docs/performance.md."""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager

# numba imports it to learn whether products of matrices can be compiled; scenred compiles none.
BLAS = "scipy.linalg.cython_blas"


def postpone_collection() -> None:
    """Do not search for garbage while libraries load: what they make stays until the process ends."""
    gc.disable()


@contextmanager
def light_start() -> Iterator[None]:
    """Load kernels without the linear algebra that numba would import for them, then let garbage go again.

    For the command line's own process only: numba remembers for its lifetime that there is no BLAS.
    """
    absent = BLAS not in sys.modules
    if absent:
        sys.modules[BLAS] = None  # type: ignore[assignment]  # makes `import` fail, as documented
    try:
        yield
    finally:
        if absent:
            del sys.modules[BLAS]
        gc.freeze()
        gc.enable()

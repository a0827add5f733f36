"""What makes a short process start fast and small: measured in docs/performance.md."""

from __future__ import annotations

import contextlib
import gc
import os
import sys
from typing import NoReturn

# numba imports it to learn whether products of matrices can be compiled; scenred compiles none.
BLAS = "scipy.linalg.cython_blas"
# malloc.h: from this size on blocks are mapped, not taken from the heap.
M_MMAP_THRESHOLD = -3


def postpone_collection() -> None:
    """Do not search for garbage while libraries load: what they make stays until the process ends."""
    gc.disable()


def return_large_blocks() -> None:
    """Let the C library give large blocks back to the system when they are freed.

    Parsing a file leaves holes in the heap otherwise, and the matrix comes on top of them.
    """
    from ctypes import CDLL

    with contextlib.suppress(OSError, AttributeError, TypeError):  # another C library than glibc
        CDLL(None).mallopt(M_MMAP_THRESHOLD, 1 << 20)


def leave(code: int) -> NoReturn:
    """End the process at once: taking down the libraries one by one would only take time."""
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, AttributeError, ValueError):  # closed, or nobody listens
            stream.flush()
    os._exit(code)


def load_numba() -> None:
    """Load numba's compiler without the linear algebra that it looks for, then collect garbage again.

    For the command line's own process only: numba remembers for its lifetime that there is no BLAS.
    """
    import scenred.metrics  # noqa: F401 - the kernels load numba, and choose its settings

    absent = BLAS not in sys.modules
    if absent:
        sys.modules[BLAS] = None  # type: ignore[assignment]  # makes `import` fail, as documented
    try:
        import numba.np.arraymath  # noqa: F401 - it looks for BLAS when it is imported
    finally:
        if absent:
            del sys.modules[BLAS]
    collect_again()


def collect_again() -> None:
    """Collect garbage from now on; the libraries that are loaded stay."""
    gc.freeze()
    gc.enable()

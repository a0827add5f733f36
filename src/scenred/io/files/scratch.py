"""What a library writes to a file only, as bytes."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path


def bytes_written(write: Callable[[str], object], ending: str) -> bytes:
    """Return what `write` writes to the path that it is called with, which ends as asked for.

    Examples
    --------
    >>> bytes_written(lambda path: Path(path).write_text("two"), ".txt")
    b'two'
    """
    with tempfile.TemporaryDirectory(prefix="scenred-") as folder:
        path = Path(folder) / f"file{ending}"
        write(str(path))
        return path.read_bytes()

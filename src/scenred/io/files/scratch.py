"""What a library writes to a file only, as bytes."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

from scenred.io.files.held import held_signals


def bytes_written(write: Callable[[str], object], ending: str) -> bytes:
    """Return what `write` writes to the path that it is called with, which ends as asked for.

    Examples
    --------
    >>> bytes_written(lambda path: Path(path).write_text("two"), ".txt")
    b'two'
    """
    # a signal must not leave the folder behind, and the library may take long
    with held_signals() as held, held.at_once(), tempfile.TemporaryDirectory(prefix="scenred-") as folder:
        path = Path(folder) / f"file{ending}"
        write(str(path))
        return path.read_bytes()

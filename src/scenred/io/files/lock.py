"""Locks of folders: held while results are put in place, and by a process on what it has not put in place yet.

The operating system releases a lock when its process ends, however it ends. Where a file system or Windows knows no
locks of folders there are none: files are whole all the same, but several runs may mix theirs.
"""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

from scenred.errors import OutputError
from scenred.io.files.held import Held

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

# Others hold a lock while they rename a few files.
PATIENCE_SECONDS = 60.0
PAUSE_SECONDS = 0.005


def take_lock(folder: Path) -> int | None:
    """Lock a folder; return what holds the lock until it is closed, or None where locks are not known.

    Raise a BlockingIOError if another process has it; a FileNotFoundError if there is no such folder.
    """
    if fcntl is None:
        return None
    try:
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    except PermissionError:  # a folder that can be written and not read
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        raise
    except OSError:
        os.close(descriptor)
        return None
    return descriptor


def wait_for_lock(folder: Path, held: Held) -> int | None:
    """Lock a folder as soon as others release it; raise an OutputError if they do not."""
    end = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            return take_lock(folder)
        except BlockingIOError as error:
            if time.monotonic() > end:
                raise OutputError(
                    f"another run has been writing here for {PATIENCE_SECONDS:.0f} s",
                    advice="end it, or name another folder",
                    place=str(folder),
                ) from error
        with held.at_once():
            time.sleep(PAUSE_SECONDS)


@contextlib.contextmanager
def locked(folders: Iterable[Path], held: Held) -> Iterator[None]:
    """Hold the locks of folders within the block; everyone takes them in the same order."""
    places = {(status.st_dev, status.st_ino): folder for folder in folders for status in (folder.stat(),)}
    with contextlib.ExitStack() as stack:
        for place in sorted(places):
            descriptor = wait_for_lock(places[place], held)
            if descriptor is not None:
                stack.callback(os.close, descriptor)
        yield

"""Faults of the file system and signals, at one operation on the files below a folder, in this process.

An audit hook of Python sees every operation before it happens, whoever asks for it; only `fsync` has to be wrapped.
"""

from __future__ import annotations

import errno
import fcntl
import os
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from _typeshed import HasFileno

OPERATIONS = {
    *("open", "os.mkdir", "os.rename", "os.link", "os.remove", "os.rmdir", "os.chmod", "os.chown"),
    *("os.scandir", "os.listdir", "fcntl.flock", "ctypes.dlsym", "os.fsync"),
}
WITHOUT_PATH = {"fcntl.flock", "ctypes.dlsym", "os.fsync"}
ERRORS = {"EIO": errno.EIO, "ENOSPC": errno.ENOSPC, "EPERM": errno.EPERM}
SIGNALS = {"SIGINT": signal.SIGINT, "SIGTERM": signal.SIGTERM, "SIGKILL": signal.SIGKILL}
KINDS = (*ERRORS, *SIGNALS)


class Fault:
    """Strike at the operation of a number, counted from 0; a number below 0 only counts."""

    def __init__(self, kind: str, number: int, folder: str) -> None:
        self.kind, self.number, self.folder = kind, number, folder
        self.count = 0

    def install(self) -> Fault:
        """Watch from now on; it cannot be undone."""
        fsync = os.fsync

        def watched(fd: int | HasFileno) -> None:
            self.see("os.fsync", ())
            fsync(fd)

        os.fsync = watched
        sys.addaudithook(self.see)
        return self

    def see(self, event: str, arguments: tuple[Any, ...]) -> None:
        """Count an operation, and strike at the one of the number."""
        if event not in OPERATIONS:
            return
        if event not in WITHOUT_PATH and not any(self._is_below(argument) for argument in arguments[:2]):
            return
        self.count += 1
        if self.count - 1 == self.number:
            if self.kind in ERRORS:
                raise OSError(ERRORS[self.kind], os.strerror(ERRORS[self.kind]))
            os.kill(os.getpid(), SIGNALS[self.kind])

    def _is_below(self, argument: object) -> bool:
        if isinstance(argument, int) and not isinstance(argument, bool):  # a folder by its descriptor
            try:
                argument = Path(f"/proc/self/fd/{argument}").readlink()
            except OSError:
                return False
        return isinstance(argument, str | os.PathLike) and os.fspath(argument).startswith(self.folder)


assert hasattr(fcntl, "flock")  # loaded before the watch begins

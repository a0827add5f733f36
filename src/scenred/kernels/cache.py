"""Compiled kernels on disk: checked before they run, and done without where they cannot be read or kept.

numba's own cache ends the program at every damaged or full file, runs code whose bytes have changed, and lets two
processes that compile at once exchange their code. Here each signature has a file of its own: the digest of its bytes,
what it was compiled from, and the code.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import pickle
import secrets
import stat
from typing import Any

import numba
from numba.core.caching import FunctionCache, NullCache
from numba.core.serialize import dumps

from scenred.notes import note

Key = tuple[Any, ...]
DIGEST = hashlib.sha256().digest_size
ELSEWHERE = "the environment variable NUMBA_CACHE_DIR names another folder"
_TOLD: set[str] = set()


class KernelCache(FunctionCache):
    """The cache of one kernel, in the folder that numba chooses.

    Raise a RuntimeError if it finds none, an OSError if others could put code into it.
    """

    def __init__(self, function: Any) -> None:
        super().__init__(function)  # type: ignore[no-untyped-call]
        locator = self._impl.locator
        check_owner(self.cache_path, os.path.dirname(function.__code__.co_filename))  # noqa: PTH120
        base = os.path.join(self.cache_path, self._impl.filename_base)  # noqa: PTH118
        self._cache_file: Any = CodeFiles(base, locator.get_source_stamp())

    def load_overload(self, sig: Any, target_context: Any) -> Any:
        """Return a compiled kernel, or None, with a note, if its file is damaged."""
        try:
            return super().load_overload(sig, target_context)  # type: ignore[no-untyped-call]
        except Exception as error:  # noqa: BLE001 - what garbled bytes raise may be anything
            tell(f"compiled kernels in {self.cache_path} cannot be read ({reason(error)}) and are compiled again")
            return None

    def save_overload(self, sig: Any, data: Any) -> None:
        """Keep a compiled kernel; where that fails it is compiled again in the next process."""
        try:
            super().save_overload(sig, data)  # type: ignore[no-untyped-call]
        except OSError as error:
            tell(
                f"compiled kernels cannot be kept in {self.cache_path} ({reason(error)}) and are compiled in every "
                f"run; make room, or {ELSEWHERE}"
            )


class NoCache(NullCache):
    """No cache, for a reason that is told when the first kernel is compiled."""

    def __init__(self, why: str) -> None:
        self.why = why

    def load_overload(self, sig: Any, target_context: Any) -> None:  # noqa: ARG002
        """Tell that nothing is kept."""
        tell(f"{self.why}, so that kernels are compiled in every run; {ELSEWHERE}")


class CodeFiles:
    """The files of one kernel: `base` is the beginning of their paths, `stamp` tells its source."""

    def __init__(self, base: str, stamp: Any) -> None:
        self.base, self.stamp = base, stamp

    def load(self, key: Key) -> Any:
        """Return what was kept for a key; None if there is nothing, or it was compiled from another source."""
        try:
            with open(self._path(key), "rb") as file:  # noqa: PTH123
                content = file.read()
        except FileNotFoundError:
            return None
        digest, held = content[:DIGEST], content[DIGEST:]
        if hashlib.sha256(held).digest() != digest:
            raise ValueError("it is damaged")
        made_from, data = pickle.loads(held)  # noqa: S301 - a folder of the user's own
        return data if made_from == (self.stamp, key) else None

    def save(self, key: Key, data: Any) -> None:
        """Keep something for a key; a reader sees all of it or the earlier one."""
        held: bytes = dumps(((self.stamp, key), data))  # type: ignore[no-untyped-call]
        path = self._path(key)
        fresh = f"{path}.{secrets.token_hex(8)}.tmp"
        try:
            with open(fresh, "xb") as file:  # noqa: PTH123
                file.write(hashlib.sha256(held).digest() + held)
            os.replace(fresh, path)  # noqa: PTH105
        except OSError:
            with contextlib.suppress(OSError):
                os.unlink(fresh)  # noqa: PTH108
            raise

    def _path(self, key: Key) -> str:
        signature, machine, _ = key
        named = hashlib.sha256(repr((numba.__version__, signature, machine)).encode()).hexdigest()
        return f"{self.base}.{named[:16]}.nbc"


def check_owner(folder: str, package: str) -> None:
    """Raise an OSError if a folder of code may be written by others than the user and who installed the package."""
    if not hasattr(os, "geteuid"):
        return
    trusted = {0, os.geteuid(), os.stat(package).st_uid}  # noqa: PTH116
    for place, is_shared in ((folder, 0), (os.path.dirname(folder), stat.S_ISVTX)):  # noqa: PTH120
        status = os.stat(place)  # noqa: PTH116
        if status.st_uid not in trusted or (status.st_mode & stat.S_IWOTH and not status.st_mode & is_shared):
            raise PermissionError(f"{place} can be written by others")


def reason(error: Exception) -> str:
    """Return why something failed, in few words."""
    return str(getattr(error, "strerror", None) or error or type(error).__name__)


def tell(message: str) -> None:
    """Note something once in a process."""
    if message not in _TOLD:
        _TOLD.add(message)
        note(message)

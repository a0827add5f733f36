"""The files that are read, none of which a result may replace."""

from __future__ import annotations

import contextlib
import os
import stat
from collections.abc import Iterator
from contextvars import ContextVar
from dataclasses import dataclass, field
from pathlib import Path

from scenred.errors import UsageError

File = tuple[int, int]  # device and number on it


@dataclass(slots=True)
class _Inputs:
    """What was read, by file and by path, with the name that messages give it; and where results will go."""

    names: dict[File | str, str] = field(default_factory=dict)
    results: list[str] = field(default_factory=list)


_INPUTS: ContextVar[_Inputs | None] = ContextVar("inputs", default=None)


@contextlib.contextmanager
def inputs_kept() -> Iterator[None]:
    """Within the block, refuse to replace a file that is read in it."""
    token = _INPUTS.set(_Inputs())
    try:
        yield
    finally:
        _INPUTS.reset(token)


def register_input(descriptor: int, path: str, name: str) -> None:
    """Take a file that is open for reading as an input; pipes and devices are not replaced by results.

    Raise a UsageError if a result is to go there.
    """
    inputs, status = _INPUTS.get(), os.fstat(descriptor)
    if inputs is None or not stat.S_ISREG(status.st_mode):
        return
    inputs.names |= dict.fromkeys([(status.st_dev, status.st_ino), os.path.realpath(path)], name)
    for result in inputs.results:
        check_no_input(result)


def register_path(path: str, name: str) -> None:
    """Take a file, or the files of a folder, that a library will read as an input; see `register_input`."""
    files = Path(path).iterdir() if Path(path).is_dir() else [Path(path)]
    for one in files:
        with contextlib.suppress(OSError), one.open("rb") as file:  # a folder, or not to be read
            register_input(file.fileno(), str(one), name)


def expect_results(*paths: str | None) -> None:
    """Take the files that results will go to, so that an input among them is refused when it is read."""
    inputs = _INPUTS.get()
    if inputs is not None:
        inputs.results += [path for path in paths if path not in (None, "-")]


def check_no_input(path: str | os.PathLike[str]) -> None:
    """Raise a UsageError if a path leads to a file that was read, also by a link or another name of it."""
    inputs = _INPUTS.get()
    if inputs is None or not inputs.names:
        return
    keys: list[File | str] = [os.path.realpath(path)]
    with contextlib.suppress(OSError, ValueError):  # nothing there, or not a path
        status = Path(path).stat()
        keys.append((status.st_dev, status.st_ino))
    name = next((inputs.names[key] for key in keys if key in inputs.names), None)
    if name is not None:
        raise UsageError(f"a result would replace its own input {name}", advice="name another file")

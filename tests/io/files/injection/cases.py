"""Writes in a folder, for faults to be injected: what is there before, what is written, and what may be left."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

from scenred.io.files.atomic import write_files
from scenred.io.files.folder import MARK, write_folder

State = dict[str, str]


class Case:
    """A write of the files `names` below a folder."""

    def __init__(self, names: str, write: Callable[[Path, str], None], *, is_first: bool = False) -> None:
        self.names, self.write, self.is_first = names.split(), write, is_first

    def prepare(self, root: Path) -> None:
        """Make an empty folder, and write the old results into it."""
        shutil.rmtree(root, ignore_errors=True)
        for folder in ("a", "b"):
            (root / folder).mkdir(parents=True)
        if not self.is_first:
            self.write(root, "old")

    def state(self, root: Path) -> State:
        """Return what the results hold; an absent one is not in it."""
        return {name: (root / name).read_text() for name in self.names if (root / name).exists()}

    def outcomes(self, root: Path) -> dict[str, State]:
        """Return the states before and after, made by writes that nothing disturbs."""
        self.prepare(root)
        before = self.state(root)
        self.write(root, "new")
        return {"old": before, "new": self.state(root)}


def files(*names: str) -> Callable[[Path, str], None]:
    return lambda root, text: write_files([(str(root / name), f"{name} {text} " * 1000) for name in names])


def folder(root: Path, text: str) -> None:
    write_folder(str(root / "a" / "out"), contents(text))


def working_folder(root: Path, text: str) -> None:
    os.chdir(root / "a")
    write_folder(".", contents(text))


def contents(text: str) -> dict[str, bytes]:
    """Return files of a folder, one of which is only in the old and one only in the new."""
    return {"x.csv": text.encode(), "sub/y.csv": text.encode(), f"{text}.csv": text.encode()}


OUT = f"a/out/x.csv a/out/sub/y.csv a/out/old.csv a/out/new.csv a/out/{MARK}"
CASES = {
    "one file": Case("a/s.csv", files("a/s.csv")),
    "three files for the first time": Case("a/s a/m a/j", files("a/s", "a/m", "a/j"), is_first=True),
    "three files again": Case("a/s a/m a/j", files("a/s", "a/m", "a/j")),
    "files of two folders": Case("a/s b/m a/j", files("a/s", "b/m", "a/j")),
    "a folder for the first time": Case(OUT, folder, is_first=True),
    "a folder again": Case(OUT, folder),
    "the working folder": Case(OUT.replace("out/", ""), working_folder),
}

"""Append a measurement to history.csv, with the date, the commit and the machine it was made on."""

from __future__ import annotations

import argparse
import csv
import datetime as dt
import subprocess
from pathlib import Path

from benchmarks.timing import hardware

HISTORY = Path(__file__).parent / "history.csv"


def commit() -> str:
    """Return the commit that is checked out, with a + if tracked files differ from it."""
    name = _git("rev-parse", "--short=10", "HEAD")
    return f"{name}+" if _git("status", "--porcelain", "--untracked-files=no") else name


def append(what: str, unit: str, scenred: str, peer: str = "") -> None:
    """Write one row at the end of the history."""
    row = [dt.datetime.now(dt.UTC).date().isoformat(), commit(), hardware(), what, unit, peer, scenred]
    with HISTORY.open("a", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerow(row)


def _git(*words: str) -> str:
    done = subprocess.run(["git", *words], cwd=HISTORY.parent, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def main() -> None:
    """Read the row from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", help="work and size, in words")
    parser.add_argument("unit", help="such as s, ms or MiB")
    parser.add_argument("scenred", help="our number")
    parser.add_argument("peer", nargs="?", default="", help="the number of another tool on the same work")
    append(**vars(parser.parse_args()))


if __name__ == "__main__":
    main()

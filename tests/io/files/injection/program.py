"""Faults, random kills and several writers of one name: `scenred generate` as a whole.

Called with a folder, the number of random kills, and of rounds of four writers. The program is loaded once, and each
run is a copy of this process. Prints which promises break; the last line counts.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import random
import shutil
import signal
import sys
import time
from pathlib import Path

from tests.io.files.injection.faults import KINDS, SIGNALS, Fault

from scenred.cli.app import run
from scenred.io.files.interrupt import end_at_signals

CODES = {"SIGINT": {130, 0}, "SIGTERM": {143, 0}, "SIGKILL": {-9, 0}}
NAMES = ("s.csv", "map.csv", "s.manifest.json")


def start(root: Path, k: int, fault: Fault | None = None, counter: int | None = None) -> int:
    """Start a run that writes table, map and manifest; return its process. Operations are told to a pipe."""
    child = os.fork()
    if not child:
        code = 1
        try:
            os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
            end_at_signals()
            if fault is not None:
                fault.install()
            code = run([*words(root, k), "--map", f"{root}/out/map.csv"])
            if counter is not None and fault is not None:
                os.write(counter, str(fault.count).encode())
        finally:
            os._exit(code)
    return child


def words(root: Path, k: int) -> list[str]:
    return ["generate", f"{root}/year.csv", "-k", str(k), "-o", f"{root}/out/s.csv", "--threads", "1", "-q"]


def end(child: int) -> int:
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def contents(root: Path) -> dict[str, str]:
    """Return what the results hold, but for the time of the run."""
    held = {name: (root / "out" / name).read_text() for name in NAMES if (root / "out" / name).exists()}
    if "s.manifest.json" in held:
        held["s.manifest.json"] = json.dumps(json.loads(held["s.manifest.json"]) | {"created": ""})
    return held


def is_of_one_run(held: dict[str, str]) -> bool:
    outputs = json.loads(held["s.manifest.json"])["outputs"]
    hashes = {one["name"]: one["sha256"] for one in outputs.values()}
    return hashes == {name: hashlib.sha256(held[name].encode()).hexdigest() for name in NAMES[:2]}


def left(root: Path) -> list[str]:
    return [path.name for path in (root / "out").iterdir() if path.name not in NAMES]


class Runs:
    """Runs that replace old results by new ones, and what they break."""

    def __init__(self, root: Path) -> None:
        self.root, self.count = root, 0
        self.outcomes = []
        for k in (3, 5):
            assert end(start(root, k)) == 0
            self.outcomes.append(contents(root))

    def renew(self) -> None:
        """Put the old results in place."""
        shutil.rmtree(self.root / "out")
        (self.root / "out").mkdir()
        assert end(start(self.root, 3)) == 0

    def check(self, what: str, kind: str, code: int) -> None:
        """Check what a run has left that ended with a code, and what the next one makes of it."""
        self.count += 1
        held, broken = contents(self.root), []
        if code not in CODES.get(kind, {0, 6}):
            broken.append(f"exit code {code}")
        if kind != "SIGKILL" and held not in self.outcomes:
            broken.append("mixed")
        if kind in ("SIGINT", "SIGTERM") and left(self.root):
            broken.append(f"left {left(self.root)}")
        if not all(text in [one.get(name) for one in self.outcomes] for name, text in held.items()):
            broken.append("half a file")
        if len(held) < len(NAMES):
            broken.append("vanished")
        assert end(start(self.root, 5)) == 0
        if contents(self.root) != self.outcomes[1] or left(self.root):
            broken.append("not new after the next run")
        for one in broken:
            print(f"{what}: {one}")  # noqa: T201


def inject(runs: Runs) -> None:
    """Strike at every operation on the results, with every kind of fault."""
    reader, writer = os.pipe()
    runs.renew()
    assert end(start(runs.root, 5, Fault("EIO", -1, str(runs.root / "out")), writer)) == 0
    operations = int(os.read(reader, 100))
    for kind in KINDS:
        for number in range(operations):
            runs.renew()
            code = end(start(runs.root, 5, Fault(kind, number, str(runs.root / "out"))))
            runs.check(f"{kind} at {number}", kind, code)


def kill(runs: Runs, n_kills: int) -> None:
    """End runs by a random signal at a random moment."""
    chance = random.Random(0)  # noqa: S311
    begun = time.monotonic()
    assert end(start(runs.root, 5)) == 0
    seconds = time.monotonic() - begun
    for number in range(n_kills):
        runs.renew()
        kind = chance.choice(sorted(SIGNALS))
        child = start(runs.root, 5)
        time.sleep(chance.uniform(0.0, 1.2 * seconds))
        os.kill(child, SIGNALS[kind])
        runs.check(f"kill {number} by {kind}", kind, end(child))


def race(root: Path, rounds: int) -> None:
    """Let four runs write the same files at once."""
    for number in range(rounds):
        children = [start(root, k) for k in (2, 3, 4, 5)]
        codes = [end(child) for child in children]
        if codes != [0] * 4 or not is_of_one_run(contents(root)) or left(root):
            print(f"round {number}: {codes}, {left(root)}")  # noqa: T201


def main(folder: str, n_kills: str, rounds: str) -> None:
    """Do all three."""
    root = Path(folder).resolve()
    (root / "out").mkdir()
    signal.signal(signal.SIGINT, signal.default_int_handler)
    hours = [dt.datetime(2019, 1, 1) + dt.timedelta(hours=number) for number in range(24 * 60)]
    rows = [f"{hour},{number * 37 % 101 / 101:.4f},{number * 53 % 89 / 89:.4f}" for number, hour in enumerate(hours)]
    (root / "year.csv").write_text("\n".join(["time,wind,pv", *rows]) + "\n")
    assert run(words(root, 2)) == 0  # loads the program, also for the copies of this process
    runs = Runs(root)
    inject(runs)
    n_faults = runs.count
    kill(runs, int(n_kills))
    race(root, int(rounds))
    print(f"{n_faults} faults, {n_kills} kills, {rounds} rounds of 4 writers")  # noqa: T201


if __name__ == "__main__":
    main(*sys.argv[1:])

"""Inject faults into writes, each in a process of its own, and print which promises break; the last line counts.

Called with a folder and, optionally, the distance of the operations that are struck.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

from tests.io.files.injection.cases import CASES, Case, State
from tests.io.files.injection.faults import ERRORS, KINDS, Fault

from scenred.errors import ScenredError
from scenred.io.files.atomic import write_files
from scenred.io.files.interrupt import end_at_signals

WRITTEN, FAILED = 0, 6
CODES = {"SIGINT": 130, "SIGTERM": 143, "SIGKILL": -9}


def in_child(work: Callable[[], int]) -> int:
    """Run something in a copy of this process; return its exit code, negative for a signal."""
    child = os.fork()
    if not child:
        code = 1
        try:
            os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
            code = work()
        except ScenredError as error:
            code = error.exit_code
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def count(case: Case, root: Path) -> int:
    """Return how many operations a write has."""
    reader, writer = os.pipe()

    def work() -> int:
        fault = Fault("EIO", -1, str(root)).install()
        case.write(root, "new")
        os.write(writer, str(fault.count).encode())
        return WRITTEN

    case.prepare(root)
    assert in_child(work) == WRITTEN
    return int(os.read(reader, 100))


def check(name: str, kind: str, number: int, root: Path, outcomes: dict[str, State]) -> list[str]:
    """Return which promises a write with a fault breaks."""
    case = CASES[name]

    def work() -> int:
        end_at_signals()
        Fault(kind, number, str(root)).install()
        case.write(root, "new")
        return WRITTEN

    case.prepare(root)
    code, broken = in_child(work), []
    state = case.state(root)
    if code not in ({WRITTEN, FAILED} if kind in ERRORS else {WRITTEN, CODES[kind]}):
        broken.append(f"exit code {code}")
    if code == WRITTEN and state != outcomes["new"]:
        broken.append("written, and not new")
    if code == FAILED and state != outcomes["old"]:
        broken.append("failed, and not old")
    if kind == "SIGKILL":
        is_whole = all(text in [one.get(part) for one in outcomes.values()] for part, text in state.items())
        broken += [] if is_whole else ["half a file"]
    elif state not in outcomes.values():
        broken.append("mixed")
    if kind in ("SIGINT", "SIGTERM") and left(root):
        broken.append(f"left {left(root)}")
    assert in_child(lambda: next_run(root)) == WRITTEN
    if case.state(root) not in outcomes.values():
        broken.append("mixed after the next run")
    if left(root):
        broken.append(f"left after the next run: {left(root)}")
    return [f"{name}, {kind} at {number}: {what}" for what in broken]


def next_run(root: Path) -> int:
    """Write into the same folders again, other files."""
    for folder in ("a", "b"):
        write_files([(str(root / folder / "next"), "next")])
    return WRITTEN


def left(root: Path) -> list[str]:
    """Return what no run should leave."""
    return [str(path.relative_to(root)) for path in root.rglob("*") if path.name.startswith(".")]


def main(folder: str, every: str = "1") -> None:
    """Inject every kind at the operations of every case."""
    root, total = Path(folder).resolve() / "faults", 0
    for name, case in CASES.items():
        outcomes, operations = case.outcomes(root), count(case, root)
        for offset, kind in enumerate(KINDS):
            for number in range(offset % int(every), operations, int(every)):
                total += 1
                for broken in check(name, kind, number, root, outcomes):
                    print(broken)  # noqa: T201
    print(total, "faults")  # noqa: T201


if __name__ == "__main__":
    main(*sys.argv[1:])

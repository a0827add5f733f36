"""Faults at the operations of a write: results are all old or all new, and nothing is left behind."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]


def inject(module: str, folder: Path, *numbers: int) -> list[str]:
    """Inject faults in a process of its own: it forks, which one with threads must not."""
    command = [sys.executable, "-m", f"tests.io.files.{module}", str(folder), *map(str, numbers)]
    path = os.pathsep.join([str(ROOT), *sys.path])
    done = subprocess.run(
        command, env={**os.environ, "PYTHONPATH": path}, cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout.splitlines()


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """Return a new folder, in memory where there is one: that takes a fifth of the time of a disk."""
    memory = Path("/dev/shm")  # noqa: S108
    with tempfile.TemporaryDirectory(dir=memory if os.access(memory, os.W_OK) else tmp_path) as name:
        yield Path(name)


def test_a_failure_or_a_signal_at_some_operation_leaves_all_old_or_all_new_results(folder: Path) -> None:
    *broken, total = inject("injection", folder, 11)

    assert broken == []
    assert int(total.split()[0]) > 120


@pytest.mark.slow
def test_a_failure_or_a_signal_at_any_operation_leaves_all_old_or_all_new_results(folder: Path) -> None:
    *broken, total = inject("injection", folder, 1)

    assert broken == []
    assert int(total.split()[0]) > 1_000


@pytest.mark.slow
def test_faults_random_kills_and_four_writers_leave_results_of_one_run(folder: Path) -> None:
    *broken, total = inject("injection.program", folder, 190, 20)

    assert broken == []
    assert total.endswith("190 kills, 20 rounds of 4 writers")
    assert int(total.split()[0]) >= 134


WRITER = """
import sys
from scenred.io.files.atomic import write_files
folder, writer = sys.argv[1:]
for number in range(20):
    write_files([(f"{folder}/{name}", f"{writer} {number}") for name in ("s.csv", "map.csv", "s.json")])
    sys.stdout.write(".")
"""


def test_four_writers_of_the_same_files_never_mix_them(tmp_path: Path) -> None:
    command = [sys.executable, "-c", WRITER, str(tmp_path)]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}

    writers = [
        subprocess.Popen([*command, str(number)], stdout=subprocess.PIPE, env=environment) for number in range(4)
    ]

    assert [writer.communicate()[0] for writer in writers] == [b"." * 20] * 4
    assert len({file.read_text() for file in tmp_path.iterdir()}) == 1
    assert {file.name for file in tmp_path.iterdir()} == {"s.csv", "map.csv", "s.json"}

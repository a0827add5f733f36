"""What memory a process may still take, by the machine, its control groups and its own limits."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from scenred.kernels.memory import group_memory, memory_left, physical_memory

GIGA = 10**9
UNLIMITED = 9_223_372_036_854_771_712  # as version 1 writes it


@pytest.mark.parametrize(
    ("groups", "limits", "expected"),
    [
        ("0::/", {"memory.max": f"{GIGA}\n"}, GIGA),
        ("0::/a/b", {"a/b/memory.max": "max", "a/memory.max": f"{GIGA}", "memory.max": "max"}, GIGA),
        ("0::/a/b", {"a/b/memory.max": f"{3 * GIGA}", "a/b/memory.high": f"{2 * GIGA}"}, 2 * GIGA),
        ("0::/host/path", {"memory.max": f"{GIGA}"}, GIGA),
        ("0::/../a", {"a/memory.max": f"{GIGA}"}, GIGA),
        ("0::/a", {"a/memory.max": "max", "a/memory.high": "max"}, None),
        ("4:memory:/a\n0::/", {"memory/a/memory.limit_in_bytes": f"{GIGA}"}, GIGA),
        ("4:cpu,memory:/a", {"cpu,memory/a/memory.limit_in_bytes": f"{GIGA}"}, GIGA),
        ("4:memory:/host/a", {"memory/memory.limit_in_bytes": f"{GIGA}"}, GIGA),
        ("4:memory:/a", {"memory/a/memory.limit_in_bytes": f"{UNLIMITED}"}, UNLIMITED),
        ("3:cpu:/a\n0::/b", {"cpu/a/memory.limit_in_bytes": "1", "unified/b/memory.max": f"{GIGA}"}, GIGA),
        ("", {}, None),
        ("nonsense", {"memory.max": "nonsense"}, None),
    ],
)
def test_the_least_limit_of_the_groups_and_their_parents_counts(
    tmp_path: Path, groups: str, limits: dict[str, str], expected: int | None
) -> None:
    (tmp_path / "self").mkdir()
    (tmp_path / "self" / "cgroup").write_text(f"{groups}\n")
    for name, limit in limits.items():
        (tmp_path / "groups" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "groups" / name).write_text(limit)

    assert group_memory(str(tmp_path / "self"), str(tmp_path / "groups")) == expected


def test_some_memory_is_left_and_no_more_than_the_machine_has() -> None:
    memory, left = physical_memory(), memory_left()

    assert memory is None or memory > 2**26
    assert memory is None or left is None or 0 < left < memory


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="reads /proc")
def test_more_periods_than_a_process_holds_are_refused_in_one_line(tmp_path: Path) -> None:
    rows = "".join(f"{number},1,{step},{number % 977}.{step}\n" for number in range(20_000) for step in range(2))
    (tmp_path / "s.csv").write_text("scenario,weight,step,wind\n" + rows)
    program = (
        "import resource, sys\nfrom scenred.cli.app import run\nfrom scenred.kernels import memory\n"
        "import scenred.api.generate\n"
        "_, mapped = memory._taken()\n"
        f"resource.setrlimit(resource.RLIMIT_AS, (mapped + {GIGA}, mapped + {GIGA}))\n"
        "sys.exit(run(sys.argv[1:]))\n"
    )

    done = subprocess.run(
        [sys.executable, "-c", program, "generate", str(tmp_path / "s.csv"), "-k", "5"],
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 4, done.stderr
    assert done.stderr.count("\n") == 1
    assert "the distances of 20,000 scenarios take" in done.stderr
    assert " fit\n" in done.stderr

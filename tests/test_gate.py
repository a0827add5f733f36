"""One gate: pre-commit and continuous integration run what `make` runs."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent


def parts_of(target: str) -> list[str]:
    """Return the prerequisites of a target of the Makefile, in their order."""
    found = re.search(rf"^{target}: (.+)$", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert found is not None, target
    return found[1].split()


def test_pre_commit_runs_the_parts_of_make_check() -> None:
    text = (ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8")

    assert re.findall(r"^ +entry: (.+)$", text, re.MULTILINE) == [f"make {part}" for part in parts_of("check")]


def test_whole_gate_holds_the_quick_one() -> None:
    assert [*parts_of("test"), "unit"] == parts_of("check")


def test_continuous_integration_runs_make_test_and_no_other_test() -> None:
    text = (ROOT / ".github" / "workflows" / "test.yml").read_text(encoding="utf-8")

    commands = re.findall(r"^ +(?:- )?run: (.+)$", text, re.MULTILINE)
    assert [command for command in commands if "oldest.txt" not in command] == ["make test"]


def test_oldest_dependencies_are_the_lower_bounds(tmp_path: Path) -> None:
    for name in ("Makefile", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path)

    subprocess.run(["make", "oldest.txt", f"PYTHON={sys.executable}"], cwd=tmp_path, check=True, capture_output=True)

    pinned = (tmp_path / "oldest.txt").read_text(encoding="utf-8").split()
    assert {"numpy", "pandas", "numba", "pyarrow", "openpyxl"} <= {one.partition("==")[0] for one in pinned}
    assert all(re.fullmatch(r"[\w-]+==[\d.]+", one) for one in pinned)

"""One gate: pre-commit and continuous integration run what `make` runs."""

from __future__ import annotations

import importlib.util
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


def test_continuous_integration_runs_targets_of_the_makefile_and_nothing_else() -> None:
    text = (ROOT / ".github" / "workflows" / "test.yml").read_text(encoding="utf-8")
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")

    commands = re.findall(r"^ +(?:- )?run: (.+)$", text, re.MULTILINE)
    gates = {gate for found in re.findall(r"gate: \[?([\w, -]+)", text) for gate in found.split(", ")}
    assert set(commands) == {"make ${{ matrix.gate }}"}
    assert gates >= {"test", "test-oldest", "test-pandas-2", "test-extras", "test-slow", "fuzz"}
    assert all(re.search(rf"^(?:[\w-]+ )*{gate}(?: [\w-]+)*:", makefile, re.MULTILINE) for gate in gates)


def test_every_extra_is_tried() -> None:
    specification = importlib.util.spec_from_file_location("try_extras", ROOT / "tests" / "extras" / "try_extras.py")
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)

    assert set(module.USES) == set(module.extras())


def test_oldest_dependencies_are_the_lower_bounds(tmp_path: Path) -> None:
    for name in ("Makefile", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path)

    subprocess.run(["make", "oldest.txt", f"PYTHON={sys.executable}"], cwd=tmp_path, check=True, capture_output=True)

    pinned = (tmp_path / "oldest.txt").read_text(encoding="utf-8").split()
    assert {"numpy", "pandas", "numba", "pyarrow", "openpyxl"} <= {one.partition("==")[0] for one in pinned}
    assert all(re.fullmatch(r"[\w-]+==[\d.]+", one) for one in pinned)

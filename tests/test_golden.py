"""Formats that pipelines rely on: names, units, types and order, beside files that say what they were.

`pytest --update-golden` writes the files anew; a change belongs into the CHANGELOG.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from scenred.cli.app import run

GOLDEN = Path(__file__).parent / "golden"
COLUMNS = ["--column", "wind_miami", "--column", "pv_miami"]


def shape_of(content: Any, path: str = "") -> list[str]:
    """Lay out a JSON document as lines of `path: type`; a list by its first item."""
    if isinstance(content, dict):
        return [line for key, value in content.items() for line in shape_of(value, f"{path}.{key}")]
    if isinstance(content, list) and content:
        return shape_of(content[0], f"{path}[]")
    kind = "number" if isinstance(content, int | float) and not isinstance(content, bool) else type(content).__name__
    return [f"{path}: {kind}"]


def check(name: str, lines: list[str], *, update: bool) -> None:
    file = GOLDEN / name
    if update:
        file.write_text("\n".join(lines) + "\n")
    assert lines == file.read_text().splitlines()


@pytest.fixture
def update(request: pytest.FixtureRequest) -> bool:
    return bool(request.config.getoption("--update-golden"))


@pytest.fixture
def month(sample_path: Path, tmp_path: Path) -> Path:
    file = tmp_path / "month.csv"
    file.write_text("".join(sample_path.read_text().splitlines(keepends=True)[: 1 + 30 * 24]))
    return file


@pytest.fixture
def kept(month: Path) -> Path:
    file, periods = month.with_name("kept.csv"), month.with_name("map.csv")
    assert run(["generate", str(month), "-k", "5", *COLUMNS, "-o", str(file), "--map", str(periods)]) == 0
    return file


def test_scenario_table_and_period_map_have_their_columns(kept: Path, update: bool) -> None:
    first = [file.read_text().splitlines()[0] for file in (kept, kept.with_name("map.csv"))]

    check("tables.txt", first, update=update)


def test_manifest_has_its_keys(kept: Path, update: bool) -> None:
    content = json.loads(kept.with_suffix(".manifest.json").read_text())

    check("manifest.txt", shape_of(content), update=update)


def test_conditions_have_their_keys(month: Path, update: bool) -> None:
    file = month.with_name("held.csv")
    flags = "--group-by weekday -k 8 --keep min:pv --preserve mean:pv_miami"
    assert run(["generate", str(month), *COLUMNS, *flags.split(), "-o", str(file)]) == 0

    content = json.loads(file.with_suffix(".manifest.json").read_text())
    told = {name: content[name] for name in ("payments", "extremes", "scenarios")}
    check("conditions.txt", [file.read_text().splitlines()[0], *shape_of(told)], update=update)


def test_scorecard_has_its_keys_and_scores(
    kept: Path, month: Path, update: bool, capfd: pytest.CaptureFixture[str]
) -> None:
    assert run(["evaluate", str(kept), str(month), *COLUMNS, "--json", "--plan", "--stability", "1"]) == 0

    content = json.loads(capfd.readouterr().out)
    scores = [f"{one['group']} {one['name']} [{one['unit']}] {one['column']}" for one in content["scores"]]
    check("scorecard.txt", [*shape_of(content), *scores], update=update)

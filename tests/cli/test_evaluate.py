"""The command `scenred evaluate`: streams, codes, gates."""

from __future__ import annotations

import contextlib
import json
import os
import pty
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from scenred.cli.app import run

Frame = Callable[..., pd.DataFrame]


@pytest.fixture
def year(tmp_path: Path, hourly_frame: Frame) -> Path:
    path = tmp_path / "year.csv"
    hourly_frame(24 * 40).to_csv(path, index=False)
    return path


@pytest.fixture
def kept(year: Path, tmp_path: Path) -> Path:
    assert run(["generate", str(year), "-k", "4", "-o", str(tmp_path / "s.csv")]) == 0
    return tmp_path / "s.csv"


def test_text_goes_to_stdout_and_nothing_to_stderr(kept: Path, year: Path, capfd: pytest.CaptureFixture[str]) -> None:
    code = run(["evaluate", str(kept), str(year)])

    out, err = capfd.readouterr()
    assert (code, err) == (0, "")
    for group in ("transport", "divergences", "marginal", "time", "together", "scores"):
        assert f"\n{group}\n" in out
    assert "\x1b" not in out
    assert "certificate: n_scenarios 4" in out


def test_json_is_the_whole_of_stdout(kept: Path, year: Path, capfd: pytest.CaptureFixture[str]) -> None:
    run(["evaluate", str(kept), str(year), "--json"])

    content = json.loads(capfd.readouterr().out)
    manifest = json.loads(kept.with_suffix(".manifest.json").read_text())
    assert content["scorecard"] == 1
    found = {score["name"]: score for score in content["scores"] if score["column"] is None}
    assert found["relative_cost"]["value"] == pytest.approx(manifest["result"]["relative_cost"], rel=1e-6)
    assert set(found["relative_cost"]) == {
        *("group", "name", "value", "unit", "column", "original", "reduced", "method")
    }
    assert content["certificate"]["cost"] == manifest["result"]["cost"]


def test_output_takes_the_place_of_stdout(kept: Path, year: Path, capfd: pytest.CaptureFixture[str]) -> None:
    out = kept.parent / "card.json"

    run(["evaluate", str(kept), str(year), "--json", "-o", str(out)])

    assert capfd.readouterr().out == ""
    assert json.loads(out.read_text())["scorecard"] == 1


def test_failed_gates_are_a_line_each_after_the_scorecard(
    kept: Path, year: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    gates = ["relative_cost=0.01", "crps[wind]=0.001", "jensen_shannon=0.7"]
    flags = [word for gate in gates for word in ("--fail-above", gate)]

    code = run(["evaluate", str(kept), str(year), *flags, "--json"])

    out, err = capfd.readouterr()
    assert code == 5
    assert [line.split(":")[1].strip() for line in err.splitlines()] == [
        "gate relative_cost",
        "gate crps[wind]",
    ]
    assert [gate["holds"] for gate in json.loads(out)["gates"]] == [False, False, True]


@pytest.mark.parametrize(
    ("flags", "code", "message"),
    [
        (["--fail-above", "relative_cots=1"], 4, "did you mean 'relative_cost'?"),
        (["--fail-above", "relative_cost"], 2, "needs NAME=NUMBER"),
        (["--period", "6h"], 4, "the scenarios have 24 steps and the original 6"),
        (["-v", "-q"], 2, "contradict"),
        (["-o", ""], 2, "empty name"),
    ],
)
def test_bad_requests_end_in_one_line(
    kept: Path, year: Path, capfd: pytest.CaptureFixture[str], flags: list[str], code: int, message: str
) -> None:
    found = run(["evaluate", str(kept), str(year), *flags])

    out, err = capfd.readouterr()
    assert (found, out) == (code, "")
    assert err.count("\n") == 1
    assert message in err


@pytest.mark.parametrize(("change", "message"), [("0.9", "sum to"), ("-0.1", "probability")])
def test_bad_probabilities_are_refused(
    kept: Path, year: Path, capfd: pytest.CaptureFixture[str], change: str, message: str
) -> None:
    table = pd.read_csv(kept)
    table.loc[table.scenario == 1, "probability"] = float(change)
    table.to_csv(kept, index=False)

    code = run(["evaluate", str(kept), str(year)])

    err = capfd.readouterr().err
    assert (code, err.count("\n")) == (3, 1)
    assert message in err


def test_scenarios_come_through_a_pipe(sample_path: Path) -> None:
    program = f"{sys.executable} -m scenred"
    script = f"set -o pipefail; {program} generate {sample_path} -k 5 | {program} evaluate - {sample_path}"

    result = subprocess.run(["bash", "-c", script], capture_output=True, text=True, check=False, env=dict(os.environ))

    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout.startswith("standard input against")


def test_plans_stand_side_by_side_in_json(kept: Path, year: Path, capfd: pytest.CaptureFixture[str]) -> None:
    study = kept.parent / "study.toml"
    study.write_text("[load]\nflat = 50\n")

    code = run(["evaluate", str(kept), str(year), "--plan", "--study", str(study), "--stability", "2", "--json"])

    planning = json.loads(capfd.readouterr().out)["planning"]
    assert code == 0
    assert set(planning["plans"]) == {"reduced", "redispatched", "full"}
    assert planning["study"]["load_flat"] == 50
    assert planning["study"]["wind_largest"] is None
    assert len(planning["stability"]["in_sample"]) == 2


def test_study_without_plan_is_a_usage_error(kept: Path, year: Path, capfd: pytest.CaptureFixture[str]) -> None:
    code = run(["evaluate", str(kept), str(year), "--study", "study.toml"])

    assert (code, capfd.readouterr().err.count("\n")) == (2, 1)


def test_the_study_replaces_the_defaults(kept: Path, year: Path, capfd: pytest.CaptureFixture[str]) -> None:
    study = kept.parent / "study.toml"
    study.write_text("[load]\nflat = 50\n")

    code = run(["evaluate", str(kept), str(year), "--json", "--plan", "--study", str(study)])

    assert code == 0
    assert json.loads(capfd.readouterr().out)["planning"]["study"]["load_flat"] == 50


def test_a_study_among_the_inputs_is_told_its_flag(kept: Path, year: Path, capfd: pytest.CaptureFixture[str]) -> None:
    code = run(["evaluate", str(kept), str(year), "--plan", "study.toml"])

    assert code == 2
    assert capfd.readouterr().err == ("scenred: study.toml: is a study, not a table; pass --study study.toml\n")


def test_unknown_gate_is_refused_before_work(
    kept: Path, year: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scenred.evaluation.scorecard.transport_scores", None)

    code = run(["evaluate", str(kept), str(year), "--fail-above", "relative_cots=1"])

    assert code == 4
    assert "did you mean 'relative_cost'?" in capfd.readouterr().err


def test_gate_on_the_regret_without_a_plan_is_refused(
    kept: Path, year: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    code = run(["evaluate", str(kept), str(year), "--fail-above", "regret=0.1"])

    assert code == 4
    assert "add --plan" in capfd.readouterr().err


@pytest.mark.parametrize(("environment", "is_coloured"), [({"NO_COLOR": ""}, True), ({"NO_COLOR": "1"}, False)])
def test_a_terminal_gets_colour_unless_refused(
    kept: Path, year: Path, environment: dict[str, str], is_coloured: bool
) -> None:
    leader, follower = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "scenred", "evaluate", str(kept), str(year)],
        stdout=follower,
        stderr=subprocess.DEVNULL,
        env={**os.environ, **environment},
    )
    os.close(follower)
    seen = b""
    with contextlib.suppress(OSError):  # the other end of a terminal closed
        while chunk := os.read(leader, 4096):
            seen += chunk
    os.close(leader)

    assert process.wait() == 0
    assert (b"\x1b[1mtransport\x1b[0m" in seen) == is_coloured

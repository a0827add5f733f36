"""The command line in this process: codes, streams, flags."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import get_args

import numpy as np
import pandas as pd
import pytest

from scenred import generate
from scenred.cli import estimate
from scenred.cli.app import run
from scenred.options import Columns, Conditions, Cutting, GroundOptions, Reading, SearchOptions, Work
from scenred.options.ground import DEFAULT_DIRECTIONS, DEFAULT_SHIFT_COST
from scenred.options.search import Method

Frame = Callable[..., pd.DataFrame]


@pytest.fixture
def year(tmp_path: Path, hourly_frame: Frame) -> Path:
    path = tmp_path / "year.csv"
    hourly_frame(24 * 30).to_csv(path, index=False)
    return path


def test_help_shows_the_defaults_under_the_headings_of_their_groups(
    capfd: pytest.CaptureFixture[str],
) -> None:
    run(["generate", "--help"])

    printed = " ".join(capfd.readouterr().out.split())
    assert f"matrix of your own. [default: {GroundOptions().metric}]" in printed
    assert f"in capacity. [default: {DEFAULT_SHIFT_COST}]" in printed
    assert f"directions to project on. [default: {DEFAULT_DIRECTIONS}]" in printed
    for group in (Columns, Reading, Cutting, Conditions, GroundOptions, SearchOptions, Work):
        assert f" {group.heading}: --" in printed


def test_table_goes_to_stdout_and_nothing_to_stderr(year: Path, capfd: pytest.CaptureFixture[str]) -> None:
    code = run(["generate", str(year), "-k", "3"])

    out, err = capfd.readouterr()
    assert code == 0
    assert err == ""
    lines = out.splitlines()
    assert lines[0] == "scenario,probability,start,step,wind,pv"
    assert len(lines) == 1 + 3 * 24
    assert lines[1].startswith("1,0.")


TINY = """time,wind,pv
2019-01-01T00:00+01:00,0.1,0
2019-01-01T12:00+01:00,0.2,0.5
2019-01-02T00:00+01:00,0.8,0
2019-01-02T12:00+01:00,0.7,0.25
2019-01-03T00:00+01:00,0.8,0
2019-01-03T12:00+01:00,0.75,0.25
"""


@pytest.mark.parametrize(
    ("flags", "expected"),
    [
        (
            "",
            "scenario,probability,start,step,wind,pv\n"
            "1,0.3333333333333333,2019-01-01T00:00:00+01:00,0,0.1,0.0\n"
            "1,0.3333333333333333,2019-01-01T00:00:00+01:00,1,0.2,0.5\n"
            "2,0.6666666666666666,2019-01-02T00:00:00+01:00,0,0.8,0.0\n"
            "2,0.6666666666666666,2019-01-02T00:00:00+01:00,1,0.7,0.25\n",
        ),
        (
            "--layout wide",
            "scenario,probability,start,wind_0,wind_1,pv_0,pv_1\n"
            "1,0.3333333333333333,2019-01-01T00:00:00+01:00,0.1,0.2,0.0,0.5\n"
            "2,0.6666666666666666,2019-01-02T00:00:00+01:00,0.8,0.7,0.0,0.25\n",
        ),
        (
            "-o {folder}/s.csv --metric duration --map /dev/stdout",
            "period,start,scenario,distance\n"
            "1,2019-01-01T00:00:00+01:00,1,0.0\n"
            "2,2019-01-02T00:00:00+01:00,2,0.0\n"
            "3,2019-01-03T00:00:00+01:00,2,0.03125\n",
        ),
    ],
)
def test_formats_are_a_contract(tmp_path: Path, capfd: pytest.CaptureFixture[str], flags: str, expected: str) -> None:
    (tmp_path / "tiny.csv").write_text(TINY)

    run(["generate", str(tmp_path / "tiny.csv"), "-k", "2", *flags.format(folder=tmp_path).split()])

    assert capfd.readouterr().out == expected


def test_values_are_those_of_the_file(year: Path, capfd: pytest.CaptureFixture[str]) -> None:
    run(["generate", str(year), "-k", "3"])

    written = pd.read_csv(StringIO(capfd.readouterr().out))
    read = pd.read_csv(year, parse_dates=["time"]).set_index("time")
    for start, rows in written.groupby("start"):
        stamps = pd.date_range(str(start), periods=24, freq="h")
        assert rows[["wind", "pv"]].to_numpy().tolist() == read.loc[stamps].to_numpy().tolist()


def test_files_are_written_and_stdout_stays_empty(
    year: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    out, where = tmp_path / "s.csv", tmp_path / "map.csv"

    code = run(["generate", str(year), "-k", "3", "-o", str(out), "--map", str(where)])

    assert (code, capfd.readouterr().out) == (0, "")
    assert len(out.read_text().splitlines()) == 73
    period_map = pd.read_csv(where)
    assert list(period_map.columns) == ["period", "start", "scenario", "distance"]
    assert len(period_map) == 30
    manifest = json.loads((tmp_path / "s.manifest.json").read_text())
    shares = period_map["scenario"].value_counts().sort_index() / 30
    assert [row["probability"] for row in manifest["scenarios"]] == shares.tolist()
    assert manifest["options"]["period"] == "24h"


def test_manifest_goes_where_it_is_told(year: Path, tmp_path: Path) -> None:
    run(["generate", str(year), "-o", str(tmp_path / "s.csv"), "--manifest", str(tmp_path / "m.json")])

    assert json.loads((tmp_path / "m.json").read_text())["result"]["n_scenarios"] == 10
    assert not (tmp_path / "s.manifest.json").exists()


def test_json_prints_the_manifest(year: Path, capfd: pytest.CaptureFixture[str]) -> None:
    run(["generate", str(year), "-k", "3", "--json", "--capacity", "wind=2", "--weight", "pv=0.5"])

    content = json.loads(capfd.readouterr().out)
    assert content["columns"][0]["scale"] == 2.0
    assert content["options"]["column_weights"] == {"pv": 0.5}


def test_flags_reach_the_api(year: Path, capfd: pytest.CaptureFixture[str]) -> None:
    flags = "-k 4 --metric pointwise --order 2 --period 6h --seed 3 --starts 2 --wind pv --capacity 3 --threads 1"

    run(["generate", str(year), *flags.split(), "--json"])

    expected = generate(
        year, 4, metric="pointwise", order=2, period="6h", seed=3, n_starts=2, wind=["pv"], capacity=3.0
    )
    content = json.loads(capfd.readouterr().out)
    assert content["result"]["cost"] == expected.cost
    assert [(column["name"], column["kind"]) for column in content["columns"]] == [("pv", "wind")]
    assert content["periods"] == {
        "kept": 120, "steps": 6, "step_seconds": 3600.0, "rows_dropped_before": 0, "rows_dropped_after": 0,
    }  # fmt: skip


def test_a_precomputed_matrix_is_used_and_recorded(
    year: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    places = np.arange(30.0)
    np.save(tmp_path / "m.npy", np.abs(np.subtract.outer(places, places)))

    run(
        [
            "generate",
            str(year),
            "-k",
            "1",
            "--metric",
            "precomputed",
            "--matrix",
            str(tmp_path / "m.npy"),
            "--json",
        ]
    )

    content = json.loads(capfd.readouterr().out)
    assert content["result"]["cost"] == pytest.approx(7.5)  # the middle of a line of 30
    assert content["scenarios"][0]["period"] in ("15", "16")
    assert content["options"]["matrix"]["name"] == str(tmp_path / "m.npy")
    assert content["ground_metric"]["name"] == "precomputed"
    assert content["columns"][0]["scale"] is None


def test_what_moves_in_time_is_reported(year: Path, capfd: pytest.CaptureFixture[str]) -> None:
    run(["generate", str(year), "-k", "3", "--metric", "wasserstein", "--shift-cost", "0.02", "--json"])

    told = json.loads(capfd.readouterr().out)["ground_metric"]
    assert (told["name"], told["order"], told["shift_cost"], told["step_hours"]) == (
        "wasserstein",
        1,
        0.02,
        1,
    )
    assert told["moved_share"] == 1
    assert 1 < told["mean_shift_hours"] < 12


@pytest.mark.parametrize("metric", ["wasserstein", "sliced"])
@pytest.mark.parametrize(
    ("cost", "message"),
    [
        ("0", "the shift cost is 0: the metric forgets the clock"),
        ("40", "nothing moves in time for "),
    ],
)
def test_a_shift_cost_that_makes_another_metric_is_noted(
    year: Path, capfd: pytest.CaptureFixture[str], metric: str, cost: str, message: str
) -> None:
    code = run(["generate", str(year), "-k", "3", "--metric", metric, "--shift-cost", cost])

    err = capfd.readouterr().err
    assert code == 0
    assert err.startswith("scenred: note: ")
    assert err.count("\n") == 1
    assert message in err


@pytest.mark.parametrize(
    ("metric", "choice"), [("wasserstein", "--metric sliced is"), ("sliced", "--metric duration, ")]
)
@pytest.mark.parametrize(
    "command", [["generate", "-k", "2", "--starts", "1"], ["curve", "--max", "2"], ["compare", "-k", "2"]]
)
def test_the_cost_of_long_distances_is_said_beforehand(
    metric: str,
    choice: str,
    command: list[str],
    tmp_path: Path,
    hourly_frame: Frame,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    path = tmp_path / "days.csv"
    hourly_frame(24 * 40).to_csv(path, index=False)
    line = [command[0], str(path), *command[1:], "--metric", metric]

    assert run(line) == 0
    untold = capfd.readouterr().err
    monkeypatch.setattr(estimate, "FEW_OPERATIONS", {"wasserstein": 1, "sliced": 1})
    monkeypatch.setattr(estimate, "LONG_SECONDS", 0.0)
    assert run(line) == 0
    told = capfd.readouterr().err.splitlines()
    assert run([*line, "--quiet"]) == 0

    assert untold == ""
    assert re.fullmatch(
        rf"scenred: \w+ distances of 40 periods of 24 steps, 780 pairs, take about \d+ s; {choice}.*", told[0]
    )
    assert capfd.readouterr().err == ""


def test_an_estimate_of_long_periods_takes_little_time_itself() -> None:
    from scenred import Column, ScenarioSet
    from scenred.cli.stderr import Stderr

    values = np.random.default_rng(0).random((300, 100_000, 1))
    weeks = ScenarioSet((Column("wind"),), values, np.full(300, 1 / 300), step=pd.Timedelta("1min"))
    began = time.process_time()

    with Stderr(quiet=True) as stderr:
        estimate.announce_cost(stderr, weeks, GroundOptions("wasserstein"), 1)

    assert time.process_time() - began < 10


def test_summary_is_printed_when_asked(year: Path, capfd: pytest.CaptureFixture[str]) -> None:
    run(["generate", str(year), "-k", "3", "-v"])

    err = capfd.readouterr().err
    assert "30 periods of 24 steps, 2 columns (wind, pv); 0 rows dropped" in err
    assert "relative cost 0." in err
    assert "method kmedoids: cost 0." in err
    assert "proven optimal" in err
    assert len(err.splitlines()) == 6 + 3
    assert re.search(r"^search: [a-z ]+; \d+ starts, \d+ swaps", err, re.MULTILINE)


def test_dropped_rows_are_counted_on_stderr(
    tmp_path: Path, hourly_frame: Frame, capfd: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "cut.csv"
    hourly_frame(100, start="2019-07-01 05:00").to_csv(path, index=False)

    run(["generate", str(path), "-k", "2"])
    noted = capfd.readouterr().err
    run(["generate", str(path), "-k", "2", "--quiet"])
    quiet = capfd.readouterr().err

    assert noted == (
        f"scenred: note: {path}: dropped 19 rows before the first and 9 rows after the last whole period of 24h\n"
    )
    assert quiet == ""


@pytest.mark.parametrize(
    ("flags", "code", "message"),
    [
        ("-k 0", 4, "0 scenarios are asked for; choose from 1 to 30"),
        ("-k 31", 4, "31 scenarios are asked for; choose from 1 to 30"),
        ("-k ten", 2, "'ten' is not a whole number"),
        ("--period 90min", 4, "not a multiple of the series' step of 1h"),
        ("--column wnd", 4, "did you mean 'wind'?"),
        ("--time tim", 4, "did you mean 'time'?"),
        ("--metric euclidean", 2, "'euclidean' is not one of"),
        ("--order 0.5", 4, "the order is 0.5; scenred needs a number of at least 1 and at most 100"),
        ("--order nan", 4, "the order is nan"),
        ("--order two", 2, "should be a valid number"),
        ("--capacity wind=lots", 2, "'lots' is not a number"),
        ("--capacity 3 --capacity 4", 2, "give it alone"),
        ("--capacity 0", 4, "above 0"),
        ("--weight wind", 2, "needs NAME=NUMBER"),
        ("--weight =3", 2, "needs NAME=NUMBER"),
        ("--weight wnd=3", 4, "did you mean 'wind'?"),
        ("--period banana", 2, "not a length of time"),
        ("--starts 100000000000000000000", 4, "a whole number of at least 1 and at most 100000"),
        ("--weight a\\nb=x", 2, "is not a number"),
        ("--starts 0", 4, "a whole number of at least 1 and at most 100000"),
        ("--seed -1", 4, "at least 0"),
        ("--threads 0", 4, "at least 1"),
        ("-v -q", 2, "contradict"),
        ("--metrics duration", 2, "Possible options: --matrix, --metric"),
        ("--shift-cost -0.1", 4, "the shift cost is -0.1; scenred needs a finite number of at least 0"),
        ("--shift-cost nan", 4, "the shift cost is nan"),
        ("--shift-cost inf --metric wasserstein", 4, "the shift cost is inf"),
        ("--shift-cost much", 2, "should be a valid number"),
        ("--metric duration --shift-cost 1", 4, "has no shift cost; leave it out"),
        ("--directions 0", 4, "the number of directions is 0"),
        ("--metric wasserstein --directions 8", 4, "has no directions"),
        ("--metric precomputed", 2, "--matrix FILE.npy go together"),
        ("--matrix {folder}/year.csv", 2, "--matrix FILE.npy go together"),
        ("--metric precomputed --matrix {folder}/year.csv", 3, "is not a .npy file"),
        ("--metric precomputed --matrix {folder}/none.npy", 3, "there is no such file"),
        ("--metric precomputed --matrix {folder}/small.npy", 3, "shape (2, 2) and there are 30 periods"),
        ("--metric precomputed --matrix {folder}/negative.npy", 3, "holds -1.0 in row 0, column 3"),
        ("--metric precomputed --matrix {folder}/nan.npy", 3, "holds nan in row 0, column 3"),
        (
            "--metric precomputed --matrix {folder}/good.npy --weight wind=2",
            4,
            "has settled the column weights",
        ),
        ("-o /", 6, "Is a directory"),
        ("-o .", 6, "Is a directory"),
        ("-o {folder}", 6, "Is a directory"),
        ("-o {folder}/none/s.csv", 6, "No such file or directory"),
        ("-o {folder}/year.csv", 2, "would replace its own input"),
        ("--map {folder}/year.csv", 2, "would replace its own input"),
        (f"-o {{folder}}/{'x' * 300}", 6, "File name too long"),
        ("--weight wind=1 --weight wind=2", 2, "twice"),
        ("--capacity wind=1 --capacity wind=2", 2, "twice"),
        ("-k 3 --tolerance 0.2", 2, "a number of scenarios and a tolerance are both given"),
        ("--tolerance 0", 4, "the tolerance is 0.0; scenred needs a share of the cost between 0 and 1"),
        ("--tolerance 1", 4, "the tolerance is 1.0"),
        ("--tolerance nan -o {folder}/s.csv", 4, "the tolerance is nan"),
        ("--time-limit 0", 4, "the time limit is 0 s; scenred needs a number above 0"),
        ("--time-limit -3 -o {folder}/s.csv", 4, "the time limit is -3 s"),
        ("--gap 1", 4, "the gap is 1;"),
        ("--gap -1", 4, "the gap is -1;"),
        ("--method best", 2, "--method"),
        ("--require-optimal --no-bound", 2, "an optimum is required and no bound"),
        ("-k 4 --method random --require-optimal -o {folder}/s.csv", 5, "the optimum is not proven"),
        ("--map -", 2, "standard output holds the scenarios"),
        ("-k winter=5", 2, "say what to group by"),
        ("-k winter=x", 2, "'x' is not a whole number"),
        ("-k 3 -k winter=5", 2, "-k 3 is for all"),
        ("-k winter=5 -k winter=4", 2, "'winter' is named twice"),
        ("--group-by season -k winter=5", 4, "there is no group 'winter'; there are: summer"),
        ("--group-by season --tolerance 0.3", 2, "a tolerance and groups are both given"),
        ("--group-by hour", 4, "there is no such column or calendar"),
        ("--group-by wind", 3, "scenred needs one group for a whole period"),
        ("--share cost", 2, "add --group-by"),
        ("--keep min:temperature", 4, "there is no column 'temperature'"),
        ("--keep lowest:wind", 2, "there is no statistic 'lowest'"),
        ("--keep min:wind@north", 4, "no column names a site"),
        ("-k 1 --keep min:wind --keep max:pv", 4, "2 extremes are 2 scenarios that stay and only 1 may"),
        ("-k 1 --keep min:wind --extreme-weight single", 4, "none represents the rest"),
        ("--extreme-weight single", 2, "name some with --keep"),
        ("--installed wind=3", 2, "--installed is for a residual"),
        ("--include 2019-07-03 --exclude 2019-07-03", 2, "is named by --include and by --exclude"),
        ("--include 2018-01-01", 4, "no period holds it"),
        ("--include soon", 2, "is not a date"),
        ("--exclude @{folder}/none.txt", 3, "there is no such file"),
        ("--preserve median", 2, "only the mean can be preserved"),
        ("--preserve mean:wnd", 4, "did you mean 'wind'?"),
        ("--preserve mean -k 1", 4, "--preserve mean: the mean of "),
        ("--equal-probabilities --preserve mean", 2, "choose equal probabilities"),
        ("--min-probability 0.2", 4, "10 scenarios cannot have probabilities from 0.2 to 1"),
        ("--separate", 2, "name -o FILE"),
        ("--separate -o {folder}/s.csv", 4, "belongs to no site"),
        ("-o {folder}/s.csv --map {folder}/s.csv", 2, "two results would go to"),
        ("-o {folder}/s.csv --manifest {folder}/s.csv", 2, "two results would go to"),
    ],
)
def test_failure_is_one_line_and_its_code(
    year: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str], flags: str, code: int, message: str
) -> None:
    good = np.ones((30, 30)) - np.eye(30)
    matrices = {"small": np.zeros((2, 2)), "good": good, "negative": good.copy(), "nan": good.copy()}
    matrices["negative"][0, 3], matrices["nan"][0, 3] = -1, np.nan
    for name, matrix in matrices.items():
        np.save(tmp_path / name, matrix)
    before = sorted(path.name for path in tmp_path.iterdir())

    returned = run(["generate", str(year), *flags.format(folder=tmp_path).split()])

    out, err = capfd.readouterr()
    assert returned == code
    assert out == ""
    assert err.startswith("scenred: ")
    assert err.count("\n") == 1
    assert message in err
    assert sorted(path.name for path in tmp_path.iterdir()) == before


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty"),
        (b"time,wind\n", "holds a header and no row"),
        (b"hour,wind\n1,2\n2,3\n", "no column holds times"),
        (
            b"time,wind\n2019-01-01 00:00,1\n2019-01-01 00:00,2\n",
            ":3: time 2019-01-01 00:00:00 is duplicated",
        ),
        (
            b"time,wind\n2019-01-01 00:00,1\n2019-01-01 01:00,n/a\n",
            ":3: wind is 'n/a' at 2019-01-01 01:00:00",
        ),
        (b"time,wind\n2019-01-01 00:00,1\n2019-01-01 01:00,inf\n", ":3: wind is 'inf'"),
        (bytes(range(256)) * 8, "zero byte"),
        (b"time,wind\n2019-01-01,gr\x81n\n", ":2: byte 0x81 is not UTF-8"),
    ],
)
def test_refused_input_is_one_line(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], content: bytes, message: str
) -> None:
    (tmp_path / "in.csv").write_bytes(content)

    code = run(["generate", str(tmp_path / "in.csv"), "-o", str(tmp_path / "out.csv")])

    out, err = capfd.readouterr()
    assert (code, out) == (3, "")
    assert err.count("\n") == 1
    assert message in err
    assert not (tmp_path / "out.csv").exists()


def test_no_argument_shows_the_help(capfd: pytest.CaptureFixture[str]) -> None:
    assert run([]) == 0
    assert "generate" in capfd.readouterr().out


def test_unknown_command_suggests_the_nearest(capfd: pytest.CaptureFixture[str]) -> None:
    assert run(["genrate", "x.csv"]) == 2
    assert "Did you mean 'generate'" in capfd.readouterr().err


def test_version_is_printed(capfd: pytest.CaptureFixture[str]) -> None:
    assert run(["--version"]) == 0
    assert capfd.readouterr().out == "scenred 0.1.0\n"


def refused(arguments: list[str], capfd: pytest.CaptureFixture[str]) -> tuple[int, str]:
    """Run what must fail; give the code and the one line."""
    code = run(arguments)
    out, err = capfd.readouterr()
    assert out == ""
    assert err.startswith("scenred: ")
    assert err.count("\n") == 1
    return code, err


@pytest.mark.parametrize("method", get_args(Method))
def test_every_method_comes_with_its_certificate(year: Path, capfd: pytest.CaptureFixture[str], method: str) -> None:
    assert run(["generate", str(year), "-k", "4", "--method", method, "--json"]) == 0

    result = json.loads(capfd.readouterr().out)["result"]
    assert result["method"] == method
    assert 0 <= result["lower_bound"] <= result["cost"]
    assert result["is_optimal"] == (result["gap"] == 0)
    if method in ("kmedoids", "exact"):
        assert result["is_optimal"]


def test_no_bound_leaves_the_certificate_out(year: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert run(["generate", str(year), "-k", "4", "--no-bound", "--json", "-v"]) == 0

    out, err = capfd.readouterr()
    assert json.loads(out)["result"]["lower_bound"] is None
    assert "no lower bound asked for" in err


def test_tolerance_keeps_as_few_as_needed(year: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert run(["generate", str(year), "--tolerance", "0.5", "--json"]) == 0

    content = json.loads(capfd.readouterr().out)
    assert content["options"]["tolerance"] == 0.5
    assert content["options"]["n_scenarios"] is None
    assert content["result"]["relative_cost"] <= 0.5
    assert generate(year, content["result"]["n_scenarios"] - 1).relative_cost > 0.5


def test_conditions_are_told_in_summary_and_manifest(
    year: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "dates.txt").write_text("2019-07-05  # a storm\n\n2019-07-09\n")
    flags = f"-k 6 --keep min:wind --include @{tmp_path / 'dates.txt'} --exclude 2019-07-20 --preserve mean -v"

    code = run(["generate", str(year), *flags.split(), "-o", str(tmp_path / "s.csv")])

    told = capfd.readouterr().err
    content = json.loads((tmp_path / "s.manifest.json").read_text())
    written = pd.read_csv(tmp_path / "s.csv")
    assert code == 0
    assert "\nmin:wind = 0." in told
    assert "\n1 extreme, 2 fixed, 1 excluded: W1 0." in told
    assert "\nmean of wind, pv: W1 0." in told
    assert content["options"]["include"] == ["2019-07-05", "2019-07-09"]
    dates = {row["start"][:10] for row in content["scenarios"]}
    assert {"2019-07-05", "2019-07-09", content["extremes"][0]["start"][:10]} <= dates
    assert "2019-07-20" not in dates
    before, after = (content["payments"][0][f"cost_{when}"] for when in ("before", "after"))
    assert before == generate(year, 6).cost < after == content["payments"][1]["cost_before"]
    assert content["payments"][1]["cost_after"] == content["result"]["cost"]
    assert sum(row["count"] for row in content["scenarios"]) == 30
    assert sum(row["weight_hours"] for row in content["scenarios"]) == pytest.approx(720)
    assert sum(row["weight_days"] for row in content["scenarios"]) == pytest.approx(30)
    shares = written["probability"].to_numpy() / 24
    truth = pd.read_csv(year)[["wind", "pv"]].mean()
    assert (written[["wind", "pv"]].mul(shares, axis=0).sum() - truth).abs().max() < 1e-9


def test_separate_writes_a_table_for_each_site(
    tmp_path: Path, hourly_frame: Frame, capfd: pytest.CaptureFixture[str]
) -> None:
    frame = hourly_frame(24 * 12).rename(columns={"wind": "wind_north", "pv": "pv_north"})
    frame["wind_south"] = frame["wind_north"].iloc[::-1].to_numpy()
    frame.to_csv(tmp_path / "in.csv", index=False)

    code = run(["generate", str(tmp_path / "in.csv"), "-k", "3", "--separate", "-o", str(tmp_path / "s.csv")])

    assert (code, capfd.readouterr().out) == (0, "")
    north, south = (pd.read_csv(tmp_path / f"s.{site}.csv") for site in ("north", "south"))
    assert list(north.columns[4:]) == ["wind_north", "pv_north"]
    assert list(south.columns[4:]) == ["wind_south"]
    content = json.loads((tmp_path / "s.south.manifest.json").read_text())
    assert content["options"]["site"] == "south"
    expected = generate(frame, 3, columns=["wind_south"]).scenarios.probabilities
    assert [row["probability"] for row in content["scenarios"]] == expected.tolist()
    assert not (tmp_path / "s.csv").exists()


def test_curve_writes_csv_or_json(year: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert run(["curve", str(year), "--max", "5"]) == 0
    table = pd.read_csv(StringIO(capfd.readouterr().out), dtype=str).astype(float)  # exactly
    assert run(["curve", str(year), "--max", "5", "--json", "-o", str(tmp_path / "curve.json")]) == 0
    rows = json.loads((tmp_path / "curve.json").read_text())

    assert list(table.columns) == ["k", "cost", "relative_cost", "lower_bound", "gap", "wasserstein"]
    assert rows == table.to_dict("records")
    assert [row["k"] for row in rows] == [1, 2, 3, 4, 5]
    assert rows[2]["cost"] == generate(year, 3).cost


def test_curve_without_bounds_has_empty_cells(year: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert run(["curve", str(year), "--max", "2", "--no-bound", "--json"]) == 0

    assert [row["gap"] for row in json.loads(capfd.readouterr().out)] == [None, None]


@pytest.mark.parametrize(
    ("flags", "code", "message"),
    [
        ("--max 0", 4, "at least 1"),
        ("--max x", 2, "--max"),
        ("--time-limit 0", 4, "time limit is 0 s"),
        ("-o {year}", 2, "would replace its own input"),
        ("--column none", 4, "no column 'none'"),
    ],
)
def test_refused_curve_is_one_line(
    year: Path, capfd: pytest.CaptureFixture[str], flags: str, code: int, message: str
) -> None:
    returned, err = refused(["curve", str(year), *flags.format(year=year).split()], capfd)

    assert returned == code
    assert message in err


def test_selftest_prints_a_table_of_what_is_reproduced(capfd: pytest.CaptureFixture[str]) -> None:
    assert run(["selftest"]) == 0

    out, err = capfd.readouterr()
    assert err == ""
    lines = out.splitlines()
    assert lines[0].split() == ["what", "published", "ours", "gap", "time"]
    assert len(lines) == 25
    assert not any("missed" in line for line in lines)


GRAPH = "3 2 1\n1 2 3\n2 3 4\n"
SQUARE = "EDGE_WEIGHT_TYPE : EUC_2D\nDIMENSION : 3\nNODE_COORD_SECTION\n1 0 0\n2 1 1\n3 3 4\nEOF\n"


def test_selftest_solves_instances(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "one.txt").write_text(GRAPH)
    (tmp_path / "two.tsp").write_text(SQUARE)
    (tmp_path / "pmedopt.txt").write_text("one 7\n")
    names = sorted(str(path) for path in tmp_path.iterdir())

    code = run(["selftest", "--pmed", *names, "-k", "1", "-k", "2"])

    rows = [line.split() for line in capfd.readouterr().out.splitlines()[1:]]
    assert code == 0
    assert [(row[0], row[6], *row[7:10]) for row in rows] == [
        ("one,", "1", "7", "7", "0"),
        ("one,", "2", "-", "3", "0"),
        ("two,", "1", "-", "4", "0"),
        ("two,", "2", "-", "1", "0"),
    ]


def test_missed_truth_ends_with_5(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "one.txt").write_text(GRAPH)
    (tmp_path / "pmedopt.txt").write_text("one 6\n")

    code = run(["selftest", "--pmed", str(tmp_path / "one.txt")])

    out, err = capfd.readouterr()
    assert code == 5
    assert out.splitlines()[1].endswith("missed")
    assert err.count("\n") == 1
    assert "1 of 1 published results are missed, the first is one, n = 3, k = 1" in err


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        ("--pmed {year}", 3, "is not a line of a p-median instance"),
        ("--pmed {folder}/none.txt", 3, "no such file"),
        ("--pmed {folder}/two.tsp", 2, "does not say how many medoids to choose; give -k"),
        ("--pmed {folder}/two.tsp -k 4", 4, "choose from 1 to 3"),
        ("--pmed {folder}/two.tsp -k 1 --time-limit 0", 4, "the time limit is 0 s"),
        ("-k 3", 2, "name their files after --pmed"),
        ("{folder}/two.tsp", 2, "name instance files after --pmed"),
    ],
)
def test_refused_selftest_is_one_line(
    year: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str], arguments: str, code: int, message: str
) -> None:
    (tmp_path / "two.tsp").write_text(SQUARE)

    returned, err = refused(["selftest", *arguments.format(year=year, folder=tmp_path).split()], capfd)

    assert returned == code
    assert message in err


def test_a_bug_is_one_line_with_the_place(
    year: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object, **__: object) -> None:
        raise ZeroDivisionError("a\nb")

    monkeypatch.setattr("scenred.api.generate.generate_all", fails)
    monkeypatch.delenv("SCENRED_DEBUG", raising=False)

    code = run(["generate", str(year)])

    out, err = capfd.readouterr()
    assert (code, out) == (1, "")
    assert re.fullmatch(
        r"scenred: a bug in scenred, at generate.py:\d+: ZeroDivisionError: a\\nb; SCENRED_DEBUG=1 shows more; .*\n",
        err,
    )
    monkeypatch.setenv("SCENRED_DEBUG", "1")
    assert run(["generate", str(year)]) == 1
    shown = capfd.readouterr().err
    assert shown.startswith("Traceback (most recent call last):\n")
    assert shown.splitlines()[-1].startswith("scenred: a bug in scenred, at generate.py:")


def test_names_cannot_command_the_terminal(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    title = "\x1b]0;owned\x07"
    name = "\x9b31m\u202ewind"  # escape itself is refused in text
    rows = "".join(f"2019-01-{day + 1:02d},{day % 5},{day % 3}\n" for day in range(20))
    path = tmp_path / f"{title}.csv"
    path.write_text(f"time,{name},pv\n{rows}")
    table = tmp_path / "scenarios.csv"
    one = {"scenario": title, "probability": 1, "group": title, "values": {title: [1, 2]}}
    (tmp_path / "set.json").write_text(json.dumps({"scenario_set": 1, "scenarios": [one]}))

    assert run(["generate", str(path), "-k", "2", "--period", "24h", "-v", "-o", str(table)]) == 0
    for words in (
        ["inspect", str(path)],
        ["inspect", str(path), "--period", "6h"],
        ["evaluate", str(table), str(path), "-v", "--period", "24h"],
        ["generate", str(path), "-k", "2", "--period", "24h", "--capacity", "pv=1"],
        ["generate", str(path), "-k", "2", "--column", title],
        ["inspect", str(tmp_path / "set.json")],
        ["generate", str(tmp_path / "set.json"), "-k", "1", "-v", "--group-by", "group"],
        ["generate", title],
        ["generate", str(path), "--" + title],
        [title],
        ["export", str(table), "--to", title, "-o", "x"],
    ):
        run(words)

    out, err = capfd.readouterr()
    shown = "".join(line for line in out.splitlines(keepends=True) if line.count(",") < 4) + err
    assert "owned" in shown
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]", shown)
    assert name in table.read_text()

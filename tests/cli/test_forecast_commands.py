"""The commands sample, quantize and backtest: codes, streams, bad inputs, no look-ahead."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from io import StringIO
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from scenred import (
    InputError,
    RequestError,
    ScenredWarning,
    backtest,
    optimal_quantiles,
    read_history,
    sample,
)
from scenred.backtesting.rolling import outlooks
from scenred.cli.app import run
from scenred.forecasts.memory import check_memory
from scenred.options.rounds import Rounds
from scenred.options.sampling import Sampling

FAST = ["--margins", "empirical"]


@pytest.fixture(scope="module")
def past() -> pd.DataFrame:
    """Return 60 days of wind and PV, forecast and actual."""
    generator = np.random.default_rng(0)
    hours = pd.date_range("2019-04-01", periods=60 * 24, freq="h")
    sun = np.maximum(np.sin((hours.hour.to_numpy() - 6) / 12 * np.pi), 0).round(6)
    wind = 0.5 + 0.3 * np.sin(np.arange(60 * 24) / 17)
    error = np.convolve(generator.normal(0, 0.08, 60 * 24), np.ones(5) / 2, "same")
    cloud = np.repeat(generator.uniform(0.4, 1, 60), 24)
    return pd.DataFrame(
        {
            "time": hours.strftime("%Y-%m-%d %H:%M"),
            "wind_fc": wind.round(4),
            "wind_act": np.clip(wind + error, 0, 1).round(4),
            "pv_fc": (0.8 * sun).round(4),
            "pv_act": (cloud * sun).round(4),
        }
    )


@pytest.fixture
def files(past: pd.DataFrame, tmp_path: Path) -> tuple[str, str]:
    """Return a forecast of one day, and a history that ends the day before."""
    forecast, history = tmp_path / "forecast.csv", tmp_path / "history.csv"
    past.iloc[-24:][["time", "wind_fc", "pv_fc"]].to_csv(forecast, index=False)
    past.iloc[:-24].to_csv(history, index=False)
    return str(forecast), str(history)


def test_sample_writes_a_scenario_table(files: tuple[str, str], capfd: pytest.CaptureFixture[str]) -> None:
    code = run(["sample", files[0], "--history", files[1], "-n", "7", *FAST])

    out, err = capfd.readouterr()
    table = pd.read_csv(StringIO(out))
    assert (code, err) == (0, "")
    assert table.columns.tolist() == ["scenario", "probability", "start", "step", "wind", "pv"]
    assert len(table) == 7 * 24
    assert set(table["start"]) == {"2019-05-30T00:00:00"}
    assert (table.loc[table["step"].isin([0, 1, 22, 23]), "pv"] == 0).all()
    assert table[["wind", "pv"]].min().min() >= 0


def test_sample_pipes_into_generate(files: tuple[str, str]) -> None:
    program = f'"{sys.executable}" -m scenred'
    line = f'{program} sample "{files[0]}" --history "{files[1]}" -n 30 {" ".join(FAST)} | {program} generate - -k 4'

    done = subprocess.run(["bash", "-c", f"set -o pipefail; {line}"], capture_output=True, text=True, check=True)

    assert pd.read_csv(StringIO(done.stdout))["scenario"].nunique() == 4
    assert done.stderr == ""


@pytest.mark.parametrize("flags", [[], ["--dependence", "schaake"], ["--method", "wang2015", "--fragment-size", "9"]])
def test_same_bytes_every_time_and_others_by_seed(
    files: tuple[str, str], capfd: pytest.CaptureFixture[str], flags: list[str]
) -> None:
    def printed(seed: str) -> str:
        run(["sample", files[0], "--history", files[1], "-n", "6", "--seed", seed, *FAST, *flags])
        return capfd.readouterr().out

    assert printed("0") == printed("0")
    if "wang2015" not in flags:
        assert printed("0") != printed("1")


def test_wang2015_is_weighted_and_says_its_bound(files: tuple[str, str], capfd: pytest.CaptureFixture[str]) -> None:
    run(["sample", *files[:1], "--history", files[1], "-n", "5", "--method", "wang2015", "-v", *FAST])

    out, err = capfd.readouterr()
    probabilities = pd.read_csv(StringIO(out)).groupby("scenario")["probability"].first()
    assert probabilities.sum() == pytest.approx(1)
    assert probabilities.nunique() > 1
    assert "from the product of the margins" in err


def test_every_day_is_drawn_as_it_is_alone(past: pd.DataFrame) -> None:
    history, ahead = past.iloc[: 50 * 24], past.iloc[50 * 24 :]

    both = sample(ahead, history, 4, margins="empirical", capacity=1.0).scenarios
    alone = sample(ahead, history, 4, margins="empirical", capacity=1.0, day="2019-05-23").scenarios

    assert both.n_scenarios == 40
    np.testing.assert_array_equal(both.values[8:12], alone.values)


def test_history_after_the_first_day_is_not_used(past: pd.DataFrame) -> None:
    day = past.iloc[50 * 24 : 51 * 24]
    changed = past.copy()
    changed.loc[50 * 24 :, ["wind_act", "pv_act"]] = 0.123

    drawn = [sample(day, each, 5, margins="empirical", capacity=1.0) for each in (past, changed)]

    assert drawn[0].scenarios.values.tobytes() == drawn[1].scenarios.values.tobytes()
    assert drawn[0].n_history_days == 50


def test_two_files_are_one_history(past: pd.DataFrame) -> None:
    ahead, whole = past.iloc[-24:], past.iloc[:-24]
    forecasts = whole[["time", "wind_fc", "pv_fc"]].set_axis(["time", "wind", "pv"], axis=1)
    actuals = whole[["time", "wind_act", "pv_act"]].set_axis(["time", "wind", "pv"], axis=1)

    apart = sample(
        ahead[["time", "wind_fc", "pv_fc"]].set_axis(["time", "wind", "pv"], axis=1),
        forecasts,
        5,
        actual=actuals,
        margins="empirical",
    )
    together = sample(ahead, whole, 5, margins="empirical")

    assert apart.scenarios.values.tobytes() == together.scenarios.values.tobytes()


def test_hours_may_be_labelled_by_their_middle(past: pd.DataFrame) -> None:
    halves = past.copy()
    halves["time"] = [stamp[:-2] + "30" for stamp in past["time"]]

    drawn = sample(halves.iloc[-24:], halves.iloc[:-24], 3, margins="empirical", day="2019-05-30")

    same = sample(past.iloc[-24:], past.iloc[:-24], 3, margins="empirical")
    assert drawn.scenarios.values.tobytes() == same.scenarios.values.tobytes()


def test_pairs_are_given(past: pd.DataFrame) -> None:
    renamed = past.rename(columns={"wind_fc": "a", "wind_act": "b"})

    drawn = sample(renamed.iloc[-24:], renamed.iloc[:-24], 3, pairs=["breeze=a:b"], margins="empirical", time="time")

    assert drawn.scenarios.names == ["breeze"]


CAPACITIES = {"capacity": {"wind": 0.5}, "far": {"wind": 1e300}, "name": {"wnd": 2}}


def refused(past: pd.DataFrame, change: str) -> tuple[pd.DataFrame, pd.DataFrame, dict[str, object]]:
    ahead, history = past.iloc[-24:][["time", "wind_fc", "pv_fc"]].copy(), past.iloc[:-24].copy()
    options: dict[str, object] = {}
    if change == "short":
        history = history.iloc[-29 * 24 :]
    elif change == "hours":
        ahead = ahead.iloc[:-3]
    elif change == "partner":
        history = history.drop(columns="pv_act")
    elif change == "column":
        ahead = ahead.drop(columns="pv_fc")
    elif change == "more":
        ahead["load_fc"] = 1.0
    elif change == "negative":
        history.iloc[5, 2] = -0.1
    elif change == "n":
        options["n_scenarios"] = 0
    elif change in CAPACITIES:
        options["capacity"] = CAPACITIES[change]
    elif change == "day":
        options["day"] = "2018-01-01"
    elif change == "step":
        ahead["time"] = pd.date_range("2019-05-30", periods=24, freq="2h").strftime("%Y-%m-%d %H:%M")
    return ahead, history, options


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ("short", InputError, "holds 29 days before 2019-05-30; scenred needs at least 30 days"),
        ("hours", InputError, "day 2019-05-30 holds 21 of 24 steps"),
        ("partner", InputError, "column 'pv_fc' has no partner"),
        ("column", InputError, "there is no column 'pv_fc' or 'pv', which the history has"),
        ("more", InputError, "column 'load_fc' has no partner in the history"),
        ("negative", InputError, "wind_act is -0.1 at 2019-04-01 05:00:00"),
        ("n", RequestError, "the number of scenarios is 0"),
        ("capacity", RequestError, "the capacity of 'wind' is 0.5, and values up to"),
        ("far", RequestError, r"the capacity of 'wind' is 1e\+300, and no value above .* was seen"),
        ("name", RequestError, "did you mean 'wind'"),
        ("day", RequestError, "there is no whole day 2018-01-01"),
        ("step", InputError, "has a step of 0 days 02:00:00"),
    ],
)
def test_bad_input_is_refused_with_place_and_remedy(
    past: pd.DataFrame, change: str, error: type[Exception], message: str
) -> None:
    ahead, history, options = refused(past, change)

    with pytest.raises(error, match=message):
        sample(ahead, history, **options)  # type: ignore[arg-type]


def test_nothing_is_written_when_refused(
    files: tuple[str, str], tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    code = run(["sample", files[0], "--history", files[1], "-n", "0", "-o", str(tmp_path / "out.csv")])

    assert code == 4
    assert not (tmp_path / "out.csv").exists()
    assert capfd.readouterr().err.count("\n") == 1


def test_forecast_outside_the_past_is_said_and_bounded(past: pd.DataFrame) -> None:
    ahead = past.iloc[-24:].copy()
    ahead["wind_fc"] = 0.99

    with pytest.warns(ScenredWarning, match="24 forecasts lie outside the past range"):
        drawn = sample(ahead, past.iloc[:-24], 20, margins="empirical", capacity=1.0)

    assert drawn.scenarios.values.max() <= 1.0


@pytest.mark.parametrize("call", [sample, backtest, read_history])
def test_keyword_that_concerns_no_history_is_a_type_error(call: Any, past: pd.DataFrame) -> None:
    frames = [past, past] if call is sample else [past]

    with pytest.raises(TypeError, match="unexpected keyword 'period'; "):
        call(*frames, period="6h")


@pytest.mark.parametrize(
    ("numbers", "message"),
    [
        ({"days": 0}, "the number of days is 0; scenred needs a whole number of at least 1"),
        ({"refit": 0}, "the number of days between two fits is 0"),
        ({"k": 0}, "the number of scenarios to keep is 0"),
        ({"k": 9, "n_scenarios": 8}, "9 of 8 scenarios are to be kept; keep fewer, or draw more"),
    ],
)
def test_rounds_out_of_range_are_refused(numbers: dict[str, int], message: str) -> None:
    with pytest.raises(RequestError, match=message):
        Rounds(**numbers)


def test_backtest_never_looks_ahead(past: pd.DataFrame) -> None:
    changed = past.copy()
    changed.loc[58 * 24 :, ["wind_act", "wind_fc", "pv_act"]] = 0.42

    assert _first_days(past) == _first_days(changed)


def _first_days(history: pd.DataFrame) -> list[bytes]:
    """Return the forecasts of all methods for the first 4 of the last 6 days, byte by byte."""
    read = read_history(history, capacity=1.0)
    rounds = Rounds(days=6, n_scenarios=8, k=1, refit=3)
    found = outlooks(read, rounds, Sampling(margins="empirical"))
    return [outlook.values.tobytes() for day, _, outlook in found if day < read.n_days - 2]


def test_backtest_sees_what_matters(past: pd.DataFrame, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    past.to_csv(tmp_path / "history.csv", index=False)

    code = run(
        [
            "backtest",
            str(tmp_path / "history.csv"),
            "--days",
            "8",
            "-n",
            "60",
            "-k",
            "6",
            "--json",
            "-q",
            *FAST,
        ]
    )

    content = json.loads(capfd.readouterr().out)
    rows = {(row["method"], row["n_scenarios"]): row for row in content["rows"]}
    assert code == 0
    assert content["days"] == 8
    ours, alone = rows["gaussian", 60], rows["independent", 60]
    assert ours["energy_score"] < rows["climatology", next(n for m, n in rows if m == "climatology")]["energy_score"]
    assert ours["variogram_in_time"] < alone["variogram_in_time"]
    assert ours["crps"] < 0.9 * rows["raw forecast", 1]["crps"]
    assert {"wang2015"} <= {method for method, _ in rows}
    assert ("gaussian", 6) in rows


def test_crps_of_the_raw_forecast_is_its_absolute_error(past: pd.DataFrame) -> None:
    table = backtest(past, days=3, n_scenarios=5, k=2, margins="empirical", capacity=1.0).table

    last = past.iloc[-72:]
    error = (last["wind_fc"] - last["wind_act"]).abs().mean() + (last["pv_fc"] - last["pv_act"]).abs().mean()
    raw = float(table.set_index("method")["crps"].to_dict()["raw forecast"])
    assert raw == pytest.approx(error / 2)


def test_history_is_read_by_the_flags_of_reading(
    past: pd.DataFrame, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    dirty = past.copy()
    dirty.loc[past.index % 24 == 1, "pv_act"] = -0.02  # what the inverters draw at night
    dirty.loc[100, "wind_act"] = -999
    dirty.insert(0, "remark", ["ok"] * len(past))
    ugly, clean = tmp_path / "ugly.csv", tmp_path / "clean.csv"
    dirty.to_csv(ugly, index=False, sep=";", decimal=",")
    past.drop(past.index[96:120]).to_csv(clean, index=False)
    flags = ["--day", "2019-05-30", "-n", "5", "-q", *FAST]
    policy = ["--negative", "zero", "--missing", "drop", "--na", "-999"]

    code = run(["sample", str(ugly), "--history", str(ugly), *flags, *policy])
    drawn, err = capfd.readouterr()
    assert (code, err) == (0, "")
    run(["sample", str(clean), "--history", str(clean), *flags, "--missing", "drop"])

    assert drawn == capfd.readouterr().out


@pytest.mark.parametrize("command", ["sample", "backtest"])
def test_negative_values_and_gaps_are_refused_with_the_flag_that_reads_them(
    command: str, past: pd.DataFrame, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    history = str(tmp_path / "history.csv")
    line = [command, history, *(["--history", history] if command == "sample" else []), "-q", *FAST]
    for change, flag in ((-0.02, "pass --negative zero"), (np.nan, "--missing drop")):
        dirty = past.copy()
        dirty.loc[5, "wind_act"] = change
        dirty.to_csv(history, index=False)

        assert run(line) == 3

        out, err = capfd.readouterr()
        assert (out, err.count("\n")) == ("", 1)
        assert flag in err


@pytest.mark.filterwarnings("ignore::scenred.ScenredWarning")
def test_days_of_23_hours_need_a_word_and_then_are_read(past: pd.DataFrame) -> None:
    zoned = past.copy()
    utc = pd.date_range("2019-02-28 23:00", periods=len(past), freq="h", tz="UTC")
    zoned["time"] = utc.strftime("%Y-%m-%dT%H:%MZ")
    told = {"tz": "Europe/Berlin"}

    with pytest.raises(RequestError, match=r"days of 23 or 25 hours in Europe/Berlin .*pass dst='drop'"):
        sample(zoned, zoned, 3, day="2019-04-20", margins="empirical", reading=told)
    drawn = {
        dst: sample(zoned, zoned, 3, day="2019-04-20", margins="empirical", reading=told | {"dst": dst})
        for dst in ("drop", "regular", "keep-utc")
    }

    assert {dst: one.n_history_days for dst, one in drawn.items()} == {
        "drop": 49,
        "regular": 50,
        "keep-utc": 50,
    }
    assert drawn["drop"].days[0].isoformat() == "2019-04-20T00:00:00+02:00"


def test_forecast_in_another_zone_than_the_history_is_refused(past: pd.DataFrame) -> None:
    hours = pd.date_range("2019-04-01", periods=len(past), freq="h")
    history = past.assign(time=hours.strftime("%Y-%m-%dT%H:%M+00:00"))
    ahead = past.assign(time=hours.strftime("%Y-%m-%dT%H:%M+01:00")).iloc[-24:]

    with pytest.raises(InputError, match=r"days begin at 2019-05-30T00:00:00\+01:00, which is .* name it with tz"):
        sample(ahead, history, 3, margins="empirical")


def test_forecast_day_that_lacks_hours_is_dropped_when_told(past: pd.DataFrame) -> None:
    ahead = past.iloc[-72:].drop(past.index[-30])

    with pytest.raises(InputError, match="is missing"):
        sample(ahead, past, 3, margins="empirical")
    with (
        pytest.warns(ScenredWarning, match="1 steps missing; periods that hold one are dropped"),
        pytest.warns(ScenredWarning, match="1 periods with missing steps dropped"),
    ):
        drawn = sample(ahead, past, 3, margins="empirical", reading={"missing": "drop"})

    assert [day.day for day in drawn.days] == [28, 30]


def test_observations_of_tomorrow_may_be_empty_in_the_forecast(past: pd.DataFrame) -> None:
    ahead = past.iloc[-24:].copy()
    ahead[["wind_act", "pv_act"]] = np.nan

    drawn = sample(ahead, past.iloc[:-24], 3, margins="empirical")

    assert drawn.scenarios.n_scenarios == 3


def test_given_pairs_leave_dirt_in_other_columns_alone(past: pd.DataFrame) -> None:
    history = past.rename(columns={"wind_fc": "a", "wind_act": "b"})
    history.loc[3, "pv_act"] = np.nan
    ahead = history.iloc[-24:]

    drawn = sample(ahead, history, 3, pairs=["wind=a:b"], margins="empirical")

    assert drawn.scenarios.names == ["wind"]


def test_pair_of_the_other_file_is_refused(past: pd.DataFrame) -> None:
    forecasts, actuals = past[["time", "wind_fc"]], past[["time", "wind_act"]]

    with pytest.raises(RequestError, match="there is no column 'wind_act'"):
        sample(forecasts.iloc[-24:], forecasts, 3, actual=actuals, pairs=["wind=wind_act:wind_fc"])
    with pytest.raises(RequestError, match="'wind' is named twice"):
        sample(past, past, 3, pairs=["wind=wind_fc:wind_act", "wind=pv_fc:pv_act"])


def test_pair_called_pv_is_dark_at_night_whatever_its_columns_are_called(past: pd.DataFrame) -> None:
    renamed = past.rename(columns={"pv_fc": "fc", "pv_act": "act"})

    drawn = sample(renamed, renamed, 3, pairs=["pv=fc:act"], day="2019-05-30", margins="beta")

    assert drawn.scenarios.columns[0].kind == "pv"
    assert (drawn.scenarios.values[:, [0, 1, 22, 23]] == 0).all()


def test_capacities_are_in_megawatts_where_the_unit_is_told_and_clip(past: pd.DataFrame) -> None:
    day = {"day": "2019-05-30", "margins": "empirical"}
    kilowatts = past.assign(**{name: 1000 * past[name] for name in past.columns[1:]})
    told = sample(kilowatts, kilowatts, 3, capacity={"wind": 2}, reading={"unit": "kW"}, **day)  # type: ignore[arg-type]
    assert told.capacities == (2000, 1000 * past["pv_act"].max())
    # the largest value that is known is no capacity for those who read the scenarios
    assert [column.capacity for column in told.scenarios.columns] == [2000, None]

    with pytest.raises(RequestError, match="at least as large, or pass clip=True"):
        sample(past, past, 3, capacity={"wind": 0.5}, **day)  # type: ignore[arg-type]
    with pytest.warns(ScenredWarning, match=r"values clipped to \[0, capacity\]"):
        cut = sample(past, past, 3, capacity={"wind": 0.5}, reading={"clip": True}, **day)  # type: ignore[arg-type]
    assert cut.scenarios.values[:, :, 0].max() <= 0.5


def test_backtest_with_one_capacity_told_does_not_know_the_largest_value_to_come(past: pd.DataFrame) -> None:
    later = past.copy()
    later.loc[59 * 24 + 12, "pv_act"] = 0.95

    tables = [
        backtest(each, days=2, n_scenarios=5, k=2, refit=2, margins="empirical", capacity={"wind": 1.0})
        for each in (past, later)
    ]

    assert [column.capacity for column in tables[0].columns] == [column.capacity for column in tables[1].columns]


def test_manifest_beside_the_output_says_all_and_only_its_time_differs(files: tuple[str, str], tmp_path: Path) -> None:
    outputs = [tmp_path / "a.csv", tmp_path / "b.csv"]
    for output in outputs:
        assert (
            run(
                [
                    "sample",
                    files[0],
                    "--history",
                    files[1],
                    "-n",
                    "4",
                    "-o",
                    str(output),
                    "--seed",
                    "3",
                    *FAST,
                ]
            )
            == 0
        )

    tables = [output.read_bytes() for output in outputs]
    manifests = [json.loads(output.with_suffix(".manifest.json").read_text()) for output in outputs]
    assert tables[0] == tables[1]
    assert [manifest.pop("created")[:2] for manifest in manifests] == ["20", "20"]
    table = {"name": "a.csv", "sha256": hashlib.sha256(tables[0]).hexdigest()}
    described = [manifest.pop("outputs") for manifest in manifests]
    assert described == [{"table": table, "map": None}, {"table": table | {"name": "b.csv"}, "map": None}]
    assert manifests[0] == manifests[1]
    told = manifests[0]
    assert " ".join(told["options"]) == (
        "n_scenarios actual day pairs time capacity reading margins dependence method n_quantiles fragment_length "
        "fragment_size seed layout"
    )
    assert (told["options"]["margins"], told["options"]["dependence"], told["options"]["seed"]) == (
        "empirical",
        "gaussian",
        3,
    )
    for role, path in zip(("forecast", "history"), files, strict=True):
        assert told["inputs"][role]["sha256"] == hashlib.sha256(Path(path).read_bytes()).hexdigest()
    assert told["learnt_from"] == {"days": 59, "first": "2019-04-01T00:00:00", "last": "2019-05-29T00:00:00"}
    assert told["columns"][1] == {
        "name": "pv",
        "kind": "pv",
        "capacity": pytest.approx(float(pd.read_csv(files[1])["pv_act"].max())),
        "forecast": "pv_fc",
        "actual": "pv_act",
    }
    assert told["result"]["n_scenarios"] == 4


def test_manifest_goes_where_it_is_told_and_never_over_an_input(
    files: tuple[str, str], tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    line = ["sample", files[0], "--history", files[1], "-n", "3", *FAST]

    assert run([*line, "--manifest", str(tmp_path / "m.json")]) == 0
    assert run([*line, "--manifest", files[1]]) == 2
    assert "would replace its own input" in capfd.readouterr().err
    assert run([*line, "--manifest", "-"]) == 2
    assert json.loads((tmp_path / "m.json").read_text())["sample_manifest"] == 1


def test_quantize_reads_as_generate_does(past: pd.DataFrame, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    dirty = past.copy()
    dirty.loc[7, "wind_act"] = np.nan
    dirty.to_csv(tmp_path / "h.csv", index=False)
    line = ["quantize", str(tmp_path / "h.csv"), "--column", "wind_act", "-n", "2"]

    assert run(line) == 3
    assert "--missing" in capfd.readouterr().err
    assert run([*line, "--missing", "drop"]) == 0
    assert len(pd.read_csv(StringIO(capfd.readouterr().out))) == 2
    assert run([*line, "--missing", "drop", "--dst", "drop"]) == 2
    assert "No such option" in capfd.readouterr().err
    assert run(["quantize", "--distribution", "norm", "--tz", "UTC"]) == 2


def test_more_scenarios_than_memory_holds_are_refused_before_anything_is_learnt(
    files: tuple[str, str], tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    line = ["sample", files[0], "--history", files[1], "-o", str(tmp_path / "out.csv")]

    assert run([*line, "-n", "1000000"]) == 4

    out, err = capfd.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert "1,000,000 scenarios of 1 day take about 8.6 GB of memory; scenred takes up to 1 GB" in err
    assert list(tmp_path.glob("out*")) == []


def test_backtest_of_more_scenarios_than_memory_holds_is_refused_before_anything_is_learnt(
    files: tuple[str, str], capfd: pytest.CaptureFixture[str]
) -> None:
    code = run(["backtest", files[1], "--days", "2", "-n", "2000000", *FAST])

    out, err = capfd.readouterr()
    assert (code, out, err.count("\n")) == (4, "", 1)
    assert "2,000,000 scenarios of 1 day take about 16.9 GB of memory; scenred takes up to 1 GB" in err


def test_forecast_of_observations_only_names_the_column_that_is_missing(past: pd.DataFrame) -> None:
    ahead, history = past.iloc[-24:][["time", "wind_act"]], past[["time", "wind_fc", "wind_act"]]

    with pytest.raises(InputError, match=r"no column 'wind_fc'; .* with pairs=\('NAME=FORECAST:ACTUAL',\)"):
        sample(ahead, history, 3, margins="empirical")


def test_forecast_without_the_offsets_of_its_history_is_refused_with_the_zone(past: pd.DataFrame) -> None:
    hours = pd.date_range("2019-04-01", periods=len(past), freq="h")
    history = past.assign(time=hours.strftime("%Y-%m-%dT%H:%M+00:00"))

    with pytest.raises(InputError, match=r"the history has a zone and it has none; .* zone with tz"):
        sample(past.iloc[-24:], history, 3, margins="empirical")

    drawn = sample(past.iloc[-24:], history, 3, margins="empirical", reading={"tz": "UTC"})
    assert drawn.days[0].isoformat() == "2019-05-30T00:00:00+00:00"


def test_number_that_the_refusal_names_is_taken() -> None:
    with pytest.raises(
        RequestError, match=r"of each of 365 days take about .* holds 220; draw fewer, or one day"
    ) as met:
        check_memory(1000, 365, 24, 2)

    check_memory(220, 365, 24, 2)
    with pytest.raises(RequestError, match=r"up to 0\.43 GB, which holds 33"):  # in a small container
        check_memory(220, 365, 24, 2, 100_000_000)
    assert "day='YYYY-MM-DD'" in str(met.value)


def test_slow_densities_say_how_far_they_are() -> None:
    told: list[tuple[str, float]] = []

    optimal_quantiles(stats.t(4), 30, progress=lambda stage, fraction: told.append((stage, fraction)))

    assert [stage for stage, _ in told] == sorted(stage for stage, _ in told)
    assert {stage for stage, _ in told} == {"density", "points"}
    assert all(0 <= fraction <= 1 for _, fraction in told)


@pytest.mark.slow
def test_bars_of_the_public_year_are_reached(shared: Path) -> None:
    table = backtest(shared / "rts_gmlc" / "tidy_hourly_da_rt.csv", days=90).table

    best = table.groupby("method").first()
    best = best.drop(columns="rank_histogram").astype(float)
    ours, alone = best.loc["gaussian"], best.loc["independent"]
    assert ours["energy_score"] < min(alone["energy_score"], float(best["energy_score"]["climatology"]))
    assert ours["variogram_in_time"] < 0.9 * alone["variogram_in_time"]
    assert ours["variogram_score"] < alone["variogram_score"]
    assert 0.75 <= ours["coverage_80"] <= 0.85
    assert ours["crps"] < 0.85 * float(best["crps"]["raw forecast"])


def test_quantize_writes_points(capfd: pytest.CaptureFixture[str]) -> None:
    code = run(["quantize", "--distribution", "uniform", "-n", "2"])

    assert (code, capfd.readouterr().out) == (0, "point,probability\n0.25,0.5\n0.75,0.5\n")


def test_quantize_takes_columns_atoms_and_tells_the_formula(
    files: tuple[str, str], capfd: pytest.CaptureFixture[str]
) -> None:
    run(["quantize", files[1], "--column", "wind_act", "-n", "3", "--smooth", "--atom", "0=0.2", "--json"])

    told = json.loads(capfd.readouterr().out)
    assert told["distortion"] <= told["formula_distortion"]
    assert sum(told["probabilities"]) == pytest.approx(1)
    assert told["residual"] <= 1e-10


@pytest.mark.parametrize(
    ("flags", "code", "message"),
    [
        ([], 2, "give an INPUT or a --distribution"),
        (["--distribution", "norm", "-n", "0"], 4, "0 points are asked for"),
        (["--distribution", "bta:2,5"], 4, "did you mean 'beta'"),
        (
            ["--distribution", "beta:2"],
            2,
            "it has 1 parameters, and beta takes the shape parameters a, b, then",
        ),
        (["--distribution", "beta"], 2, "write beta:A,B"),
        (["--distribution", "norm:1,2,3"], 2, "norm takes no shape parameter, then location and scale"),
        (["--distribution", "norm", "--atom", "0"], 2, "--atom 0; scenred needs VALUE=P, such as 0=0.3"),
        (["--distribution", "norm", "--atom", "x=0.1"], 2, "no number before"),
        (["--distribution", "norm", "--atom", "0=1.5"], 4, "a sum below 1"),
        (["--distribution", "cauchy"], 4, "no finite moment"),
    ],
)
def test_quantize_refuses(flags: list[str], code: int, message: str, capfd: pytest.CaptureFixture[str]) -> None:
    assert run(["quantize", *flags]) == code

    out, err = capfd.readouterr()
    assert out == ""
    assert err.count("\n") == 1
    assert message in err


@pytest.mark.parametrize("line", [["sample", "{0}", "--history", "{1}"], ["backtest", "{1}", "--days", "3"]])
def test_file_of_plants_is_no_capacity_of_pairs(
    line: list[str], files: tuple[str, str], capfd: pytest.CaptureFixture[str]
) -> None:
    code = run([part.format(*files) for part in line] + ["--capacity", "plants.csv", *FAST])

    out, err = capfd.readouterr()
    assert (code, out) == (2, "")
    assert err.startswith("scenred: --capacity plants.csv: this command takes no table of plants")
    assert err.count("\n") == 1


@pytest.mark.parametrize(
    ("flags", "message"),
    [
        (["--quantiles", "9"], "add --method wang2015"),
        (["--fragment-size", "7"], "add --method wang2015"),
        (["--method", "wang2015", "--dependence", "schaake"], "--dependence schaake is not for wang2015"),
    ],
)
def test_flags_of_the_other_method_are_refused(
    flags: list[str], message: str, files: tuple[str, str], capfd: pytest.CaptureFixture[str]
) -> None:
    code = run(["sample", files[0], "--history", files[1], *flags])

    out, err = capfd.readouterr()
    assert (code, out) == (2, "")
    assert message in err
    assert err.count("\n") == 1

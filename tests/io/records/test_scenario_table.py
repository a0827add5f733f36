"""Reading a scenario table back, in any order and layout."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from scenred import InputError, RequestError, ScenarioSet, apply, generate, read_input, read_scenarios
from scenred.io.records.manifest import manifest_text
from scenred.io.storage.csv import to_csv
from scenred.options.exporting import Layout

Frame = Callable[..., pd.DataFrame]


@pytest.fixture
def reduced(hourly_frame: Frame) -> ScenarioSet:
    return generate(hourly_frame(24 * 30), 4).scenarios


def assert_same(one: ScenarioSet, other: ScenarioSet) -> None:
    assert np.array_equal(one.values, other.values)
    assert np.array_equal(one.probabilities, other.probabilities)
    assert one.names == other.names
    assert (one.starts is None) == (other.starts is None)
    if one.starts is not None and other.starts is not None:
        assert list(one.starts) == list(other.starts)


@pytest.mark.parametrize("layout", ["long", "wide"])
def test_what_was_written_reads_back_to_the_bit(tmp_path: Path, reduced: ScenarioSet, layout: Layout) -> None:
    path = tmp_path / "set.csv"
    path.write_text(to_csv(reduced.to_frame(layout)), encoding="utf-8")

    assert_same(read_scenarios(path), reduced)


@pytest.mark.parametrize("layout", ["long", "wide"])
def test_shuffled_rows_change_nothing(reduced: ScenarioSet, layout: Layout) -> None:
    shuffled = reduced.to_frame(layout).sample(frac=1, random_state=1)

    assert_same(read_scenarios(shuffled), reduced)


def test_labels_order_scenarios_without_start() -> None:
    table = pd.DataFrame({"scenario": ["b", "10", "2"], "probability": [0.2, 0.3, 0.5], "step": 0, "wind": [1.0, 2, 3]})

    scenarios = read_scenarios(table)

    assert scenarios.labels == ("2", "10", "b")
    assert scenarios.values.ravel().tolist() == [3, 2, 1]


def test_scenarios_of_one_start_are_allowed() -> None:
    table = pd.DataFrame({"scenario": [2, 1], "probability": 0.5, "start": "2020-06-01", "step": 0, "wind": [1.0, 2]})

    assert read_scenarios(table).labels == ("1", "2")


def test_time_stands_for_step() -> None:
    times = ["2019-01-01 01:00", "2019-01-01 00:00", "2019-03-01 00:00", "2019-03-01 01:00"]
    table = pd.DataFrame({"scenario": [1, 1, 2, 2], "probability": 0.5, "time": times, "wind": [1.0, 2, 3, 4]})

    assert read_scenarios(table).values[:, :, 0].tolist() == [[2, 1], [3, 4]]


def test_times_give_start_and_step() -> None:
    times = ["2019-01-01 00:00", "2019-01-01 00:30", "2019-03-01 00:00", "2019-03-01 00:30"]
    table = pd.DataFrame({"scenario": [1, 1, 2, 2], "probability": 0.5, "time": times, "wind": [1.0, 2, 3, 4]})

    scenarios = read_scenarios(table)

    assert scenarios.step == pd.Timedelta("30min")
    assert scenarios.starts is not None
    assert scenarios.starts[1] == pd.Timestamp("2019-03-01")


def test_times_of_different_steps_are_refused() -> None:
    times = ["2019-01-01 00:00", "2019-01-01 00:30", "2019-03-01 00:00", "2019-03-01 01:00"]
    table = pd.DataFrame({"scenario": [1, 1, 2, 2], "probability": 0.5, "time": times, "wind": [1.0, 2, 3, 4]})

    with pytest.raises(InputError, match="row 3: scenario '2' has another step here"):
        read_scenarios(table)


def test_labels_are_text(tmp_path: Path) -> None:
    path = tmp_path / "set.csv"
    path.write_text("scenario,probability,step,wind\n01,0.5,0,1\n1,0.5,0,2\n")

    assert read_scenarios(path).labels == ("01", "1")


def test_probabilities_are_the_weights_of_a_reduction() -> None:
    table = pd.DataFrame({"scenario": [1, 2, 3], "probability": [0.1, 0.1, 0.8], "step": 0, "wind": [0.0, 0.4, 1.0]})

    reduction = generate(table, 1, metric="pointwise")

    assert reduction.medoids.tolist() == [2]
    assert reduction.cost == pytest.approx(0.1 * 1.0 + 0.1 * 0.6)


def test_a_result_is_an_input_again(reduced: ScenarioSet) -> None:
    again = generate(reduced.to_frame(), 2)

    assert again.scenarios.starts is not None
    assert reduced.starts is not None
    assert set(again.scenarios.starts) <= set(reduced.starts)
    assert again.original.n_scenarios == 4
    assert again.scenarios.probabilities.sum() == pytest.approx(1, abs=1e-12)


LONG = {"scenario": [1, 1, 2, 2], "probability": [0.5] * 4, "step": [0, 1, 0, 1], "wind": [1.0, 2, 3, 4]}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            {"probability": [0.5, 0.4, 0.5, 0.5]},
            "row 1: probability is 0.4 where the scenario began with 0.5",
        ),
        ({"probability": [0.4, 0.4, 0.5, 0.5]}, "the frame: the probabilities of 2 scenarios sum to 0.9"),
        ({"probability": [1.4, 1.4, -0.4, -0.4]}, "row 2: probability is -0.4"),
        ({"step": [0, 0, 0, 1]}, "row 1: scenario '1' has a step twice"),
        ({"step": [0, 1, 0, 2]}, "row 3: scenario '2' has another step here than scenario '1'"),
        ({"step": [0, 5, 0, 5]}, "row 0: scenario '1' leaves a step out"),
        ({"step": [2, 3, 2, 3]}, "row 0: scenario '1' leaves a step out"),
        ({"scenario": [None, 1, 2, 2]}, "row 0: scenario is empty"),
        ({"scenario": [1, 1, 1, 2], "step": [0, 1, 2, 0]}, "scenario '2' has 1 rows and scenario '1' has 3"),
        ({"scenario": ["1", "", "2", "2"]}, "row 1: scenario is empty"),
        ({"start": ["2019-01-01", "2019-01-02", "2019-02-01", "2019-02-01"]}, "row 1: start is 2019-01-02"),
        ({"wind": [1.0, 2, np.nan, 4]}, "row 2: wind is empty"),
    ],
)
def test_tables_that_contradict_themselves_are_refused(change: dict[str, list[object]], message: str) -> None:
    with pytest.raises(InputError, match=message):
        read_scenarios(pd.DataFrame(LONG | change))


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ({"wind_0": [1, 2], "wind_2": [1, 2]}, "wind_1 is missing"),
        ({"wind_0": [1, 2], "pv_0": [1, 2], "pv_1": [1, 2]}, "wind_1 is missing"),
        ({"wind_0": [1, 2], "wind_00": [1, 2]}, "are one step"),
        ({"wind": [1, 2]}, "does not end in a step"),
        ({}, "no column of values"),
    ],
)
def test_wide_tables_with_holes_are_refused(columns: dict[str, list[int]], message: str) -> None:
    with pytest.raises(InputError, match=message):
        read_scenarios(pd.DataFrame({"scenario": [1, 2], "probability": 0.5} | columns))


def test_scenario_twice_in_a_wide_table_is_refused() -> None:
    with pytest.raises(InputError, match="row 1: the scenario is duplicated"):
        read_scenarios(pd.DataFrame({"scenario": [1, 1], "probability": 0.5, "wind_0": [1, 2]}))


def test_series_is_no_scenario_table(hourly_frame: Frame) -> None:
    with pytest.raises(InputError, match="is not a scenario table"):
        read_scenarios(hourly_frame())


def test_scenario_table_cannot_be_cut_again() -> None:
    with pytest.raises(RequestError, match="already cut"):
        read_input(pd.DataFrame(LONG), period="24h")


MIXED = ["2023-03-01T00:00+01:00", "2023-06-01T00:00+02:00", "2023-06-04T00:00+02:00", "2023-12-01T00:00+01:00"]
TIMES = [start.replace("T00", f"T0{hour}") for start in MIXED for hour in (0, 1)]


def mixed_offsets() -> pd.DataFrame:
    """Return days of a zone whose clock changes, of which the table knows the offsets only."""
    rows = np.arange(4).repeat(2)
    return pd.DataFrame(
        {
            "scenario": rows + 1,
            "probability": 0.25,
            "start": np.array(MIXED)[rows],
            "step": [0, 1] * 4,
            "wind": rows / 4,
        }
    )


def test_offsets_that_change_stay_those_of_each_start() -> None:
    scenarios = read_scenarios(mixed_offsets())

    assert scenarios.stamps == [start.replace("00:00+", "00:00:00+") for start in MIXED]
    assert scenarios.zone is None
    assert scenarios.to_frame()["start"].unique().tolist() == scenarios.stamps
    assert read_scenarios(mixed_offsets().drop(columns="step").assign(time=TIMES)).stamps == scenarios.stamps


def test_months_and_dates_are_those_of_the_clock_where_offsets_change() -> None:
    by_month = generate(mixed_offsets(), {"march": 1, "june": 1, "december": 1}, group_by="month", metric="pointwise")
    on_a_date = generate(mixed_offsets(), 1, include=["2023-06-04"], metric="pointwise")
    at_a_moment = generate(mixed_offsets(), 1, include=["2023-06-03T22:00Z"], metric="pointwise")

    assert by_month.scenarios.groups == ("march", "june", "december")
    assert on_a_date.scenarios.stamps == at_a_moment.scenarios.stamps == ["2023-06-04T00:00:00+02:00"]


def test_a_manifest_of_offsets_that_change_can_be_applied(tmp_path: Path) -> None:
    hours = pd.date_range("2023-01-01", "2024-01-01", freq="h", tz="UTC")
    table = mixed_offsets().drop(columns="step").assign(time=TIMES)
    reduction = generate(table, 2, metric="pointwise")
    (tmp_path / "s.manifest.json").write_text(manifest_text(reduction, {}, {"table": None, "map": None}))

    load = apply(tmp_path / "s.manifest.json", pd.DataFrame({"load": np.arange(len(hours)) * 1.0}, index=hours))

    times = pd.to_datetime(reduction.scenarios.stamps or [], utc=True)
    assert load.values[:, 0, 0].tolist() == hours.get_indexer(times).tolist()

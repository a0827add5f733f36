"""What refusals of gaps, columns and several files say is counted from the file, and works when it is followed."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from scenred import InputError, ScenredWarning, Series, read_series

Read = Callable[[Path, str], tuple[Series, str]]
HOURS = pd.date_range("2019-01-01", periods=24 * 365, freq="h")


@pytest.fixture
def frame() -> pd.DataFrame:
    values = np.random.default_rng(4).random((len(HOURS), 2)).round(3)
    return pd.DataFrame(values, columns=["wind", "pv"]).assign(time=HOURS)[["time", "wind", "pv"]]


def write(frame: pd.DataFrame, path: Path) -> Path:
    path.parent.mkdir(exist_ok=True)
    frame.to_csv(path, index=False)
    return path


def test_all_missing_cells_are_counted_and_the_longest_gap_is_filled(frame: pd.DataFrame, tmp_path: Path) -> None:
    frame.loc[100:104, "wind"] = np.nan
    frame.loc[[300, 500, 501], "pv"] = np.nan
    path = write(frame, tmp_path / "a.csv")

    met = re.escape("(8 cells are missing: 5 of wind, 3 of pv)")
    with pytest.raises(InputError, match=rf"{met}.*missing='drop' or missing='interpolate:5'"):
        read_series(path)
    with pytest.warns(ScenredWarning, match="8 values interpolated"):
        read_series(path, missing="interpolate:5")


@pytest.mark.parametrize("row", [0, len(HOURS) - 1])
def test_open_end_is_not_said_to_be_filled(frame: pd.DataFrame, row: int, tmp_path: Path) -> None:
    frame.loc[row, "wind"] = np.nan
    path = write(frame, tmp_path / "a.csv")

    with pytest.raises(InputError, match=r"pass missing='drop', or name the columns"):
        read_series(path)


def test_missing_rows_are_filled_by_the_length_that_is_named(frame: pd.DataFrame, tmp_path: Path) -> None:
    path = write(frame.drop(index=range(50, 57)), tmp_path / "a.csv")

    with pytest.raises(InputError, match="missing='drop' or missing='interpolate:7'"):
        read_series(path)
    with pytest.warns(ScenredWarning, match="14 values interpolated"):
        read_series(path, missing="interpolate:7")


def test_gaps_that_are_too_long_are_told_at_once(frame: pd.DataFrame, tmp_path: Path) -> None:
    for begin, length in ((100, 5), (200, 9), (400, 4)):
        frame.loc[begin : begin + length - 1, "wind"] = np.nan
    frame.loc[700:703, "pv"] = np.nan
    path = write(frame, tmp_path / "a.csv")

    met = re.escape("4 such gaps in all (3 of wind, 1 of pv); pass missing='interpolate:9' or missing='drop'")
    with pytest.raises(InputError, match=met):
        read_series(path, missing="interpolate")
    with pytest.warns(ScenredWarning, match="22 values interpolated"):
        read_series(path, missing="interpolate:9")


def test_gap_at_an_end_leaves_only_dropping(frame: pd.DataFrame, tmp_path: Path) -> None:
    frame.loc[:50, "wind"] = np.nan
    frame.loc[100:110, "wind"] = np.nan
    path = write(frame, tmp_path / "a.csv")

    with pytest.raises(InputError, match=r"at an end of the series; 2 such gaps in all .*; pass missing='drop'$"):
        read_series(path, missing="interpolate:2")


def test_column_without_any_value_is_left_out_as_advised(
    frame: pd.DataFrame, tmp_path: Path, read_as_advised: Read
) -> None:
    path = write(frame.assign(gas=np.nan, coal=np.nan), tmp_path / "a.csv")

    series, flags = read_as_advised(path, "")

    assert (series.names, flags) == (["wind", "pv"], "--column wind --column pv")


@pytest.mark.parametrize("first_month", [10, 12])
def test_column_that_begins_later_in_a_folder_of_months_is_named(
    frame: pd.DataFrame, first_month: int, tmp_path: Path, read_as_advised: Read
) -> None:
    for month, part in frame.groupby(frame.time.dt.month):
        write(part.assign(offshore=1.5) if month >= first_month else part, tmp_path / "months" / f"{month:02d}.csv")

    with pytest.raises(
        InputError, match=rf"{first_month}\.csv: has offshore from 2019-{first_month}-01 00:00:00 on, unlike"
    ):
        read_series(tmp_path / "months")
    series, flags = read_as_advised(tmp_path / "months", "")

    assert flags == "--column wind --column pv"
    assert np.array_equal(series.values, frame[["wind", "pv"]].to_numpy())


def test_one_month_with_a_column_more_is_named(frame: pd.DataFrame, tmp_path: Path, read_as_advised: Read) -> None:
    for month, part in frame.groupby(frame.time.dt.month):
        write(part.assign(test=1.5) if month == 6 else part, tmp_path / "months" / f"{month:02d}.csv")

    series, _ = read_as_advised(tmp_path / "months", "")

    assert np.array_equal(series.values, frame[["wind", "pv"]].to_numpy())


def test_columns_in_another_order_are_the_same_columns(frame: pd.DataFrame, tmp_path: Path) -> None:
    for month, part in frame.groupby(frame.time.dt.month):
        write(part[["time", "pv", "wind"]] if month > 6 else part, tmp_path / "months" / f"{month:02d}.csv")

    series = read_series(tmp_path / "months")

    assert np.array_equal(series.values, frame[["wind", "pv"]].to_numpy())


def test_columns_that_are_left_out_are_listed_with_the_reason(frame: pd.DataFrame, tmp_path: Path) -> None:
    nothing = frame[["time"]].assign(
        status="ok", quality=1, wind_capacity=5.0, latitude=52.5, hour_of_year=range(len(frame))
    )
    path = write(nothing, tmp_path / "a.csv")

    met = (
        "status (text), quality (called as a mark of rows), wind_capacity (called as a capacity), "
        "latitude (where a site is), hour_of_year (called as a part of the time)"
    )
    with pytest.raises(InputError, match=re.escape(met)):
        read_series(path)


def test_constant_number_is_no_time(frame: pd.DataFrame, tmp_path: Path) -> None:
    path = write(frame[["wind"]].assign(mark=999_999_999), tmp_path / "a.csv")

    with pytest.raises(InputError, match="no column holds times") as refusal:
        read_series(path)

    assert "unix" not in str(refusal.value)

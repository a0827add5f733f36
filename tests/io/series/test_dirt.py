"""What is wrong with files: refused with what to do, or treated as the options say, and counted."""

from __future__ import annotations

import gzip
import io
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from scenred import (
    InputError,
    Reading,
    RequestError,
    ScenredWarning,
    UsageError,
    read_input,
    read_scenarios,
    read_series,
)
from scenred.api.inputs import InputOptions
from scenred.io.storage.csv import to_csv

Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def write_csv(content: str | bytes, name: str = "year.csv") -> Path:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write_csv


def hours(n: int, start: str = "2020-03-01", **columns: Any) -> pd.DataFrame:
    times = pd.date_range(start, periods=n, freq="h")
    frame = pd.DataFrame({"time": times.strftime("%Y-%m-%d %H:%M"), "wind": np.arange(n, dtype=float)})
    return frame.assign(**columns)


def test_a_missing_hour_is_refused_and_shifts_no_day() -> None:
    frame = hours(96).drop(index=30)

    with pytest.raises(InputError, match=r"row 30: 1 row is missing between 2020-03-02 05:00:00 and .* 07:00:00"):
        read_input(frame)
    with (
        pytest.warns(ScenredWarning, match="1 steps missing"),
        pytest.warns(ScenredWarning, match="1 periods with missing steps dropped"),
    ):
        days = read_input(frame, reading=Reading(missing="drop"))

    assert days.values[:, 0, 0].tolist() == [0, 48, 72]
    assert days.source is not None
    assert dict(days.source.changes) == {"steps missing": 1, "periods with missing steps dropped": 1}


def test_a_hole_of_thirty_days_is_dropped_only_on_request() -> None:
    frame = hours(24 * 60).drop(index=range(24 * 10, 24 * 40))

    with pytest.raises(InputError, match="720 rows are missing"):
        read_input(frame)
    with pytest.warns(ScenredWarning, match="720 steps"), pytest.warns(ScenredWarning, match="30 periods"):
        assert read_input(frame, reading=Reading(missing="drop")).n_scenarios == 30


def test_interpolation_draws_a_line_and_counts() -> None:
    frame = hours(48).drop(index=[5, 6])
    frame.loc[10, "wind"] = np.nan

    with pytest.warns(ScenredWarning, match="3 values interpolated"):
        series = read_series(frame, reading=Reading(missing="interpolate:2"))

    assert series.values[:, 0].tolist() == pytest.approx(list(range(48)), abs=1e-12)
    with pytest.raises(InputError, match=r"from 2020-03-01 05:00:00 to 2020-03-01 06:00:00, 2 steps, more than the 1"):
        read_series(frame, reading=Reading(missing="interpolate:1"))


@pytest.mark.parametrize("mark", ["n/e", "-", "", "NaN", "N/A", "null"])
def test_marks_of_missing_values_are_refused_or_dropped(write: Write, mark: str) -> None:
    path = write(to_csv(hours(72).astype({"wind": object})).replace(",30.0\n", f",{mark}\n"))

    with pytest.raises(InputError, match=r":32: wind is .* at 2020-03-02 06:00:00; .*missing='drop'"):
        read_series(path)
    with pytest.warns(ScenredWarning):
        assert read_input(path, reading=Reading(missing="drop")).n_scenarios == 2


def test_minus_999_is_not_a_power_by_default(write: Write) -> None:
    path = write(to_csv(hours(48)).replace(",7.0\n", ",-999\n"))

    with pytest.raises(InputError, match=r":9: wind is -999 .*na=\('-999',\) with missing='drop'"):
        read_series(path)
    with pytest.warns(ScenredWarning):
        assert read_input(path, reading=Reading(na=("-999",), missing="drop")).n_scenarios == 1
    assert read_series(path, reading=Reading(negative="keep")).values.min() == -999


def test_identical_rows_are_dropped_with_a_count_and_others_refused() -> None:
    frame = hours(24)
    same = pd.concat([frame, frame.iloc[[-1]]])
    other = pd.concat([frame, frame.iloc[[-1]].assign(wind=99.0)])

    with pytest.warns(ScenredWarning, match="1 identical rows dropped"):
        assert len(read_series(same).values) == 24
    with pytest.raises(InputError, match=r"is duplicated with different values.*duplicates='first', last or mean"):
        read_series(other)
    for policy, value in (("first", 23.0), ("last", 99.0), ("mean", 61.0)):
        with pytest.warns(ScenredWarning, match="1 rows of a time joined"):
            assert read_series(other, reading=Reading(duplicates=policy)).values[-1, 0] == value  # type: ignore[arg-type]


def test_disordered_rows_are_refused_or_sorted() -> None:
    frame = hours(24).sample(frac=1, random_state=1)

    with pytest.raises(InputError, match=r"comes after.*sort=True"):
        read_series(frame)
    with pytest.warns(ScenredWarning, match="rows moved by sorting"):
        assert read_series(frame, reading=Reading(sort=True)).values[:, 0].tolist() == list(range(24))


def test_negative_values_are_kept_zeroed_or_refused() -> None:
    frame = hours(24).assign(wind=lambda data: data["wind"] - 2)

    assert read_series(frame).values.min() == -2
    with pytest.warns(ScenredWarning, match="2 negative values set to zero"):
        assert read_series(frame, reading=Reading(negative="zero")).values.min() == 0
    with pytest.raises(InputError, match=r"2 values are negative \(2 of wind\)"):
        read_series(frame, reading=Reading(negative="error"))


def test_values_above_capacity_are_counted_and_clipped_on_request() -> None:
    with pytest.warns(ScenredWarning, match="3 values are above their capacity"):
        assert read_series(hours(24), capacity=20.0).values.max() == 23
    with pytest.warns(ScenredWarning, match="3 values clipped"):
        assert read_series(hours(24), capacity=20.0, reading=Reading(clip=True)).values.max() == 20
    with pytest.raises(RequestError, match="clip=True needs to know the capacity"):
        read_series(hours(24), reading=Reading(clip=True))


def test_capacities_come_from_a_table_of_plants(write: Write) -> None:
    path = write("GEN UID,Bus ID,PMax MW\nother,1,7\nwind,2,120.5\n", "plants.csv")

    assert read_series(hours(24), capacity=str(path)).columns[0].capacity == 120.5


@pytest.mark.parametrize(
    ("unit", "capacity", "scale"),
    [("kW", 0.12, 120), ("MW", 120, 120), ("percent", None, 100), ("cf", None, 1)],
)
def test_units_set_the_scale_and_leave_the_values(unit: Any, capacity: float | None, scale: float) -> None:
    frame = hours(24).assign(wind=0.5)

    series = read_series(frame, capacity=capacity, reading=Reading(unit=unit))

    assert series.columns[0].capacity == scale
    assert series.values.max() == 0.5


def test_means_over_longer_steps_are_said_and_exact() -> None:
    with pytest.warns(ScenredWarning, match=r"48 steps of .* are averaged to 16 of 0 days 03:00:00"):
        series = read_series(hours(48), reading=Reading(resample="3h"))

    assert series.values[:, 0].tolist() == np.arange(48).reshape(-1, 3).mean(axis=1).tolist()
    with pytest.raises(RequestError, match="choose a multiple"):
        read_series(hours(48), reading=Reading(resample="90min"))


def test_the_double_hour_is_refused_when_it_is_ambiguous(write: Write) -> None:
    local = pd.date_range("2020-10-24", "2020-10-27", freq="h", inclusive="left", tz="Europe/Berlin")
    frame = pd.DataFrame({"time": local.strftime("%Y-%m-%d %H:%M"), "wind": np.arange(len(local))})
    path = write(to_csv(frame.drop(index=27)))  # one of the two hours at 02:00

    with pytest.raises(InputError, match=r":28: 2020-10-25 02:00:00 is two moments in Europe/Berlin.*is in one row"):
        read_series(path, reading=Reading(tz="Europe/Berlin"))
    with pytest.raises(
        InputError,
        match=r"is duplicated, as where a clock is put back; name the zone and what to do with days",
    ):
        read_series(write(to_csv(frame)))


def test_pv_without_sun_does_not_hide_the_double_hour(write: Write) -> None:
    local = pd.date_range("2020-10-24", "2020-10-27", freq="h", inclusive="left", tz="Europe/Berlin")
    path = write(to_csv(pd.DataFrame({"time": local.strftime("%Y-%m-%d %H:%M"), "pv": np.zeros(len(local))})))

    with pytest.raises(InputError, match="is duplicated, as where a clock is put back; name the zone"):
        read_series(path)


def test_a_time_that_the_zone_leaves_out_is_refused() -> None:
    with pytest.raises(InputError, match="there is no time 2020-03-29 02:00:00 in Europe/Berlin"):
        read_series(hours(48, "2020-03-28"), reading=Reading(tz="Europe/Berlin"))


def test_an_unknown_zone_is_a_usage_error() -> None:
    with pytest.raises(UsageError, match="did you mean 'Europe/Berlin'"):
        read_series(hours(24), reading=Reading(tz="Europe/Berlim"))


@pytest.mark.parametrize(("days", "is_clear"), [(10, False), (40, True)])
def test_day_and_month_are_decided_by_rows_or_by_the_caller(days: int, is_clear: bool) -> None:
    times = pd.date_range("2020-02-01", periods=days, freq="D")
    frame = pd.DataFrame({"time": times.strftime("%d/%m/%Y"), "wind": 1.0})
    one_day = pd.DataFrame({"time": [f"01/02/2020 {hour:02d}:00" for hour in range(24)], "wind": 1.0})

    assert read_series(frame).start == pd.Timestamp("2020-02-01")
    assert is_clear == (days > 12)
    with pytest.raises(InputError, match=r"day-first or month-first.*time_format='dmy' or mdy"):
        read_series(one_day)
    assert read_series(one_day, reading=Reading(time_format="mdy")).start == pd.Timestamp("2020-01-02")
    assert read_series(one_day, reading=Reading(time_format="%d/%m/%Y %H:%M")).start == pd.Timestamp("2020-02-01")


def test_files_are_joined_side_by_side_and_one_after_the_other(write: Write) -> None:
    first, second = write(to_csv(hours(48)), "a.csv"), write(to_csv(hours(48, "2020-03-03")), "b.csv")
    other = write(to_csv(hours(48).rename(columns={"wind": "pv"})), "c.csv")
    same = write(to_csv(hours(48)), "d.csv")

    assert len(read_series([first, second]).values) == 96
    assert [column.name for column in read_series([first, other]).columns] == ["wind", "pv"]
    assert [column.name for column in read_series([first, same]).columns] == ["a", "d"]
    with pytest.raises(InputError, match="24 rows are missing between"):
        read_series([first, write(to_csv(hours(48, "2020-03-04")), "e.csv")])


def test_a_folder_is_its_files(write: Write, tmp_path: Path) -> None:
    (tmp_path / "sites").mkdir()
    for name in ("north", "south"):
        write(to_csv(hours(24).rename(columns={"wind": "value"})), f"sites/{name}.csv")

    assert [column.name for column in read_series(tmp_path / "sites").columns] == ["north", "south"]


def test_weights_make_probabilities() -> None:
    table = pd.DataFrame(
        {"scenario": [1, 1, 2, 2], "weight": [90, 90, 275, 275], "step": [0, 1, 0, 1], "wind": [1.0, 2, 3, 4]}
    )

    assert read_scenarios(table).probabilities.tolist() == pytest.approx([90 / 365, 275 / 365], abs=1e-15)
    with pytest.raises(InputError, match="row 1: weight is -90"):
        read_scenarios(table.assign(weight=[90, -90, 275, 275]))


@pytest.mark.parametrize("extra", ["parquet", "excel", "netcdf"])
def test_other_formats_hold_the_same_series(tmp_path: Path, extra: str) -> None:
    frame = hours(48).assign(time=lambda data: pd.to_datetime(data["time"]))
    path = tmp_path / "year"
    if extra == "parquet":
        pytest.importorskip("pyarrow")
        frame.to_parquet(path)
    elif extra == "excel":
        pytest.importorskip("openpyxl")
        frame.to_excel(path.with_suffix(".xlsx"), index=False, startrow=3)
        path = path.with_suffix(".xlsx")
    else:
        pytest.importorskip("h5netcdf")
        frame.set_index("time").to_xarray().to_netcdf(path, engine="h5netcdf")

    series = read_series(path)

    assert series.start == pd.Timestamp("2020-03-01")
    assert series.values[:, 0].tolist() == list(range(48))


def test_variables_of_a_grid_are_noted_and_sites_are_columns(tmp_path: Path) -> None:
    xarray = pytest.importorskip("xarray")
    pytest.importorskip("h5netcdf")
    times = pd.date_range("2020-03-01", periods=48, freq="1h")
    data = xarray.Dataset(
        {
            "power": (("time", "site"), np.arange(96.0).reshape(48, 2)),
            "speed": (("time", "y", "x"), np.zeros((48, 2, 2))),
        },
        coords={"time": times, "site": ["north", "south"]},
    )
    data.to_netcdf(tmp_path / "grid.nc", engine="h5netcdf")

    with pytest.warns(ScenredWarning, match="at most one other dimension are not used: speed"):
        series = read_series(tmp_path / "grid.nc")
    assert [column.name for column in series.columns] == ["power_north", "power_south"]
    assert np.array_equal(series.values, np.arange(96.0).reshape(48, 2))


def test_a_missing_extra_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    pd.DataFrame({"wind": [1.0]}).to_parquet(tmp_path / "year.parquet")
    monkeypatch.setitem(sys.modules, "pyarrow.parquet", None)

    with pytest.raises(RequestError, match=r"needs pyarrow.parquet, .*pip install 'scenred\[parquet\]'"):
        read_series(tmp_path / "year.parquet")


def test_a_gzip_bomb_is_refused_before_it_fills_the_memory(write: Write) -> None:
    path = write(gzip.compress(b"0" * 50_000_000), "bomb.gz")

    with pytest.raises(InputError, match=r"unpacks to more than 1,000,000 bytes; .*max_size=2000000"):
        read_series(path, reading=Reading(max_size=1_000_000))


def test_a_million_columns_are_refused(write: Write) -> None:
    row = ",".join(["1"] * 1_000_000)

    with pytest.raises(InputError, match="1,000,000 columns; scenred reads at most 10,000"):
        read_series(write(f"{row}\n{row}\n"))


def test_lines_that_could_both_be_the_header_are_named(write: Write) -> None:
    text = "region,DE,DE\nvariable,wind,pv\n2020-01-01 00:00,1,2\n2020-01-01 01:00,3,4\n"

    with pytest.raises(InputError, match="lines 1 and 2 could both be the header; say which with header='1'"):
        read_series(write(text))
    series = read_series(write(text), reading=Reading(header="1-2"))

    assert [column.name for column in series.columns] == ["DE_wind", "DE_pv"]


def test_a_cut_row_is_not_a_footer(write: Write) -> None:
    with pytest.raises(InputError, match=r":27: has 1 fields and the header has 2"):
        read_series(write(to_csv(hours(25)) + "2020-03-02"))


@pytest.mark.parametrize(
    ("reading", "message"),
    [
        ({"missing": "fill"}, "choose error, drop, interpolate"),
        ({"header": "first"}, "scenred needs its line"),
        ({"delimiter": "::"}, "one character"),
        ({"long": ("site",)}, "site,value"),
        ({"max_size": 0}, "at least 1"),
        ({"calendar": "utc", "dst": "drop"}, "leave out dst"),
        ({"unit": "GW"}, "there is no unit 'GW'"),
    ],
)
def test_options_that_cannot_be_are_usage_errors(reading: dict[str, Any], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        InputOptions.of({}, reading)


def test_standard_input_may_be_packed(monkeypatch: pytest.MonkeyPatch) -> None:
    data = gzip.compress(to_csv(hours(24)).encode())
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(data)))

    assert len(read_series("-").values) == 24


def test_a_column_per_hour_is_not_a_site(write: Write) -> None:
    days = pd.date_range("2020-01-01", periods=5, freq="D").strftime("%Y-%m-%d")
    frame = pd.DataFrame({"date": days} | {f"plant{hour}": 1.0 for hour in range(1, 25)})

    with pytest.raises(InputError, match="a row per day and a column per hour"):
        read_series(write(to_csv(frame)))


def test_half_hours_in_a_file_of_quarter_hours_are_half_hours() -> None:
    times = pd.date_range("2020-03-01", periods=192, freq="15min")
    values = np.where(np.arange(192) % 2, np.nan, np.arange(192.0))
    frame = pd.DataFrame({"time": times, "wind": values})

    with (
        pytest.warns(ScenredWarning, match="96 steps missing"),
        pytest.warns(ScenredWarning, match="the step is taken to be 0 days 00:30:00"),
    ):
        series = read_series(frame, reading=Reading(missing="drop"))

    assert series.step == pd.Timedelta("30min")
    assert len(series.values) == 96


@pytest.mark.parametrize("cell", ["12.5 MW", "3*", "7?"])
def test_a_number_with_something_after_it_is_not_a_word(write: Write, cell: str) -> None:
    with pytest.raises(InputError, match="pv is"):
        read_series(write(to_csv(hours(3).assign(pv=cell))))


def test_parts_of_the_time_are_no_values() -> None:
    frame = hours(24).assign(month=3, hour=range(24))

    with pytest.warns(ScenredWarning, match="not used: month, hour"):
        assert [column.name for column in read_series(frame).columns] == ["wind"]


def test_a_word_about_the_delimiter_is_not_a_header(write: Write) -> None:
    assert len(read_series(write("sep=;\n" + to_csv(hours(24)).replace(",", ";"))).values) == 24


def test_stamps_that_may_be_ends_are_said() -> None:
    frame = hours(48, "2020-03-01 01:00")

    with pytest.warns(ScenredWarning, match="as where a stamp is the end of its step.*stamp='end'"):
        assert read_series(frame).start == pd.Timestamp("2020-03-01 01:00")
    assert read_series(frame, reading=Reading(stamp="end")).start == pd.Timestamp("2020-03-01")


@pytest.mark.parametrize("form", ["%y-%m-%d %H:%M", "%d/%m/%y %H:%M", "%m/%d/%y %H:%M"])
def test_years_of_two_digits_are_placed_by_the_rows(form: str) -> None:
    times = pd.date_range("2020-02-01", periods=24 * 20, freq="h")

    series = read_series(pd.DataFrame({"time": times.strftime(form), "wind": 1.0}))

    assert (series.times() == times).all()


def test_lines_of_delimiters_below_the_table_are_no_rows(tmp_path: Path) -> None:
    file = tmp_path / "excel.csv"
    rows = [f"01.01.2019 {hour:02d}:00;{hour},5;;\n" for hour in range(24)]
    file.write_text("Zeit;Wind;;\n" + "".join(rows) + ";;;\n;;;\n")

    with pytest.warns(ScenredWarning, match="csv:26: 2 lines below the table are not read"):
        series = read_series(file)

    assert series.values[:, 0].tolist() == [hour + 0.5 for hour in range(24)]


@pytest.mark.parametrize(
    ("header", "cell", "flags"),
    [
        ("ts,wind", "{seconds},{hour}", "time_format='unix'"),
        ("time,wind", "2019-01-01 {hour:02d}:00,{hour}%", "unit='percent'"),
    ],
)
def test_a_refusal_names_the_flags_that_read_the_file(tmp_path: Path, header: str, cell: str, flags: str) -> None:
    file = tmp_path / "year.csv"
    rows = [cell.format(hour=hour, seconds=1_546_300_800 + 3600 * hour) for hour in range(24)]
    file.write_text("\n".join([header, *rows]) + "\n")

    with pytest.raises(InputError, match=flags) as refused:
        read_series(file)

    remedy: dict[str, Any] = {one.option: one.value for one in refused.value.remedy}
    series = read_series(file, reading=Reading(**remedy))
    assert series.values[:, 0].tolist() == list(range(24))


def test_cells_with_a_unit_are_numbers_where_it_is_given(write: Write) -> None:
    path = write("time,wind\n2020-01-01 00:00,1.5 MW\n2020-01-01 01:00,2 mw\n")

    with pytest.raises(InputError, match=r"wind is '1\.5 MW'.*pass unit='MW' where values are MW"):
        read_series(path)
    assert read_series(path, reading=Reading(unit="MW")).values[:, 0].tolist() == [1.5, 2.0]


def test_exponents_of_fortran_are_numbers(write: Write) -> None:
    series = read_series(write("time,wind\n2020-01-01 00:00,1.5D+02\n2020-01-01 01:00,-2.5d-1\n"))

    assert series.values[:, 0].tolist() == [150.0, -0.25]


def test_empty_rows_of_a_spreadsheet_are_no_rows(write: Write) -> None:
    series = read_series(write("time,wind,pv\n2020-01-01 00:00,1,2\n,,\n , ,\n2020-01-01 01:00,3,4\n,,\n"))

    assert series.values.tolist() == [[1, 2], [3, 4]]
    with pytest.raises(InputError, match=r"year\.csv:5: wind is 'x'"):
        read_series(write("time,wind,pv\n2020-01-01 00:00,1,2\n,,\n , ,\n2020-01-01 01:00,x,4\n2020-01-01 02:00,5,6\n"))


def test_fields_between_spaces_are_read_where_given(write: Write) -> None:
    path = write("date time  wind pv\n 2020-01-01 00:00   1.5    2 \n2020-01-01 01:00 3      4\n")

    with pytest.raises(InputError, match=r"seem to be separated by spaces.*pass delimiter=' '"):
        read_series(path)
    series = read_series(path, reading=Reading(delimiter=" "))
    assert series.values.tolist() == [[1.5, 2], [3, 4]]
    assert series.step == pd.Timedelta("1h")


def test_an_open_quote_is_named_by_its_line(write: Write) -> None:
    with pytest.raises(InputError, match=r"year\.csv:3: a quote is opened and not closed"):
        read_series(write('time,wind\n2020-01-01 00:00,1\n2020-01-01 01:00,"2\n2020-01-01 02:00,3\n'))


def test_columns_that_are_not_expected_are_left_out_with_a_note(write: Write) -> None:
    path = write("time,wind,peat\n2020-01-01 00:00,1,n/e\n2020-01-01 01:00,2,n/e\n")

    with pytest.warns(ScenredWarning, match=r"not expected\) in every row are not used: peat"):
        series = read_series(path)
    assert [column.name for column in series.columns] == ["wind"]
    with pytest.raises(InputError, match="peat is 'n/e', and has no value in any row"):
        read_series(path, columns=["wind", "peat"])


@pytest.mark.parametrize(("mark", "is_noted"), [("-99", True), ("9999", True), ("99", False), ("-9", False)])
def test_nines_far_from_all_other_values_are_noted(write: Write, mark: str, is_noted: bool) -> None:
    path = write(f"time,wind\n2020-01-01 00:00,5\n2020-01-01 01:00,{mark}\n2020-01-01 02:00,12\n2020-01-01 03:00,0\n")

    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        series = read_series(path)
    assert series.values[1, 0] == float(mark)
    assert any(f"year.csv:3: wind is {mark} in 1 rows, far from" in str(note.message) for note in caught) == is_noted


def test_sites_of_two_columns_are_given_with_a_plus(write: Write) -> None:
    rows = [
        f"2020-01-01 0{hour}:00,{area},{kind},{value}"
        for hour in (0, 1)
        for value, (area, kind) in enumerate([("north", "wind"), ("north", "pv"), ("south", "wind"), ("south", "pv")])
    ]
    path = write("\n".join(["time,area,type,mw", *rows]) + "\n")

    with (
        pytest.warns(ScenredWarning, match="not used: area, type"),
        pytest.raises(InputError, match=r"pass long=\('area\+type', 'mw'\)"),
    ):
        read_series(path)
    series = read_series(path, reading=Reading(long=("area+type", "mw")))
    assert [column.name for column in series.columns] == ["north_wind", "north_pv", "south_wind", "south_pv"]
    assert series.values.tolist() == [[0, 1, 2, 3]] * 2


def test_sites_one_after_the_other_are_noted_at_once(write: Write) -> None:
    rows = [
        f"2020-01-01 0{hour}:00,{site},{kind},1"
        for site, kind in [("a", "wind"), ("b", "wind"), ("c", "pv")]
        for hour in (0, 1)
    ]

    with (
        pytest.warns(ScenredWarning, match="not used: site, type"),
        pytest.raises(InputError, match=r"most times are duplicated.*pass long=\('site', 'mw'\)"),
    ):
        read_series(write("\n".join(["time,site,type,mw", *rows]) + "\n"))


@pytest.mark.parametrize(
    "row",
    [
        "\t" * 60 + "1",
        "2020-01-01 01:00\t1" + " " * 100_000 + "!x",
        "2020-01-01 01:00\t" + " " * 100_000 + "x",
    ],
)
def test_long_runs_of_blanks_are_read_or_refused_at_once(write: Write, row: str) -> None:
    """A pattern that tries every way to part a run of blanks would not come to an end."""
    header = "time\t" + "a" + " " * 50_000 + "b" + "\tc" * (row.count("\t") - 1)

    began = time.monotonic()
    with pytest.raises(InputError):
        read_series(write(f"{header}\n{row}\n{row}\n{row}\n"))
    assert time.monotonic() - began < 5

"""Reading a series, and refusing what is none."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from scenred import InputError, Reading, RequestError, ScenredWarning, Series, read_series

Frame = Callable[..., pd.DataFrame]


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str], Path]:
    def write_csv(content: str) -> Path:
        path = tmp_path / "year.csv"
        path.write_text(content, encoding="utf-8")
        return path

    return write_csv


Write = Callable[[str], Path]


def rows(*times: str) -> str:
    return "time,wind\n" + "".join(f"{time},0.5\n" for time in times)


def test_kinds_are_read_from_the_names(write: Write) -> None:
    header = "time,309_WIND_1,PV_roof,Solar,Load_MW,demand,GHI"
    path = write(f"{header}\n2019-01-01 00:00,1,2,3,4,5,6\n2019-01-01 01:00,1,2,3,4,5,6\n")

    kinds = [column.kind for column in read_series(path).columns]

    assert kinds == ["wind", "pv", "pv", "load", "load", "other"]


def test_wind_and_pv_choose_columns_and_set_kinds(hourly_frame: Frame) -> None:
    frame = hourly_frame().rename(columns={"wind": "a", "pv": "b"}).assign(c=1.0)

    series = read_series(frame, wind=["b"], pv=["a"])

    assert [(column.name, column.kind) for column in series.columns] == [("a", "pv"), ("b", "wind")]


def test_time_column_is_the_first_that_parses(write: Write) -> None:
    path = write("site,wind,when\nnorth,1,2019-01-01T00:00\nnorth,2,2019-01-01T01:00\n")

    with pytest.warns(ScenredWarning, match="marks or capacities are not used: site"):
        series = read_series(path)

    assert [column.name for column in series.columns] == ["wind"]
    assert series.start == pd.Timestamp("2019-01-01")


def test_written_index_is_not_a_column_of_values(write: Write) -> None:
    path = write(",time,wind\n0,2019-01-01T00:00,5\n1,2019-01-01T01:00,6\n")

    with pytest.warns(ScenredWarning, match="not used: column 1"):
        series = read_series(path)

    assert [column.name for column in series.columns] == ["wind"]


@pytest.mark.parametrize("cell", ["50%", "", "nan", "-", "NULL", "#N/A"])
def test_column_of_nearly_numbers_is_refused_not_left_out(write: Write, cell: str) -> None:
    path = write(f"time,wind,pv\n2019-01-01 00:00,1,{cell}\n2019-01-01 01:00,1,{cell}\n")

    with pytest.raises(InputError, match=r"year\.csv:2: pv is"):
        read_series(path)


def test_column_called_as_the_head_of_the_table_is_refused(write: Write) -> None:
    with pytest.raises(InputError, match="'step' is called as a column of the scenario table"):
        read_series(write("time,step,wind\n2019-01-01 00:00,0,1\n2019-01-01 01:00,1,1\n"))


@pytest.mark.parametrize("word", ["now", "today", "noon"])
def test_words_are_no_times(write: Write, word: str) -> None:
    with pytest.raises(InputError, match=f"year.csv:3: the time .* is '{word}'"):
        read_series(write(rows("2019-01-01 00:00", word)))


def test_time_column_can_be_named(write: Write) -> None:
    path = write("run,valid,wind\n2019-01-01,2019-05-01 00:00,1\n2019-01-01,2019-05-01 01:00,2\n")

    assert read_series(path, time="valid", columns=["wind"]).start == pd.Timestamp("2019-05-01")


def test_nameless_time_column_is_found(write: Write) -> None:
    path = write(",GHI\n2009-12-31 23:30:00,0\n2010-01-01 00:30:00,0\n")

    assert read_series(path).start == pd.Timestamp("2009-12-31 23:30")


@pytest.mark.parametrize(
    ("offset", "zone"), [("", None), ("Z", "UTC"), ("+01:00", "UTC+01:00"), ("-0500", "UTC-05:00")]
)
def test_one_offset_is_kept(write: Write, offset: str, zone: str | None) -> None:
    series = read_series(write(rows(f"2019-01-01T00:00:00{offset}", f"2019-01-01T01:00:00{offset}")))

    assert series.source.zone == zone
    assert series.step == pd.Timedelta("1h")


def test_frame_with_a_time_index_is_a_series() -> None:
    index = pd.date_range("2019-01-01", periods=4, freq="15min", tz="Europe/Berlin")

    series = read_series(pd.DataFrame({"wind": [1, 2, 3, 4]}, index=index))

    assert series.start.isoformat() == "2019-01-01T00:00:00+01:00"


def test_frame_whose_offset_changes_is_refused() -> None:
    index = pd.date_range("2019-03-31", periods=24, freq="h", tz="Europe/Berlin")

    with pytest.raises(InputError, match="row 2: the offset from UTC changes at 2019-03-31T03:00:00"):
        read_series(pd.DataFrame({"wind": np.arange(24)}, index=index))


@pytest.mark.parametrize(
    ("times", "message"),
    [
        (("2019-01-01 00:00", "2019-01-01 00:00"), r":3: time .* 00:00:00 is duplicated"),
        (
            ("2019-01-01 00:00", "2019-01-01 01:00", "2019-01-01 05:00", "2019-01-01 06:00"),
            r":4: 3 rows are missing between 2019-01-01 01:00:00 and 2019-01-01 05:00:00",
        ),
        (("2019-01-01 00:00", "2019-01-01 01:00", "2019-01-01 00:30"), r":4: time .* comes after"),
        (
            ("2019-01-01 00:00", "2019-01-01 01:00", "2019-01-01 02:00", "2019-01-01 03:20"),
            r":5: 2019-01-01 03:20:00 is 0 days 01:20:00 after",
        ),
        (("2019-01-01 00:00", "2019-01-01 01:00", "soon"), r":4: the time \(time\) is 'soon'"),
        (("2019-01-01 00:00", "2019-01-01 01:00", ""), r":4: the time \(time\) is empty"),
        (("2019-01-01T00:00+01:00", "2019-01-01T01:00+02:00"), r":3: the offset from UTC changes at"),
        (("2019-01-01T00:00+01:00", "2019-01-01T01:00"), r":3: the offset from UTC changes at"),
        (("2019-01-01 00:00",), "holds one row"),
    ],
)
def test_times_that_are_not_regular_are_refused(write: Write, times: tuple[str, ...], message: str) -> None:
    with pytest.raises(InputError, match=message):
        read_series(write(rows(*times)))


def test_faulty_value_is_named_with_line_time_and_column(write: Write) -> None:
    path = write("time,wind,pv\n2019-01-01 00:00,1,2\n2019-01-01 01:00,1,\n")

    with pytest.raises(InputError, match=r"year\.csv:3: pv is empty at 2019-01-01 01:00:00; scenred needs"):
        read_series(path)


def test_table_without_times_is_refused(write: Write) -> None:
    with pytest.raises(InputError, match=r"no column holds times \(there are: hour, wind\); .*time"):
        read_series(write("hour,wind\n0,1\n1,2\n"))


def test_number_that_can_be_read_in_two_ways_is_refused(write: Write) -> None:
    path = write('time,wind\n2019-01-01 00:00,1\n2019-01-01 01:00,"1,000"\n')

    with pytest.raises(InputError, match=r"numbers such as 1,000 can be read in two ways.*decimal='\.' or decimal=','"):
        read_series(path)
    assert read_series(path, reading=Reading(decimal=".")).values.tolist() == [[1], [1000]]
    assert read_series(path, reading=Reading(decimal=",")).values.tolist() == [[1], [1]]


def test_table_of_times_alone_is_refused(write: Write) -> None:
    with pytest.raises(InputError, match="no column of numbers next to the times"):
        read_series(write("time,site\n2019-01-01 00:00,a\n2019-01-01 01:00,b\n"))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"columns": ["wnd"]}, "did you mean 'wind'"),
        ({"wind": ["temperature"]}, "there are: wind, pv"),
        ({"time": "tme"}, "did you mean 'time'"),
        ({"wind": ["pv"], "pv": ["pv"]}, "as wind and as PV"),
        ({"capacity": {"wnd": 1.0}}, "did you mean 'wind'"),
        ({"capacity": 0.0}, "above 0"),
        ({"capacity": {"pv": float("nan")}}, "above 0"),
    ],
)
def test_impossible_requests_are_refused(hourly_frame: Frame, options: dict[str, list[str]], message: str) -> None:
    with pytest.raises(RequestError, match=message):
        read_series(hourly_frame(), **options)  # type: ignore[arg-type]


def test_capacity_is_noted_and_values_stay(hourly_frame: Frame) -> None:
    series = read_series(hourly_frame(), capacity={"wind": 4.0})

    assert [column.capacity for column in series.columns] == [4.0, None]
    assert series.values[:, 0].tolist() == hourly_frame()["wind"].tolist()


def test_source_holds_span_and_rows(write: Write) -> None:
    series: Series = read_series(write(rows("2019-01-01T00:00Z", "2019-01-01T00:30Z")))

    assert series.source.n_rows == 2
    assert (series.source.first, series.source.last) == (
        "2019-01-01T00:00:00+00:00",
        "2019-01-01T00:30:00+00:00",
    )

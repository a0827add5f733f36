"""Files as planners have them in which more than one column could be the time, or numbers are no values."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from scenred import InputError, ScenredWarning, Series, read_series
from scenred.api.inputs import InputOptions
from scenred.api.inspect import inspect

TIMES = pd.date_range("2020-03-06", "2020-03-20", freq="1h", inclusive="left")
POWER = np.random.default_rng(6).uniform(1, 900, (len(TIMES), 2)).round(1)


def written(path: Path, header: str, row: Callable[[int, pd.Timestamp], str], below: str = "") -> Path:
    """Write a file whose rows are `row(number, time)` and then wind and PV."""
    rows = [
        f"{row(number, time)},{wind},{pv}"
        for number, (time, (wind, pv)) in enumerate(zip(TIMES, POWER.tolist(), strict=True))
    ]
    path.write_text("\n".join([f"{header},wind,pv", *rows]) + "\n" + below)
    return path


def read(path: Path, keywords: dict[str, Any] | None = None, **options: Any) -> Series:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ScenredWarning)
        return read_series(path, reading=InputOptions.of({}, keywords).reading, **options)


def assert_is_truth(series: Series) -> None:
    assert [column.name for column in series.columns] == ["wind", "pv"]
    assert (series.times() == TIMES).all()
    assert np.array_equal(series.values, POWER)


ISSUES: dict[str, tuple[str, Callable[[int, pd.Timestamp], str]]] = {
    "published later": ("published,target", lambda _, t: f"{t + pd.Timedelta('3D')},{t}"),
    "published, UTC": ("Publish Date (UTC),delivery", lambda _, t: f"{t + pd.Timedelta('3D')},{t}"),
    "issued every day": ("issue_time,valid_time", lambda _, t: f"{t.normalize()},{t}"),
    "issued once": ("forecast_time,valid_time", lambda _, t: f"2020-03-05 12:00,{t}"),
    "an unknown name": ("batch,valid", lambda _, t: f"{t.normalize() - pd.Timedelta('12h')},{t}"),
}


@pytest.mark.parametrize("name", ISSUES)
def test_times_of_issue_are_not_those_of_the_steps(name: str, tmp_path: Path) -> None:
    header, row = ISSUES[name]

    assert_is_truth(read(written(tmp_path / "file.csv", header, row)))


def test_a_time_of_issue_alone_is_the_time(tmp_path: Path) -> None:
    assert_is_truth(read(written(tmp_path / "file.csv", "forecast_time", lambda _, t: str(t))))


NO_VALUES: dict[str, tuple[str, Callable[[int, pd.Timestamp], str]]] = {
    "index from 0": ("index,time", lambda n, t: f"{n},{t}"),
    "number from 1": ("No.,time", lambda n, t: f"{n + 1},{t}"),
    "weekday and week": ("time,weekday,week", lambda _, t: f"{t},{t.day_of_week},{t.isocalendar().week}"),
    "mark of the kind of row": ("1,time", lambda _, t: f"1,{t}"),
    "place": ("time,latitude,longitude", lambda _, t: f"{t},52.5,13.25"),
}


@pytest.mark.parametrize("name", NO_VALUES)
def test_columns_that_are_no_values_are_left_out_with_a_note(name: str, tmp_path: Path) -> None:
    header, row = NO_VALUES[name]
    path = written(tmp_path / "file.csv", header, row)

    with pytest.warns(ScenredWarning, match="not used"):
        series = read_series(path)

    assert_is_truth(series)


def test_an_index_is_used_when_it_is_named(tmp_path: Path) -> None:
    path = written(tmp_path / "file.csv", "index,time", lambda n, t: f"{n},{t}")

    assert [column.name for column in read(path, columns=["index"]).columns] == ["index"]


def test_numbers_that_are_no_row_numbers_stay_values(tmp_path: Path) -> None:
    path = written(tmp_path / "file.csv", "index,time", lambda n, t: f"{n % 50},{t}")

    assert [column.name for column in read(path).columns] == ["index", "wind", "pv"]


def test_blocks_of_time_without_spaces_are_read_by_their_begin(tmp_path: Path) -> None:
    def block(_: int, time: pd.Timestamp) -> str:
        return f"{time:%d-%m-%Y},{time:%H:%M}-{time + pd.Timedelta('1h'):%H:%M}"

    assert_is_truth(read(written(tmp_path / "file.csv", "Date,Time Block", block)))


@pytest.mark.parametrize("below", ["*\n", 'C,"END OF REPORT"\n'])
def test_lines_that_end_a_report_are_no_rows(below: str, tmp_path: Path) -> None:
    def row(_: int, time: pd.Timestamp) -> str:
        return f"D,{time}"

    assert_is_truth(read(written(tmp_path / "file.csv", "kind,time", row, below)))


def test_a_row_of_totals_is_not_a_step(tmp_path: Path) -> None:
    path = written(tmp_path / "file.csv", "time", lambda _, t: str(t), "Total,1.5,2.5\n")

    with pytest.warns(ScenredWarning, match="1 lines below the table are not read"):
        read_series(path)
    assert_is_truth(read(path))
    path = written(tmp_path / "file.csv", "time", lambda _, t: str(t), ",1.5,2.5\n")
    with pytest.raises(InputError, match=r"is empty.*remove the row if it is not a step, as a total"):
        read(path)


def test_hours_from_1_next_to_minutes_of_0_are_counted(tmp_path: Path) -> None:
    def row(_: int, time: pd.Timestamp) -> str:
        return f"{time.year},{time.month},{time.day},{time.hour + 1},0"

    path = written(tmp_path / "file.csv", "year,month,day,hour,minute", row)

    assert_is_truth(read(path))
    assert_is_truth(read(path, time="year,month,day,hour"))


@pytest.mark.parametrize("zone", [None, "America/New_York"])
def test_rows_of_sites_with_numbers_are_referred_to_long(zone: str | None, tmp_path: Path) -> None:
    times = pd.date_range("2020-10-30", "2020-11-03", freq="1h", tz=zone)
    lines = [f"{time:%Y-%m-%d %H:%M},{site},{site + hour}.5" for hour, time in enumerate(times) for site in (1, 2)]
    path = tmp_path / "file.csv"
    path.write_text("time,site,mw\n" + "\n".join(lines) + "\n")

    with pytest.raises(InputError, match=r"long=(\('site', 'mw'\)|'SITE)"):
        read(path, {"tz": zone})
    found, refusal = inspect(path, reading={"tz": zone})
    assert refusal is not None
    assert "duplicates" not in found.get("settings", {})
    series = read(path, {"tz": zone, "long": ("site", "mw")})

    assert [column.name for column in series.columns] == ["1", "2"]
    assert np.array_equal(series.values, np.arange(len(times))[:, None] + [1.5, 2.5])


def test_thousands_set_apart_by_spaces_are_read_as_the_refusal_says(tmp_path: Path) -> None:
    path = tmp_path / "file.csv"
    path.write_text("time;wind\n" + "".join(f"{time};{n + 1} 250\n" for n, time in enumerate(TIMES)))

    with pytest.raises(InputError, match="is the decimal one with decimal"):
        read(path)
    assert np.array_equal(read(path, {"decimal": ","}).values[:, 0], np.arange(len(TIMES)) * 1000 + 1250)


def test_the_column_that_separates_rows_of_one_time_is_named_as_the_site(tmp_path: Path) -> None:
    lines = [
        f"{time},{'EST' if time.day < 10 else 'EDT'},{fuel},{number}.5"
        for number, time in enumerate(TIMES)
        for fuel in ("Wind", "Solar")
    ]
    path = tmp_path / "file.csv"
    path.write_text(
        "Time Stamp,Time Zone,Fuel Category,Gen MW,Cap\n" + "".join(f"{line},{i}\n" for i, line in enumerate(lines))
    )

    with pytest.raises(InputError, match=r"long=\('Fuel Category', 'Gen MW', 'Cap'\)"):
        read(path)
    series = read(path, {"long": ("Fuel Category", "Gen MW")})

    assert [column.name for column in series.columns] == ["Wind", "Solar"]
    assert np.array_equal(series.values[:, 0], np.arange(len(TIMES)) + 0.5)

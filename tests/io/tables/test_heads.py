"""Lines above a table: one truth below each of them is read to the bit, at once or by what the refusal advises."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from scenred import InputError, ScenredWarning, Series, read_series

Read = Callable[[Path, str], tuple[Series, str]]
TIMES = pd.date_range("2019-01-01", periods=240, freq="h")
VALUES = np.random.default_rng(15).uniform(0, 900, (240, 2)).round(1)
HEADER = "time,wind,pv"
PARTS = "Year,Month,Day,Hour,Minute,wind,pv"
STAMPS = [f"{t:%Y-%m-%d %H:%M},{w},{p}" for t, (w, p) in zip(TIMES, VALUES.tolist(), strict=True)]
COMPACT = [f"{t:%Y%m%d%H},{w},{p}" for t, (w, p) in zip(TIMES, VALUES.tolist(), strict=True)]
FIVE = [
    f"{t.year},{t.month},{t.day},{t.hour},{t.minute},{w},{p}" for t, (w, p) in zip(TIMES, VALUES.tolist(), strict=True)
]

HEADS: dict[str, list[str]] = {
    "title": ["Wind and PV of the north", HEADER, *STAMPS],
    "padded title": ["Wind and PV of the north,,", HEADER, *STAMPS],
    "station with place": ["Berlin,52.5,13.4", HEADER, *STAMPS],
    "station by number": ["104490,52.5,13.4", HEADER, *STAMPS],
    "station of whole numbers": ["1,2,3", HEADER, *STAMPS],
    "number of rows and columns": ["240,3,", HEADER, *STAMPS],
    "when it was made": ["created,2020-03-01 12:00,", HEADER, *STAMPS],
    "when it was made, first": ["2020-03-01 12:00,,", HEADER, *STAMPS],
    "two lines of numbers": ["2020-03-01 12:00,,", "240,3,", HEADER, *STAMPS],
    "station above parts": ["723815,DAGGETT,CA,-8.0,34.87,-116.8,586", PARTS, *FIVE],
    "numbers above parts": ["1,2,3,4,5,6,7", PARTS, *FIVE],
    "numbers above compact dates": ["1,2,3", HEADER, *COMPACT],
    "year above parts": ["2019,34.87,-116.8,586,1,2,3", PARTS, *FIVE],
    "names and values, padded": ["Station,Berlin,", "Latitude,52.5,", "Longitude,13.4,", HEADER, *STAMPS],
    "names and values": ["Station,Berlin", "Latitude,52.5", "Longitude,13.4", HEADER, *STAMPS],
    "table of the plant": ["name,capacity,height", "Berlin,120,80", HEADER, *STAMPS],
    "table of the source": ["Source,ID,City,Country,Lat,Lon,Zone", "X,104490,-,-,52.5,13.4,1", PARTS, *FIVE],
    "units below": [HEADER, "UTC,MW,MW", *STAMPS],
    "capacities above": ["capacity,120,60", HEADER, *STAMPS],
    "sites above, and numbers": ["site,north,south", ",101,102", HEADER, *STAMPS],
    "a line of words": ["Operator,Grid of the north,", HEADER, *STAMPS],
    "two lines of words": ["Operator,Grid of the north,", "Region,North,", HEADER, *STAMPS],
    "sites above": [",north,south", HEADER, *STAMPS],
    "sites above names": ["time,north,south", HEADER, *STAMPS],
    "sites above the same names": [",north,south", "time,wind,wind", *STAMPS],
    "words below": [HEADER, "what,hub height of 80 m,fixed tilt", *STAMPS],
    "capacities below": [HEADER, "capacity,120,60", *STAMPS],
    "two lines below": [HEADER, "capacity,120,60", "height,80,5", *STAMPS],
    "a station above a comment": ["Berlin,52.5,13.4", "# time,wind,pv", *STAMPS],
    "words above a comment": ["Berlin,,", "# time,wind,pv", *STAMPS],
    "a comment above a station": ["# time,wind,pv", "Berlin,52.5,13.4", *STAMPS],
    "no header": STAMPS,
    "a station and no header": ["Berlin,52.5,13.4", *STAMPS],
    "a station of numbers and no header": ["104490,52.5,13.4", *STAMPS],
}


@pytest.mark.parametrize("lines", HEADS.values(), ids=HEADS)
def test_truth_below_any_head_is_read_to_the_bit(lines: list[str], tmp_path: Path, read_as_advised: Read) -> None:
    path = tmp_path / "heads.csv"
    path.write_text("\n".join([*lines, ""]), encoding="utf-8")

    series, _ = read_as_advised(path, "")

    assert series.times().equals(TIMES.as_unit("us"))
    np.testing.assert_array_equal(series.values, VALUES)
    if HEADER in lines or PARTS in lines:
        assert all(kind in name for kind, name in zip(("wind", "pv"), series.names, strict=True))


def test_lines_above_the_header_are_told(tmp_path: Path) -> None:
    path = tmp_path / "station.csv"
    path.write_text("\n".join(["1,2,3", "4,5,6", HEADER, *STAMPS, ""]), encoding="utf-8")

    with pytest.warns(ScenredWarning, match="lines 1 to 2 above the table are not read"):
        read_series(path)


def test_every_line_that_may_be_the_header_is_named(tmp_path: Path) -> None:
    path = tmp_path / "words.csv"
    path.write_text("\n".join(["a,b,c", "d,e,f", "g,h,i", *STAMPS, ""]), encoding="utf-8")

    with pytest.raises(
        InputError, match="header='1', header='2', header='3', or join the names of all with header='1-3'"
    ):
        read_series(path)


def test_line_of_decimals_is_no_header(tmp_path: Path) -> None:
    path = tmp_path / "station.csv"
    path.write_text("\n".join(["Berlin,52.5,13.4", *STAMPS, ""]), encoding="utf-8")

    with pytest.raises(InputError, match=r"station\.csv:1: the line above the rows holds 52\.5, which is not the name"):
        read_series(path)


def test_small_table_of_times_above_the_table_is_refused_with_both_lines(tmp_path: Path) -> None:
    path = tmp_path / "two.csv"
    path.write_text(
        "\n".join(["day,wind,pv", "2018-01-01,5,6", "2019-01-01,7,8", HEADER, *STAMPS, ""]), encoding="utf-8"
    )

    with pytest.raises(InputError, match="lines 1 and 4 could both be the header, and rows lie between them"):
        read_series(path)


def test_station_line_is_no_row_where_columns_are_numbered(tmp_path: Path) -> None:
    path = tmp_path / "numbers.csv"
    path.write_text("\n".join(["40,12,31,23,0,5,7", *FIVE, ""]), encoding="utf-8")

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ScenredWarning)
        series = read_series(path, header="none", time="1,2,3,4,5")

    assert series.times().equals(TIMES.as_unit("us"))
    np.testing.assert_array_equal(series.values, VALUES)

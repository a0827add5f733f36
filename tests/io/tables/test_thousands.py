"""Numbers such as 1.234 are read where a file decides what they are, and refused or noted where it does not."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from scenred import InputError, ScenredWarning, Series, read_series

TIMES = pd.date_range("2019-01-01", periods=48, freq="h")
GENERATOR = np.random.default_rng(25)
NEAR = GENERATOR.uniform(1, 9, 48).round(3)
LARGE = GENERATOR.integers(1_000, 99_999, 48)
MIXED = GENERATOR.integers(200, 1_900, 48)
Write = Callable[..., Path]


def three(number: float) -> str:
    return f"{number:.3f}"


def grouped(number: int, mark: str = ".") -> str:
    return f"{number:,}".replace(",", mark)


def indian(number: float) -> str:
    """Write 1234567.8 as 12,34,567.8."""
    whole, point, part = f"{number}".partition(".")
    head, tail = whole[:-3], whole[-3:]
    pairs = [head[max(0, end - 2) : end] for end in range(len(head), 0, -2)][::-1]
    return ",".join([*pairs, tail]) + point + part


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def make(*columns: Sequence[str], delimiter: str = ";") -> Path:
        path = tmp_path / "file.csv"
        names = ["time", *("wind", "pv")[: len(columns)]]
        rows = [[f"{time}", *cells] for time, *cells in zip(TIMES, *columns, strict=True)]
        lines = [delimiter.join(f'"{cell}"' if delimiter in cell else cell for cell in row) for row in [names, *rows]]
        path.write_text("\n".join(lines) + "\n")
        return path

    return make


def silent(path: Path) -> Series:
    with warnings.catch_warnings():
        warnings.simplefilter("error", ScenredWarning)
        return read_series(path)


@pytest.mark.parametrize(("mark", "other"), [(".", ","), (",", ".")])
def test_one_number_with_another_mark_moves_no_other_number(mark: str, other: str, write: Write) -> None:
    cells = [three(value).replace(".", mark) for value in NEAR]
    cells[40] = f"1{other}5"

    with pytest.raises(InputError, match=r"file\.csv:2: wind is .* as '1.5' \(.*file\.csv:42\) has") as refusal:
        read_series(write(cells))
    assert f"pass decimal={mark!r} if " in str(refusal.value)


def test_the_advice_about_one_odd_number_leads_to_a_reading(
    write: Write, read_as_advised: Callable[[Path], tuple[Series, str]]
) -> None:
    cells = [three(value) for value in NEAR]
    cells[40] = "1,5"

    series, flags = read_as_advised(write(cells))

    assert flags == "--decimal . --na 1,5 --missing drop"
    assert series.values[:40, 0].tolist() == NEAR[:40].tolist()
    assert len(series.values) == 47


def test_numbers_far_below_the_first_rows_count_too(tmp_path: Path) -> None:
    times = pd.date_range("2019-01-01", periods=2_000, freq="h")
    cells = [f"{value:.1f}" for value in np.linspace(0.5, 9, 2_000)]
    cells[1_990] = "1,234"
    path = tmp_path / "long.csv"
    path.write_text("time;wind\n" + "".join(f"{time};{cell}\n" for time, cell in zip(times, cells, strict=True)))

    with pytest.raises(InputError, match=r"long\.csv:1992: wind is '1,234', above a thousand or near one"):
        read_series(path)


def test_groups_that_some_number_shows_are_read(write: Write) -> None:
    cells = [grouped(int(value)) for value in LARGE]
    truth = LARGE.astype(float)
    for row in (7, 8, 9):
        cells[row], truth[row] = f"{row}.234,5", row * 1000 + 234.5

    assert silent(write(cells)).values[:, 0].tolist() == truth.tolist()


@pytest.mark.parametrize(("cell", "value"), [("1.234,5", 1234.5), ("1.234.567", 1234567.0)])
def test_groups_that_one_number_shows_are_noted(cell: str, value: float, write: Write) -> None:
    cells = [grouped(int(value)) for value in LARGE]
    cells[7] = cell
    truth = LARGE.astype(float)
    truth[7] = value

    with pytest.warns(ScenredWarning, match=rf"as {cell} is in thousands; pass decimal='\.' if that is wrong"):
        assert read_series(write(cells)).values[:, 0].tolist() == truth.tolist()


def test_groups_shown_by_another_column_are_read(write: Write) -> None:
    both = silent(write([grouped(int(value)) for value in LARGE], [f"{grouped(int(v))},5" for v in LARGE]))

    assert both.values.tolist() == [[value, value + 0.5] for value in LARGE.tolist()]


def test_groups_next_to_one_number_of_another_column_are_refused_with_both_ways(
    write: Write, read_by_flags: Callable[[Path, str], Series]
) -> None:
    path = write([grouped(int(value)) for value in LARGE], ["1,5", *("2" for _ in LARGE[1:])])

    with pytest.raises(InputError, match=r"as a number of another column has .* pass decimal=',' if .* is above"):
        read_series(path)
    assert read_by_flags(path, "--decimal ,").values[:, 0].tolist() == LARGE.tolist()
    assert read_by_flags(path, "--decimal . --column wind").values[:, 0].tolist() == (LARGE / 1000).tolist()


def test_groups_next_to_a_column_of_decimal_marks_are_noted(write: Write) -> None:
    path = write([grouped(int(value)) for value in LARGE], [f"0,{value % 9 + 1}" for value in LARGE])

    with pytest.warns(ScenredWarning, match=r"read as \d+, as others have the decimal mark ,; pass decimal='\.' if"):
        assert read_series(path).values[:, 0].tolist() == LARGE.tolist()


def test_groups_that_continue_a_column_are_read_with_a_note(write: Write) -> None:
    path = write([grouped(int(value)) for value in MIXED], [f"0,{value % 9 + 1}" for value in MIXED])

    with pytest.warns(ScenredWarning, match=r"wind is '1\..*', read as 1.*; pass decimal='\.' if that is wrong"):
        series = read_series(path)
    assert series.values[:, 0].tolist() == MIXED.tolist()


def test_groups_in_a_file_of_points_are_refused(
    write: Write, read_as_advised: Callable[[Path], tuple[Series, str]]
) -> None:
    path = write([grouped(int(value)) for value in MIXED], [f"0.{value % 9 + 1}" for value in MIXED])

    with pytest.raises(InputError, match=r"wind is '1\.\d{3}', above a thousand or near one, and '\d{3}' elsewhere"):
        read_series(path)
    series, flags = read_as_advised(path)
    assert flags == "--decimal , --column wind"
    assert series.values[:, 0].tolist() == MIXED.tolist()


def test_three_decimals_are_read_where_a_number_below_one_or_another_decimal_decides(write: Write) -> None:
    cells = [three(value) for value in NEAR]

    for cell, value in (("0.123", 0.123), ("1.2345", 1.2345), ("12.34", 12.34), ("1.234e1", 12.34)):
        cells[3] = cell
        truth = NEAR.copy()
        truth[3] = value
        assert silent(write(cells)).values[:, 0].tolist() == truth.tolist()


def test_whole_numbers_among_three_decimals_are_no_groups(write: Write) -> None:
    values = np.linspace(845.317, 911.771, 48).round(3)
    values[20] = 900

    assert silent(write([f"{value:g}" for value in values], [f"0.{n:02d}" for n in range(48)])).values[
        :, 0
    ].tolist() == [float(f"{value:g}") for value in values]


@pytest.mark.parametrize("mark", ["'", " ", "\u2019", "\u202f"])
def test_marks_that_are_no_decimal_mark_group_digits(mark: str, write: Write) -> None:
    cells = [grouped(int(value), mark) + ",5" for value in LARGE]

    assert silent(write(cells)).values[:, 0].tolist() == (LARGE + 0.5).tolist()


@pytest.mark.parametrize("delimiter", [";", ","])
def test_digits_grouped_as_in_india_are_read(delimiter: str, write: Write) -> None:
    values = np.linspace(99_999.5, 98_765_432.5, 48).round(1)
    values[:2] = [12_34_567.8, 1_00_000.0]

    assert silent(write([indian(float(value)) for value in values], delimiter=delimiter)).values[:, 0].tolist() == (
        values.tolist()
    )


def test_units_behind_numbers_hide_no_groups(write: Write) -> None:
    path = write([f"{three(value)} MW" for value in NEAR])

    with pytest.raises(InputError, match="can be read in two ways"):
        read_series(path, unit="MW")
    assert read_series(path, unit="MW", decimal=".").values[:, 0].tolist() == NEAR.tolist()


def test_versions_are_words_and_decide_nothing(write: Write) -> None:
    path = write([three(value) for value in NEAR], ["0.4.7"] * 24 + ["0.4.12"] * 24)

    with pytest.raises(InputError, match=r"numbers such as .* can be read in two ways"):
        read_series(path)
    with pytest.warns(ScenredWarning, match="not used: pv"):
        series = read_series(path, decimal=".")
    assert series.values.tolist() == [[value] for value in NEAR.tolist()]
    path = write([f"{value:.1f}" for value in NEAR], ["1.10.3"] * 48, delimiter=",")
    with pytest.warns(ScenredWarning, match="not used: pv"):
        assert len(read_series(path).columns) == 1


def test_a_number_with_two_points_among_numbers_is_refused(write: Write) -> None:
    cells = [f"{value:.1f}" for value in NEAR]
    cells[9] = "1.2.3"

    with pytest.raises(InputError, match=r"file\.csv:11: wind is '1\.2\.3'"):
        read_series(write(cells))

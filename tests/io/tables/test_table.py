"""CSV text as cells, and the place of a faulty one."""

from __future__ import annotations

import pandas as pd
import pytest

from scenred import InputError
from scenred.io.files.source import Content, Text, text_of
from scenred.io.tables.table import table_of
from scenred.io.tables.text import parse_table


def text(content: str) -> Text:
    return text_of(Content(content.encode(), "a.csv", "digest"))


def test_numbers_read_back_to_the_last_bit() -> None:
    cells = ["0.1", "0.30000000000000004", "1e-320", "12345678901234567", "-0.0", "1.7976931348623157e308"]

    table = parse_table(text("x,y\n" + "".join(f"{cell},1\n" for cell in cells)))

    assert table.numbers("x").tolist() == [float(cell) for cell in cells]


def test_whole_numbers_beyond_64_bits_are_numbers() -> None:
    table = parse_table(text("x,y\n123456789012345678901234567890,1\n2,1\n"))

    assert table.numbers("x")[0] == 1.2345678901234568e29


@pytest.mark.parametrize(
    ("cell", "met"),
    [("", "x is empty"), (" ", "x is empty"), ("n/a", "x is 'n/a'"), ("nan", "x is 'nan'"), ("inf", "x is 'inf'"),
     ("-Infinity", "x is '-Infinity'"), ("1e999", "x is '1e999'"), ("0,5", "x is '0,5'"), ("True", "x is 'True'"),
     ("1_000", "x is '1_000'"), ("0x1F", "x is '0x1F'"), ("NULL", "x is 'NULL'")],
)  # fmt: skip
def test_cell_that_is_not_a_finite_number_is_named_with_its_line(cell: str, met: str) -> None:
    table = parse_table(text(f'y,x\n1,0.5\n\n2,"{cell}"\n3,0.7\n'))

    with pytest.raises(InputError, match=rf"^a\.csv:4: {met}"):
        table.numbers("x")


def test_line_break_in_the_header_loses_no_row() -> None:
    table = parse_table(text('time,"wind\n[MW]"\na,1\nb,2\n'))

    assert table.numbers("wind\n[MW]").tolist() == [1, 2]


def test_line_is_right_after_a_quoted_line_break() -> None:
    table = parse_table(text('note,x\n"two\nlines",1\nplain,bad\n'))

    with pytest.raises(InputError, match=r"^a\.csv:4: x is 'bad'"):
        table.numbers("x")


@pytest.mark.parametrize("row", ["2,3,4", "2,3,4,5"])
def test_row_with_too_many_fields_is_refused(row: str) -> None:
    with pytest.raises(InputError, match=rf"a\.csv:3: has {row.count(',') + 1} fields and the header has 2"):
        parse_table(text(f"x,y\n1,2\n{row}\n"))


def test_first_row_with_too_many_fields_is_refused() -> None:
    with pytest.raises(InputError, match=r"a\.csv:2: has 3 fields and the header has 2"):
        parse_table(text("x,y\n1,2,3\n1,2,3\n"))


@pytest.mark.parametrize("last", ["3", "word"])
def test_row_with_too_few_fields_is_refused(last: str) -> None:
    with pytest.raises(InputError, match=r"a\.csv:3: has 2 fields and the header has 3"):
        parse_table(text(f"x,y,z\n1,2,{last}\n1,2\n"))


def test_file_without_header_is_refused() -> None:
    with pytest.raises(InputError, match=r"a\.csv:1: holds data where scenred needs a header"):
        parse_table(text("2019-01-01 00:00,0.5\n2019-01-01 01:00,0.6\n"))


def test_open_quote_is_refused() -> None:
    with pytest.raises(InputError, match=r"a\.csv:"):
        parse_table(text('x,y\n1,"2\n3,4\n'))


def test_header_alone_is_refused() -> None:
    with pytest.raises(InputError, match="holds a header and no row"):
        parse_table(text("time,wind\n\n"))


def test_duplicated_name_is_refused() -> None:
    with pytest.raises(InputError, match=r"a\.csv:1: column 'wind' is duplicated"):
        parse_table(text("time,wind,wind\n1,2,3\n"))


def test_nameless_column_is_called_by_its_position() -> None:
    assert list(parse_table(text(",GHI\n1,2\n")).frame.columns) == ["column 1", "GHI"]


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_line_endings_of_all_systems_are_read(ending: str) -> None:
    table = parse_table(text(ending.join(["x,y", "1,2", "3,bad", ""])))

    assert table.numbers("x").tolist() == [1, 3]
    with pytest.raises(InputError, match=r"a\.csv:3: y is 'bad'"):
        table.numbers("y")


def test_column_of_names_is_text_and_a_faulty_column_of_numbers_is_not() -> None:
    table = parse_table(text("site,x,y,z\nnorth,1,1,\nsouth,bad,2,\n"))

    assert [table.is_text(name) for name in ("site", "x", "y", "z")] == [True, False, False, False]


def test_frame_without_rows_is_refused() -> None:
    with pytest.raises(InputError, match="holds no row"):
        table_of(pd.DataFrame({"x": []}))


def test_frame_names_its_row() -> None:
    table = table_of(pd.DataFrame({"x": [1.0, None]}))

    with pytest.raises(InputError, match="the frame, row 1: x is empty"):
        table.numbers("x")

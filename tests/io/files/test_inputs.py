"""What is read is not replaced by a result."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from scenred import UsageError
from scenred.io.files.atomic import write_files
from scenred.io.files.folder import write_folder
from scenred.io.files.inputs import expect_results, inputs_kept
from scenred.io.files.source import read_bytes

REFUSED = "a result would replace its own input the table"


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "table.csv"
    path.write_text("read")
    return path


@pytest.mark.parametrize("how", ["name", "link", "hard link", "folder", "bytes"])
def test_an_input_is_not_replaced_under_any_name(table: Path, how: str) -> None:
    output = table
    if how == "link":
        output = table.with_name("link")
        output.symlink_to(table)
    elif how == "hard link":
        output = table.with_name("other")
        output.hardlink_to(table)
    elif how == "folder":
        output = table.parent / "sub" / ".." / "table.csv"
        (table.parent / "sub").mkdir()
    elif how == "bytes":
        output = Path(os.fsdecode(os.fsencode(table.parent) + b"/\xff.csv"))
        table.rename(output)
    with inputs_kept():
        read_bytes(output if how == "bytes" else table, "the table")

        with pytest.raises(UsageError, match=REFUSED):
            write_files([(str(output), "new"), (str(table.with_name("more")), "new")])

    assert output.read_text() == "read"
    assert not table.with_name("more").exists()


def test_an_input_is_refused_when_it_is_read_if_a_result_is_expected_there(table: Path) -> None:
    with inputs_kept():
        expect_results(str(table), None, "-")

        with pytest.raises(UsageError, match=REFUSED):
            read_bytes(table, "the table")


def test_an_input_in_a_folder_that_would_be_replaced_is_kept(table: Path) -> None:
    folder = table.parent / "out"
    write_folder(str(folder), {"a.csv": b"old"})
    with inputs_kept():
        read_bytes(folder / "a.csv", "the table")

        with pytest.raises(UsageError, match=REFUSED):
            write_folder(str(folder), {"b.csv": b"new"})

    assert (folder / "a.csv").read_text() == "old"


def test_what_an_earlier_call_read_can_be_replaced(table: Path) -> None:
    with inputs_kept():
        read_bytes(table, "the table")
    with inputs_kept():
        write_files([(str(table), "new")])

    assert table.read_text() == "new"

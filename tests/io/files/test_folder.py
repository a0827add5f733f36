"""A folder appears whole or not at all, and replaces only what scenred wrote."""

from __future__ import annotations

from pathlib import Path

import pytest

from scenred import OutputError, UsageError
from scenred.io.files.folder import MARK, write_folder


def names(folder: Path) -> set[str]:
    return {file.relative_to(folder).as_posix() for file in folder.rglob("*") if file.is_file()}


def test_files_and_folders_below_are_written(tmp_path: Path) -> None:
    write_folder(str(tmp_path / "out"), {"a.csv": b"1", "b/c.csv": b"2"})

    assert names(tmp_path / "out") == {"a.csv", "b/c.csv", MARK}
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_our_own_folder_is_replaced_whole(tmp_path: Path) -> None:
    write_folder(str(tmp_path / "out"), {"old.csv": b"1"})

    write_folder(str(tmp_path / "out"), {"new.csv": b"2"})

    assert names(tmp_path / "out") == {"new.csv", MARK}
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_the_working_folder_stays_where_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "out").mkdir()
    monkeypatch.chdir(tmp_path / "out")
    place = Path.cwd().stat().st_ino

    write_folder(".", {"old.csv": b"1", "same.csv": b"1"})
    write_folder(".", {"same.csv": b"2", "b/new.csv": b"2"})

    assert (tmp_path / "out").stat().st_ino == place
    assert names(tmp_path / "out") == {"same.csv", "b/new.csv", MARK}
    assert Path("same.csv").read_bytes() == b"2"


def test_foreign_files_are_kept_and_need_force(tmp_path: Path) -> None:
    (tmp_path / "network.csv").write_text("mine")

    with pytest.raises(UsageError, match=r"scenred did not write; .* force=True"):
        write_folder(str(tmp_path), {"a.csv": b"1"})
    assert names(tmp_path) == {"network.csv"}

    write_folder(str(tmp_path), {"a.csv": b"1"}, force=True)
    assert names(tmp_path) == {"network.csv", "a.csv", MARK}
    assert (tmp_path / "network.csv").read_text() == "mine"


def test_a_file_added_to_our_folder_makes_it_foreign(tmp_path: Path) -> None:
    write_folder(str(tmp_path / "out"), {"a.csv": b"1"})
    (tmp_path / "out" / "notes.txt").write_text("mine")

    with pytest.raises(UsageError, match="did not write"):
        write_folder(str(tmp_path / "out"), {"a.csv": b"2"})


def test_a_file_in_the_way_is_refused(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("mine")

    with pytest.raises(UsageError, match="is a file"):
        write_folder(str(tmp_path / "out"), {"a.csv": b"1"})


def test_nothing_is_left_where_writing_fails(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="cannot be written"):
        write_folder(str(tmp_path / "none" / "out"), {"a.csv": b"1"})
    with pytest.raises(OutputError, match="cannot be written"):
        write_folder(str(tmp_path / "out"), {"a": b"1", "a/b": b"2"})

    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_exchanged_gets_its_files_together(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_folder(str(tmp_path / "out"), {"old.csv": b"1", "same.csv": b"1"})
    place = (tmp_path / "out").stat().st_ino
    monkeypatch.setattr("scenred.io.files.folder.exchange", lambda *_: False)

    write_folder(str(tmp_path / "out"), {"same.csv": b"2", "b/new.csv": b"2"})

    assert (tmp_path / "out").stat().st_ino == place
    assert names(tmp_path / "out") == {"same.csv", "b/new.csv", MARK}
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_a_protected_file_in_our_folder_is_not_replaced(tmp_path: Path) -> None:
    write_folder(str(tmp_path / "out"), {"a.csv": b"1"})
    (tmp_path / "out" / "a.csv").chmod(0o444)

    with pytest.raises(OutputError, match=r"out/a.csv: is protected from writing"):
        write_folder(str(tmp_path / "out"), {"b.csv": b"2"})

    assert names(tmp_path / "out") == {"a.csv", MARK}


def test_a_link_in_a_folder_is_followed(tmp_path: Path) -> None:
    (tmp_path / "real.csv").write_text("old")
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "a.csv").symlink_to(tmp_path / "real.csv")

    write_folder(str(tmp_path / "out"), {"a.csv": b"new", "b.csv": b"new"}, force=True)

    assert (tmp_path / "out" / "a.csv").is_symlink()
    assert (tmp_path / "real.csv").read_text() == "new"
    assert {path.name for path in tmp_path.iterdir()} == {"out", "real.csv"}

"""Files are written whole or not at all."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from scenred import OutputError, UsageError
from scenred.io.files.atomic import write_files


def test_all_files_are_written(tmp_path: Path) -> None:
    write_files([(str(tmp_path / "a"), "one\n"), (str(tmp_path / "b"), "zwei ä\n")])

    assert (tmp_path / "a").read_text() == "one\n"
    assert (tmp_path / "b").read_bytes() == "zwei ä\n".encode()
    assert len(list(tmp_path.iterdir())) == 2


def test_one_failure_leaves_every_file_as_it_was(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("old")

    with pytest.raises(OutputError, match="cannot be written"):
        write_files([(str(tmp_path / "a"), "new"), (str(tmp_path / "none" / "b"), "new")])

    assert (tmp_path / "a").read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


def test_full_device_is_an_output_error() -> None:
    if not Path("/dev/full").exists():
        pytest.skip("this system has no /dev/full")

    with pytest.raises(OutputError, match="/dev/full: cannot be written: No space left"):
        write_files([("/dev/full", "text")])


def test_directory_is_refused(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="Is a directory"):
        write_files([(str(tmp_path), "text")])


def test_two_results_in_one_file_are_refused(tmp_path: Path) -> None:
    (tmp_path / "b").symlink_to(tmp_path / "a")

    with pytest.raises(UsageError, match="two results would go to"):
        write_files([(str(tmp_path / "a"), "1"), (str(tmp_path / "b"), "2")])


def test_link_is_followed_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "real").write_text("old")
    (tmp_path / "link").symlink_to(tmp_path / "real")

    write_files([(str(tmp_path / "link"), "new")])

    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_text() == "new"


def test_permissions_are_those_of_a_plain_file_or_of_the_old_one(tmp_path: Path) -> None:
    (tmp_path / "plain").write_text("")
    (tmp_path / "private").write_text("")
    (tmp_path / "private").chmod(0o600)

    write_files([(str(tmp_path / "new"), ""), (str(tmp_path / "private"), "")])

    def mode(name: str) -> int:
        return stat.S_IMODE((tmp_path / name).stat().st_mode)

    assert mode("new") == mode("plain")
    assert mode("private") == 0o600

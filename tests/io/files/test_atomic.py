"""Files are written all together or not at all."""

from __future__ import annotations

import errno
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from scenred import OutputError, UsageError
from scenred.io.files.atomic import write_files
from scenred.io.files.lock import take_lock

DEVICES = Path("/dev/full").exists()
STALE = ".scenred-0123456789abcdef.tmp"


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


@pytest.mark.skipif(not DEVICES, reason="this system has no /dev/full")
def test_full_device_is_an_output_error_and_leaves_the_files_as_they_were(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("old")

    with pytest.raises(OutputError, match=r"/dev/full: cannot be written: No space left .*; make room"):
        write_files([(str(tmp_path / "a"), "new"), ("/dev/full", "text")])

    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {"a": "old"}


def test_a_disk_without_room_keeps_the_old_file(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("old")
    code = (
        "import resource, sys\nfrom scenred import OutputError\nfrom scenred.io.files.atomic import write_files\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))\n"
        "try:\n    write_files([(sys.argv[1], 'new' * 1000)])\n"
        "except OutputError as error:\n    print(error)\n"
    )

    ended = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "a")],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        check=True,
    )

    assert ended.stdout == f"{tmp_path}/a: cannot be written: File too large; name a place that can be written\n"
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {"a": "old"}


def test_a_file_in_memory_is_a_file_and_not_a_device() -> None:
    memory = Path("/dev/shm")  # noqa: S108
    if not os.access(memory, os.W_OK):
        pytest.skip("this system has no /dev/shm")
    file = memory / f"scenred-{os.getpid()}.csv"
    try:
        file.write_text("old")
        number = file.stat().st_ino

        write_files([(str(file), "new")])

        assert file.read_text() == "new"
        assert file.stat().st_ino != number  # another file took its place
    finally:
        file.unlink()


@pytest.mark.skipif(not DEVICES, reason="this system has no devices")
def test_standard_output_that_is_a_file_is_not_emptied(tmp_path: Path) -> None:
    code = "from scenred.io.files.atomic import write_files\nwrite_files([('/dev/stdout', 'new\\n')])"

    with (tmp_path / "log").open("w") as log:
        log.write("old\n")
        log.flush()
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
        subprocess.run([sys.executable, "-c", code], env=environment, stdout=log, check=True)

    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {"log": "old\nnew\n"}


def test_directory_is_refused(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="Is a directory"):
        write_files([(str(tmp_path), "text")])


def test_two_results_in_one_file_are_refused(tmp_path: Path) -> None:
    (tmp_path / "b").symlink_to(tmp_path / "a")

    with pytest.raises(UsageError, match="two results would go to"):
        write_files([(str(tmp_path / "a"), "1"), (str(tmp_path / "b"), "2")])


def test_two_results_in_one_file_by_names_that_only_the_file_system_takes_for_one_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    replace = Path.replace

    def to_lower_case(new: Path, target: Path) -> Path:
        return replace(new, target.with_name(target.name.lower()))

    lstat = Path.lstat
    monkeypatch.setattr(Path, "replace", to_lower_case)
    monkeypatch.setattr(Path, "lstat", lambda path: lstat(path.with_name(path.name.lower())))
    (tmp_path / "out.csv").write_text("old")

    with pytest.raises(UsageError, match=r"two results would go to .*OUT\.csv"):
        write_files([(str(tmp_path / "out.csv"), "1"), (str(tmp_path / "OUT.csv"), "2")])

    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {"out.csv": "old"}


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


def test_a_protected_file_is_not_replaced_until_it_may_be_written(tmp_path: Path) -> None:
    file = tmp_path / "a"
    file.write_text("old")
    file.chmod(0o444)

    with pytest.raises(OutputError, match=r"is protected from writing \(mode 0444\); .* chmod u\+w"):
        write_files([(str(file), "new"), (str(tmp_path / "b"), "new")])
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {"a": "old"}

    file.chmod(0o644)
    write_files([(str(file), "new")])
    assert file.read_text() == "new"


def test_a_file_that_is_mounted_by_itself_is_refused_with_a_way_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(_new: Path, _target: Path) -> None:
        raise OSError(errno.EBUSY, os.strerror(errno.EBUSY))

    (tmp_path / "a").write_text("old")
    monkeypatch.setattr(Path, "replace", busy)

    with pytest.raises(OutputError, match=r"a: is mounted by itself, .*; mount its folder instead, or pass output='-'"):
        write_files([(str(tmp_path / "a"), "new")])

    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {"a": "old"}


def test_what_a_dead_run_left_is_cleared_and_what_a_living_one_makes_is_not(tmp_path: Path) -> None:
    alive = tmp_path / STALE.replace("0", "1")
    for stage in (alive, tmp_path / STALE):
        stage.mkdir()
        (stage / "new-0").write_text("half")
    (tmp_path / ".scenred-notes.tmp").mkdir()  # not one of ours
    lock = take_lock(alive)
    assert lock is not None

    write_files([(str(tmp_path / "a"), "new")])

    os.close(lock)
    assert {path.name for path in tmp_path.iterdir()} == {"a", alive.name, ".scenred-notes.tmp"}


def test_another_run_is_waited_for_and_named_if_it_does_not_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scenred.io.files.lock.PATIENCE_SECONDS", 0.0)
    lock = take_lock(tmp_path)
    assert lock is not None

    with pytest.raises(OutputError, match="another run has been writing here"):
        write_files([(str(tmp_path / "a"), "new")])

    os.close(lock)
    assert list(tmp_path.iterdir()) == []


def test_files_are_written_also_where_folders_cannot_be_locked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scenred.io.files.lock.fcntl", None)
    (tmp_path / STALE).mkdir()  # nobody knows whether it is in use

    write_files([(str(tmp_path / "a"), "1"), (str(tmp_path / "b"), "2")])

    assert {path.name for path in tmp_path.iterdir()} == {"a", "b", STALE}

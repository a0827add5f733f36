"""An interrupt ends the program with 130 and one line, at any moment, and leaves no half-written result."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from scenred.io.files.atomic import write_files
from scenred.io.files.folder import write_folder

SAID = b"scenred: interrupted\n"
INTERRUPT = "import os, signal; os.kill(os.getpid(), signal.SIGINT)\n"


def run(arguments: list[str], before: signal.Handlers, **environment: str) -> tuple[int, bytes, bytes]:
    """Run Python with interrupts as `before` says: a job in the background of a shell has them ignored."""
    result = subprocess.run(
        [sys.executable, *arguments],
        capture_output=True,
        check=False,
        env={**os.environ, **environment},
        preexec_fn=lambda: signal.signal(signal.SIGINT, before),
    )
    return result.returncode, result.stdout, result.stderr


def test_an_interrupt_while_the_program_loads_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "typer.py").write_text(INTERRUPT)
    path = os.pathsep.join([str(tmp_path), *sys.path])

    ended = run(["-m", "scenred", "generate", "year.csv"], signal.SIG_DFL, PYTHONPATH=path)

    assert ended == (130, b"", SAID)


def test_an_interrupt_that_a_library_would_swallow_ends_the_program() -> None:
    swallowing = f"try:\n    {INTERRUPT}except BaseException:\n    pass\nprint('went on')"
    code = f"from scenred.io.files.interrupt import end_at_interrupt\nend_at_interrupt()\n{swallowing}"

    assert run(["-c", code], signal.SIG_DFL) == (130, b"", SAID)


def test_interrupts_that_the_caller_ignores_stay_ignored() -> None:
    code = f"from scenred.io.files.interrupt import end_at_interrupt\nend_at_interrupt()\n{INTERRUPT}print('went on')"

    assert run(["-c", code], signal.SIG_IGN) == (0, b"went on\n", b"")


def test_an_interrupt_while_a_file_is_written_removes_it_first(tmp_path: Path) -> None:
    code = (
        "import os, signal, sys\n"
        "from scenred.io.files.interrupt import end_at_interrupt\n"
        "from scenred.io.files.atomic import write_files\n"
        "os.fsync = lambda file: os.kill(os.getpid(), signal.SIGINT)\n"
        "end_at_interrupt()\n"
        "try:\n    write_files([(sys.argv[1], 'new')])\n"
        "except KeyboardInterrupt:\n    print('raised', flush=True)\n"
        "os.kill(os.getpid(), signal.SIGINT)\n"
    )

    ended = run(["-c", code, str(tmp_path / "a")], signal.SIG_DFL)

    assert ended == (130, b"raised\n", SAID)
    assert list(tmp_path.iterdir()) == []


def interrupt(*_arguments: object) -> None:
    raise KeyboardInterrupt


def test_an_interrupt_before_all_is_written_leaves_what_stood_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a").write_text("old")
    monkeypatch.setattr(os, "fsync", interrupt)

    with pytest.raises(KeyboardInterrupt):
        write_files([(str(tmp_path / "a"), "new"), (str(tmp_path / "b"), "new")])

    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {"a": "old"}


@pytest.mark.parametrize("is_renamed", [False, True])
def test_an_interrupt_between_two_renames_leaves_all_results(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_renamed: bool
) -> None:
    replace = Path.replace

    def interrupted(new: Path, target: Path) -> None:
        monkeypatch.setattr(Path, "replace", replace)
        if is_renamed:
            replace(new, target)
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "replace", interrupted)

    with pytest.raises(KeyboardInterrupt):
        write_files([(str(tmp_path / "a"), "new"), (str(tmp_path / "b"), "new")])

    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {"a": "new", "b": "new"}


@pytest.mark.parametrize("n_renames", [0, 1, 2])
def test_an_interrupt_while_a_folder_is_replaced_leaves_the_old_one_or_the_new_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, n_renames: int
) -> None:
    folder = tmp_path / "export"
    write_folder(str(folder), {"a": b"old"})
    rename = Path.rename
    done: list[Path] = []

    def interrupted(path: Path, target: Path) -> Path:
        if len(done) == n_renames:
            monkeypatch.setattr(Path, "rename", rename)
            raise KeyboardInterrupt
        done.append(target)
        moved = rename(path, target)
        if len(done) == n_renames == 2:
            raise KeyboardInterrupt
        return moved

    monkeypatch.setattr(Path, "rename", interrupted)

    with pytest.raises(KeyboardInterrupt):
        write_folder(str(folder), {"a": b"new"})

    assert [path.name for path in tmp_path.iterdir()] == ["export"]
    assert (folder / "a").read_bytes() == (b"new" if n_renames == 2 else b"old")


@pytest.mark.parametrize("stage", ["os.fsync", "pathlib.Path.replace", "pathlib.Path.unlink"])
def test_a_run_that_is_killed_leaves_the_old_file_or_the_new_one(tmp_path: Path, stage: str) -> None:
    target = tmp_path / "s.csv"
    target.write_text("old")
    code = (
        "import os, pathlib, signal, sys\n"
        "from scenred.io.files.atomic import write_files\n"
        f"{stage} = lambda *_: os.kill(os.getpid(), signal.SIGKILL)\n"
        "write_files([(sys.argv[1], 'new')])\n"
    )

    ended = run(["-c", code, str(target)], signal.SIG_DFL)

    assert ended == (-signal.SIGKILL, b"", b"")
    assert target.read_text() == ("new" if stage.endswith("unlink") else "old")

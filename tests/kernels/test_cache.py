"""Kernels on disk that are damaged, cannot be kept, or come from others: compiled again, and told once."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from scenred import ScenredWarning
from scenred.kernels import cache
from scenred.kernels.jit import compiled

KERNEL = """
from scenred.kernels.jit import compiled

@compiled
def double(value):
    return 2 * value
"""
RUN = """
import resource, warnings
warnings.simplefilter("always")
{before}
from scenred.kernels.jit import compiled, on_compilation
from small import double

told = []
with on_compilation(lambda: told.append(1)), warnings.catch_warnings(record=True) as notes:
    warnings.simplefilter("always")
    doubled = double(21)
print(doubled)
print(bool(told))
print(*(note.message for note in notes), sep="\\n")
"""


def run(folder: Path, before: str = "") -> tuple[str, bool, list[str]]:
    """Run a kernel in a process of its own; return its result, whether it was compiled, and the notes."""
    if not (folder / "small.py").exists():  # a younger file is another source
        (folder / "small.py").write_text(KERNEL)
    path = os.pathsep.join([str(folder), *sys.path])
    environment = {**os.environ, "NUMBA_CACHE_DIR": str(folder / "cache"), "PYTHONPATH": path}
    done = subprocess.run(
        [sys.executable, "-c", RUN.format(before=before)], env=environment, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    result, told, *notes = done.stdout.splitlines()
    return result, told == "True", [note for note in notes if note]


def empty(file: Path) -> None:
    file.write_bytes(b"")


def cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-100])


def flip(file: Path) -> None:
    """Change one byte of the machine code, which loads and runs as well as before."""
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)


def replace_by_text(file: Path) -> None:
    file.write_text("not a kernel")


def replace_by_a_folder(file: Path) -> None:
    file.unlink()
    file.mkdir()
    (file / "something").write_text("")


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    """Return the result of a kernel and the folder that it is kept in."""
    folder = tmp_path_factory.mktemp("cache")
    result, is_compiled, notes = run(folder)
    assert (is_compiled, notes) == (True, [])
    assert run(folder) == (result, False, [])
    return result, folder


@pytest.mark.parametrize("damage", [empty, cut, flip, replace_by_text])
def test_damaged_kernels_are_compiled_again_and_kept(kept: tuple[str, Path], damage: Callable[[Path], None]) -> None:
    result, folder = kept
    for file in folder.rglob("*.nbc"):
        damage(file)

    assert run(folder)[:2] == (result, True)
    assert run(folder) == (result, False, [])  # mended


def test_damage_is_told_once(kept: tuple[str, Path]) -> None:
    _, folder = kept
    for file in folder.rglob("*.nbc"):
        empty(file)

    _, _, notes = run(folder)

    (file,) = {file.parent for file in folder.rglob("*.nbc")}
    assert notes == [f"compiled kernels in {file} cannot be read (it is damaged) and are compiled again"]


def test_a_file_that_cannot_be_mended_is_told_and_ends_nothing(tmp_path: Path) -> None:
    result, _, _ = run(tmp_path)
    for file in tmp_path.rglob("*.nbc"):
        replace_by_a_folder(file)

    again, is_compiled, notes = run(tmp_path)

    assert (again, is_compiled) == (result, True)
    assert "cannot be read (Is a directory)" in notes[0]
    assert "cannot be kept" in notes[1]


def test_a_full_disk_ends_nothing_and_is_told_once(tmp_path: Path) -> None:
    limit = "resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))"

    _, is_compiled, notes = run(tmp_path, limit)

    assert is_compiled
    assert len(notes) == 1
    assert "cannot be kept in" in notes[0]
    assert "(File too large) and are compiled in every run; make room, or the environment variable NUMBA_" in notes[0]
    assert list((tmp_path / "cache").rglob("*.nbc*")) == []


def double(value: int) -> int:
    return 2 * value


def test_no_folder_at_all_ends_nothing_and_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache.KernelCache._impl_class, "_locator_classes", [])
    monkeypatch.setattr(cache, "_TOLD", set())
    kernel = compiled(double)

    with pytest.warns(
        ScenredWarning, match="no folder for compiled kernels can be written, so that kernels are compiled"
    ):
        assert kernel(4) == 8


def test_code_from_a_folder_that_others_can_write_is_not_run(kept: tuple[str, Path]) -> None:
    result, folder = kept
    (place,) = {file.parent for file in folder.rglob("*.nbc")}
    place.chmod(0o777)

    found, is_compiled, notes = run(folder)

    place.chmod(0o755)
    assert (found, is_compiled) == (result, True)
    assert notes == [
        f"{place} can be written by others, so that kernels are compiled in every run; the environment variable "
        "NUMBA_CACHE_DIR names another folder"
    ]
    assert run(folder)[1] is False


@pytest.mark.parametrize("before", ["", "import numba"])
def test_settings_of_the_working_folder_are_not_read(tmp_path: Path, before: str) -> None:
    """A library of the name yaml stands for PyYAML: it tells when it is asked."""
    (tmp_path / "library").mkdir()
    (tmp_path / "library" / "yaml.py").write_text(
        "def safe_load(file):\n    open('read', 'w').close()\n    return {'cache_dir': 'payload'}\n"
    )
    (tmp_path / "work").mkdir()
    (tmp_path / "work" / ".numba_config.yaml").write_text("cache_dir: payload\n")
    (tmp_path / "library" / "small.py").write_text(KERNEL)
    code = f"{before}\n" + RUN.format(before="") + "import yaml  # is there again\n"
    path = os.pathsep.join([str(tmp_path / "library"), *sys.path])
    environment = {**os.environ, "PYTHONPATH": path}

    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path / "work",
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )

    names = {file.name for file in (tmp_path / "work").iterdir()}
    assert (done.returncode, done.stderr) == (0, "")
    # who loads numba first chooses its settings
    assert names == ({".numba_config.yaml"} if not before else {".numba_config.yaml", "payload", "read"})

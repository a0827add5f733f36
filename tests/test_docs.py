"""The documents say what the program does."""

from __future__ import annotations

import io
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from scenred.cli.app import run
from scenred.errors import InputError, OutputError, RequestError, SolverError, UsageError

ROOT = Path(__file__).parent.parent
DOCUMENTS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]


# Lines that install, or run the gate itself.
NOT_RUN = ("make", "pipx", ".venv/bin/", "python3 -m venv")


def shell_blocks(document: Path) -> list[str]:
    """Collect a document's blocks marked `console`: lines that begin with `$ `, run one after the other."""
    blocks = re.findall(r"```console\n(.*?)```", document.read_text(encoding="utf-8"), re.DOTALL)
    lines = [[line[2:] for line in block.splitlines() if line.startswith("$ ")] for block in blocks]
    kept = [[line for line in block if not line.startswith(NOT_RUN)] for block in lines]
    return [" && ".join(block) for block in kept if block]


# By document and place in it.
COMMANDS = {
    f"{document.name}-{number}": block
    for document in DOCUMENTS
    for number, block in enumerate(shell_blocks(document), start=1)
}


def piped(words: list[str], given: bytes) -> bytes:
    """Run one command of a pipe and return its standard output; `scenred` runs in this process."""
    if words[0] != "scenred":
        return subprocess.run(words, input=given, stdout=subprocess.PIPE, check=True).stdout
    out = io.BytesIO()
    with pytest.MonkeyPatch.context() as patch, io.TextIOWrapper(out, encoding="utf-8") as stdout:
        patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(given), encoding="utf-8"))
        patch.setattr(sys, "stdout", stdout)
        code = run(words[1:])
        stdout.flush()
        assert code == 0, shlex.join(words)
        return out.getvalue()


def execute(line: str) -> None:
    """Run commands joined by `&&` and `|`, each of which may end with `> FILE`, as a shell would."""
    marks = shlex.shlex(line, posix=True, punctuation_chars="|&>")
    marks.whitespace_split = True
    words: list[str] = []
    given, target = b"", ""
    for word in [*marks, "&&"]:
        if word not in ("|", "&&"):
            words.append(word)
            continue
        if ">" in words:
            *words, _, target = words
        given = piped(words, given)
        if target:
            Path(target).write_bytes(given)
        words, target, given = [], "", given if word == "|" else b""


@pytest.mark.parametrize("line", COMMANDS.values(), ids=COMMANDS.keys())
@pytest.mark.usefixtures("capfd")
def test_commands_of_the_documents_run(line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "data").symlink_to(ROOT / "data")
    monkeypatch.chdir(tmp_path)

    execute(line)


@pytest.mark.parametrize(
    ("command", "document"),
    [
        ("generate", "generate.md"),
        ("apply", "planning.md"),
        ("curve", "certificate.md"),
        ("selftest", "certificate.md"),
        ("evaluate", "evaluation.md"),
        ("compare", "evaluation.md"),
        ("inspect", "data.md"),
        ("sample", "sampling.md"),
        ("backtest", "sampling.md"),
        ("quantize", "sampling.md"),
        ("export", "export.md"),
    ],
)
def test_help_in_the_documents_is_the_programs(
    command: str, document: str, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("TERMINAL_WIDTH", "80")

    assert run([command, "--help"]) == 0

    printed = capfd.readouterr().out

    assert f"```text\n{printed.strip()}\n```" in (ROOT / "docs" / document).read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("document", "begins", "line"),
    [
        ("README.md", "data/sample/wind_pv_year.csv: 365", "-k 10"),
        ("docs/certificate.md", "method kmedoids", "-k 10"),
        ("docs/planning.md", "min:wind+pv = ", "-k 10 --keep min:wind+pv --preserve mean:wind_miami,pv_miami"),
        ("docs/planning.md", "scenred: --preserve mean", "-k 5 --preserve mean"),
    ],
)
def test_samples_in_the_documents_are_what_the_program_prints(
    document: str, begins: str, line: str, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    text = (ROOT / document).read_text(encoding="utf-8")
    block = re.search(rf"```text\n({re.escape(begins)}.*?)```", text, re.DOTALL)
    assert block is not None
    monkeypatch.chdir(ROOT)

    run(["generate", "data/sample/wind_pv_year.csv", "-v", *line.split()])

    printed = without_seconds(capfd.readouterr().err).splitlines()
    shown = without_seconds(block[1]).splitlines()
    assert [one for one in shown if one not in (*printed, "...")] == []


def without_seconds(text: str) -> str:
    return re.sub(r"\d+\.\d\d s\b", "", text)


@pytest.mark.filterwarnings("ignore::scenred.ScenredWarning")
def test_python_of_reading_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    blocks = re.findall(r"```python\n(.*?)```", (ROOT / "docs" / "data.md").read_text(encoding="utf-8"), re.DOTALL)
    monkeypatch.chdir(ROOT)
    names: dict[str, Any] = {}

    exec("".join(blocks), names)  # noqa: S102 - our own page

    assert names["series"].source.zone == "Europe/Berlin"
    assert names["again"].original.n_scenarios == names["reduction"].original.n_scenarios == 363


def test_every_kernel_has_its_row() -> None:
    page = (ROOT / "docs" / "kernels.md").read_text(encoding="utf-8")
    named = re.findall(r"^\| `(\w+)`((?: `\w+`,?)*)", page, re.MULTILINE)

    modules = {path.stem: path for path in (ROOT / "src" / "scenred" / "kernels").glob("[a-z]*.py")}
    assert {module for module, _ in named} == set(modules)
    for module, names in named:
        for name in re.findall(r"\w+", names):
            assert f"def {name}(" in modules[module].read_text(encoding="utf-8"), name
    for test in re.findall(r"`((?:\w+/)?test_\w+)`", page):
        assert (ROOT / "tests" / ("" if "/" in test else "kernels") / f"{test}.py").exists(), test


def test_exit_codes_in_the_documents_are_those_of_the_errors() -> None:
    text = (ROOT / "docs" / "generate.md").read_text(encoding="utf-8")

    for error in (UsageError, InputError, RequestError, SolverError, OutputError):
        assert re.search(rf"^\| {error.exit_code} \|", text, re.MULTILINE), error


def test_links_between_documents_lead_somewhere() -> None:
    for document in DOCUMENTS:
        for target in re.findall(r"\]\((?!https?:)([^)#]+)[^)]*\)", document.read_text(encoding="utf-8")):
            assert (document.parent / target).exists(), f"{document.name}: {target}"

"""The documents say what the program does."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

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


def commands() -> list[tuple[str, str]]:
    return [(document.name, block) for document in DOCUMENTS for block in shell_blocks(document)]


@pytest.mark.parametrize(("document", "line"), commands())
def test_commands_of_the_documents_run(document: str, line: str, tmp_path: Path) -> None:
    shutil.copytree(ROOT / "data", tmp_path / "data")
    program = tmp_path / "bin" / "scenred"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m scenred "$@"\n')
    program.chmod(0o755)

    result = subprocess.run(
        ["bash", "-c", f'set -o pipefail; PATH="{program.parent}:$PATH"; {line}'],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )

    assert result.returncode == 0, f"{document}: {line}: {result.stderr}"


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
def test_help_in_the_documents_is_the_programs(command: str, document: str) -> None:
    printed = subprocess.run(
        [sys.executable, "-m", "scenred", command, "--help"],
        capture_output=True,
        text=True,
        check=True,
        env={"COLUMNS": "80", "TERMINAL_WIDTH": "80"},
    ).stdout

    assert f"```text\n{printed.strip()}\n```" in (ROOT / "docs" / document).read_text(encoding="utf-8")


def test_exit_codes_in_the_documents_are_those_of_the_errors() -> None:
    text = (ROOT / "docs" / "generate.md").read_text(encoding="utf-8")

    for error in (UsageError, InputError, RequestError, SolverError, OutputError):
        assert re.search(rf"^\| {error.exit_code} \|", text, re.MULTILINE), error


def test_links_between_documents_lead_somewhere() -> None:
    for document in DOCUMENTS:
        for target in re.findall(r"\]\((?!https?:)([^)#]+)[^)]*\)", document.read_text(encoding="utf-8")):
            assert (document.parent / target).exists(), f"{document.name}: {target}"

"""An interrupt or a termination ends the program with its code and one line, at any moment."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

SAID = b"scenred: interrupted\n"
ENDED = b"scenred: terminated\n"
STRIKE = "import os, signal; os.kill(os.getpid(), signal.{name})\n"
INTERRUPT = STRIKE.format(name="SIGINT")
HANDLING = "from scenred.io.files.interrupt import end_at_signals\nend_at_signals()\n"


def run(arguments: list[str], before: signal.Handlers, **environment: str) -> tuple[int, bytes, bytes]:
    """Run Python with interrupts as `before` says: a job in the background of a shell has them ignored."""

    def set_up() -> None:
        signal.signal(signal.SIGINT, before)
        signal.signal(signal.SIGTERM, before)

    result = subprocess.run(
        [sys.executable, *arguments],
        capture_output=True,
        check=False,
        env={**os.environ, **environment},
        preexec_fn=set_up,
    )
    return result.returncode, result.stdout, result.stderr


@pytest.mark.parametrize(("name", "ended"), [("SIGINT", (130, b"", SAID)), ("SIGTERM", (143, b"", ENDED))])
def test_a_signal_while_the_program_loads_is_one_line(
    tmp_path: Path, name: str, ended: tuple[int, bytes, bytes]
) -> None:
    (tmp_path / "typer.py").write_text(STRIKE.format(name=name))
    path = os.pathsep.join([str(tmp_path), *sys.path])

    assert run(["-m", "scenred", "generate", "year.csv"], signal.SIG_DFL, PYTHONPATH=path) == ended


@pytest.mark.parametrize(("name", "ended"), [("SIGINT", (130, b"", SAID)), ("SIGTERM", (143, b"", ENDED))])
def test_a_signal_that_a_library_would_swallow_ends_the_program(name: str, ended: tuple[int, bytes, bytes]) -> None:
    swallowing = f"try:\n    {STRIKE.format(name=name)}except BaseException:\n    pass\nprint('went on')"

    assert run(["-c", HANDLING + swallowing], signal.SIG_DFL) == ended


def test_signals_that_the_caller_ignores_stay_ignored() -> None:
    code = f"{HANDLING}{INTERRUPT}{STRIKE.format(name='SIGTERM')}print('went on')"

    assert run(["-c", code], signal.SIG_IGN) == (0, b"went on\n", b"")


def test_nothing_but_what_python_has_loaded_is_loaded_before_interrupts_are_handled() -> None:
    code = (
        "import os, sys\nbefore = set(sys.modules)\n"
        "import scenred.io.files.interrupt\nprint(*set(sys.modules) - before)"
    )

    ended = run(["-S", "-c", code], signal.SIG_DFL, PYTHONPATH=os.pathsep.join(sys.path))

    assert {name for name in ended[1].decode().split() if not name.startswith("scenred")} <= {"_signal", "__future__"}

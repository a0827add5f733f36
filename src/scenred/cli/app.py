"""The program `scenred`: its commands, and how failures become one line and an exit code."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from scenred.cli.flags.spelling import spelled
from scenred.errors import InputError, OutputError, RequestError, ScenredError, UsageError, one_line
from scenred.io.files.inputs import inputs_kept
from scenred.io.files.interrupt import INTERRUPTED

# In the order of the help; each is a module of this room and its function of the same name.
COMMANDS = (
    *("generate", "apply", "evaluate", "compare", "curve"),
    *("sample", "backtest", "quantize", "export", "inspect", "selftest"),
)
# Variable of the environment with which a bug shows its traceback, and where our own code is.
DEBUG = "SCENRED_DEBUG"
PACKAGE = str(Path(__file__).parent.parent)


class Commands(TyperGroup):
    """The commands, each loaded when it is asked for: one that runs pays for no other."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self.commands = dict.fromkeys(COMMANDS, self)  # the names are all that suggestions need

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002
        """Return the names in the order of the help."""
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ARG002
        """Return a command with its flags; None if there is no such command."""
        if cmd_name not in COMMANDS:
            return None
        from scenred.cli.flags.attach import GroupedCommand, attach

        alone = typer.Typer(rich_markup_mode=None, add_completion=False, pretty_exceptions_enable=False)
        settings = {"help_option_names": ["-h", "--help"]}
        alone.command(cmd_name, cls=GroupedCommand, context_settings=settings)(attach(_function(cmd_name)))
        return typer.main.get_command(alone)

    def format_commands(self, ctx: Any, formatter: Any) -> None:  # noqa: ARG002
        """Write the first sentence of every command."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, _first_sentence(name)) for name in COMMANDS])


def _function(name: str) -> Callable[..., None]:
    found: Callable[..., None] = getattr(import_module(f"scenred.cli.{name}"), name)
    return found


def _first_sentence(name: str) -> str:
    return " ".join((_function(name).__doc__ or "").split("\n\n")[0].split())


app = typer.Typer(
    name="scenred",
    cls=Commands,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _print_version(is_wanted: bool) -> None:
    if is_wanted:
        from importlib.metadata import version

        typer.echo(f"scenred {version('scenred')}")
        raise typer.Exit


@app.callback()
def scenred(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and leave."),
    ] = False,
) -> None:
    """Turn wind and PV series into representative scenarios with honest probabilities, for planning."""


def run(arguments: list[str]) -> int:
    """Run one command and return its exit code; print a failure as one line on stderr."""
    if sys.stderr is None:  # closed by the caller: what is said goes nowhere
        sys.stderr = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 - open to the end
    if (zero := next((argument for argument in arguments if "\0" in argument), None)) is not None:
        return _fail(f"{zero}: holds a zero byte, which no name and no value has", UsageError.exit_code)
    try:
        with inputs_kept():
            code = app(args=arguments or ["--help"], prog_name="scenred", standalone_mode=False)
        if sys.stdout is not None:
            sys.stdout.flush()
    except ScenredError as error:
        return _fail(error.text(spelled), error.exit_code)
    except typer.TyperException as error:
        return _fail(_usage_message(error), error.exit_code)
    except MemoryError:
        return _fail("the memory of this machine ran out; use fewer or longer periods", RequestError.exit_code)
    except OSError as error:
        return _system_refused(error)
    except SystemExit as leaving:  # typer leaves with 1 when the reader of its help has gone
        _silence_stdout()
        return 0 if leaving.code == 1 else int(leaving.code or 0)
    except Exception as error:  # noqa: BLE001 - the last door: a bug is one line too
        return _own_fault(error)
    if code == INTERRUPTED:  # typer's answer to an interrupt
        return _fail("interrupted", INTERRUPTED)
    return code if isinstance(code, int) else 0


def _system_refused(error: OSError) -> int:
    """Say what the system refused: a file by its name; without one it was standard output."""
    if error.filename is not None:
        return _fail(f"{os.fsdecode(error.filename)}: {error.strerror or error}", InputError.exit_code)
    _silence_stdout()
    if isinstance(error, BrokenPipeError):
        return 0
    return _fail(f"standard output: cannot be written: {error.strerror or error}", OutputError.exit_code)


def _own_fault(error: Exception) -> int:
    """Say that this is a bug, and where; with SCENRED_DEBUG=1 also how it came to it."""
    import traceback

    if os.environ.get(DEBUG, "0") not in ("", "0"):
        sys.stderr.write("".join(traceback.format_exception(error)))
        advice = "report it with these lines"
    else:
        advice = f"{DEBUG}=1 shows more; report it with that, the command and the file"
    steps = traceback.extract_tb(error.__traceback__)
    ours = next((step for step in reversed(steps) if PACKAGE in step.filename), steps[-1])
    place = f"{Path(ours.filename).name}:{ours.lineno}"
    return _fail(f"a bug in scenred, at {place}: {type(error).__name__}: {error}; {advice}", ScenredError.exit_code)


def _silence_stdout() -> None:
    from scenred.io.files.stdout import silence_stdout

    silence_stdout()


def _usage_message(error: typer.TyperException) -> str:
    """Write a usage error on one line, with the help that explains it."""
    context = getattr(error, "ctx", None)
    command = context.command_path if context is not None else "scenred"
    message = " ".join(error.format_message().split()).rstrip(".").replace("Value error, ", "")
    return f"{message}; see '{command} --help'"


def _fail(message: str, code: int) -> int:
    with contextlib.suppress(OSError):  # stderr may be closed
        sys.stderr.write(f"scenred: {one_line(message)}\n")
    return code

"""What a person sees on stderr: notes, progress on long work, and the summary."""

from __future__ import annotations

import sys
import warnings
from types import TracebackType
from typing import Any, cast

from scenred.cli.flags.spelling import spelled
from scenred.cli.progress import Bar, say
from scenred.errors import ScenredWarning, UsageError, one_line


class Stderr:
    """Stderr while a command runs: warnings as notes, a bar if it is a terminal."""

    def __init__(self, *, quiet: bool, verbose: bool = False) -> None:
        self._quiet = quiet
        on_terminal = sys.stderr.isatty()
        self.wants_summary = not quiet and (verbose or on_terminal)
        self._bar = Bar() if on_terminal and not quiet else None
        self._notes: list[str] = []
        self._warnings = warnings.catch_warnings()

    def __enter__(self) -> Stderr:
        """Take over the display of warnings."""
        self._warnings.__enter__()
        warnings.simplefilter("ignore")
        warnings.simplefilter("always", ScenredWarning)
        warnings.showwarning = cast("Any", self._note)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Leave the terminal and the warnings as they were."""
        self.clear()
        if error is None:  # a failure is one line
            self._write_notes()
        self._warnings.__exit__(kind, error, trace)

    def progress(self, stage: str, fraction: float) -> None:
        """Take how far a stage is."""
        if self._bar is not None:
            self._bar.report(stage, fraction)

    def clear(self) -> None:
        """Remove the bar: something else is written to the terminal."""
        if self._bar is not None:
            self._bar.clear()

    def summary(self, text: str) -> None:
        """Write a summary, if one is wanted, after the notes."""
        if self.wants_summary:
            self.clear()
            self._write_notes()
            say(text)

    def announce(self, text: str, *, is_important: bool = False) -> None:
        """Write a line at once if it is important or a summary is wanted."""
        if self.wants_summary or (is_important and not self._quiet):
            self.clear()
            say(f"scenred: {one_line(text)}\n")

    def _note(self, message: Warning | str, *_place: Any) -> None:
        text = message.text(spelled) if isinstance(message, ScenredWarning) else str(message)
        note = f"scenred: note: {one_line(text)}\n"
        if note not in self._notes:  # a file that is both forecast and history is read twice
            self._notes.append(note)

    def _write_notes(self) -> None:
        if not self._quiet:
            say("".join(self._notes))
        self._notes.clear()


def check_loudness(*, verbose: bool, quiet: bool) -> None:
    """Raise a UsageError if both a summary and silence are asked for."""
    if verbose and quiet:
        raise UsageError("--verbose and --quiet contradict each other", advice="choose one")

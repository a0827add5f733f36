"""What a person sees on stderr: notes, progress on long work, and the summary."""

from __future__ import annotations

import contextlib
import sys
import time
import warnings
from threading import Timer
from types import TracebackType
from typing import Any, cast

from scenred.cli.flags.spelling import spelled
from scenred.errors import ScenredWarning, one_line
from scenred.model import Reduction

PATIENCE_SECONDS = 1.0
BAR_WIDTH = 24


class Talk:
    """Talk on stderr while a command runs: warnings as notes, a bar where stderr is a terminal."""

    def __init__(self, *, quiet: bool, verbose: bool) -> None:
        self._quiet = quiet
        self._on_terminal = sys.stderr.isatty()
        self._wants_summary = not quiet and (verbose or self._on_terminal)
        self._shows_bar = not quiet and self._on_terminal
        self._bar_is_drawn = False
        self._stage = ""
        self._began = 0.0
        self._timer: Timer | None = None
        self._notes: list[str] = []
        self._warnings = warnings.catch_warnings()

    def __enter__(self) -> Talk:
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
            self._tell_notes()
        self._warnings.__exit__(kind, error, trace)

    def progress(self, stage: str, fraction: float) -> None:
        """Draw how far a stage is, once it has lasted a second, also while nothing is told."""
        if not self._shows_bar:
            return
        if stage != self._stage:
            self.clear()
            self._stage, self._began = stage, time.monotonic()
            self._timer = Timer(PATIENCE_SECONDS, self._draw, (stage, fraction))
            self._timer.daemon = True
            self._timer.start()
        if time.monotonic() - self._began >= PATIENCE_SECONDS:
            self._draw(stage, fraction)
        if fraction >= 1.0:
            self.clear()

    def clear(self) -> None:
        """Remove the bar."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._bar_is_drawn:
            _say("\r\x1b[K")
            self._bar_is_drawn = False

    def _draw(self, stage: str, fraction: float) -> None:
        filled = round(BAR_WIDTH * fraction)
        self._bar_is_drawn = True
        _say(f"\r\x1b[K{'#' * filled}{'.' * (BAR_WIDTH - filled)} {fraction:4.0%} {stage}")

    def summary(self, reduction: Reduction) -> None:
        """Print what was read, what was lost, and the scenarios."""
        if self._wants_summary:
            self.clear()
            self._tell_notes()
            _say(summary(reduction))

    def announce(self, text: str, *, is_important: bool) -> None:
        """Say what is about to happen: always where it is important, else to whom wants the summary."""
        if self._wants_summary or (is_important and not self._quiet):
            self.clear()
            _say(f"scenred: {one_line(text)}\n")

    def _note(self, message: Warning | str, *_place: Any) -> None:
        text = message.text(spelled) if isinstance(message, ScenredWarning) else str(message)
        note = f"scenred: note: {one_line(text)}\n"
        if note not in self._notes:  # a file that is both forecast and history is read twice
            self._notes.append(note)

    def _tell_notes(self) -> None:
        if not self._quiet:
            _say("".join(self._notes))
        self._notes.clear()


def _say(text: str) -> None:
    with contextlib.suppress(OSError):  # nobody may listen
        sys.stderr.write(text)
        sys.stderr.flush()


def _described(reduction: Reduction) -> str:
    """Name the ground metric with what shapes it."""
    ground = reduction.ground
    shift = "" if ground.shift_cost is None else f", shift cost {ground.shift_cost:g} an hour"
    directions = "" if ground.directions is None else f", {ground.directions} directions"
    return f"{ground.name}{shift}{directions}"


def summary(reduction: Reduction) -> str:
    """Describe a reduction on a few aligned lines."""
    original, reduced = reduction.original, reduction.scenarios
    name = original.source.name if original.source is not None else "input"
    dropped = 0
    if original.source is not None:
        dropped = original.source.rows_dropped_before + original.source.rows_dropped_after
    lines = [
        f"{name}: {original.n_scenarios} periods of {original.n_steps} steps, {len(original.columns)} columns "
        f"({one_line(', '.join(original.names))}); {dropped} rows dropped",
        f"kept {reduced.n_scenarios} scenarios; W{reduction.ground.order:g} = {reduction.wasserstein:.6g} "
        f"({_described(reduction)}), relative cost {reduction.relative_cost:.4f}",
        _certificate(reduction),
        *_conditions(reduction),
        "",
        f"{'scenario':>8}  {'probability':>11}  {'weight':>8}  start",
    ]
    for number, medoid in enumerate(reduction.medoids):
        probability = reduced.probabilities[number]
        start = (
            f"period {original.labels[medoid]}"
            if reduced.starts is None
            else reduced.starts[number].isoformat()
        )
        lines.append(
            f"{number + 1:>8}  {probability:>11.6f}  {probability * original.n_scenarios:>8.2f}  {start}"
            + (f"  {one_line(reduced.groups[number])}" if reduced.groups else "")
        )
    return "\n".join(lines) + "\n"


def _certificate(reduction: Reduction) -> str:
    """Say what is known about how good the choice is."""
    said = f"method {reduction.method}: cost {reduction.cost:.6g}"
    if reduction.gap is None:
        return f"{said}, no lower bound asked for"
    proven = "proven optimal" if reduction.is_optimal else f"gap {100 * reduction.gap:.2g} %"
    return f"{said}, lower bound {reduction.lower_bound:.6g}, {proven}"


def _conditions(reduction: Reduction) -> list[str]:
    """Say which extremes stay, and what conditions cost against the same reduction without them."""
    original, numbers = reduction.original, {int(row): n for n, row in enumerate(reduction.medoids, start=1)}
    lines = []
    for extreme in reduction.extremes:
        start = (
            f"period {original.labels[extreme.row]}"
            if original.starts is None
            else original.starts[extreme.row].isoformat()
        )
        lines.append(
            f"{one_line(extreme.keep)} = {extreme.value:.6g}: scenario {numbers[extreme.row]}, {start}"
        )
    root = 1.0 / reduction.ground.order
    for paid in reduction.payments:
        before, after = paid.before**root, paid.after**root
        share = f" (+{100 * (after / before - 1):.2g} %)" if before > 0 else ""
        gap = "" if paid.gap is None else f"; gap to the bound without it {100 * paid.gap:.2g} %"
        lines.append(
            f"{one_line(paid.condition)}: W{reduction.ground.order:g} {before:.6g} -> {after:.6g}{share}{gap}"
        )
    return lines

"""A bar on stderr for work that takes long."""

from __future__ import annotations

import contextlib
import sys
import time
from threading import Lock, Timer

PATIENCE_SECONDS = 1.0
BAR_WIDTH = 24
ERASE = "\r\x1b[K"


class Bar:
    """A bar that is drawn once a stage has lasted a second, also while the stage reports nothing.

    A timer draws it, and kernels report from several threads: all drawing is done under one lock, and nothing is drawn
    after `clear` until the next report.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._stage = ""
        self._began = 0.0
        self._timer: Timer | None = None
        self._is_drawn = False

    def report(self, stage: str, fraction: float) -> None:
        """Draw how far a stage is, and clear it when it is done."""
        with self._lock:
            if stage != self._stage:
                self._erase()
                self._begin(stage, fraction)
            if time.monotonic() - self._began >= PATIENCE_SECONDS:
                self._draw(fraction)
            if fraction >= 1.0:
                self._erase()

    def clear(self) -> None:
        """Remove the bar; the next report starts a new stage."""
        with self._lock:
            self._erase()

    def _begin(self, stage: str, fraction: float) -> None:
        self._stage, self._began = stage, time.monotonic()
        self._timer = Timer(PATIENCE_SECONDS, self._draw_late, (stage, fraction))
        self._timer.daemon = True
        self._timer.start()

    def _draw_late(self, stage: str, fraction: float) -> None:
        with self._lock:
            if stage == self._stage and not self._is_drawn:
                self._draw(fraction)

    def _draw(self, fraction: float) -> None:
        filled = round(BAR_WIDTH * fraction)
        self._is_drawn = True
        say(f"{ERASE}{'#' * filled}{'.' * (BAR_WIDTH - filled)} {fraction:4.0%} {self._stage}")

    def _erase(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer, self._stage = None, ""
        if self._is_drawn:
            say(ERASE)
            self._is_drawn = False


def say(text: str) -> None:
    """Write to stderr, which may be closed."""
    with contextlib.suppress(OSError):
        sys.stderr.write(text)
        sys.stderr.flush()

"""Signals that would end the process are held back while results are put in place.

The work asks by itself whether one came, so none strikes between a change of the file system and the note of it.
"""

from __future__ import annotations

import contextlib
import signal
from collections.abc import Iterator

# SIGHUP, which Windows does not have: the terminal was closed.
HELD = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]


class Held:
    """The first signal that came, if any."""

    def __init__(self) -> None:
        self.came: int | None = None
        self._strikes = False

    def check(self) -> None:
        """End the block if a signal came."""
        if self.came is not None:
            raise _Stopped

    @contextlib.contextmanager
    def at_once(self) -> Iterator[None]:
        """Let a signal end the block at any moment: what is waited for may never come."""
        self.check()
        self._strikes = True
        try:
            yield
        finally:
            self._strikes = False

    def take(self, signum: int, _frame: object) -> None:
        """Take a signal."""
        self.came = self.came or signum
        if self._strikes:
            self._strikes = False
            raise _Stopped


class _Stopped(BaseException):
    """A signal came, and the work was given up."""


@contextlib.contextmanager
def held_signals() -> Iterator[Held]:
    """Hold back interrupts and terminations within the block; they go to their handlers after it.

    Signals that are ignored stay ignored. Only the main thread gets signals, so others need not hold any.
    """
    held, handlers, is_stopped = Held(), {}, False
    try:
        for signum in HELD:
            handler = signal.getsignal(signum)
            if handler not in (signal.SIG_IGN, None):
                with contextlib.suppress(ValueError):  # not the main thread
                    handlers[signum] = signal.signal(signum, held.take)
        yield held
    except _Stopped:
        is_stopped = True
    finally:
        for signum, handler in handlers.items():
            signal.signal(signum, handler)
        if held.came is not None:
            signal.raise_signal(held.came)
    if is_stopped:  # the handler went on, and nothing was written
        raise KeyboardInterrupt

"""An interrupt (Ctrl-C) or a termination ends the program at once and says so, but for results that are half written.

An exception in its place can be lost: in an `except` clause or a destructor of some library, or while modules load.
This module imports nothing that Python has not loaded by itself: until it runs, an interrupt is a traceback.
"""

from __future__ import annotations

import os
import signal
import sys

INTERRUPTED = 130
# What is said; the exit code is 128 and the number of the signal.
ENDING = {signal.SIGINT: b"interrupted", signal.SIGTERM: b"terminated"}


def end_at_signals() -> None:
    """Let an interrupt or a termination end this process, unless whoever started it has them ignored."""
    for signum in ENDING:
        if signal.getsignal(signum) in (signal.default_int_handler, signal.SIG_DFL):
            signal.signal(signum, _end)


def _end(signum: int, _frame: object) -> None:
    try:
        clear = b"\r\x1b[K" if sys.stderr.isatty() else b""
        os.write(sys.stderr.fileno(), clear + b"scenred: " + ENDING[signal.Signals(signum)] + b"\n")
    except (OSError, AttributeError, ValueError):  # stderr may be closed
        pass
    os._exit(128 + signum)

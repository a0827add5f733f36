"""An interrupt (Ctrl-C) or a termination ends the program at once and says so, but for results that are half written.

An exception in its place can be lost: in an `except` clause or a destructor of some library, or while modules load.
Until this module is loaded an interrupt is a traceback. So it imports nothing that Python has not loaded by itself; the
module `signal` is `_signal` with enumerations, which take longer to load than all the rest.
"""

from __future__ import annotations

import _signal as signal  # type: ignore[import-not-found]
import os
import sys

INTERRUPTED = 130
# What is said; the exit code is 128 and the number of the signal.
ENDING = {int(signal.SIGINT): b"interrupted", int(signal.SIGTERM): b"terminated"}


def end_at_signals() -> None:
    """Let an interrupt or a termination end this process, unless whoever started it has them ignored."""
    for signum in ENDING:
        if signal.getsignal(signum) in (signal.default_int_handler, signal.SIG_DFL):
            signal.signal(signum, _end)


def _end(signum: int, _frame: object) -> None:
    try:
        clear = b"\r\x1b[K" if sys.stderr.isatty() else b""
        os.write(sys.stderr.fileno(), clear + b"scenred: " + ENDING[signum] + b"\n")
    except (OSError, AttributeError, ValueError):  # stderr may be closed; contextlib is not loaded
        pass
    os._exit(128 + signum)

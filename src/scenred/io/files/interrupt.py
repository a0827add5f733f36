"""An interrupt (Ctrl-C) ends the program at once and says so, but for results that are half written.

An exception in its place can be lost: in an `except` clause or a destructor of some library, or while modules load.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
from collections.abc import Iterator

INTERRUPTED = 130


def end_at_interrupt() -> None:
    """Let an interrupt end this process, unless whoever started it has interrupts ignored."""
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, _end)


@contextlib.contextmanager
def undone_at_interrupt() -> Iterator[None]:
    """Let an interrupt of the program raise KeyboardInterrupt meanwhile, so that half-written files are removed."""
    is_ours = signal.getsignal(signal.SIGINT) is _end
    if is_ours:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        if is_ours:
            signal.signal(signal.SIGINT, _end)


def _end(*_signal: object) -> None:
    with contextlib.suppress(OSError, AttributeError, ValueError):  # stderr may be closed
        clear = b"\r\x1b[K" if sys.stderr.isatty() else b""
        os.write(sys.stderr.fileno(), clear + b"scenred: interrupted\n")
    os._exit(INTERRUPTED)

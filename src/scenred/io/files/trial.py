"""A file is first decoded in a copy of the process: if it is damaged, its library may crash or not end."""

from __future__ import annotations

import os
import signal
import threading
import time
import warnings
from collections.abc import Callable

from scenred.errors import InputError

# Seconds of processor time that decoding may take, and how many times as long a busy machine may take for it.
MOST_SECONDS, MOST_WAITED = 30, 10


def check_by_trial(decode: Callable[[], object], name: str, seconds: int = MOST_SECONDS) -> None:
    """Raise an InputError if decoding ends the process or does not end; what it raises is left to the caller.

    The copy is made where no other thread runs and the system can make one. One that waits for nothing is given up.

    Parameters
    ----------
    decode : callable
        Decodes the file.
    name : str
        What messages call the file.
    seconds : int
        Processor time that decoding may take.
    """
    if not hasattr(os, "fork") or threading.active_count() > 1:
        return
    with warnings.catch_warnings():
        warnings.simplefilter(
            "ignore", DeprecationWarning
        )  # of forks next to threads of libraries, which do not run now
        child = os.fork()
    if child == 0:
        _decode_and_end(decode, seconds)
    status = _ended(child, MOST_WAITED * seconds)
    if status is None or not os.WIFSIGNALED(status):
        return
    is_late = os.WTERMSIG(status) == signal.SIGXCPU
    how = f"does not end within {seconds} s" if is_late else "crashes the library that reads it"
    raise InputError(f"is damaged: decoding it {how}", advice="fetch the file again", place=name)


def _ended(child: int, seconds: float) -> int | None:
    """Return how a copy ended; None if it did not within a time, and is ended here."""
    end, pause = time.monotonic() + seconds, 0.001
    while time.monotonic() < end:
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            return status
        time.sleep(pause)
        pause = min(2 * pause, 0.05)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return None


def _decode_and_end(decode: Callable[[], object], seconds: int) -> None:
    """Decode in this copy of the process, silently and within a time, and end it."""
    try:
        import faulthandler
        import resource

        faulthandler.disable()
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
        signal.signal(signal.SIGXCPU, signal.SIG_DFL)
        signal.setitimer(signal.ITIMER_REAL, 0)
        nowhere = os.open(os.devnull, os.O_WRONLY)
        for stream in (1, 2):  # what a library says before it aborts
            os.dup2(nowhere, stream)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            decode()
    finally:
        os._exit(0)  # whatever was raised is raised again outside

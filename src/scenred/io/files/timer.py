"""Timers: a countdown to a time limit, and a stopwatch."""

from __future__ import annotations

import math
import time
from collections.abc import Callable

from scenred.errors import RequestError


def countdown(seconds: float | None) -> Callable[[], float]:
    """Return a function that gives the seconds left of a time limit that starts now; infinite for None.

    Raise a RequestError if the time is not above 0.

    Examples
    --------
    >>> countdown(None)()
    inf
    """
    if seconds is None:
        return lambda: math.inf
    if not seconds > 0:
        raise RequestError(f"the time limit is {seconds:g} s", "a number of seconds above 0")
    end = time.monotonic() + seconds
    return lambda: end - time.monotonic()


def stopwatch() -> Callable[[], float]:
    """Return a function that gives the seconds since now."""
    begin = time.monotonic()
    return lambda: time.monotonic() - begin

"""The clock: when it is time to stop, and how long something took."""

from __future__ import annotations

import math
import time
from collections.abc import Callable

from scenred.errors import RequestError


def countdown(seconds: float | None) -> Callable[[], float]:
    """Give a function that says how many of so many seconds are left from now on; always infinite for None.

    Raises
    ------
    RequestError
        When the time is not above 0.

    Examples
    --------
    >>> countdown(None)()
    inf
    """
    if seconds is None:
        return lambda: math.inf
    if not seconds > 0:
        raise RequestError(f"the time limit is {seconds:g} s; scenred needs a number of seconds above 0")
    end = time.monotonic() + seconds
    return lambda: end - time.monotonic()


def stopwatch() -> Callable[[], float]:
    """Give a function that says how many seconds have passed since now."""
    begin = time.monotonic()
    return lambda: time.monotonic() - begin

"""The clock: when it is time to stop, and how long something took."""

from __future__ import annotations

import time
from collections.abc import Callable

from scenred.errors import RequestError


def deadline(seconds: float | None) -> Callable[[], bool]:
    """Give a function that says whether so many seconds have passed since now; never for None.

    Raises
    ------
    RequestError
        When the time is not above 0.

    Examples
    --------
    >>> deadline(None)()
    False
    """
    if seconds is None:
        return lambda: False
    if not seconds > 0:
        raise RequestError(f"the time limit is {seconds:g} s; scenred needs a number of seconds above 0")
    end = time.monotonic() + seconds
    return lambda: time.monotonic() >= end


def stopwatch() -> Callable[[], float]:
    """Give a function that says how many seconds have passed since now."""
    begin = time.monotonic()
    return lambda: time.monotonic() - begin

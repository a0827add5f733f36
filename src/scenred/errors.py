"""Name every failure a user can cause, each with its exit code.

::

    ScenredError            never raised itself
    ├── UsageError       2  flags that contradict each other or cannot be read
    ├── InputError       3  a file or table that scenred refuses
    ├── RequestError     4  a request that this input cannot fulfil
    ├── SolverError      5  a solver that did not converge, a quality gate that failed
    └── OutputError      6  a result that could not be written

A message says what was met and where, what was needed, and what to do.
Exit code 1 is left to our own bugs and 130 to an interrupt.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping


class ScenredError(Exception):
    """Collect the failures that a user can cause; the command line ends with `exit_code`.

    `remedy` names options of reading, and their values, with which an input might be read; `inspect` tries them.
    """

    exit_code = 1

    def __init__(self, message: str, remedy: Mapping[str, object] | None = None) -> None:
        super().__init__(message)
        self.remedy = dict(remedy or {})


class UsageError(ScenredError):
    """Refuse flags that contradict each other or cannot be read."""

    exit_code = 2


class InputError(ScenredError):
    """Refuse a file or a table."""

    exit_code = 3


class RequestError(ScenredError):
    """Refuse a request that this input cannot fulfil."""

    exit_code = 4


class SolverError(ScenredError):
    """Report a solver that did not converge or a quality gate that failed."""

    exit_code = 5


class OutputError(ScenredError):
    """Report a result that could not be written."""

    exit_code = 6


class ScenredWarning(UserWarning):
    """Tell of a result that is right but may surprise."""


def one_line(message: str) -> str:
    r"""Write line breaks and other control characters of a message as escapes.

    Examples
    --------
    >>> one_line("no\nfile.csv")
    'no\\nfile.csv'
    """
    return re.sub(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]", lambda found: repr(found[0])[1:-1], message)


def nearest_name(name: str, known: Iterable[str]) -> str:
    """Give the end of a message about an unknown name: the nearest known one, or all of them.

    Examples
    --------
    >>> nearest_name("wnd", ["wind", "pv"])
    "did you mean 'wind'?"
    >>> nearest_name("temperature", ["wind", "pv"])
    'there are: wind, pv'
    """
    from difflib import get_close_matches

    names = list(known)
    folded = {candidate.casefold(): candidate for candidate in names}
    close = get_close_matches(name.casefold(), folded, n=1, cutoff=0.6)
    if close:
        return f"did you mean {folded[close[0]]!r}?"
    return f"there are: {', '.join(names)}"

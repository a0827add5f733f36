"""Every failure a user can cause, each with its exit code, and how a message names an option.

::

    ScenredError            never raised itself
    ├── UsageError       2  options that contradict each other or cannot be read
    ├── InputError       3  a file or table that scenred refuses
    ├── RequestError     4  a request that this input cannot fulfil
    ├── SolverError      5  a solver that did not converge, a quality gate that failed
    └── OutputError      6  a result that could not be written

A message says where and what was met, what is needed, and what to do. It is data until a face writes it: an option in
it is a `Setting`, which the command line writes as `--missing drop` and Python as `missing='drop'`.
Exit code 1 is left to our own bugs and 130 to an interrupt.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Setting:
    """An option as a message names it, with a value or alone.

    Parameters
    ----------
    option : str
        Its keyword in Python.
    value : object, optional
        None names the option alone.

    Examples
    --------
    >>> str(Setting("missing", "drop")), str(Setting("tz"))
    ("missing='drop'", 'tz')
    """

    option: str
    value: object = None

    def __str__(self) -> str:
        """Write it as a keyword of Python."""
        return self.option if self.value is None else f"{self.option}={self.value!r}"


Text = str | Setting | tuple[str | Setting, ...]
Spelling = Callable[[Setting], str]


def written(text: Text, spelling: Spelling = str) -> str:
    """Return a text with its settings spelled for one face.

    Examples
    --------
    >>> written(("fill the gap, or pass ", Setting("missing", "drop")), lambda setting: f"--{setting.option}")
    'fill the gap, or pass --missing'
    """
    parts = text if isinstance(text, tuple) else (text,)
    return "".join(part if isinstance(part, str) else spelling(part) for part in parts)


class ScenredError(Exception):
    """A failure that a user can cause; the command line ends with `exit_code`.

    Parameters
    ----------
    met : Text
        What was met, with its value.
    needed : Text
        What scenred needs instead.
    advice : Text
        What to do.
    place : Text
        File, line and column, or the option.
    remedy : tuple of Setting
        Options of reading with which the input might be read; `inspect` tries them.

    Examples
    --------
    >>> str(InputError("wind is empty", "every step", ("pass ", Setting("missing", "drop")), place="year.csv:7"))
    "year.csv:7: wind is empty; scenred needs every step; pass missing='drop'"
    """

    exit_code = 1

    def __init__(
        self,
        met: Text,
        needed: Text = "",
        advice: Text = "",
        *,
        place: Text = "",
        remedy: tuple[Setting, ...] = (),
    ) -> None:
        super().__init__(met, needed, advice)
        self.met, self.needed, self.advice, self.place, self.remedy = met, needed, advice, place, remedy

    def text(self, spelling: Spelling = str) -> str:
        """Return the message with its settings spelled for one face."""
        needed = f"scenred needs {written(self.needed, spelling)}" if self.needed else ""
        parts = (written(self.met, spelling), needed, written(self.advice, spelling))
        place = f"{written(self.place, spelling)}: " if self.place else ""
        return place + "; ".join(part for part in parts if part)

    def __str__(self) -> str:
        return self.text()


class UsageError(ScenredError):
    """Options that contradict each other or cannot be read."""

    exit_code = 2


class InputError(ScenredError):
    """A file or a table that scenred refuses."""

    exit_code = 3


class RequestError(ScenredError):
    """A request that this input cannot fulfil."""

    exit_code = 4


class SolverError(ScenredError):
    """A solver that did not converge or a quality gate that failed."""

    exit_code = 5


class OutputError(ScenredError):
    """A result that could not be written."""

    exit_code = 6


class ScenredWarning(UserWarning):
    """A result that is right but may surprise; `notes.note` raises it."""

    def __init__(self, *parts: str | Setting) -> None:
        super().__init__(*parts)
        self.parts = parts

    def text(self, spelling: Spelling = str) -> str:
        """Return the message with its settings spelled for one face."""
        return written(self.parts, spelling)

    def __str__(self) -> str:
        return self.text()


# What a terminal would obey or hide: control characters (C0, C1), ends of lines and paragraphs, marks that turn the
# direction of writing, marks of no width, and halves of characters.
NOT_SHOWN = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f\ud800-\udfff]"
)
# A longer word of a message is cut in its middle; no path is longer than the last.
LONGEST_WORD = 1_000


def one_line(message: str) -> str:
    r"""Return a text as a terminal may show it: on one line, with escapes for what it would obey or hide.

    Examples
    --------
    >>> one_line("no\nfile.csv"), one_line("\x1b]0;title\x07wind")
    ('no\\nfile.csv', '\\x1b]0;title\\x07wind')
    """
    shown = NOT_SHOWN.sub(lambda found: found[0].encode("unicode_escape").decode(), message)
    if len(shown) <= LONGEST_WORD:
        return shown
    return re.sub(
        rf"\S{{{LONGEST_WORD},}}",
        lambda found: f"{found[0][: LONGEST_WORD // 4]}...{found[0][-LONGEST_WORD // 8 :]}",
        shown,
    )


def nearest_name(name: str, known: Iterable[str]) -> str:
    """Return the end of a message about an unknown name: the nearest known one, or all of them.

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

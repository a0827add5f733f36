"""Colour for a person's eyes: group names bold, and the plain words of a scorecard in their colours."""

from __future__ import annotations

import os
import re
import sys

WORDS = {"poor": "31", "fair": "33", "good": "32"}


def wants_colour() -> bool:
    """Return whether standard output is a terminal whose user has not refused colour (https://no-color.org)."""
    return sys.stdout is not None and sys.stdout.isatty() and not os.environ.get("NO_COLOR")


def coloured(text: str) -> str:
    r"""Colour an aligned scorecard; the text stays the same but for escape sequences.

    Examples
    --------
    >>> coloured("transport\n  relative_cost  0.9  poor\n")
    '\x1b[1mtransport\x1b[0m\n  relative_cost  0.9  \x1b[31mpoor\x1b[0m\n'
    """
    text = re.sub(r"^([a-z]+)$", "\x1b[1m\\1\x1b[0m", text, flags=re.MULTILINE)
    for word, code in WORDS.items():
        text = re.sub(rf"(?<= ){word}$", f"\x1b[{code}m{word}\x1b[0m", text, flags=re.MULTILINE)
    return text

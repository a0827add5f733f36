"""How the command line spells an option in a message: `--missing drop`."""

from __future__ import annotations

import shlex
from functools import cache
from typing import Any

from scenred.errors import Setting
from scenred.options.declare import Option, options_of

# Marks between fields that a shell shows badly, and their names.
MARKS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "pipe", " ": "space"}


@cache
def groups() -> tuple[type[Any], ...]:
    """Return all groups of options that have flags; of two options of one name the first counts."""
    from scenred.options import Columns, Conditions, Cutting, GroundOptions, Reading, SearchOptions, Work
    from scenred.options.exporting import Exporting
    from scenred.options.sampling import Sampling

    return Columns, Reading, Cutting, GroundOptions, SearchOptions, Conditions, Work, Sampling, Exporting


@cache
def declared() -> dict[str, Option]:
    """Return all options by name."""
    return {one.name: one for group in reversed(groups()) for one in reversed(options_of(group))}


def words_of(setting: Setting) -> list[str]:
    """Return the words of a shell that set an option.

    Examples
    --------
    >>> words_of(Setting("na", ("-", "x"))), words_of(Setting("long", ("site", "mw")))
    (['--na', '-', '--na', 'x'], ['--long', 'site,mw'])
    """
    known = declared().get(setting.option)
    flag = (known.flag if known is not None else None) or f"--{setting.option.replace('_', '-')}"
    value = setting.value
    if known is not None and known.declared.preset and value == known.declared.preset[1]:
        return [known.declared.preset[0]]
    if value is None or isinstance(value, bool):
        return [flag]
    if setting.option == "max_size":
        mega, rest = divmod(int(str(value)), 1_000_000)
        return [flag, str(value) if rest else f"{mega}MB"]
    if setting.option == "delimiter":
        return [flag, MARKS.get(str(value), str(value))]
    if setting.option == "long" and isinstance(value, tuple):
        return [flag, ",".join(value)]
    if isinstance(value, dict):
        several = ((name, [one] if not isinstance(one, tuple) else one or [""]) for name, one in value.items())
        return [word for name, ones in several for one in ones for word in (flag, f"{name}={_number(one)}")]
    if isinstance(value, tuple | list):
        return [word for one in value for word in (flag, str(one))]
    return [flag, _number(value)]


def spelled(setting: Setting) -> str:
    """Write a setting as a flag, fit for a shell.

    Examples
    --------
    >>> spelled(Setting("missing", "drop")), spelled(Setting("header", "none")), spelled(Setting("n_threads"))
    ('--missing drop', '--no-header', '--threads')
    """
    return " ".join(map(_quoted, words_of(setting)))


def _quoted(word: str) -> str:
    r"""Quote a word for a shell; control characters are escapes, in the quotes that read them.

    Examples
    --------
    >>> print(_quoted("a b"), _quoted("a\nb"))
    'a b' $'a\nb'
    """
    if word.isprintable():
        return shlex.quote(word)
    return f"$'{repr(word + chr(34))[1:-2]}'"


def _number(value: object) -> str:
    return f"{value:.17g}" if isinstance(value, float) else str(value)

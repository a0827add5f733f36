"""Findings of an input with the flags that read it so, and a command that runs."""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping, Sequence
from typing import Any

import typer

from scenred.api.inputs import InputOptions
from scenred.cli.flags.attach import attach
from scenred.cli.flags.spelling import spelled, words_of
from scenred.errors import ScenredError, Setting, UsageError
from scenred.options import Columns, Cutting, Reading

# Control characters, marks that turn the direction of a line, and bytes that are no UTF-8.
UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\udc80-\udcff\u2028-\u202e\u2066-\u2069]")


def with_flags(findings: dict[str, Any], refusal: ScenredError | None, sources: Sequence[str]) -> dict[str, Any]:
    """Return findings whose settings are flags and a command, and whose refusal is spelled as on the command line."""
    written = dict(findings)
    if refusal is not None:
        written["refused"] = refusal.text(spelled)
    if (settings := written.pop("settings", None)) is not None:
        words = _words(settings)
        written["flags"] = joined(words)
        written["command"] = joined(["scenred", "generate", *with_inputs(words, sources)])
    if "proposal" in written:
        written["proposal"] = joined(_words(written["proposal"]))
    if "notes" in written:
        written["notes"] = [note.text(spelled) for note in written["notes"]]
    return written


def parsed(settings: Mapping[str, Any]) -> InputOptions:
    """Write settings as the text of flags, and read that text as the command line does."""
    held: list[InputOptions] = []

    def take(*, columns: Columns, reading: Reading, cutting: Cutting) -> None:
        held.append(InputOptions(columns, reading, cutting))

    app = typer.Typer()
    app.command()(attach(take))
    words = _words(settings)
    is_plain = not any(map(UNPRINTABLE.search, words))
    try:
        app(args=shlex.split(joined(words)) if is_plain else words, standalone_mode=False)
    except typer.TyperException as error:
        raise UsageError(error.format_message()) from error
    return held[0]


def with_inputs(words: Sequence[str], sources: Sequence[str]) -> list[str]:
    """Return inputs and flags; inputs that look like flags come last, after `--`.

    Examples
    --------
    >>> with_inputs(["--sort"], ["a.csv", "-"]), with_inputs(["--sort"], ["-odd.csv"])
    (['a.csv', '-', '--sort'], ['--sort', '--', '-odd.csv'])
    """
    is_odd = any(source.startswith("-") and source != "-" for source in sources)
    return [*words, "--", *sources] if is_odd else [*sources, *words]


def joined(words: Sequence[str]) -> str:
    """Return words as one line of a shell.

    Examples
    --------
    >>> joined(["--column", "Wind [MW]", "über.csv"])
    "--column 'Wind [MW]' über.csv"
    """
    return " ".join(_escaped(word) if UNPRINTABLE.search(word) else _quoted(word) for word in words)


def _quoted(word: str) -> str:
    """Return a word between quotes where a shell would not take it as it is; letters of any alphabet are plain."""
    return word if re.fullmatch(r"[\w@%+=:,./-]+", word) else shlex.quote(word)


def _escaped(word: str) -> str:
    """Return a word in the quotes of bash, zsh and ksh that take escapes."""
    parts = []
    for mark in word:
        if mark in "\\'":
            parts.append(f"\\{mark}")
        elif not UNPRINTABLE.fullmatch(mark):
            parts.append(mark)
        else:
            parts += [f"\\x{byte:02x}" for byte in mark.encode("utf-8", "surrogateescape")]
    return f"$'{''.join(parts)}'"


def _words(settings: Mapping[str, Any]) -> list[str]:
    return [word for name, value in settings.items() for word in words_of(Setting(name, value))]

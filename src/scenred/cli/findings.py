"""Findings of an input with the flags that read it so."""

from __future__ import annotations

import shlex
from typing import Any

from scenred.cli.flags.spelling import spelled, words_of
from scenred.errors import ScenredError, Setting


def with_flags(findings: dict[str, Any], refusal: ScenredError | None) -> dict[str, Any]:
    """Return findings whose settings are flags, and whose refusal is spelled as on the command line."""
    written = dict(findings)
    if refusal is not None:
        written["refused"] = refusal.text(spelled)
    if (settings := written.pop("settings", None)) is not None:
        words = (words_of(Setting(name, value)) for name, value in settings.items())
        written["flags"] = shlex.join(word for some in words for word in some)
    if "notes" in written:
        written["notes"] = [note.text(spelled) for note in written["notes"]]
    return written

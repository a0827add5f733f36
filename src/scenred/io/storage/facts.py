"""Facts that a stored scenario set names besides its table, read back."""

from __future__ import annotations

from collections.abc import Mapping

from scenred.errors import InputError
from scenred.model import Facts


def facts_of(named: Mapping[str, object], place: str) -> Facts:
    """Return the facts among what a file names, or raise an InputError about one that is not a length."""
    try:
        return Facts.of(named)
    except (ValueError, OverflowError) as error:
        raise InputError(f"holds a length that cannot be read: {error}", "a number above 0", place=place) from error

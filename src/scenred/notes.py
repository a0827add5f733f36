"""Notes: warnings about results that are right but may surprise."""

from __future__ import annotations

import inspect
import warnings

from scenred.errors import ScenredWarning, Setting

PACKAGE = __name__.partition(".")[0]


def note(*parts: str | Setting) -> None:
    """Warn with a `ScenredWarning`, at the line outside scenred that made the call.

    Parameters
    ----------
    *parts : str or Setting
        The sentence; settings are spelled by the face that shows it.
    """
    frame, level = inspect.currentframe(), 1
    while frame is not None and frame.f_globals.get("__name__", "").partition(".")[0] == PACKAGE:
        frame, level = frame.f_back, level + 1
    warnings.warn(ScenredWarning(*parts), stacklevel=max(level - 1, 1))

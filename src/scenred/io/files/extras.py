"""Optional libraries: imported when a format needs them, named with their extra when they are not installed."""

from __future__ import annotations

from importlib import import_module
from types import ModuleType

from scenred.errors import RequestError


def load_extra(module: str, extra: str, purpose: str) -> ModuleType:
    """Import a module that an extra installs, or raise a RequestError that begins with `purpose`, what needs it."""
    try:
        return import_module(module)
    except ImportError as error:
        raise RequestError(
            f"{purpose} needs {module}, which is not installed here",
            advice=f"install it: pip install 'scenred[{extra}]'",
        ) from error

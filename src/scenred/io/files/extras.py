"""Libraries that not everybody needs: loaded when a format asks for them, named when they are not there."""

from __future__ import annotations

from importlib import import_module
from types import ModuleType

from scenred.errors import RequestError


def load_extra(module: str, extra: str, purpose: str) -> ModuleType:
    """Import a library of an optional extra.

    Parameters
    ----------
    module : str
        Name to import.
    extra : str
        Name of the extra that installs it.
    purpose : str
        What needs it, as the beginning of the message.

    Raises
    ------
    RequestError
        When it is not installed, naming the extra.
    """
    try:
        return import_module(module)
    except ImportError as error:
        raise RequestError(
            f"{purpose} needs {module}, which is not installed here; install it: pip install 'scenred[{extra}]'"
        ) from error

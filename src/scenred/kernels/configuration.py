"""numba without the settings of the working folder.

Where PyYAML is installed, numba reads `.numba_config.yaml` of the working folder when it is loaded and before every
compilation. It may name a folder of compiled code, which is unpickled: whoever can put files next to the data could run
code. Settings of the environment (`NUMBA_...`) are the user's own, and hold.
"""

from __future__ import annotations

import os
import sys
import warnings
from importlib import import_module
from typing import Any


def load_numba() -> None:
    """Load numba; what else has loaded it before has also chosen its settings."""
    if "numba" in sys.modules:
        return
    loaded = sys.modules.get("yaml")
    sys.modules["yaml"] = None  # type: ignore[assignment]  # makes `import` fail, as documented
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # that the file cannot be read
            config: Any = import_module("numba.core.config")
    finally:
        del sys.modules["yaml"]
        if loaded is not None:
            sys.modules["yaml"] = loaded
    config._config_fname = os.devnull

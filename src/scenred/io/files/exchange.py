"""Two folders exchange their places in one step, where the system can."""

from __future__ import annotations

import os
from pathlib import Path

# linux/fcntl.h and linux/fs.h
AT_FDCWD = -100
RENAME_EXCHANGE = 2


def exchange(one: Path, other: Path) -> bool:
    """Exchange two folders, or return False and leave them: on another system than Linux, or an old file system."""
    from ctypes import CDLL

    try:
        rename = CDLL(None).renameat2
    except (OSError, AttributeError, TypeError):
        return False
    done: int = rename(AT_FDCWD, os.fsencode(one), AT_FDCWD, os.fsencode(other), RENAME_EXCHANGE)
    return done == 0

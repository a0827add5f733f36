"""Objects of other libraries that fail while they are taken down, after their file was refused."""

from __future__ import annotations

import contextlib
import gc
import sys
import traceback
from collections.abc import Iterator


@contextlib.contextmanager
def taken_down_quietly() -> Iterator[None]:
    """Take down what an exception inside leaves behind before it goes on, without a word of failing finalizers.

    h5netcdf closes a damaged file a second time when it is forgotten, and Python then prints the traceback of that.
    """
    said = sys.unraisablehook
    sys.unraisablehook = lambda _failure: None
    try:
        yield
    except Exception as error:
        _forget(error)
        gc.collect()
        raise
    finally:
        sys.unraisablehook = said


def _forget(error: BaseException) -> None:
    """Clear the variables of all frames that an error and those before it hold."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        traceback.clear_frames(error.__traceback__)
        error = error.__cause__ or error.__context__  # type: ignore[assignment]  # None ends the loop

"""How work is done: threads, the time that is left, and who hears of progress. It never changes a result."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import ClassVar

from scenred.options.declare import check, option

Progress = Callable[[str, float], None]


@dataclass(frozen=True, slots=True)
class Work:
    """Threads, time and progress of a call.

    Raises
    ------
    RequestError
        If the number of threads is out of range.
    """

    heading: ClassVar[str] = "Run"

    n_threads: int | None = option(
        None,
        "Threads; one per processor by default. The result is the same.",
        flag="--threads",
        noun="number of threads",
        metavar="N",
        low=1,
    )
    progress: Progress | None = option(None, "Called with a stage and a fraction.", flag=None)
    time_left: Callable[[], float] = lambda: math.inf
    clock: Callable[[], float] = lambda: 0.0

    def __post_init__(self) -> None:
        """Raise a RequestError if the number of threads is out of range."""
        check(self)

    def on_stage(self, stage: str) -> Callable[[float], None]:
        """Return what takes the fraction done of one stage."""
        return partial(self.progress, stage) if self.progress is not None else lambda _fraction: None

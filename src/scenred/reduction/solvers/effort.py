"""How much work a search may do, and what it has done."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from scenred.model import SearchStatistics, Status
from scenred.options import SearchOptions, Work
from scenred.reduction.solvers.problem import STORAGE

# Numbers that may be visited on the way to an optimum that is not required.
EASY_VISITS = 20_000_000
# Numbers that may be visited where the optimum is not asked for: some seconds.
MOST_VISITS = 4e9


@dataclass(frozen=True, slots=True, eq=False)
class Effort:
    """The limits of a search, and the record of its work.

    Parameters
    ----------
    gap : float
        Stop when the loss is proven to lie within this share of the optimum; 0 asks for the optimum.
    n_starts, seed, n_threads, time_left, clock
        As in `SearchOptions` and `Work`; `time_left` is asked between steps of the work.
    most_visits : float
        Numbers that the bound may visit, about 3e8 a second; infinite where the gap must be reached.
    on_fraction : callable
        Called with the share of the work done.
    done : list of (str, float)
        What was done: `count` adds to it from any thread.
    """

    gap: float
    n_starts: int
    seed: int
    n_threads: int | None
    most_visits: float
    time_left: Callable[[], float]
    clock: Callable[[], float]
    on_fraction: Callable[[float], None]
    done: list[tuple[str, float]] = field(default_factory=list)

    @classmethod
    def of(cls, search: SearchOptions, work: Work) -> Effort:
        """Return what the options of a call allow."""
        is_exact = search.method == "exact"
        return cls(
            gap=0.0 if is_exact or search.require_optimal else search.gap,
            n_starts=search.n_starts,
            seed=search.seed,
            n_threads=work.n_threads,
            most_visits=math.inf if is_exact else MOST_VISITS,
            time_left=work.time_left,
            clock=work.clock,
            on_fraction=work.on_stage("medoids"),
        )

    def should_stop(self) -> bool:
        """Return whether no time is left."""
        return self.time_left() <= 0

    def goal(self, loss: float) -> float:
        """Return the bound that is as near to a loss as the gap asks for."""
        return loss * (1 - max(self.gap - 4 * STORAGE, 0.0))

    def is_reached(self, bound: float, loss: float) -> bool:
        """Return whether a bound is as near to a loss as the gap asks for."""
        return bound >= self.goal(loss)

    def is_enough(self, bound: float, loss: float, visits: float) -> bool:
        """Return whether to stop: the gap is reached, and the optimum would take more than a tenth of a second."""
        return visits > EASY_VISITS and self.is_reached(bound, loss)

    def count(self, what: str, number: float) -> None:
        """Add to a count of `SearchStatistics`, or to the seconds of a stage."""
        self.done.append((what, number))

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Count the seconds of a block."""
        begin = self.clock()
        yield
        self.count(name, self.clock() - begin)

    def statistics(self, status: Status) -> SearchStatistics:
        """Return the sums of what was done."""
        return SearchStatistics.of(status, list(self.done))

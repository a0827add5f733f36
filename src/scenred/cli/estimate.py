"""What exact distances will cost, announced before they are computed."""

from __future__ import annotations

import time
import warnings
from collections.abc import Callable
from dataclasses import replace

from scenred.cli.stderr import Stderr
from scenred.metrics import pairwise_distances, thin
from scenred.model import ScenarioSet
from scenred.options import GroundOptions, Work

# Fewer periods are done before a sentence about them is read.
MANY_PERIODS = 1_000
# What a call costs however few the pairs cancels out between two tries.
TRIED_PERIODS = (32, 128)
# The shorter of two tries: other work on the machine only makes them longer.
TRIES = 2
LONG_SECONDS = 30.0


def announcing(stderr: Stderr, ground: GroundOptions, work: Work) -> Callable[[ScenarioSet], None]:
    """Return what announces the cost of a set's distances, once it is read."""
    return lambda scenarios: announce_cost(stderr, scenarios, ground, work.n_threads)


def announce_cost(stderr: Stderr, scenarios: ScenarioSet, ground: GroundOptions, n_threads: int | None) -> None:
    """Time the exact metric on a few periods, and announce what all pairs will take and what is cheaper."""
    if ground.metric != "wasserstein" or scenarios.n_scenarios < MANY_PERIODS:
        return
    few, more = (thin(scenarios, n) for n in TRIED_PERIODS)
    first, second = (min(_timed(some, ground, n_threads) for _ in range(TRIES)) for some in (few, more))
    pairs = _pairs(scenarios)
    seconds = max(second - first, 0.0) * pairs / (_pairs(more) - _pairs(few))
    stderr.announce(
        f"exact distances of {scenarios.n_scenarios:,} periods, {pairs:,} pairs, take about {_rounded(seconds)}; "
        "--metric sliced is the cheaper choice",
        is_important=seconds > LONG_SECONDS,
    )


def _timed(few: ScenarioSet, ground: GroundOptions, n_threads: int | None) -> float:
    """Time the distances of a few periods, in seconds; the first call may compile kernels, the next does not."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # noted when all are done
        began = time.monotonic()
        pairwise_distances(few, replace(ground, column_weights=None), Work(n_threads))
        return time.monotonic() - began


def _pairs(scenarios: ScenarioSet) -> int:
    return scenarios.n_scenarios * (scenarios.n_scenarios - 1) // 2


def _rounded(seconds: float) -> str:
    """Write a time with as many digits as an estimate deserves.

    Examples
    --------
    >>> _rounded(0.4), _rounded(14.4), _rounded(500.0)
    ('1 s', '14 s', '8 min')
    """
    return f"{max(1.0, seconds):.0f} s" if seconds < 120 else f"{seconds / 60:.0f} min"

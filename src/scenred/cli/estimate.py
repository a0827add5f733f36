"""What distances will cost, announced before they are computed."""

from __future__ import annotations

import time
import warnings
from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from scenred.cli.stderr import Stderr
from scenred.errors import ScenredError
from scenred.metrics import pairwise_distances, thin
from scenred.model import ScenarioSet
from scenred.options import GroundOptions, Metric, Work
from scenred.options.ground import DEFAULT_DIRECTIONS

# Steps of a few periods that are tried at most; more cost more by the power below, measured with 24 to 2,688 steps.
MOST_STEPS = 1_000
# For a metric: the power, what a pair of periods of n steps needs in elementary operations, how many of these are done
# before a sentence about them is read, and the periods of two tries: how many depends on the length of a period.
GROWTH = {"wasserstein": 2, "sliced": 1}
FEW_OPERATIONS = {"wasserstein": 3e8, "sliced": 3e9}
TRIED_PERIODS = {"wasserstein": ((32, 128), (2, 5)), "sliced": ((128, 512), (8, 32))}
LONG_PERIOD = 200
# The shorter of two tries: other work on the machine only makes them longer.
TRIES = 2
LONG_SECONDS = 30.0
CHEAPER = {
    "wasserstein": "--metric sliced is the cheaper choice",
    "sliced": "--metric duration, fewer --directions and fewer or longer periods are cheaper choices",
}
NAMES = {"wasserstein": "exact distances", "sliced": "sliced distances"}


def announcing(
    stderr: Stderr, ground: GroundOptions, work: Work, metrics: Sequence[Metric] = ()
) -> Callable[[ScenarioSet], None]:
    """Return what announces the cost of a set's distances, by one or several metrics, once it is read."""

    def announce(scenarios: ScenarioSet) -> None:
        for metric in metrics or (ground.metric,):
            announce_cost(stderr, scenarios, replace(ground, metric=metric), work.n_threads)

    return announce


def announce_cost(stderr: Stderr, scenarios: ScenarioSet, ground: GroundOptions, n_threads: int | None) -> None:
    """Time a metric on a few periods, and announce what all pairs will take and what is cheaper, if that is long."""
    pairs, n_steps, metric = _pairs(scenarios.n_scenarios), scenarios.n_steps, ground.metric
    if metric not in GROWTH:
        return
    operations = n_steps**2 if metric == "wasserstein" else n_steps * (ground.directions or DEFAULT_DIRECTIONS)
    if pairs * operations < FEW_OPERATIONS[metric]:
        return
    steps = np.unique(np.linspace(0, n_steps - 1, min(n_steps, MOST_STEPS)).astype(int))
    tried = replace(scenarios, values=scenarios.values[:, steps])
    numbers = [min(n, scenarios.n_scenarios) for n in TRIED_PERIODS[metric][n_steps > LONG_PERIOD]]
    try:
        few, more = (min(_timed(thin(tried, n), ground, n_threads) for _ in range(TRIES)) for n in numbers)
    except ScenredError:  # some columns are constant in so few
        return
    growth = (n_steps / len(steps)) ** GROWTH[metric]
    seconds = growth * _of_all(scenarios.n_scenarios, numbers, (few, more))
    stderr.announce(
        f"{NAMES[metric]} of {scenarios.n_scenarios:,} periods of {n_steps:,} steps, {pairs:,} pairs, take about "
        f"{_rounded(seconds)}; {CHEAPER[metric]}",
        is_important=seconds > LONG_SECONDS,
    )


def _of_all(n: int, numbers: Sequence[int], seconds: tuple[float, float]) -> float:
    """Return the time of n periods from two tries: a share for each period, and one for each pair.

    Examples
    --------
    >>> round(_of_all(100, (10, 20), (10 * 0.5 + 45 * 0.1, 20 * 0.5 + 190 * 0.1)), 6)
    545.0
    """
    (few, more), (first, second) = numbers, seconds
    if few == more:
        return second
    a_pair = (second / more - first / few) / (_pairs(more) / more - _pairs(few) / few)
    a_pair = max(a_pair, 0.0) or second / _pairs(more)
    a_period = max(second - a_pair * _pairs(more), 0.0) / more
    return a_period * n + a_pair * _pairs(n)


def _timed(few: ScenarioSet, ground: GroundOptions, n_threads: int | None) -> float:
    """Time the distances of a few periods, in seconds; the first call may compile kernels, the next does not."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # noted when all are done
        began = time.monotonic()
        pairwise_distances(few, replace(ground, column_weights=None), Work(n_threads))
        return time.monotonic() - began


def _pairs(n: int) -> int:
    return n * (n - 1) // 2


def _rounded(seconds: float) -> str:
    """Write a time with as many digits as an estimate deserves.

    Examples
    --------
    >>> _rounded(0.4), _rounded(14.4), _rounded(500.0), _rounded(20_000.0)
    ('1 s', '14 s', '8 min', '6 h')
    """
    if seconds >= 7200:
        return f"{seconds / 3600:.0f} h"
    return f"{max(1.0, seconds):.0f} s" if seconds < 120 else f"{seconds / 60:.0f} min"

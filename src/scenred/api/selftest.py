"""Published truths, and p-median instances of the literature, to check scenred by."""

from __future__ import annotations

from collections.abc import Callable

from scenred.errors import RequestError
from scenred.io.files.timer import countdown
from scenred.io.records.instances import OPTIMA, Instance, read_instance
from scenred.selftest.truths import Check, Finding, instance_truth, small_truths

__all__ = ["OPTIMA", "Check", "Finding", "instance_check", "read_instance", "small_truths"]


def instance_check(instance: Instance, k: int, time_limit: float | None = None) -> Callable[[], Finding]:
    """Return a call that solves a p-median instance to the proven optimum, or as far as the seconds allow."""
    if not 1 <= k <= len(instance.costs):
        raise RequestError(
            f"{k} medoids are asked for",
            advice=f"choose from 1 to {len(instance.costs)}, the number of nodes",
            place=instance.name,
        )
    optimum = instance.optimum if k == instance.p else None
    return lambda: instance_truth(instance.costs, k, optimum, countdown(time_limit))

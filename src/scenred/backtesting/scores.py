"""Scores of scenarios against the observation of one day, averaged over days.

The proper scores are those of `evaluation`; coverage, rank histogram and sharpness are here. Steps whose scenarios
are all one value (PV at night) count for the proper scores only: an interval without width says nothing.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from scenred.arrays import Float64
from scenred.evaluation.proper import crps, energy_score
from scenred.kernels.variogram import variogram_sums

COVERAGES = (0.5, 0.8, 0.9)
SHARP = 0.8
N_BINS = 10


@dataclass(frozen=True, slots=True, eq=False)
class Outlook:
    """The forecast of a day by one method: scenarios of shape (n, n_steps, n_columns) in capacity, and their masses."""

    values: Float64
    masses: Float64

    @classmethod
    def equal(cls, values: Float64) -> Outlook:
        """Return equally likely scenarios."""
        return cls(values, np.full(len(values), 1 / len(values)))


@dataclass(slots=True, eq=False)
class DayScores:
    """The scores of one method and size, collected day by day."""

    generator: np.random.Generator
    sizes: list[int] = field(default_factory=list)
    days: list[tuple[float, ...]] = field(default_factory=list)
    covered: list[Float64] = field(default_factory=list)
    widths: list[float] = field(default_factory=list)
    ranks: list[Float64] = field(default_factory=list)

    def add(self, outlook: Outlook, observed: Float64, n_threads: int | None) -> None:
        """Score one day; `observed` has shape (n_steps, n_columns)."""
        n_columns = observed.shape[1]
        y, q = np.ascontiguousarray(outlook.values.reshape(len(outlook.values), -1)), outlook.masses
        x, one = observed.reshape(1, -1), np.ones(1)
        of_columns = [(observed[None, :, c], np.ascontiguousarray(outlook.values[:, :, c])) for c in range(n_columns)]
        self.sizes.append(len(y))
        self.days.append(
            (
                energy_score(x, one, y, q, n_threads),
                math.fsum(variogram_sums(x, one, y, q, n_threads)),
                math.fsum(sum(variogram_sums(a, one, b, q, n_threads)) for a, b in of_columns) / n_columns,
                math.fsum(crps(a, one, b, q)[0] for a, b in of_columns) / n_columns,
            )
        )
        live = np.ptp(y, axis=0) > 0
        if not live.any():
            return
        order = np.argsort(y[:, live], axis=0, kind="stable")
        values, shares = np.take_along_axis(y[:, live], order, 0), np.cumsum(q[order], axis=0)
        seen = x[0, live]
        ends = [_interval(values, shares, level) for level in COVERAGES]
        self.covered.append(np.stack([(low <= seen) & (seen <= high) for low, high in ends]))
        low, high = _interval(values, shares, SHARP)
        self.widths.extend(high - low)
        self.ranks.append(self._ranks(values, q[order], seen))

    def _ranks(self, values: Float64, masses: Float64, seen: Float64) -> Float64:
        """Return uniform ranks if the day is one more draw: (rank + chance) / (n + 1), with masses for counts."""
        n = len(values)
        below = (masses * (values < seen)).sum(0) * n
        at = (masses * (values == seen)).sum(0) * n
        return np.asarray((below + (at + 1) * self.generator.random(len(seen))) / (n + 1))

    def row(self) -> dict[str, Any]:
        """Average over the days."""
        energy, variogram, in_time, crps_mean = np.mean(self.days, axis=0)
        row: dict[str, Any] = {
            "n_scenarios": round(float(np.mean(self.sizes)), 1),
            "energy_score": float(energy),
            "variogram_score": float(variogram),
            "variogram_in_time": float(in_time),
            "crps": float(crps_mean),
        }
        covered = np.concatenate(self.covered, axis=1).mean(1) if self.covered else [math.nan] * len(COVERAGES)
        row |= {f"coverage_{100 * c:.0f}": float(share) for c, share in zip(COVERAGES, covered, strict=True)}
        row["sharpness"] = float(np.mean(self.widths)) if self.widths else math.nan
        bins = np.histogram(np.concatenate(self.ranks), N_BINS, (0, 1))[0] if self.ranks else np.zeros(0)
        shares = bins / max(bins.sum(), 1)
        row["flatness"] = float(np.abs(shares - 1 / N_BINS).sum()) if len(bins) else math.nan
        row["rank_histogram"] = [round(float(share), 6) for share in shares]
        return row


def _interval(values: Float64, shares: Float64, level: float) -> tuple[Float64, Float64]:
    """Return the ends of the central interval of every sorted column: the smallest values that reach both levels."""
    ends = []
    for at in ((1 - level) / 2, (1 + level) / 2):
        place = np.minimum((shares < at - 1e-12).sum(0), len(values) - 1)
        ends.append(np.take_along_axis(values, place[None], 0)[0])
    return ends[0], ends[1]

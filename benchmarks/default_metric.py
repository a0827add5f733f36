"""Which ground metric serves planners best: the experiment behind docs/decisions/0001-default-metric.md.

Run `python -m benchmarks.default_metric` to make its tables again.
"""

from __future__ import annotations

from itertools import combinations
from typing import Any

import numpy as np
import numpy.typing as npt
import ot
from scipy.stats import wasserstein_distance

from benchmarks.real_sets import all_sets
from scenred import ScenarioSet, distances_to, ground_metric, pairwise_distances, reduce

Float64 = npt.NDArray[np.float64]

SIZES = (5, 10, 20)
METRICS: dict[str, dict[str, Any]] = {
    "pointwise": {"metric": "pointwise"},
    "duration": {"metric": "duration"},
    **{
        f"{metric} {kappa}": {"metric": metric, "shift_cost": kappa}
        for metric in ("sliced", "wasserstein")
        for kappa in (0.0, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2)
    },
}
CRITERIA = {
    "W1 pointwise": "transport cost under `pointwise`",
    "W1 duration": "transport cost under `duration`",
    "curve": "root mean square error of the duration curve, share of the scale, mean over columns",
    "ramp 1h": "W1 between the distributions of ramps over 1 h, share of the scale, mean over columns",
    "ramp 3h": "the same over 3 h",
    "corr": "absolute error of the correlation, mean over pairs of columns",
    "mean": "absolute error of the mean, share of the mean, mean over columns",
    "max": "largest daily energy (sum of scaled columns) lost, share of the range of daily energies",
    "min": "smallest daily energy lost, share of the range",
}


def main() -> None:
    """Print the table of all cases, and the mean of each criterion relative to `pointwise`."""
    names = list(CRITERIA)
    print(f"| data | k | metric | {' | '.join(names)} |\n|---|---|---|{'---|' * len(names)}")
    scores: dict[str, list[Float64]] = {name: [] for name in METRICS}
    for data, days in all_sets().items():
        for name, options in METRICS.items():
            distances = pairwise_distances(days, **options)
            for k in SIZES:
                reduced = reduce(days, distances, k, n_starts=50).scenarios
                row = np.array(list(score(days, reduced).values()))
                scores[name].append(row)
                print(f"| {data} | {k} | {name} | {' | '.join(f'{number:.4f}' for number in row)} |")
    print(f"\n| metric | {' | '.join(names)} | mean |\n|---|{'---|' * (len(names) + 1)}")
    reference = np.mean(scores["pointwise"], axis=0)
    for name, rows in scores.items():
        ratios = np.mean(rows, axis=0) / reference
        cells = " | ".join(f"{ratio:.2f}" for ratio in (*ratios, np.exp(np.log(ratios).mean())))
        print(f"| {name} | {cells} |")


def score(days: ScenarioSet, reduced: ScenarioSet) -> dict[str, float]:
    """Measure one reduced set by every criterion; 0 is best for all."""
    scales = np.array(ground_metric(days, "pointwise").scales)
    whole, kept = days.values / scales, reduced.values / scales
    p, q = days.probabilities, reduced.probabilities
    columns = range(whole.shape[2])
    return {
        "W1 pointwise": _transport(days, reduced, "pointwise"),
        "W1 duration": _transport(days, reduced, "duration"),
        "curve": float(np.mean([_curve_error(whole[:, :, c], kept[:, :, c], p, q) for c in columns])),
        "ramp 1h": _ramp_error(whole, kept, p, q, 1),
        "ramp 3h": _ramp_error(whole, kept, p, q, 3),
        "corr": _correlation_error(whole, kept, p, q),
        "mean": float(np.mean(np.abs(_means(kept, q) / _means(whole, p) - 1))),
        **_energy_lost(whole, kept),
    }


def _transport(days: ScenarioSet, reduced: ScenarioSet, metric: Any) -> float:
    costs = distances_to(days, reduced, ground_metric(days, metric))
    return float(ot.emd2(days.probabilities, reduced.probabilities, costs))


def _curve_error(whole: Float64, kept: Float64, p: Float64, q: Float64) -> float:
    """Compare quantiles at the middle of 8,760 equal shares."""
    return float(np.sqrt(np.mean((_quantiles(whole, p) - _quantiles(kept, q)) ** 2)))


def _quantiles(values: Float64, masses: Float64) -> Float64:
    order = np.argsort(values, axis=None, kind="stable")
    mass = np.repeat(masses / values.shape[1], values.shape[1])[order]
    shares = (np.arange(8760) + 0.5) / 8760
    return values.ravel()[order][np.minimum(np.searchsorted(np.cumsum(mass), shares), len(order) - 1)]


def _ramp_error(whole: Float64, kept: Float64, p: Float64, q: Float64, hours: int) -> float:
    one, other = (values[:, hours:] - values[:, :-hours] for values in (whole, kept))
    steps = one.shape[1]
    return float(
        np.mean(
            [
                wasserstein_distance(
                    one[:, :, c].ravel(), other[:, :, c].ravel(), np.repeat(p, steps), np.repeat(q, steps)
                )
                for c in range(one.shape[2])
            ]
        )
    )


def _correlation_error(whole: Float64, kept: Float64, p: Float64, q: Float64) -> float:
    one, other = _correlations(whole, p), _correlations(kept, q)
    pairs = list(combinations(range(whole.shape[2]), 2))
    return float(np.mean([abs(one[a, b] - other[a, b]) for a, b in pairs]))


def _correlations(values: Float64, masses: Float64) -> Float64:
    covariance = np.cov(values.reshape(-1, values.shape[2]).T, aweights=np.repeat(masses, values.shape[1]))
    spread = np.sqrt(np.diag(covariance))
    return np.asarray(covariance / np.outer(spread, spread))


def _means(values: Float64, masses: Float64) -> Float64:
    return np.asarray(masses @ values.mean(axis=1))


def _energy_lost(whole: Float64, kept: Float64) -> dict[str, float]:
    energies, few = whole.sum(axis=(1, 2)), kept.sum(axis=(1, 2))
    span = energies.max() - energies.min()
    return {
        "max": float((energies.max() - few.max()) / span),
        "min": float((few.min() - energies.min()) / span),
    }


if __name__ == "__main__":
    main()

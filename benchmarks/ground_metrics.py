"""Exact transport against a loop over `ot.emd2` on the same pairs; the sliced metric's speed and how well it tracks."""

from __future__ import annotations

import time

import numpy as np
import numpy.typing as npt
import ot
import pandas as pd
from scipy.stats import spearmanr

from benchmarks.days import modelled_days
from benchmarks.real_sets import SHARED, all_sets, sample_year
from benchmarks.timing import seconds
from scenred import Column, DistanceMatrix, ScenarioSet, pairwise_distances, read_input
from scenred.metrics import member_costs

Float64 = npt.NDArray[np.float64]

SHIFT_COST = 0.05


def main() -> None:
    """Print the tables of docs/performance.md that are about ground metrics."""
    against_pot()
    ten_years()
    sliced()


def against_pot() -> None:
    """Time all pairs, and `ot.emd2` on the same cost matrices (their making is not counted)."""
    print(
        "| set | kappa | pairs | `ot.emd2` loop | scenred, 1 thread | 2 threads | times faster | largest difference |"
    )
    print("|---|---|---|---|---|---|---|---|")
    year, weeks, quarters = sample_year("greensboro"), by_weeks(), by_quarter_hours()
    for name, days, kappa in (
        ("365 days of 24 hours", year, SHIFT_COST),
        ("365 days of 24 hours", year, 0.005),
        ("365 days of 24 hours", year, 0.2),
        ("52 weeks of 168 hours", weeks, SHIFT_COST),
        ("366 days of 96 quarter-hours", quarters, SHIFT_COST),
    ):
        n = days.n_scenarios
        alone, exact = seconds(lambda d=days, c=kappa: _exact(d, c, 1))
        both, _ = seconds(lambda d=days, c=kappa: _exact(d, c, 2))
        pairs = [(i, j) for i in range(n) for j in range(i)]
        sample = np.random.default_rng(0).permutation(len(pairs))[:3_000]
        spent, worst = 0.0, 0.0
        for number in sample:
            i, j = pairs[number]
            taken, cost = _by_pot(days, i, j, kappa)
            spent += taken
            if number % 20 == 0:
                worst = max(worst, abs(cost - member_costs(exact, np.array([j]))[i, 0]))
        peer = spent / len(sample) * len(pairs)
        print(
            f"| {name} | {kappa} | {len(pairs):,} | {peer:.1f} s | {alone:.2f} s | {both:.2f} s | {peer / both:.0f} "
            f"| {worst:.0e} |"
        )
    print()


def ten_years() -> None:
    """Time 3,650 days, and compare what the progress reported with the share of the time that had passed."""
    days = modelled(3_650)
    reported: list[tuple[float, float]] = []
    begin = time.perf_counter()
    pairwise_distances(
        days,
        "wasserstein",
        shift_cost=SHIFT_COST,
        progress=lambda _stage, share: reported.append((share, time.perf_counter() - begin)),
    )
    total = reported[-1][1]
    ratios = [share / (passed / total) for share, passed in reported if share > 0.02]
    print(
        f"Ten years of days (3,650 x 24 x 2), exact: {total:.1f} s; the progress showed between {min(ratios):.2f} and "
        f"{max(ratios):.2f} times the share of the time that had passed.\n"
    )


def sliced() -> None:
    """Time 10,000 days, and rank the sliced against the exact distances of every real set."""
    taken, _ = seconds(lambda: pairwise_distances(modelled(10_000), "sliced", shift_cost=SHIFT_COST))
    print(f"Sliced, 10,000 x 24 x 2, 32 directions, all pairs: {taken:.1f} s.\n")
    sizes = (8, 32, 128)
    print(f"| data | kappa | {' | '.join(f'{size} directions' for size in sizes)} |\n|---|---|---|---|---|")
    for name, days in ({"modelled days": modelled(400)} | all_sets()).items():
        above = np.triu_indices(days.n_scenarios, 1)
        for kappa in (0.005, SHIFT_COST, 0.2):
            exact = _exact(days, kappa, None).costs[above]
            ranks = (
                spearmanr(exact, pairwise_distances(days, "sliced", shift_cost=kappa, directions=size).costs[above])
                for size in sizes
            )
            print(f"| {name} | {kappa} | {' | '.join(f'{rank.statistic:.3f}' for rank in ranks)} |")
    print()


def modelled(n: int) -> ScenarioSet:
    """Return modelled days as a scenario set of two columns."""
    values = modelled_days(n, 0).reshape(n, 2, 24).transpose(0, 2, 1)
    columns = (Column("wind", "wind", 1.0), Column("pv", "pv", 1.0))
    return ScenarioSet(columns, values, np.full(n, 1 / n), step=pd.Timedelta(hours=1))


def by_weeks() -> ScenarioSet:
    """Cut the sample year of one site into weeks."""
    year = sample_year("greensboro")
    hours = year.values[: 52 * 7].reshape(52, 168, 2)
    return ScenarioSet(year.columns, hours, np.full(52, 1 / 52), step=year.step)


def by_quarter_hours() -> ScenarioSet:
    """Return RTS-GMLC's five-minute year as means of a quarter of an hour: all wind, one PV site."""
    folder = SHARED / "data" / "rts_gmlc"
    sums = {
        kind: pd.read_csv(folder / file).iloc[:, 4:].sum(axis=1).to_numpy().reshape(-1, 3).mean(axis=1)
        for kind, file in (("wind", "REAL_TIME_wind.csv"), ("pv", "REAL_TIME_pv_320_PV_1.csv"))
    }
    times = pd.date_range("2020-01-01", periods=len(sums["wind"]), freq="15min")
    return read_input(pd.DataFrame(sums, index=times))


def _exact(days: ScenarioSet, kappa: float, n_threads: int | None) -> DistanceMatrix:
    return pairwise_distances(days, "wasserstein", shift_cost=kappa, n_threads=n_threads)


def _by_pot(days: ScenarioSet, i: int, j: int, kappa: float) -> tuple[float, float]:
    """Return seconds and result of `ot.emd2` for one pair; the seconds are of the solver alone."""
    scaled = days.values / np.abs(days.values).max(axis=(0, 1))
    step = pd.Timedelta(hours=1) if days.step is None else days.step
    hours = np.arange(days.n_steps) * (step.total_seconds() / 3600)
    costs = kappa * np.abs(hours[:, None] - hours)
    costs = costs + np.abs(scaled[i][:, None] - scaled[j][None]).sum(axis=2)
    mass = np.full(days.n_steps, 1 / days.n_steps)
    return seconds(lambda: ot.emd2(mass, mass, costs))


if __name__ == "__main__":
    main()

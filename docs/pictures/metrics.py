"""Two days with a ramp three hours apart, and what each ground metric says: draws metrics.svg beside it.

Run `make pictures`.
"""

from __future__ import annotations

from pathlib import Path

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

from scenred import Column, ScenarioSet, pairwise_distances

SHIFT_COSTS = np.geomspace(0.001, 1.0, 60)


def day(ramp: int) -> np.ndarray:
    """Return a day that rises from 0.1 to 0.9 in the two hours up to `ramp`, and falls again eight hours later."""
    return np.interp(np.arange(24), [ramp - 2, ramp, ramp + 8, ramp + 10], [0.1, 0.9, 0.9, 0.1])


def main() -> None:
    """Draw the days on the left and the distances on the right."""
    mpl.rcParams.update({"svg.hashsalt": "scenred", "font.size": 9})
    early, late = day(8), day(11)
    days = ScenarioSet(
        (Column("wind", "wind", 1.0),),
        np.array([early, late])[:, :, None],
        np.array([0.5, 0.5]),
        step=pd.Timedelta(hours=1),
    )
    figure, (left, right) = plt.subplots(1, 2, figsize=(8, 3), layout="constrained")
    left.plot(early, label="ramp at 8 h", color="tab:blue")
    left.plot(late, label="ramp at 11 h", color="tab:orange")
    left.set(xlabel="hour", ylabel="capacity factor", xlim=(0, 23), ylim=(0, 1.3))
    left.legend(frameon=False, loc="upper right")

    for name, style in (("pointwise", "--"), ("duration", ":")):
        right.axhline(distance(days, name), color="black", linestyle=style, label=name)
    for name, color in (("wasserstein", "tab:red"), ("sliced", "tab:green")):
        told = [distance(days, name, shift_cost=cost) for cost in SHIFT_COSTS]
        right.plot(SHIFT_COSTS, told, color=color, label=name)
    right.set(
        xscale="log",
        xlabel="shift cost [capacity per hour]",
        ylabel="distance [capacity]",
        ylim=(-0.005, 0.25),
    )
    right.legend(frameon=False, loc="lower right", bbox_to_anchor=(1.0, 0.08))
    figure.savefig(Path(__file__).with_name("metrics.svg"), metadata={"Date": None})


def distance(days: ScenarioSet, metric: str, **options: float) -> float:
    """Return the ground distance of the two days."""
    return float(pairwise_distances(days, metric, **options).distances()[0, 1])  # type: ignore[arg-type]


if __name__ == "__main__":
    main()

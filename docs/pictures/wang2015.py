"""Optimal quantiles beside the paper's formula, and a day without and with dependence: draws wang2015.svg beside it.

Run `make pictures`.
"""

from __future__ import annotations

from pathlib import Path

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
from scipy import stats

from scenred import optimal_quantiles, sample

HISTORY = Path(__file__).parents[2] / "data" / "sample" / "forecast_actual.csv"
DAY = "2019-11-20"
SHOWN = 12


def main() -> None:
    """Draw the density with its points on the left, and scenarios of one day in the middle and on the right."""
    mpl.rcParams.update({"svg.hashsalt": "scenred", "font.size": 9})
    figure, (left, middle, right) = plt.subplots(1, 3, figsize=(9.5, 3), layout="constrained")
    density = stats.beta(1.2, 3.5)
    found = optimal_quantiles(density, 5, 2.0)
    x = np.linspace(0, 1, 300)
    left.plot(x, density.pdf(x), color="black")
    left.vlines(found.points, 0, density.pdf(found.points), color="tab:blue", label="optimal quantiles")
    left.plot(found.points, found.probabilities, "o", color="tab:blue", label="their probabilities")
    left.plot(found.formula_points, np.zeros(5), "x", color="tab:red", label="the formula", clip_on=False)
    left.set(xlabel="power [capacity]", ylabel="density", xlim=(0, 1), ylim=(0, 3))
    left.legend(frameon=False)

    for axes, options, title in (
        (middle, {"method": "wang2015"}, "wang2015: steps independent"),
        (right, {"dependence": "gaussian"}, "copula: errors last for hours"),
    ):
        drawn = sample(HISTORY, HISTORY, SHOWN, day=DAY, margins="empirical", **options).scenarios  # type: ignore[arg-type]
        axes.plot(drawn.values[:, :, 0].T, color="tab:blue", linewidth=0.7, alpha=0.8)
        axes.set(xlabel="hour", title=title, xlim=(0, 23), ylim=(0, 1))
    figure.savefig(Path(__file__).with_name("wang2015.svg"), metadata={"Date": None})


if __name__ == "__main__":
    main()

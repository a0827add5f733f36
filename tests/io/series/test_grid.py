"""Times become a grid of equal steps."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from scenred import Reading, ScenredWarning, read_series


@pytest.mark.parametrize(
    ("start", "step", "longer", "per_step"),
    [
        ("2019-07-01 01:00", "1h", "3h", 3),
        ("2019-07-01 23:30", "30min", "2h", 4),
        ("2019-07-01 00:15", "15min", "1h", 4),
    ],
)
def test_longer_steps_begin_at_their_multiples_after_midnight(
    start: str, step: str, longer: str, per_step: int
) -> None:
    times = pd.date_range(start, "2019-07-04", freq=step, inclusive="left")
    frame = pd.DataFrame({"time": times, "wind": np.arange(float(len(times)))})

    with pytest.warns(ScenredWarning, match="are averaged"):
        series = read_series(frame, reading=Reading(resample=longer))

    first = pd.Timestamp(start).ceil(longer)
    lost = len(pd.date_range(start, first, freq=step, inclusive="left"))
    parts = np.arange(lost, len(times)).reshape(-1, per_step)
    expected = pd.date_range(first, "2019-07-04", freq=longer, inclusive="left")
    assert series.times().strftime("%F %T").tolist() == expected.strftime("%F %T").tolist()
    assert series.values[:, 0].tolist() == parts.mean(axis=1).tolist()

"""Times in no usual form are read by the form that the refusal names."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from scenred import Series
from scenred.io.clock.likely_forms import likely_form

TIMES = pd.date_range("2019-01-01", periods=24 * 45, freq="h")
VALUES = np.random.default_rng(2).random(len(TIMES)).round(3)
FORMS = (
    *(
        "%d.%m.%Y %H.%M",
        "%Y-%m-%d %H-%M",
        "%d%b%Y:%H:%M:%S",
        "%Y_%m_%d_%H",
        "%Y%m%d-%H%M",
        "%d/%m/%Y-%H:%M",
        "%m/%d/%Y_%H:%M",
    ),
    *("%H:%M %d.%m.%Y", "%Y-%j-%H:%M", "%d-%B-%Y-%I:%M-%p", "t=%Y.%m.%d;%H.%M.%S", "%d.%m.%y-%Hh"),
)


@pytest.mark.parametrize("form", FORMS)
def test_form_that_is_advised_reads_the_truth(
    form: str, tmp_path: Path, read_as_advised: Callable[[Path, str], tuple[Series, str]]
) -> None:
    frame = pd.DataFrame({"when": TIMES.strftime(form), "wind": VALUES})
    frame.to_csv(tmp_path / "a.csv", index=False)

    series, _ = read_as_advised(tmp_path / "a.csv", "")

    assert series.times().equals(TIMES.as_unit("us"))
    assert np.array_equal(series.values[:, 0], VALUES)


@pytest.mark.parametrize("cells", [["A-2019-0101", "B-2019-0102"], ["10.0.0.1", "10.0.0.2"], ["north", "south"], [""]])
def test_codes_are_no_times(cells: list[str]) -> None:
    assert likely_form(pd.Series(cells * 30, dtype=object)) is None


def test_order_that_two_forms_share_is_left_open() -> None:
    assert likely_form(pd.Series(["01.02.2019 00.00", "01.02.2019 01.00", "01.02.2019 02.00"])) is None

"""What `inspect` proposes where a refusal names no way: found by trying, read to the bit, never taken by `generate`."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from scenred import InputError, ScenredWarning, Series, inspect, read_series
from scenred.cli.app import run
from scenred.cli.findings import with_flags

HOURS = pd.date_range("2019-01-01", periods=24 * 30, freq="h")
GENERATOR = np.random.default_rng(8)
WIND, PV = GENERATOR.random((2, len(HOURS))).round(3)
LATE = HOURS + pd.to_timedelta(GENERATOR.integers(60, 3_000, len(HOURS)), unit="s")
AT_RANDOM = GENERATOR.permutation(LATE)


def sites(name: str, first: object, second: object) -> pd.DataFrame:
    """Lay out two sites below each other, the second with the values the other way round."""
    values = zip((first, second), (WIND, PV), (PV, WIND), strict=True)
    parts = [pd.DataFrame({"time": HOURS, name: key, "wind": wind, "pv": pv}) for key, wind, pv in values]
    return pd.concat(parts).sort_values(["time", name])


SHAPES: dict[str, tuple[pd.DataFrame, dict[str, object]]] = {
    "a regular clock beside another": (pd.DataFrame({"a": LATE, "b": HOURS, "wind": WIND}), {"time": "b"}),
    "a regular clock beside one in no order": (pd.DataFrame({"a": AT_RANDOM, "b": HOURS, "wind": WIND}), {"time": "b"}),
    "a column of codes": (
        pd.DataFrame({"time": HOURS, "wind": WIND, "what": ["12x", "7"] * (len(HOURS) // 2)}),
        {"columns": ("wind",)},
    ),
    "sites of several values": (sites("site", "north", "south"), {"long": ("site", "wind", "pv")}),
    "sites by number": (sites("plant", 4, 17), {"long": ("plant", "wind", "pv")}),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_proposal_reads_the_truth(shape: str, tmp_path: Path, read_by_flags: Callable[[Path, str], Series]) -> None:
    frame, expected = SHAPES[shape]
    path = tmp_path / "a.csv"
    frame.to_csv(path, index=False)

    found, refusal = inspect(path)
    series = read_by_flags(path, with_flags(found, refusal, [])["flags"])

    assert refusal is not None
    assert {name: found["proposal"][name] for name in expected} == expected
    assert series.times().equals(HOURS.as_unit("us"))
    truth = [WIND] if "long" not in expected else [WIND, PV, PV, WIND]
    assert np.array_equal(series.values, np.column_stack(truth))


@pytest.mark.parametrize("shape", ["a regular clock beside another", "a column of codes", "sites by number"])
def test_proposal_is_never_taken_without_being_asked(shape: str, tmp_path: Path) -> None:
    frame, _ = SHAPES[shape]
    frame.to_csv(tmp_path / "a.csv", index=False)

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ScenredWarning)
        with pytest.raises(InputError):
            read_series(tmp_path / "a.csv")


def test_nothing_irregular_is_proposed(tmp_path: Path) -> None:
    pd.DataFrame({"a": LATE, "b": AT_RANDOM, "wind": WIND}).to_csv(tmp_path / "a.csv", index=False)

    found, refusal = inspect(tmp_path / "a.csv")

    assert refusal is not None
    assert "proposal" not in found


def test_proposal_is_told_as_one(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    SHAPES["a regular clock beside another"][0].to_csv(tmp_path / "a.csv", index=False)

    assert run(["inspect", str(tmp_path / "a.csv")]) == 3

    assert "proposed, as it then is regular: --time b" in capfd.readouterr().out


def test_time_of_the_last_change_gives_way_to_the_time_of_the_value(tmp_path: Path) -> None:
    pd.DataFrame({"LASTCHANGED": LATE, "INTERVAL": HOURS, "wind": WIND}).to_csv(tmp_path / "a.csv", index=False)

    found, refusal = inspect(tmp_path / "a.csv")

    assert refusal is None
    assert found["time"]["columns"] == "INTERVAL"

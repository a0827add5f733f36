"""A zone in an advice is one whose clock changes as the file does: following it reads the truth."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from scenred import InputError, Series, read_series

ZONES = ("Europe/Berlin", "Europe/London", "Europe/Athens", "America/New_York", "America/St_Johns", "Australia/Sydney")

# Its local times are those of New York.
SAME_CLOCK = ("America/St_Johns", "local")


def written(path: Path, zone: str, form: str) -> pd.DataFrame:
    """Write a year of a zone's local times, or of times with offsets; the truth comes back."""
    times = pd.date_range("2019-01-01", "2020-01-01", freq="30min", inclusive="left", tz=zone)
    values = np.random.default_rng(3).random(len(times)).round(3)
    if form == "local":
        stamps = times.strftime("%Y-%m-%d %H:%M").tolist()
    elif form == "offsets":
        stamps = [time.isoformat() for time in times]
    else:  # offsets on the days of change alone
        changes = {time.date() for time in times if time.utcoffset() != (time + pd.Timedelta("1D")).utcoffset()}
        changes |= {(pd.Timestamp(day) + pd.Timedelta("1D")).date() for day in changes}
        stamps = [time.isoformat() if time.date() in changes else time.strftime("%Y-%m-%dT%H:%M:%S") for time in times]
    path.write_text("\n".join(["time,wind", *(f"{s},{v}" for s, v in zip(stamps, values, strict=True)), ""]))
    return pd.DataFrame({"wind": values}, index=times)


@pytest.mark.parametrize(
    ("zone", "form"),
    [(zone, form) for zone in ZONES for form in ("local", "some offsets") if (zone, form) != SAME_CLOCK],
)
def test_named_zone_reads_the_truth(
    zone: str, form: str, tmp_path: Path, read_as_advised: Callable[[Path, str], tuple[Series, str]]
) -> None:
    truth = written(tmp_path / "a.csv", zone, form)

    series, flags = read_as_advised(tmp_path / "a.csv", "")

    assert f"--tz {zone}" in flags
    assert (series.times() == truth.index).all()
    assert np.array_equal(series.values[:, 0], truth["wind"].to_numpy())


@pytest.mark.parametrize("zone", ZONES)
def test_zone_that_has_the_offsets_of_a_file_is_named(zone: str, tmp_path: Path) -> None:
    written(tmp_path / "a.csv", zone, "offsets")

    with pytest.raises(InputError, match=f"such as tz='{zone}' dst='drop', which has these offsets; or pass calendar"):
        read_series(tmp_path / "a.csv")


def test_no_zone_is_named_where_none_fits(tmp_path: Path) -> None:
    times = pd.date_range("2019-01-01", periods=480, freq="h", tz="UTC")
    stamps = [f"{time:%Y-%m-%dT%H:%M}:00+{7 + number // 240:02d}:00" for number, time in enumerate(times)]
    (tmp_path / "a.csv").write_text("\n".join(["time,wind", *(f"{stamp},1.5" for stamp in stamps), ""]))

    with pytest.raises(InputError, match=r"name the zone with tz, and what to do with days of 23 and 25 hours"):
        read_series(tmp_path / "a.csv")

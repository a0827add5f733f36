"""Days that join a folder that PyPSA exported: what PyPSA could not read together is refused."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from scenred import Column, RequestError, ScenarioSet
from scenred.api.export import export

DAYS = ScenarioSet(
    (Column("wind", "wind"), Column("load", "load")),
    np.linspace(0, 1, 96).reshape(2, 24, 2),
    np.array([0.25, 0.75]),
    starts=pd.DatetimeIndex(["2023-01-04", "2023-06-04"]),
    step=pd.Timedelta("1h"),
)


@pytest.fixture
def network(tmp_path: Path) -> Path:
    """Return a folder as PyPSA exports a network whose series are those of the days only."""
    folder = tmp_path / "net"
    folder.mkdir()
    (folder / "network.csv").write_text("name,pypsa_version\nnet,1.4.0\n")
    (folder / "buses.csv").write_text("name\nb\n")
    (folder / "generators.csv").write_text("name,bus\nwind,b\nhydro,b\n")
    (folder / "loads.csv").write_text("name,bus\nload,b\n")
    (folder / "snapshots.csv").write_text("snapshot,objective\n2023-01-01 00:00:00,1\n2023-01-01 01:00:00,1\n")
    (folder / "loads-p_set.csv").write_text("snapshot,load\n2023-01-01 00:00:00,7\n2023-01-01 01:00:00,8\n")
    return folder


def files(folder: Path) -> dict[str, str]:
    return {file.name: file.read_text() for file in folder.iterdir()}


def test_series_that_the_days_replace_are_replaced(network: Path) -> None:
    before = files(network)

    export(DAYS, "pypsa", network, form="days", force=True)

    after = files(network)
    assert len(after["snapshots.csv"].splitlines()) == len(after["loads-p_set.csv"].splitlines()) == 49
    assert {name: after[name] for name in ("buses.csv", "generators.csv", "loads.csv", "network.csv")} == {
        name: before[name] for name in ("buses.csv", "generators.csv", "loads.csv", "network.csv")
    }


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("generators-p_max_pu.csv", "snapshot,wind,hydro\n0,1,1\n", "has generators-p_max_pu of 'hydro' on its own"),
        ("generators-p.csv", "snapshot,wind\n0,1\n", "has generators-p of 'wind' on its own snapshots"),
        ("buses-marginal_price.csv", ",b\n0,1\n", "has buses-marginal_price of 'b' on its own snapshots"),
        ("generators.csv", "name,bus\nwind_north,b\n", "there is no 'wind' in generators.* there are: wind_north"),
    ],
)
def test_a_network_that_could_not_be_read_is_left_unchanged(network: Path, name: str, text: str, message: str) -> None:
    (network / name).write_text(text)
    before = files(network)

    with pytest.raises(RequestError, match=message):
        export(DAYS, "pypsa", network, form="days", force=True)

    assert files(network) == before


def test_a_folder_of_a_network_holds_no_scenarios(network: Path) -> None:
    with pytest.raises(RequestError, match=r"hold no scenarios; pass form='days', or name another folder"):
        export(DAYS, "pypsa", network, force=True)


def test_other_folders_are_joined_as_before(tmp_path: Path) -> None:
    (tmp_path / "notes-old.csv").write_text("snapshot,x\n")

    export(DAYS, "pypsa", tmp_path, force=True)

    assert (tmp_path / "scenarios.csv").exists()

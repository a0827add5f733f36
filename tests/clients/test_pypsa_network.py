"""A PyPSA network keeps its own series on the chosen days, in Python and as a stochastic NetCDF file."""

from __future__ import annotations

import logging
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from scenred import InputError, Reduction, RequestError, ScenarioSet, export, generate, to_pypsa
from scenred.cli.app import run

pypsa = pytest.importorskip("pypsa", minversion="1.0", reason="the group clients is not installed (pypsa)")
pytestmark = pytest.mark.filterwarnings("ignore")

HOURS = pd.date_range("2019-01-01", periods=24 * 40, freq="h")
# Every kind of series that a network may hold: component, its name, attribute.
OWN = (
    ("Generator", "wind", "p_max_pu"),
    ("Generator", "must_run", "p_min_pu"),
    ("Generator", "gas", "marginal_cost"),
    ("StorageUnit", "lake", "inflow"),
    ("Link", "cable", "efficiency"),
    ("Load", "load", "p_set"),
)


@pytest.fixture(autouse=True)
def quiet() -> None:
    logging.disable(logging.WARNING)
    pypsa.options.general.allow_network_requests = False


@pytest.fixture(scope="module")
def network() -> Any:
    """Forty days with a series of every kind."""
    draw = np.random.default_rng(5).random((len(HOURS), len(OWN)))
    made = pypsa.Network()
    made.set_snapshots(HOURS)
    made.add("Bus", ["bus", "far"])
    made.add("Generator", "wind", bus="far", p_nom_extendable=True, capital_cost=90_000, p_max_pu=draw[:, 0])
    made.add("Generator", "must_run", bus="bus", p_nom=50.0, p_min_pu=0.5 * draw[:, 1])
    made.add(
        "Generator",
        "gas",
        bus="bus",
        p_nom_extendable=True,
        capital_cost=40_000,
        marginal_cost=60 + 50 * draw[:, 2],
    )
    made.add("StorageUnit", "lake", bus="bus", p_nom=40.0, max_hours=9.0, inflow=20 * draw[:, 3])
    made.add("Link", "cable", bus0="far", bus1="bus", p_nom=500.0, efficiency=0.9 + 0.1 * draw[:, 4])
    made.add("Load", "load", bus="bus", p_set=200 + 90 * draw[:, 5])
    return made


@pytest.fixture(scope="module")
def reduction(network: Any) -> Reduction:
    """Three of its days, chosen by its wind and load."""
    series = network.c.generators.dynamic.p_max_pu.join(network.c.loads.dynamic.p_set)
    return generate(series.rename_axis("time").reset_index(), 3, n_starts=1)


def own(network: Any, component: str, attribute: str) -> pd.DataFrame:
    frame: pd.DataFrame = network.components[component].dynamic[attribute]
    return frame


def solved(network: Any) -> float:
    pytest.importorskip("highspy", reason="the group clients is not installed (highspy)")
    status, condition = network.optimize(solver_name="highs", log_to_console=False)
    assert (status, condition) == ("ok", "optimal")
    return float(network.objective)


def chosen_hours(scenarios: ScenarioSet) -> pd.DatetimeIndex:
    assert scenarios.starts is not None
    return pd.DatetimeIndex([start + pd.Timedelta(hours=step) for start in scenarios.starts for step in range(24)])


def test_days_keep_every_series_of_the_network_to_the_bit(network: Any, reduction: Reduction) -> None:
    days = to_pypsa(network, reduction, form="days")

    hours = chosen_hours(reduction.scenarios)
    assert days.snapshots.equals(hours)
    for component, name, attribute in OWN:
        kept = own(days, component, attribute)[name]
        assert kept.tolist() == own(network, component, attribute).loc[hours, name].tolist()
    assert days.snapshot_weightings["objective"].sum() == pytest.approx(8760, rel=1e-14)


def test_scenarios_keep_every_series_of_their_own_day(network: Any, reduction: Reduction) -> None:
    stochastic = to_pypsa(network, reduction)

    hours = chosen_hours(reduction.scenarios).to_numpy().reshape(3, 24)
    for component, name, attribute in OWN:
        kept = own(stochastic, component, attribute)
        for number, label in enumerate(reduction.scenarios.labels):
            values = own(network, component, attribute).loc[hours[number], name]
            assert kept[label, name].tolist() == values.tolist()


def test_the_network_that_was_given_stays_as_it_was(network: Any, reduction: Reduction) -> None:
    before = network.c.storage_units.dynamic.inflow.copy()

    to_pypsa(network, reduction, form="days")

    assert network.snapshots.equals(HOURS)
    assert network.c.storage_units.dynamic.inflow.equals(before)


def test_days_have_the_optimum_of_a_copy_made_by_hand(network: Any, reduction: Reduction) -> None:
    hours = chosen_hours(reduction.scenarios)
    by_hand = network.copy(snapshots=hours)
    weights = np.repeat(reduction.scenarios.probabilities, 24) * 365
    by_hand.snapshot_weightings = pd.DataFrame(
        {"objective": weights, "stores": 1.0, "generators": weights}, index=by_hand.snapshots
    )

    assert solved(to_pypsa(network, reduction, form="days")) == pytest.approx(solved(by_hand), rel=1e-9)


def test_a_stochastic_network_comes_back_from_netcdf(network: Any, reduction: Reduction, tmp_path: Path) -> None:
    stochastic = to_pypsa(network, reduction)
    stochastic.export_to_netcdf(tmp_path / "plan.nc")

    again = pypsa.Network(tmp_path / "plan.nc")

    assert again.scenario_weightings["weight"].tolist() == reduction.scenarios.probabilities.tolist()
    for component, name, attribute in OWN:
        for label in reduction.scenarios.labels:
            kept = own(stochastic, component, attribute)[label, name]
            assert own(again, component, attribute)[label, name].tolist() == kept.tolist()
    assert solved(again) == pytest.approx(solved(stochastic), rel=1e-9)


def test_columns_of_the_set_replace_the_series_of_their_components(network: Any, reduction: Reduction) -> None:
    changed = reduction.scenarios.to_frame().assign(wind=lambda frame: frame["wind"] / 2)

    days = to_pypsa(network, changed, form="days", step="1h")

    assert days.c.generators.dynamic.p_max_pu["wind"].tolist() == changed["wind"].tolist()


def test_a_column_without_component_only_chose_the_days(network: Any, reduction: Reduction) -> None:
    other = reduction.scenarios.to_frame().rename(columns={"wind": "speed"})
    with pytest.raises(RequestError, match=r"generators 'speed'.*names=\{'speed': \(\)\}"):
        to_pypsa(network, other, step="1h")

    days = to_pypsa(network, other, step="1h", form="days", names={"speed": ()})

    hours = chosen_hours(reduction.scenarios)
    assert (
        days.c.generators.dynamic.p_max_pu["wind"].tolist()
        == own(network, "Generator", "p_max_pu").loc[hours, "wind"].tolist()
    )


def test_results_of_an_earlier_optimum_are_not_kept(network: Any, reduction: Reduction) -> None:
    done = network.copy(snapshots=HOURS[:48])
    solved(done)
    done.model.solver_model = None
    done.set_snapshots(HOURS)

    days = to_pypsa(done, reduction, form="days")

    assert days.c.generators.dynamic.p.empty


def test_a_day_that_the_network_lacks_is_named(network: Any, reduction: Reduction) -> None:
    short = network.copy(snapshots=HOURS[: 24 * 2])

    with pytest.raises(RequestError, match=r"has p_min_pu of .must_run., and no snapshot at 2019-"):
        to_pypsa(short, reduction)


def zoned(reduction: Reduction, zone: str) -> ScenarioSet:
    scenarios = reduction.scenarios
    assert scenarios.starts is not None
    return replace(scenarios, starts=scenarios.starts.tz_localize(zone), clocks=None)


def test_the_clock_of_the_network_is_found_by_its_values(network: Any, reduction: Reduction) -> None:
    """Days of UTC-5 whose wind is the network's own at the hours of that clock, or at those of UTC."""
    local = zoned(reduction, "-05:00")
    by_clock = to_pypsa(network, local, form="days")
    utc = network.copy()
    utc.set_snapshots(HOURS + pd.Timedelta(hours=5))
    for component, _, attribute in OWN:
        utc.components[component].dynamic[attribute] = own(network, component, attribute).set_axis(utc.snapshots)

    by_utc = to_pypsa(utc, local, form="days")

    hours = chosen_hours(reduction.scenarios)
    inflow = own(network, "StorageUnit", "inflow").loc[hours, "lake"].tolist()
    assert own(by_clock, "StorageUnit", "inflow")["lake"].tolist() == inflow
    assert own(by_utc, "StorageUnit", "inflow")["lake"].tolist() == inflow


def test_a_clock_that_cannot_be_found_is_asked_for(network: Any, reduction: Reduction) -> None:
    local = zoned(reduction, "-05:00")
    frame = local.to_frame().assign(wind=lambda rows: rows["wind"] / 2, load=lambda rows: rows["load"] / 2)
    with pytest.raises(
        RequestError,
        match="whether they are in UTC or UTC-05:00; pass network_tz='UTC', or network_tz='UTC-05:00'",
    ):
        to_pypsa(network, frame, step="1h")

    days = to_pypsa(network, frame, step="1h", form="days", network_tz="UTC-05:00")

    hours = chosen_hours(reduction.scenarios)
    assert (
        own(days, "StorageUnit", "inflow")["lake"].tolist()
        == own(network, "StorageUnit", "inflow").loc[hours, "lake"].tolist()
    )


def test_the_command_puts_scenarios_into_a_network(network: Any, reduction: Reduction, tmp_path: Path) -> None:
    network.export_to_netcdf(tmp_path / "base.nc")
    table = reduction.to_frame().rename(columns={"wind": "wind_north", "load": "load_speed"})
    table.to_csv(tmp_path / "scenarios.csv", index=False)
    flags = ["--network", str(tmp_path / "base.nc"), "--component", "wind_north=wind", "--component", "load_speed="]

    code = run(
        ["export", str(tmp_path / "scenarios.csv"), "--to", "pypsa-netcdf", *flags, "-o", str(tmp_path / "s.nc")]
    )

    assert code == 0
    assert solved(pypsa.Network(tmp_path / "s.nc")) == pytest.approx(solved(to_pypsa(network, reduction)), rel=1e-9)


def test_the_same_network_gives_the_same_bytes(network: Any, reduction: Reduction, tmp_path: Path) -> None:
    network.export_to_netcdf(tmp_path / "base.nc")
    for name in ("one.nc", "two.nc"):
        export(reduction, "pypsa-netcdf", tmp_path / name, network_file=str(tmp_path / "base.nc"))

    assert (tmp_path / "one.nc").read_bytes() == (tmp_path / "two.nc").read_bytes()


def test_what_is_no_network_is_refused(reduction: Reduction, tmp_path: Path) -> None:
    (tmp_path / "wrong.nc").write_text("no network")

    with pytest.raises(RequestError, match=r"none is named; pass network_file='network\.nc'"):
        export(reduction, "pypsa-netcdf", tmp_path / "out.nc")
    with pytest.raises(InputError, match=r"wrong\.nc: cannot be read as a network of PyPSA"):
        export(reduction, "pypsa-netcdf", tmp_path / "out.nc", network_file=str(tmp_path / "wrong.nc"))
    with pytest.raises(InputError, match=r"none\.nc: there is no such file or folder"):
        export(reduction, "pypsa-netcdf", tmp_path / "out.nc", network_file=str(tmp_path / "none.nc"))


def test_a_spring_day_that_repeats_an_hour_takes_the_hours_of_utc() -> None:
    """A network in UTC; local days of 24 hours, of which 26 March repeats the hour before the one that is left out."""
    utc = pd.date_range("2023-03-20 23:00", periods=24 * 9, freq="h")
    draw = np.random.default_rng(6).random((len(utc), 2))
    own_network = pypsa.Network()
    own_network.set_snapshots(utc)
    own_network.add("Bus", "bus")
    own_network.add("Generator", "wind", bus="bus", p_nom=1.0, p_max_pu=draw[:, 0])
    own_network.add("StorageUnit", "lake", bus="bus", p_nom=1.0, inflow=draw[:, 1])
    frame = pd.DataFrame(
        {"wind": draw[:, 0], "inflow": draw[:, 1]}, index=utc.tz_localize("UTC").tz_convert("Europe/Berlin")
    )
    days = generate(frame, 3, metric="pointwise", n_starts=1, tz="Europe/Berlin", dst="regular", include=["2023-03-26"])

    stochastic = to_pypsa(own_network, days, names={"inflow": ()})

    for number, label in enumerate(days.scenarios.labels):
        inflow = own(stochastic, "StorageUnit", "inflow")[label, "lake"]
        assert inflow.tolist() == days.scenarios.values[number, :, 1].tolist()

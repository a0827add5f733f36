"""Hours, starts and one optimum through every format, read back by readers that know only the format."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest
from scipy.optimize import linprog
from scipy.sparse import lil_array

from scenred import Reduction, RequestError, ScenarioSet, ScenredWarning, generate, read_scenarios
from scenred.api.export import export
from scenred.io.exports.formats import FORMATS

Array = npt.NDArray[np.float64]
BERLIN = "Europe/Berlin"
CAPACITIES = {"wind": 250.0, "pv": 80.0}
# Yearly costs of a MW that is built, and costs of a MWh.
BUILD = {"wind": 110_000.0, "pv": 50_000.0, "gas": 60_000.0}
RUN = {"wind": 0.0, "pv": 0.0, "gas": 90.0}
# Formats that hold values as they were read, not by capacity.
RAW = {"netcdf", "parquet", "xlsx", "json", "calliope", "gams", "scenred2", "smps", "pgscen", "plexos"}
# Formats that hold demand as shares of a year's, which the modeller gives, and count shares or hours of years only.
SHARES = ("osemosys", "temoa")
YEARLY = (*SHARES, "switch")


@dataclass(frozen=True)
class Case:
    """A series, how it is cut, the hours of its year, and the formats that cannot carry it, each with its reason."""

    first: str
    last: str
    hours: float
    freq: str = "h"
    zone: str | None = None
    capacities: Mapping[str, float] = field(default_factory=dict)
    refused: Mapping[str, str] = field(default_factory=dict)

    @property
    def step(self) -> str:
        """Length of a step as an option."""
        return "15min" if self.freq == "15min" else "1h"

    def frame(self) -> pd.DataFrame:
        """Return wind, PV and load."""
        times = pd.date_range(self.first, self.last, freq=self.freq, inclusive="left", tz=self.zone)
        draw = np.random.default_rng(5).random((len(times), 3)).round(4)
        hour = times.hour.to_numpy() + times.minute.to_numpy() / 60
        sun = np.clip(np.sin((hour - 6) / 12 * np.pi), 0, None)
        season = np.cos(2 * np.pi * times.day_of_year.to_numpy() / 365)
        wind = (0.4 + 0.3 * season + 0.3 * draw[:, 0]).clip(0, 1)
        values = {"wind": wind.round(4), "pv": (sun * draw[:, 1]).round(4), "load": (900 + 100 * season).round(1)}
        return pd.DataFrame({name: values[name] * self.capacities.get(name, 1) for name in values}, index=times)


CASES = {
    "two years": Case("2022-01-01", "2024-01-01", 8760),
    "90 days": Case("2023-02-01", "2023-05-02", 8760),
    "leap year": Case("2024-01-01", "2025-01-01", 8784),
    "15 minutes": Case("2023-01-01", "2023-01-31", 8760, freq="15min", refused={"genx": "every time step as one hour"}),
    "zone": Case("2023-01-01", "2024-01-01", 8760, zone=BERLIN),
    "MW": Case("2023-01-01", "2023-03-02", 8760, capacities=CAPACITIES),
}


@pytest.fixture(scope="module", params=CASES)
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def case(name: str) -> Case:
    return CASES[name]


@pytest.fixture(scope="module")
def reduction(case: Case) -> Reduction:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ScenredWarning)  # of hours that are repeated and cut
        keywords: dict[str, Any] = {"tz": case.zone, "dst": "regular"} if case.zone else {}
        return generate(
            case.frame(), 3, metric="pointwise", n_starts=2, bound=False, capacity=case.capacities or None, **keywords
        )


@pytest.fixture(scope="module")
def table(reduction: Reduction, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder that holds the scenario table and its map."""
    folder = tmp_path_factory.mktemp("table")
    reduction.to_frame().to_csv(folder / "s.csv", index=False)
    reduction.to_map().to_csv(folder / "m.csv", index=False)
    return folder


@pytest.fixture
def taken(readers: Any, table: Path, case: Case, tmp_path: Path) -> Any:
    """Return what exports the table to a format, and reads it back."""

    def export_and_read(to: str, reader: str = "", **keywords: Any) -> Any:
        given: dict[str, Any] = {"period_map": table / "m.csv", "step": case.step, "tz": case.zone}
        given |= {"capacity": case.capacities} if case.capacities else {}
        given |= {"date": "2030-07-02"} if to in ("pgscen", "plexos") else {}
        given |= {"capacity": {"load": 1000.0, **case.capacities}} if to == "sienna" else {}
        export(table / "s.csv", to, tmp_path / "out", **given, **keywords)
        return readers[reader or to](tmp_path / "out")

    return export_and_read


def expected_starts(reduction: Reduction, case: Case) -> list[str]:
    """Return the midnights at which the days begin, by the calendar alone."""
    midnights = pd.date_range(case.first, case.last, freq="D", inclusive="left", tz=case.zone)
    return [midnights[row].isoformat() for row in reduction.medoids]


def optimum(hours: Array, values: Mapping[str, Array], share_of_year: float = 1.0) -> float:
    """Build wind, PV and gas for a load at least cost: once, for all scenarios."""
    units = list(BUILD)
    n, t = values["load"].shape
    costs = np.concatenate([[BUILD[unit] * share_of_year for unit in units], np.zeros(n * t * len(units))])
    limits, balances = lil_array((n * t * len(units), len(costs))), lil_array((n * t, len(costs)))
    for row in range(n * t):
        scenario, step = divmod(row, t)
        for number, unit in enumerate(units):
            run = len(units) + row * len(units) + number
            costs[run] = hours[scenario] / t * RUN[unit]
            limits[row * len(units) + number, run] = 1
            limits[row * len(units) + number, number] = -(values[unit][scenario, step] if unit in values else 1)
            balances[row, run] = 1
    found = linprog(
        costs, limits.tocsr(), np.zeros(limits.shape[0]), balances.tocsr(), values["load"].ravel(), method="highs"
    )
    return float(found.fun)


def per_unit(values: Mapping[str, Array], to: str, case: Case) -> dict[str, Array]:
    """Values as shares of capacity, as the planner who reads a raw format makes them."""
    return {name: series / case.capacities.get(name, 1) if to in RAW else series for name, series in values.items()}


@pytest.fixture(scope="module")
def right(reduction: Reduction, case: Case) -> Any:
    """Return the optimum of the scenarios in memory over some hours, each number solved once."""
    scenarios = reduction.scenarios
    values = {name: scenarios.values[:, :, number] for number, name in enumerate(scenarios.names)}
    return cache(lambda hours: optimum(scenarios.probabilities * hours, per_unit(values, "json", case)))


# Formats that count the periods of the map, and take the values from a series of their own.
COUNTING = ("calliope", "tsam")
# Formats that put the set into a file of their client's are tested there: tests/clients.
WRITTEN = [to for to in FORMATS if to not in ("pypsa-netcdf", "gdx")]


def test_every_format_has_an_independent_reader(readers: Any) -> None:
    assert set(readers) == {*WRITTEN, "pypsa days"}


@pytest.mark.parametrize("to", [to for to in WRITTEN if to not in COUNTING])
def test_hours_starts_and_optimum_survive(to: str, taken: Any, reduction: Reduction, case: Case, right: Any) -> None:
    if to in case.refused:
        with pytest.raises(RequestError, match=case.refused[to]):
            taken(to)
        return

    found = taken(to)

    assert found.hours.sum() == pytest.approx(case.hours, rel=1e-12)
    assert found.hours == pytest.approx(reduction.scenarios.probabilities * case.hours, rel=1e-12)
    expected = expected_starts(reduction, case)
    if to == "pgscen":  # alternatives of one day
        expected = ["2030-07-02T00:00:00" + ("+02:00" if case.zone else "")] * len(expected)
    if to == "spineopt":  # its times have no offset
        expected = [start[:19] for start in expected]
    assert found.starts in (None, expected)
    assert found.zone == case.zone
    values = per_unit(found.values, to, case)
    if to in SHARES:
        scenarios = reduction.scenarios
        values["load"] = values["load"] * (scenarios.probabilities @ scenarios.values[:, :, 2].mean(axis=1))
    assert optimum(found.hours, values) == pytest.approx(right(case.hours), rel=1e-9)


def test_calliope_finds_the_same_optimum_in_the_days_that_it_counts(
    taken: Any, reduction: Reduction, case: Case, right: Any
) -> None:
    found = taken("calliope")

    counted, series = 24.0 * reduction.original.n_scenarios, case.frame()
    assert found.hours == pytest.approx(reduction.scenarios.probabilities * counted, rel=1e-12)
    assert found.starts == [start[:10] for start in expected_starts(reduction, case)]
    # it takes the values from its own series, and scales yearly costs by the hours that it counts
    values = {
        str(name): np.stack([column.loc[day].to_numpy() for day in found.starts]) for name, column in series.items()
    }
    whole = optimum(found.hours, per_unit(values, "calliope", case), counted / 8760)
    assert whole * 8760 / counted == pytest.approx(right(8760.0), rel=1e-9)


def test_tsam_counts_the_days_and_finds_their_centres(taken: Any, reduction: Reduction, case: Case) -> None:
    # rows of a year are not days of 24 where the clock changes
    changes = pytest.warns(ScenredWarning, match="tsam cuts rows by number") if case.zone else nullcontext()
    with changes:
        found = taken("tsam")

    counted = 24.0 * reduction.original.n_scenarios
    assert found.hours == pytest.approx(reduction.scenarios.probabilities * counted, rel=1e-12)
    assert found.starts == [start[:19] for start in expected_starts(reduction, case)]
    assert found.zone == case.zone


@pytest.mark.parametrize("to", WRITTEN)
def test_hours_that_are_given_reach_every_format(to: str, taken: Any, case: Case) -> None:
    if to in case.refused:
        with pytest.raises(RequestError, match=case.refused[to]):
            taken(to, hours=100.0)
    elif to in (*YEARLY, *COUNTING):
        with pytest.raises(RequestError, match=r"100 hours are asked for; \w+ counts .* leave hours out"):
            taken(to, hours=100.0)
    else:
        assert taken(to, hours=100.0).hours.sum() == pytest.approx(100, rel=1e-12)


def test_days_of_pypsa_begin_at_local_midnight(taken: Any, reduction: Reduction, case: Case, right: Any) -> None:
    found = taken("pypsa", "pypsa days", form="days")

    assert found.starts == [start[:19] for start in expected_starts(reduction, case)]
    assert found.hours.sum() == pytest.approx(case.hours, rel=1e-12)
    assert optimum(found.hours, found.values) == pytest.approx(right(case.hours), rel=1e-9)


@pytest.mark.parametrize("to", ["pypsa", "genx", "tulipa", "oemof", "osemosys", "switch", "temoa", "spineopt"])
def test_megawatts_without_capacity_are_refused(to: str, tmp_path: Path) -> None:
    case = CASES["MW"]
    found = generate(case.frame(), 3, metric="pointwise", n_starts=1, bound=False)
    scenarios = ScenarioSet(
        tuple(type(column)(column.name, column.kind) for column in found.scenarios.columns),
        found.scenarios.values,
        found.scenarios.probabilities,
        starts=found.scenarios.starts,
    )

    with pytest.raises(RequestError, match=r"reads capacity factors from 0 to 1; give the capacity of 'wind'"):
        export(scenarios, to, tmp_path / "out", period_map=found.to_map(), step="1h")


@pytest.mark.parametrize("to", ["netcdf", "parquet", "xlsx", "json", "scenred2"])
@pytest.mark.parametrize("knows_zone", ["zone known", "offsets only"])
def test_starts_come_back_bit_for_bit(
    to: str, knows_zone: str, table: Path, reduction: Reduction, case: Case, tmp_path: Path
) -> None:
    zone = case.zone if knows_zone == "zone known" else None
    export(table / "s.csv", to, tmp_path / "out", step=case.step, tz=zone)

    again = read_scenarios(tmp_path / "out")

    assert again.stamps == expected_starts(reduction, case)
    assert again.zone == zone
    assert again.step == pd.Timedelta(case.step)
    assert np.array_equal(again.values, reduction.scenarios.values)

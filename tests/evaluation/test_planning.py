"""The planning problem against closed forms, and its laws."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import LinearConstraint, milp

from scenred import Column, InputError, RequestError, ScenarioSet, SolverError, Study, evaluate
from scenred.io.records.study import read_study
from scenred.options.study import Backup, Economy, Storage, Wind

Draw = Callable[..., ScenarioSet]

NOTHING = {
    "wind.largest": 0,
    "pv.largest": 0,
    "storage.largest_power": 0,
    "storage.largest_energy": 0,
    "economy.interest_rate": 0.05,
}


def sun(values: list[list[float]]) -> ScenarioSet:
    shape = np.array(values)[:, :, None]
    hour = pd.Timedelta(hours=12)
    return ScenarioSet((Column("pv", "pv", 1.0),), shape, np.full(len(values), 1 / len(values)), step=hour)


@pytest.fixture
def days(random_set: Draw) -> ScenarioSet:
    return replace(random_set(9, n_steps=6, weighted=True), columns=(Column("wind", "wind"), Column("pv", "pv")))


def test_backup_alone_serves_a_flat_load_at_its_annuity_and_fuel() -> None:
    value = evaluate(sun([[1.0, 0.0]]), sun([[1.0, 0.0]]), metric="pointwise", plan=Study.of(NOTHING)).planning
    assert value is not None

    annuity = 0.05 / (1 - 1.05**-30)
    assert value.reduced.backup == pytest.approx(1000)
    assert value.reduced.investment_cost == pytest.approx(1e6 * (450 * annuity + 10))
    assert value.reduced.operating_cost == pytest.approx(8760 * 1000 * 120)
    assert value.reduced.backup_share == pytest.approx(1)


def test_storage_carries_the_day_into_the_night_at_its_efficiencies() -> None:
    study = Study(
        economy=Economy(value_of_lost_load=np.inf),
        wind=Wind(largest=0),
        backup=Backup(largest=0),
        storage=Storage(charge_efficiency=0.9, discharge_efficiency=0.8),
    )

    value = evaluate(sun([[1.0, 0.0]]), sun([[1.0, 0.0]]), metric="pointwise", plan=study).planning

    assert value is not None
    charged = 1000 / (0.9 * 0.8)
    assert value.full is not None
    assert value.full.pv == pytest.approx(1000 + charged)
    assert value.full.storage_power == pytest.approx(charged)
    assert value.full.storage_energy == pytest.approx(12 * 1000 / 0.8)
    assert value.full.operating_cost == pytest.approx(0, abs=1e-3)


def test_the_whole_set_has_no_regret(days: ScenarioSet) -> None:
    card = evaluate(days, days, plan=Study())

    assert card["regret"] == pytest.approx(0, abs=1e-9)
    assert card["objective_bias"] == pytest.approx(0, abs=1e-9)


def test_regret_is_never_negative_and_dispatch_in_parts_is_the_whole(
    days: ScenarioSet, monkeypatch: pytest.MonkeyPatch
) -> None:
    few = replace(days, values=days.values[:3], probabilities=np.full(3, 1 / 3), labels=())
    at_once = evaluate(few, days, plan=Study())
    monkeypatch.setattr("scenred.planning.plans.STEPS_AT_ONCE", 12)

    in_parts = evaluate(few, days, plan=Study())

    assert at_once["regret"] > 0
    assert in_parts["regret"] == pytest.approx(at_once["regret"], rel=1e-9)


def test_stability_tells_every_seed(days: ScenarioSet) -> None:
    few = replace(days, values=days.values[:3], probabilities=np.full(3, 1 / 3), labels=())

    value = evaluate(few, days, plan=Study(), stability=4).planning

    assert value is not None
    assert value.full is not None
    assert value.stability is not None
    assert len(value.stability.in_sample) == 4
    assert min(value.stability.out_of_sample) >= value.full.cost * (1 - 1e-9)


def test_load_column_is_served(days: ScenarioSet) -> None:
    columns = (Column("wind", "wind"), Column("load", "load"))
    loaded = replace(days, columns=columns, values=days.values * np.array([1.0, 50.0]))

    value = evaluate(loaded, loaded, plan=Study.of(NOTHING)).planning

    assert value is not None
    assert value.reduced.backup == pytest.approx(loaded.values[:, :, 1].max(), rel=1e-6)


def test_infeasible_plan_names_the_step_and_the_limits(days: ScenarioSet) -> None:
    study = Study.of(NOTHING | {"backup.largest": 500.0, "economy.value_of_lost_load": np.inf})

    with pytest.raises(SolverError, match=r"scenario \d+, step \d, must be served .*backup\.largest"):
        evaluate(days, days, plan=study)


def test_unbounded_plan_names_what_earns(days: ScenarioSet) -> None:
    with pytest.raises(SolverError, match="unbounded: more of wind costs less than nothing"):
        evaluate(days, days, plan=Study(wind=Wind(investment=-900.0)))


def test_plan_without_wind_or_pv_is_refused(random_set: Draw) -> None:
    with pytest.raises(RequestError, match="no column is wind or PV"):
        evaluate(random_set(4, 24), random_set(4, 24), plan=Study())


def test_study_is_read_and_the_rest_stays_at_its_default(tmp_path: Path) -> None:
    (tmp_path / "study.toml").write_text("[wind]\ninvestment = 999\n[economy]\nvalue_of_lost_load = inf\n")

    study = read_study(tmp_path / "study.toml")

    assert study == Study(Economy(value_of_lost_load=np.inf), wind=Wind(investment=999.0))


def test_a_study_is_its_numbers_by_key() -> None:
    study = Study.of({"storage.largest_power": 7.0, "economy.interest_rate": 0.0})

    assert study == Study(Economy(interest_rate=0.0), storage=Storage(largest_power=7.0))
    assert Study.of(study.by_key()) == study


def test_a_number_without_a_place_in_a_study_is_refused() -> None:
    with pytest.raises(RequestError, match=r"did you mean 'wind\.investment'"):
        Study.of({"wind.investmen": 1.0})


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_costs_are_finite(value: float) -> None:
    with pytest.raises(RequestError, match=r"the plan's backup\.fuel is .*; scenred needs a finite number"):
        Study(backup=Backup(fuel=value))


@pytest.mark.parametrize(
    ("text", "error", "message"),
    [
        ("[wind]\ninvestmen = 1", InputError, "no key 'wind.investmen'; did you mean 'wind.investment'"),
        ("[wind]\ninvestment = 'x'", InputError, "wind.investment is 'x'; scenred needs a number"),
        ("[wind", InputError, "is not TOML"),
        ("[storage]\ncharge_efficiency = 1.2", RequestError, "storage.charge_efficiency is 1.2"),
        (
            "[pv]\nlifetime = 0",
            RequestError,
            r"pv\.lifetime is 0 a; scenred needs a finite number of at least 1e-06",
        ),
    ],
)
def test_bad_studies_are_refused(tmp_path: Path, text: str, error: type[Exception], message: str) -> None:
    (tmp_path / "study.toml").write_text(text)

    with pytest.raises(error, match=message):
        read_study(tmp_path / "study.toml")


def plainly_planned(days: ScenarioSet, study: Study) -> float:
    """Return the least annual cost [EUR/a], written row by row with hourly balances in MW and no level variables."""
    assets = 5  # wind, pv, storage power, storage energy, backup; then first level, charge, discharge, backup, lost
    n, t, _ = days.values.shape
    per_day = 1 + 4 * t
    rows, lowest, highest = [], [], []
    costs = np.zeros(assets + n * per_day)
    rate = study.economy.interest_rate

    def yearly(investment: float, fixed: float, lifetime: float) -> float:
        discounted: float = sum((1 + rate) ** -year for year in range(1, int(lifetime) + 1))
        return 1000 * (investment / discounted + fixed)

    costs[:assets] = [
        yearly(study.wind.investment, study.wind.fixed, study.wind.lifetime),
        yearly(study.pv.investment, study.pv.fixed, study.pv.lifetime),
        yearly(study.storage.power_investment, study.storage.fixed, study.storage.lifetime),
        yearly(study.storage.energy_investment, 0, study.storage.lifetime),
        yearly(study.backup.investment, study.backup.fixed, study.backup.lifetime),
    ]

    def add(low: float, high: float, **terms: float) -> None:
        row = np.zeros(len(costs))
        for place, factor in terms.items():
            row[int(place[1:])] += factor
        rows.append(row)
        lowest.append(low)
        highest.append(high)

    for day in range(n):
        level = assets + day * per_day
        content = {f"x{level}": 1.0}
        for step in range(t):
            charge, discharge, backup, lost = (level + 1 + 4 * step + place for place in range(4))
            hours = 8760 * days.probabilities[day] / t
            costs[[backup, lost]] = hours * study.backup.fuel, hours * study.economy.value_of_lost_load
            wind, pv = days.values[day, step]
            supply = {"x0": wind, "x1": pv, f"x{charge}": -1.0, f"x{discharge}": 1.0, f"x{backup}": 1.0}
            add(study.load.flat, np.inf, **supply, **{f"x{lost}": 1.0})
            for used, built in ((charge, 2), (discharge, 2), (backup, 4)):
                add(-np.inf, 0.0, **{f"x{used}": 1.0, f"x{built}": -1.0})
            content[f"x{charge}"] = study.storage.charge_efficiency
            content[f"x{discharge}"] = -1 / study.storage.discharge_efficiency
            add(0.0, np.inf, **content)
            add(-np.inf, 0.0, **content, x3=-1.0)
        add(0.0, 0.0, **{place: factor for place, factor in content.items() if place != f"x{level}"})
    found = milp(costs, constraints=LinearConstraint(np.array(rows), lowest, highest))
    return float(found.fun)


def test_a_mixed_plan_costs_what_a_plain_model_costs(days: ScenarioSet) -> None:
    hourly = replace(days, step=pd.Timedelta(hours=1))
    study = Study(backup=Backup(fuel=400.0))
    columns = (Column("wind", "wind", 1.0), Column("pv", "pv", 1.0))
    hourly = replace(hourly, columns=columns)

    value = evaluate(hourly, hourly, metric="pointwise", plan=study).planning

    assert value is not None
    assert min(value.reduced.wind + value.reduced.pv, value.reduced.storage_energy) > 0
    assert value.reduced.cost == pytest.approx(plainly_planned(hourly, study), rel=1e-7)

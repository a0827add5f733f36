"""What the planning program sees of a scenario set: one fleet of each kind, and the load."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from scenred.arrays import Float64, weighted_sum
from scenred.errors import InputError, RequestError, Setting
from scenred.model import ScenarioSet
from scenred.options.study import Study


@dataclass(frozen=True, slots=True, eq=False)
class Weather:
    """Capacity factors and load of all periods, shape (n, t), and the masses of these.

    The load is divided by `mean_load` [MW]; messages call the periods by their labels.
    """

    wind: Float64
    pv: Float64
    load: Float64
    masses: Float64
    step_hours: float
    mean_load: float
    labels: tuple[str, ...]

    def part(self, rows: slice) -> Weather:
        """Return some periods with their masses."""
        return replace(
            self,
            wind=self.wind[rows],
            pv=self.pv[rows],
            load=self.load[rows],
            masses=self.masses[rows],
            labels=self.labels[rows],
        )

    def mean(self, amounts: Float64) -> float:
        """Return the mean of an amount over all steps, weighted by the masses of the periods."""
        return float(weighted_sum(self.masses, amounts.mean(axis=1)))


def mean_load(original: ScenarioSet, study: Study) -> float:
    """Return the mean load of the original in MW: the sum of its load columns, else the study's flat load.

    Raises
    ------
    RequestError
        If no column is wind or PV.
    InputError
        If the load is negative somewhere, or 0 everywhere.
    """
    kinds = [column.kind for column in original.columns]
    if not {"wind", "pv"} & set(kinds):
        raise RequestError(
            f"no column is wind or PV ({', '.join(original.names)}), and a plan needs one",
            advice=("name it with ", Setting("wind"), " or ", Setting("pv")),
        )
    if "load" not in kinds:
        return study.load.flat
    load = _load_of(original)
    mean = float(weighted_sum(original.probabilities, load.mean(axis=1)))
    if load.min() < 0 or mean == 0:
        raise InputError(f"the load is {load.min():g} at its least, {mean:g} on average", "a load above 0")
    return mean


def weather_of(scenarios: ScenarioSet, scales: Float64, step_hours: float, study: Study, mean_load: float) -> Weather:
    """Sum the columns of a kind to one capacity factor: the output of all sites by their capacity.

    The scales are the capacity of each column; the mean load is that of the original, also for a reduced set.
    """
    values = scenarios.values / scales
    has_load = any(column.kind == "load" for column in scenarios.columns)
    load = _load_of(scenarios) if has_load else np.full(values.shape[:2], study.load.flat)
    factors = {}
    for kind in ("wind", "pv"):
        chosen = np.array([column.kind == kind for column in scenarios.columns])
        shares = scales * chosen
        factors[kind] = (values * (shares / shares.sum())).sum(axis=2) if chosen.any() else np.zeros(values.shape[:2])
    return Weather(
        **factors,
        load=load / mean_load,
        masses=scenarios.probabilities,
        step_hours=step_hours,
        mean_load=mean_load,
        labels=scenarios.labels,
    )


def _load_of(scenarios: ScenarioSet) -> Float64:
    """Return the sum of the load columns [MW], shape (n, t)."""
    chosen = [number for number, column in enumerate(scenarios.columns) if column.kind == "load"]
    return np.asarray(scenarios.values[:, :, chosen].sum(axis=2))

"""Values as models read them: capacity factors between 0 and 1, loads unchanged."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from scenred.arrays import Float64
from scenred.errors import RequestError
from scenred.model import ScenarioSet


def columns_of(scenarios: ScenarioSet, *kinds: str) -> list[int]:
    """Return the positions of the columns of these kinds."""
    return [number for number, column in enumerate(scenarios.columns) if column.kind in kinds]


def profile(scenarios: ScenarioSet, number: int) -> Float64:
    """Return a column by its capacity where it has one, else unchanged, shape (n_scenarios, n_steps)."""
    capacity = scenarios.columns[number].capacity
    values = scenarios.values[:, :, number]
    return values if capacity is None else values / capacity


def without_load_capacity(scenarios: ScenarioSet) -> ScenarioSet:
    """Return a reduced set whose loads have no capacity: it scaled the metric, and models read megawatts."""
    columns = tuple(replace(one, capacity=None) if one.kind == "load" else one for one in scenarios.columns)
    return replace(scenarios, columns=columns)


def per_unit(scenarios: ScenarioSet, number: int, reader: str) -> Float64:
    """Return a load as `profile`, any other column as `capacity_factors`."""
    is_load = scenarios.columns[number].kind == "load"
    return profile(scenarios, number) if is_load else capacity_factors(scenarios, number, reader)


def capacity_factors(scenarios: ScenarioSet, number: int, reader: str) -> Float64:
    """Return a column as numbers of 0 to 1, shape (n_scenarios, n_steps), or raise a RequestError about another."""
    factors = profile(scenarios, number)
    bad = np.argwhere((factors < 0) | (factors > 1))
    if len(bad):
        scenario, step = (int(index) for index in bad[0])
        name = scenarios.columns[number].name
        raise RequestError(
            f"{name} is {factors[scenario, step]:g} in scenario {scenarios.labels[scenario]!r} at step {step}; "
            f"{reader} reads capacity factors from 0 to 1",
            advice=f"give the capacity of {name!r}, or correct the values",
        )
    return factors

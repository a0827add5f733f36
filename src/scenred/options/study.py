"""A capacity planning study: costs and limits, as tables of numbers; docs/plan.md says where the defaults come from."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from scenred.errors import RequestError, nearest_name
from scenred.options.declare import option, options_of

# Beyond these the program of the plan leaves the range in which a solver is right.
LARGEST_COST, SMALLEST_NUMBER = 1e12, 1e-6
# What several tables say alike. A negative cost has a meaning, if an odd one.
COST: dict[str, Any] = {"flag": None, "is_finite": True, "low": -LARGEST_COST, "high": LARGEST_COST}
AT_LEAST_0: dict[str, Any] = {"flag": None, "low": 0}
INVESTMENT: dict[str, Any] = {"help": "Investment.", "unit": "EUR/kW", **COST}
FIXED: dict[str, Any] = {"help": "Fixed cost of operation.", "unit": "EUR/kW/a", **COST}
ABOVE_0: dict[str, Any] = {"flag": None, "low": SMALLEST_NUMBER, "high": LARGEST_COST, "is_finite": True}
LIFETIME: dict[str, Any] = {"help": "Years over which the investment is paid.", "unit": "a", **ABOVE_0}
LARGEST: dict[str, Any] = {"help": "Most that may be built; inf: no limit.", **AT_LEAST_0}
EFFICIENCY: dict[str, Any] = {**ABOVE_0, "high": 1}


@dataclass(frozen=True, slots=True)
class Economy:
    """What holds for all assets."""

    interest_rate: float = option(0.06, "Interest rate of annuities.", unit="1/a", **COST | {"low": 0, "high": 100})
    value_of_lost_load: float = option(
        10_000.0, "Cost of load that is not served; inf: all of it must be.", unit="EUR/MWh", **AT_LEAST_0
    )


@dataclass(frozen=True, slots=True)
class Load:
    """The load where the scenarios have no load column."""

    flat: float = option(1000.0, "Load of every step.", unit="MW", **ABOVE_0)


@dataclass(frozen=True, slots=True)
class Wind:
    """Costs and limit of wind power."""

    investment: float = option(1300.0, **INVESTMENT)
    fixed: float = option(25.0, **FIXED)
    lifetime: float = option(25.0, **LIFETIME)
    largest: float = option(math.inf, **LARGEST, unit="MW")


@dataclass(frozen=True, slots=True)
class Pv:
    """Costs and limit of PV."""

    investment: float = option(600.0, **INVESTMENT)
    fixed: float = option(10.0, **FIXED)
    lifetime: float = option(30.0, **LIFETIME)
    largest: float = option(math.inf, **LARGEST, unit="MW")


@dataclass(frozen=True, slots=True)
class Storage:
    """Costs, efficiencies and limits of storage, by its power and its energy."""

    power_investment: float = option(150.0, "Investment in charging and discharging.", unit="EUR/kW", **COST)
    energy_investment: float = option(150.0, "Investment in what is stored.", unit="EUR/kWh", **COST)
    fixed: float = option(5.0, **FIXED)
    lifetime: float = option(15.0, **LIFETIME)
    charge_efficiency: float = option(0.95, "Share of what is charged that is stored.", **EFFICIENCY)
    discharge_efficiency: float = option(0.95, "Share of what is taken out that is served.", **EFFICIENCY)
    largest_power: float = option(math.inf, **LARGEST, unit="MW")
    largest_energy: float = option(math.inf, **LARGEST, unit="MWh")


@dataclass(frozen=True, slots=True)
class Backup:
    """Costs and limit of a plant that burns fuel."""

    investment: float = option(450.0, **INVESTMENT)
    fixed: float = option(10.0, **FIXED)
    lifetime: float = option(30.0, **LIFETIME)
    fuel: float = option(120.0, "Fuel for a unit of electricity.", unit="EUR/MWh", **COST)
    largest: float = option(math.inf, **LARGEST, unit="MW")


@dataclass(frozen=True, slots=True)
class Study:
    """Costs and limits of the planning problem: the tables of a study file.

    Raises
    ------
    RequestError
        If a number is out of its range.

    Examples
    --------
    >>> Study(wind=Wind(investment=900.0)) == Study.of({"wind.investment": 900.0})
    True
    """

    economy: Economy = Economy()
    load: Load = Load()
    wind: Wind = Wind()
    pv: Pv = Pv()
    storage: Storage = Storage()
    backup: Backup = Backup()

    def __post_init__(self) -> None:
        """Raise a RequestError if a number is out of its range."""
        for table in fields(self):
            group = getattr(self, table.name)
            for one in options_of(type(group)):
                named = replace(one.declared, noun=f"plan's {table.name}.{one.name}")
                replace(one, declared=named).check(getattr(group, one.name), RequestError)
        lost = self.economy.value_of_lost_load
        if LARGEST_COST < lost < math.inf:
            raise RequestError(
                f"the plan's economy.value_of_lost_load is {lost:g}", f"at most {LARGEST_COST:g}, or inf"
            )

    @classmethod
    def of(cls, numbers: Mapping[str, float]) -> Study:
        """Return a study with some numbers, by their keys in a study file, and the others at their defaults.

        Raises
        ------
        RequestError
            If a key is unknown, or a number is out of its range.
        """
        tables: dict[str, dict[str, float]] = {table.name: {} for table in fields(cls)}
        for key, number in numbers.items():
            if key not in KEYS:
                raise RequestError(f"there is no key {key!r}", advice=nearest_name(key, KEYS))
            table, _, name = key.partition(".")
            tables[table][name] = number
        return cls(**{name: replace(getattr(cls(), name), **given) for name, given in tables.items()})

    def by_key(self) -> dict[str, float]:
        """Return all numbers by their keys in a study file, such as 'storage.largest_power'."""
        groups = {table.name: getattr(self, table.name) for table in fields(self)}
        return {
            f"{name}.{one.name}": getattr(group, one.name)
            for name, group in groups.items()
            for one in options_of(type(group))
        }


KEYS = tuple(Study().by_key())

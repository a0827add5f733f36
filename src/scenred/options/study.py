"""A capacity planning study: costs and limits."""

from __future__ import annotations

import math
from dataclasses import dataclass, fields

from scenred.errors import RequestError


@dataclass(frozen=True, slots=True)
class Study:
    """Hold the costs and limits of the planning problem; docs/plan.md says where the defaults come from.

    The first word of a field is its table in the TOML file, the rest its key.

    Parameters
    ----------
    economy_interest_rate : float
        [1/a] for the annuities of all investments, at least 0.
    economy_value_of_lost_load : float
        [EUR/MWh], at least 0; `inf`: all load must be served.
    load_flat : float
        [MW] above 0; used where there is no load column.
    wind_investment, pv_investment, backup_investment : float
        [EUR/kW]
    storage_power_investment, storage_energy_investment : float
        [EUR/kW] of charging and discharging, [EUR/kWh] of what can be stored.
    wind_fixed, pv_fixed, storage_fixed, backup_fixed : float
        [EUR/kW/a]; of storage by its power.
    wind_lifetime, pv_lifetime, storage_lifetime, backup_lifetime : float
        [a] above 0.
    storage_charge_efficiency, storage_discharge_efficiency : float
        Above 0, at most 1.
    backup_fuel : float
        [EUR/MWh] of electricity.
    wind_largest, pv_largest, storage_largest_power, backup_largest : float
        [MW] at least 0; `inf`: no limit.
    storage_largest_energy : float
        [MWh]

    Raises
    ------
    RequestError
        When a number is out of its range.
    """

    economy_interest_rate: float = 0.06
    economy_value_of_lost_load: float = 10_000.0
    load_flat: float = 1000.0
    wind_investment: float = 1300.0
    wind_fixed: float = 25.0
    wind_lifetime: float = 25.0
    wind_largest: float = math.inf
    pv_investment: float = 600.0
    pv_fixed: float = 10.0
    pv_lifetime: float = 30.0
    pv_largest: float = math.inf
    storage_power_investment: float = 150.0
    storage_energy_investment: float = 150.0
    storage_fixed: float = 5.0
    storage_lifetime: float = 15.0
    storage_charge_efficiency: float = 0.95
    storage_discharge_efficiency: float = 0.95
    storage_largest_power: float = math.inf
    storage_largest_energy: float = math.inf
    backup_investment: float = 450.0
    backup_fixed: float = 10.0
    backup_lifetime: float = 30.0
    backup_fuel: float = 120.0
    backup_largest: float = math.inf

    def __post_init__(self) -> None:
        for field in fields(self):
            _check(field.name, getattr(self, field.name))


def key_of(field: str) -> str:
    """Write a field of `Study` as the file does.

    Examples
    --------
    >>> key_of("storage_largest_power")
    'storage.largest_power'
    """
    return field.replace("_", ".", 1)


def _check(field: str, value: float) -> None:
    """Refuse a number that has no meaning; a negative cost has one, if an odd one."""
    may_be_infinite = "largest" in field or field == "economy_value_of_lost_load"
    if math.isnan(value) or (math.isinf(value) and not (may_be_infinite and value > 0)):
        needed = "a finite number"
    elif field.endswith("efficiency") and not 0 < value <= 1:
        needed = "a number above 0 and at most 1"
    elif (field.endswith("lifetime") or field == "load_flat") and value <= 0:
        needed = "a number above 0"
    elif (may_be_infinite or field == "economy_interest_rate") and value < 0:
        needed = "a number of at least 0"
    else:
        return
    raise RequestError(f"the plan's {key_of(field)} is {value:g}; scenred needs {needed}; correct the study")

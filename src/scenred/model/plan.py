"""A plan, and what a plan made on a reduced set is worth on the original."""

from __future__ import annotations

from dataclasses import dataclass

from scenred.options.study import Study


@dataclass(frozen=True, slots=True)
class Plan:
    """An investment [MW], and what it costs on some scenario set [EUR/a]."""

    wind: float
    pv: float
    storage_power: float
    storage_energy: float  # [MWh]
    backup: float
    investment_cost: float
    operating_cost: float  # with fuel and lost load
    lost_share: float  # of the load, not served
    backup_share: float  # of the load, served by backup

    @property
    def cost(self) -> float:
        """Total cost [EUR/a]."""
        return self.investment_cost + self.operating_cost


@dataclass(frozen=True, slots=True)
class Stability:
    """The costs [EUR/a], by seed, of plans made on reduced sets of several seeds (Kaut and Wallace)."""

    in_sample: tuple[float, ...]  # on the reduced set itself
    out_of_sample: tuple[float, ...]  # of the same plan on the original


@dataclass(frozen=True, slots=True)
class PlanningValue:
    """What a plan made on the reduced set is worth on the original."""

    study: Study
    reduced: Plan  # the optimum of the reduced set, with its cost there
    redispatched: Plan  # the same investment, with its cost on the original
    full: Plan | None = None  # the optimum of the original; None where it is too large to be solved
    stability: Stability | None = None

    @property
    def objective_bias(self) -> float | None:
        """Optimum on the reduced set against the optimum on the original, as a share of the latter."""
        return None if self.full is None else self.reduced.cost / self.full.cost - 1

    @property
    def regret(self) -> float | None:
        """What the reduced set's plan costs more than the best plan, as a share of the latter's cost."""
        return None if self.full is None else self.redispatched.cost / self.full.cost - 1

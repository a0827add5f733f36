"""A plan, and what a plan made on a reduced set is worth on the original."""

from __future__ import annotations

from dataclasses import dataclass

from scenred.options.study import Study


@dataclass(frozen=True, slots=True)
class Plan:
    """An investment, and what it costs on some scenario set.

    Parameters
    ----------
    wind, pv, storage_power, backup : float
        [MW]
    storage_energy : float
        [MWh]
    investment_cost, operating_cost : float
        [EUR/a]; fuel and lost load are operating cost.
    lost_share, backup_share : float
        Share of the load that is not served, and that backup serves.
    """

    wind: float
    pv: float
    storage_power: float
    storage_energy: float
    backup: float
    investment_cost: float
    operating_cost: float
    lost_share: float
    backup_share: float

    @property
    def cost(self) -> float:
        """Total cost [EUR/a]."""
        return self.investment_cost + self.operating_cost


@dataclass(frozen=True, slots=True)
class Stability:
    """The objectives of plans made on reduced sets of several seeds (Kaut and Wallace).

    Parameters
    ----------
    in_sample : tuple of float
        [EUR/a] by seed: the optimal objective on the reduced set itself.
    out_of_sample : tuple of float
        [EUR/a] by seed: the cost of that plan on the original.
    """

    in_sample: tuple[float, ...]
    out_of_sample: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class PlanningValue:
    """What a plan made on the reduced set is worth on the original.

    Parameters
    ----------
    reduced : Plan
        The optimum of the reduced set, with its cost there.
    redispatched : Plan
        The same investment, with its cost on the original.
    full : Plan, optional
        The optimum of the original; None where it is too large to be solved.
    """

    study: Study
    reduced: Plan
    redispatched: Plan
    full: Plan | None = None
    stability: Stability | None = None

    @property
    def objective_bias(self) -> float | None:
        """Optimum on the reduced set against the optimum on the original, as a share of the latter."""
        return None if self.full is None else self.reduced.cost / self.full.cost - 1

    @property
    def regret(self) -> float | None:
        """What the reduced set's plan costs more than the best plan, as a share of the latter's cost."""
        return None if self.full is None else self.redispatched.cost / self.full.cost - 1

"""Groups of periods, such as seasons, that are reduced each by itself: scenarios represent their own group only.

Costs add up: the cost of the whole is the sum of the groups' costs by their mass, and the sum of their lower bounds
bounds it. k is shared out by mass or by what a group costs, or given group by group.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from scenred.arrays import Float64, Int64
from scenred.errors import RequestError, Setting, nearest_name
from scenred.model import DistanceMatrix, Reduction, ScenarioSet, SearchStatistics
from scenred.options import SearchOptions, Share, Work
from scenred.reduction.held_rows import HeldRows
from scenred.reduction.price import served_by_nearest
from scenred.reduction.reduce import reduce, single_cost


@dataclass(frozen=True, slots=True, eq=False)
class Group:
    """The members of a group as a set of its own, and what holds for them, `rows` counted within the group.

    The distances are those of the whole: `part` copies the rows of the group.
    """

    name: str
    members: Int64
    mass: float
    original: ScenarioSet
    distances: DistanceMatrix
    rows: HeldRows

    @property
    def part(self) -> DistanceMatrix:
        """Distances within the group."""
        return self.distances.part(self.members)

    def reduced(self, k: int, search: SearchOptions, work: Work) -> Reduction:
        """Keep k of its scenarios."""
        try:
            return reduce(self.original, self.part, k, search, self.rows, work)
        except RequestError as error:
            place = f"group {self.name!r}"
            raise RequestError(error.met, error.needed, error.advice, place=place) from error


def reduce_groups(
    original: ScenarioSet,
    distances: DistanceMatrix,
    n_scenarios: int | Mapping[str, int],
    share: Share,
    search: SearchOptions = SearchOptions(),
    rows: HeldRows = HeldRows(),
    work: Work = Work(),
) -> Reduction:
    """Reduce every group by itself; the distances are of the whole set, so that all are measured on the same scales.

    One copy of the matrix of a group is made at a time. A RequestError is raised if a group is missing, has no
    probability, is given no number, or cannot have that number.

    Parameters
    ----------
    n_scenarios : int or mapping of str to int
        How many to keep in all, at least one a group; or how many of each group.
    share : {'mass', 'cost'}
        What shares them out: the probability of a group, or that times the cost of its best single scenario. Largest
        remainder; a group gets at least one, and what its fixed scenarios need.

    Returns
    -------
    Reduction
        Its probabilities are those of the whole; those of a group sum to its mass. `cost` and `lower_bound` are the
        sums over the groups.

    Examples
    --------
    >>> from scenred import Column, pairwise_distances
    >>> values = np.array([0.0, 0.2, 0.9, 1.0]).reshape(4, 1, 1)
    >>> days = ScenarioSet((Column("wind"),), values, np.full(4, 0.25), groups=("calm", "windy", "windy", "windy"))
    >>> reduction = reduce_groups(days, pairwise_distances(days, "pointwise"), 2, "mass")
    >>> reduction.scenarios.groups, reduction.scenarios.probabilities, round(reduction.cost, 3)
    (('calm', 'windy'), array([0.25, 0.75]), 0.2)
    """
    groups = [_group(original, distances, rows, name) for name in dict.fromkeys(original.groups)]
    if isinstance(n_scenarios, Mapping):
        _check_names(groups, n_scenarios)
        counts = [n_scenarios[group.name] for group in groups]
    else:
        counts = _counts(original, groups, n_scenarios, share)
    parts = [group.reduced(k, search, work) for group, k in zip(groups, counts, strict=True)]
    return _joined(original, distances, groups, parts, rows, work)


def _group(original: ScenarioSet, distances: DistanceMatrix, rows: HeldRows, name: str) -> Group:
    members = np.flatnonzero(np.array(original.groups) == name)
    masses = original.probabilities[members]
    mass = math.fsum(masses)
    if mass == 0:
        raise RequestError(
            f"all periods of group {name!r} have probability 0",
            "groups with a probability",
            "leave its periods out of the input, or group by something else",
        )
    inside = original.members(members, masses / mass)
    return Group(name, members, mass, inside, distances, rows.within(members))


def _check_names(groups: list[Group], n_scenarios: Mapping[str, int]) -> None:
    """Raise a RequestError if a number belongs to no group, or a group has no number."""
    names = [group.name for group in groups]
    for name, number in n_scenarios.items():
        if name not in names:
            place = Setting("n_scenarios", {name: number})
            raise RequestError(f"there is no group {name!r}", advice=nearest_name(name, names), place=place)
    missing = [name for name in names if name not in n_scenarios]
    if missing:
        raise RequestError(
            (Setting("n_scenarios"), f" has no number for group {missing[0]!r}"),
            f"one for each of: {', '.join(names)}",
        )


def _counts(original: ScenarioSet, groups: list[Group], n_scenarios: int, share: Share) -> list[int]:
    """Return how many scenarios every group gets."""
    least = np.array([group.rows.least(len(group.members)) for group in groups])
    most = np.array([len(group.members) - len(group.rows.excluded) for group in groups])
    if (least > most).any():
        raise RequestError(
            f"group {groups[int(np.argmax(least > most))].name!r}: too few of its periods are not excluded",
            advice="exclude fewer, or choose other groups",
        )
    if not least.sum() <= n_scenarios <= most.sum():
        names = ", ".join(group.name for group in groups)
        raise RequestError(
            f"{n_scenarios} scenarios are asked for and {len(groups)} groups ({names}) need {least.sum()} at least "
            f"and hold {most.sum()} at most",
            advice="choose from these, or fewer groups",
        )
    parts = np.array([original.probabilities[group.members].sum() for group in groups])
    if share == "cost":
        parts *= [single_cost(group.original, group.part, 1) for group in groups]
    return [int(count) for count in shared_out(parts, n_scenarios, least, most)]


def shared_out(parts: Float64, total: int, least: Int64, most: Int64) -> Int64:
    """Share whole numbers out in proportion to parts of at least 0, largest remainder, each within its bounds.

    The total lies between the sums of `least` and `most`; all arrays have shape (g,).

    Examples
    --------
    >>> shared_out(np.array([0.5, 0.3, 0.2]), 4, np.ones(3, int), np.full(3, 9))
    array([2, 1, 1])
    """
    whole = parts.sum()
    quotas = total * (parts / whole if whole > 0 else np.full(len(parts), 1 / len(parts)))
    counts = np.clip(np.floor(quotas).astype(np.int64), least, most)
    while counts.sum() != total:  # one by one where the count lies farthest below its quota, or farthest above
        step = 1 if counts.sum() < total else -1
        may = counts < most if step > 0 else counts > least
        counts[int(np.argmax(np.where(may, step * (quotas - counts), -np.inf)))] += step
    return np.asarray(counts)


def _joined(
    original: ScenarioSet,
    distances: DistanceMatrix,
    groups: list[Group],
    parts: list[Reduction],
    rows: HeldRows,
    work: Work,
) -> Reduction:
    """Put the reductions of all groups together, by mass."""
    medoids = np.sort(np.concatenate([group.members[part.medoids] for group, part in zip(groups, parts, strict=True)]))
    closed = rows.closed_pairs(original, medoids, by_group=True)
    assignment, served, cost = served_by_nearest(distances, original.probabilities, medoids, closed)
    bounds = [
        group.mass * part.lower_bound for group, part in zip(groups, parts, strict=True) if part.lower_bound is not None
    ]
    return Reduction(
        original=original,
        medoids=medoids,
        assignment=assignment,
        distances=distances.root(served),
        cost=cost,
        single_cost=single_cost(original, distances, work.n_threads),
        ground=distances.ground,
        movement=distances.movement,
        method=parts[0].method,
        lower_bound=min(math.fsum(bounds), cost) if len(bounds) == len(parts) else None,
        is_optimal=all(part.is_optimal for part in parts),
        statistics=SearchStatistics.summed([part.statistics for part in parts]),
    )

"""A reduction under conditions: extremes and dates that stay, groups, other probabilities; and what each costs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from scenred.arrays import Float64
from scenred.errors import RequestError, Setting, SolverError, UsageError
from scenred.model import DistanceMatrix, Extreme, Payment, Reduction, ScenarioSet
from scenred.notes import note
from scenred.options import Conditions, SearchOptions, Work
from scenred.reduction.constraints.dates import rows_of_dates
from scenred.reduction.constraints.exchange import exchanged
from scenred.reduction.constraints.extremes import find_extremes
from scenred.reduction.constraints.groups import reduce_groups
from scenred.reduction.constraints.weights import WeightTargets, reweigh, targets_for
from scenred.reduction.held_rows import HeldRows
from scenred.reduction.reduce import reduce
from scenred.reduction.size import smallest


@dataclass(frozen=True, slots=True)
class Picks:
    """The scenarios that a planner wants to stay or to be left out: extremes, and rows, extremes among them."""

    extremes: tuple[Extreme, ...]
    rows: HeldRows

    def __str__(self) -> str:
        extremes = {extreme.row for extreme in self.extremes}
        words = [f"{len(extremes)} extreme{'s' * (len(extremes) != 1)}"] if extremes else []
        named = len(set(self.rows.held.tolist()) - extremes)
        words += [f"{named} fixed"] if named else []
        words += [f"{len(self.rows.excluded)} excluded"] if len(self.rows.excluded) else []
        return ", ".join(words)


@dataclass(frozen=True, slots=True)
class Demands:
    """What conditions demand of one scenario set: which rows stay or do not, and what probabilities meet."""

    conditions: Conditions
    picks: Picks
    targets: WeightTargets | None

    @classmethod
    def of(cls, original: ScenarioSet, conditions: Conditions) -> Demands:
        """Find them before distances are computed; raise as `reduce_constrained`."""
        return cls(conditions, picks_for(original, conditions), targets_for(original, conditions))


def reduce_constrained(
    original: ScenarioSet,
    distances: DistanceMatrix,
    n_scenarios: int | Mapping[str, int],
    demands: Demands,
    search: SearchOptions = SearchOptions(),
    work: Work = Work(),
    *,
    tolerance: float | None = None,
) -> Reduction:
    """Reduce under conditions, and report what each costs against the free choice of the same number of scenarios.

    Extremes are sought among the periods that are not excluded; extremes and dates count among `n_scenarios`, for which
    see `reduce_groups`. A `tolerance` instead keeps as few as lose no more; see `smallest`.

    Returns
    -------
    Reduction
        `.extremes` and `.payments` report groups and picks: the cost of groups is compared with that of a reduction
        of the whole to the same number of scenarios, that of picks with a reduction without them and otherwise the
        same; each with the lower bound of the other reduction.

    Raises
    ------
    UsageError
        If a request cannot be read, or conditions contradict each other.
    RequestError
        If a column, a date or a group is missing, or no choice meets the conditions.
    SolverError
        If the optimum is required and not proven.

    Warns
    -----
    ScenredWarning
        If scenarios are exchanged to hold means, or get probability 0.

    Notes
    -----
    Twice the work of `reduce` where something stays or is left out, once more with groups, and a linear program where
    probabilities are conditioned.
    """
    conditions, picks, targets = demands.conditions, demands.picks, demands.targets
    rows, most = picks.rows, sum(n_scenarios.values()) if isinstance(n_scenarios, Mapping) else int(n_scenarios)
    if len(rows.held) > most and tolerance is None:
        raise RequestError(
            f"{picks} are {len(rows.held)} scenarios that stay and only {most} may",
            advice="keep more, or name fewer",
        )
    if conditions.group_by is not None:
        found = reduce_groups(original, distances, n_scenarios, conditions.share, search, rows, work)
    elif tolerance is not None:
        found = smallest(original, distances, tolerance, search, rows, work)
    else:
        found = reduce(original, distances, most, search, rows, work)
    payments = _payments(found, distances, n_scenarios, conditions, picks, search, work)
    found = replace(found, extremes=picks.extremes, payments=payments)
    if targets is None:
        return found
    if targets.columns:
        found = exchanged(found, distances, targets, rows, work)
    found = reweigh(found, distances, targets, rows)
    if search.require_optimal and not found.is_optimal:
        raise SolverError(
            f"the optimum is not proven under the condition ({targets})",
            advice="leave the condition, or do not require the optimum",
        )
    _tell_empty(found.scenarios.probabilities)
    return found


def picks_for(original: ScenarioSet, conditions: Conditions) -> Picks:
    """Return the periods that conditions name; raise as `reduce_constrained`."""
    included = rows_of_dates(original, conditions.include, "include")
    excluded = rows_of_dates(original, conditions.exclude, "exclude")
    both = np.intersect1d(included, excluded)
    if len(both):
        named = f"period {original.called(int(both[0]))} is named by "
        met = (named, Setting("include"), " and by ", Setting("exclude"))
        raise UsageError(met, advice="choose one")
    if len(excluded) == original.n_scenarios:
        raise RequestError("every period is excluded", "at least one that may stay")
    extremes = find_extremes(original, conditions.keep, conditions.installed, excluded)
    rows = [extreme.row for extreme in extremes]
    fixed = [*conditions.fixed, *included.tolist(), *rows]
    return Picks(extremes, HeldRows.of(fixed, excluded, rows if conditions.extreme_weight == "single" else ()))


def _payments(
    found: Reduction,
    distances: DistanceMatrix,
    n_scenarios: int | Mapping[str, int],
    conditions: Conditions,
    picks: Picks,
    search: SearchOptions,
    work: Work,
) -> tuple[Payment, ...]:
    """Return what groups cost, and then what picks cost, each by a reduction of the same number without them."""
    original, k = found.original, len(found.medoids)
    free, quiet, none = replace(search, require_optimal=False), replace(work, progress=None), HeldRows()
    by_group = conditions.group_by is not None
    without: list[tuple[str, Reduction]] = []  # from the last condition to the first
    if not picks.rows.is_empty and by_group:
        groups = reduce_groups(original, distances, n_scenarios, conditions.share, free, none, quiet)
        without.append((str(picks), groups))
    elif not picks.rows.is_empty:
        without.append((str(picks), reduce(original, distances, k, free, none, quiet)))
    if by_group:
        if free.method == "exact":  # groups are small, the whole may be too large for a proof
            free = replace(free, method="kmedoids")
        n_groups = len(set(original.groups))
        joint = reduce(original, distances, k, free, none, quiet)
        without.append((f"{n_groups} group{'s' * (n_groups != 1)}, each by itself", joint))
    payments, after = [], found.cost
    for condition, other in without:
        before = min(other.cost, after)
        payments.append(Payment(condition, before, after, other.lower_bound))
        after = before
    return tuple(reversed(payments))


def _tell_empty(probabilities: Float64) -> None:
    """Warn if a scenario stays that no probability is left for: it counts among the k all the same."""
    empty = np.flatnonzero(probabilities == 0)
    if len(empty):
        note(
            f"{len(empty)} of {len(probabilities)} scenarios have probability 0 (the first is scenario "
            f"{empty[0] + 1}); give all some with ",
            Setting("min_probability"),
            ", or keep fewer",
        )

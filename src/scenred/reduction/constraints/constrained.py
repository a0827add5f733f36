"""A reduction as a planner wants it: extremes and dates that stay, groups, other probabilities; and what each costs."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, get_args

import numpy as np

from scenred.arrays import Float64
from scenred.errors import RequestError, ScenredWarning, SolverError, UsageError, nearest_name
from scenred.model import DistanceMatrix, Extreme, Payment, Reduction, ScenarioSet
from scenred.reduction.constraints.dates import rows_of_dates
from scenred.reduction.constraints.exchange import exchanged
from scenred.reduction.constraints.extremes import describe_period, find_extremes
from scenred.reduction.constraints.groups import Share, reduce_groups
from scenred.reduction.constraints.weights import Wish, reweigh
from scenred.reduction.reduce import reduce
from scenred.reduction.size import smallest

ExtremeWeight = Literal["cluster", "single"]


@dataclass(frozen=True, slots=True)
class Picks:
    """Hold the scenarios that a planner wants to stay or to be left out, as rows of the original.

    Parameters
    ----------
    extremes : tuple of Extreme
    fixed, excluded, alone : tuple of int
        As `reduce` takes them; extremes are among the fixed.
    """

    extremes: tuple[Extreme, ...] = ()
    fixed: tuple[int, ...] = ()
    excluded: tuple[int, ...] = ()
    alone: tuple[int, ...] = ()

    def __str__(self) -> str:
        """Say it in words."""
        rows = {extreme.row for extreme in self.extremes}
        words = [f"{len(rows)} extreme{'s' * (len(rows) != 1)}"] if rows else []
        named = len(set(self.fixed) - rows)
        words += [f"{named} fixed"] if named else []
        words += [f"{len(self.excluded)} excluded"] if self.excluded else []
        return ", ".join(words)


def picks_for(
    original: ScenarioSet,
    *,
    keep: Sequence[str] = (),
    include: Sequence[str] = (),
    exclude: Sequence[str] = (),
    extreme_weight: ExtremeWeight = "cluster",
    installed: Mapping[str, float] | None = None,
    fixed: Sequence[int] = (),
) -> Picks:
    """Find the periods that a planner names.

    Parameters
    ----------
    original : ScenarioSet
    keep : sequence of str
        Extremes; see `find_extremes`. They are sought among the periods that are not excluded.
    include, exclude : sequence of str
        Dates; see `rows_of_dates`.
    extreme_weight : {'cluster', 'single'}
        What an extreme represents: its cluster, as any scenario does, or itself alone.
    installed : mapping of str to float, optional
        Capacities for the expression `residual`.
    fixed : sequence of int
        Rows that stay, too.

    Raises
    ------
    UsageError
        When a request cannot be read, or a period is included and excluded.
    RequestError
        When a column, a date or a choice is not there.
    """
    if extreme_weight not in get_args(ExtremeWeight):
        raise RequestError(
            f"there is no extreme weight {extreme_weight!r}; {nearest_name(extreme_weight, get_args(ExtremeWeight))}"
        )
    included = rows_of_dates(original, include, "--include")
    excluded = rows_of_dates(original, exclude, "--exclude")
    both = np.intersect1d(included, excluded)
    if len(both):
        raise UsageError(
            f"{describe_period(original, int(both[0]))} is named by --include and by --exclude; choose one"
        )
    if len(excluded) == original.n_scenarios:
        raise RequestError("every period is excluded; scenred needs at least one that may stay")
    extremes = find_extremes(original, keep, installed, excluded)
    rows = {extreme.row for extreme in extremes}
    return Picks(
        extremes=extremes,
        fixed=tuple(sorted({*map(int, fixed), *included.tolist(), *rows})),
        excluded=tuple(excluded.tolist()),
        alone=tuple(sorted(rows)) if extreme_weight == "single" else (),
    )


def reduce_planned(
    original: ScenarioSet,
    distances: DistanceMatrix,
    n_scenarios: int | Mapping[str, int] = 10,
    *,
    tolerance: float | None = None,
    picks: Picks | None = None,
    share: Share | None = None,
    wish: Wish | None = None,
    **options: Any,
) -> Reduction:
    """Reduce as a planner wants it, and say what the picks cost against the free choice of as many scenarios.

    Parameters
    ----------
    original : ScenarioSet
        With groups, where they are to be reduced each by itself.
    distances : DistanceMatrix
    n_scenarios : int or mapping of str to int
        See `reduce_groups`. Extremes and dates count among them.
    tolerance : float, optional
        Instead: keep as few as lose no more; see `smallest`.
    picks : Picks, optional
        From `picks_for`.
    share : {'mass', 'cost'}, optional
        Reduce by group, and share k out so.
    wish : Wish, optional
        What probabilities must meet; from `wish_for`.
    **options
        As for `reduce`.

    Returns
    -------
    Reduction
        `.extremes` and `.payments` tell of groups and picks: the cost of groups is compared with that of a reduction
        of the whole to as many scenarios, that of picks with a reduction without them but alike in all else; each
        with the lower bound of the other reduction.

    Warns
    -----
    ScenredWarning
        When scenarios are exchanged to hold means, or get probability 0.

    Notes
    -----
    Twice the work of `reduce` where something stays or is left out, once more with groups, and a linear program where
    there is a wish.
    """
    picks = picks or Picks()
    rows = {"fixed": picks.fixed, "excluded": picks.excluded, "alone": picks.alone}
    if len(picks.fixed) > _total(n_scenarios) and tolerance is None:
        raise RequestError(
            f"{picks} are {len(picks.fixed)} scenarios that stay and only {_total(n_scenarios)} may; keep more, or "
            "name fewer"
        )
    if share is not None:
        found = reduce_groups(original, distances, n_scenarios, share=share, **rows, **options)
    elif tolerance is not None:
        found = smallest(original, distances, tolerance, **rows, **options)
    else:
        found = reduce(original, distances, _total(n_scenarios), **(rows | options))
    found = replace(
        found,
        extremes=picks.extremes,
        payments=_payments(
            found, distances, n_scenarios, picks if any(rows.values()) else None, share, options
        ),
    )
    if wish is None:
        return found
    if wish.columns:
        left = options.get("time_left")
        found = exchanged(
            found,
            distances,
            wish,
            held=picks.fixed,
            excluded=picks.excluded,
            alone=picks.alone,
            should_stop=lambda: left is not None and left() <= 0,
        )
    found = reweigh(found, distances, wish, picks.alone)
    if options.get("require_optimal") and not found.is_optimal:
        raise SolverError(
            f"the optimum is not proven under the condition ({wish}); leave the condition, or do not require the "
            "optimum"
        )
    _tell_empty(found.scenarios.probabilities)
    return found


def _tell_empty(probabilities: Float64) -> None:
    """Warn where a scenario stays that no probability is left for: it counts among the k all the same."""
    empty = np.flatnonzero(probabilities == 0)
    if len(empty):
        warnings.warn(
            f"{len(empty)} of {len(probabilities)} scenarios have probability 0 (the first is scenario "
            f"{empty[0] + 1}); give all some with --min-probability, or keep fewer",
            ScenredWarning,
            stacklevel=3,
        )


def _payments(
    found: Reduction,
    distances: DistanceMatrix,
    n_scenarios: int | Mapping[str, int],
    picks: Picks | None,
    share: Share | None,
    options: Mapping[str, Any],
) -> tuple[Payment, ...]:
    """Say what groups cost, and then what picks cost, each by a reduction of as many scenarios without them."""
    original, k = found.original, len(found.medoids)
    free = {**options, "require_optimal": False, "on_fraction": None}
    without: list[tuple[str, Reduction]] = []  # from the last condition to the first
    if picks is not None and share is not None:
        without.append((str(picks), reduce_groups(original, distances, n_scenarios, share=share, **free)))
    elif picks is not None:
        without.append((str(picks), reduce(original, distances, k, **free)))
    if share is not None:
        if free.get("method") == "exact":  # groups are small, the whole may be too large for a proof
            free["method"] = "kmedoids"
        groups = len(set(original.groups))
        joint = reduce(original, distances, k, **free)
        without.append((f"{groups} group{'s' * (groups != 1)}, each by itself", joint))
    payments, after = [], found.cost
    for condition, other in without:
        before = min(other.cost, after)
        payments.append(Payment(condition, before, after, other.lower_bound))
        after = before
    return tuple(reversed(payments))


def _total(n_scenarios: int | Mapping[str, int]) -> int:
    return sum(n_scenarios.values()) if isinstance(n_scenarios, Mapping) else int(n_scenarios)

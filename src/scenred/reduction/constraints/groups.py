"""Groups of periods, such as seasons, that are reduced each by itself: scenarios represent their own group only.

Costs add up: the cost of the whole is the sum of the groups' costs by their mass, and the sum of their lower bounds
bounds it. k is shared out by mass or by what a group costs, or told group by group.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Literal, get_args

import numpy as np

from scenred.arrays import Float64, Int64
from scenred.errors import InputError, RequestError, nearest_name
from scenred.model import DistanceMatrix, Reduction, ScenarioSet
from scenred.reduction.conditions import Conditions
from scenred.reduction.reduce import reduce, single_cost

Share = Literal["mass", "cost"]

SEASONS = ("winter", "spring", "summer", "autumn")
CALENDAR = ("season", "month", "weekday", "year")
GROUP = "group"


def grouped(scenarios: ScenarioSet, by: str) -> ScenarioSet:
    """Give every scenario its group.

    Parameters
    ----------
    scenarios : ScenarioSet
        With starts, for groups of the calendar.
    by : str
        'season' (winter is December to February, whatever the hemisphere), 'month', 'weekday' or 'year' of a
        scenario's start; 'group', the column of a scenario table; or a column that is constant within every scenario,
        which then is a label and no longer a column of values.

    Raises
    ------
    RequestError
        When there are no dates, or no such column.
    InputError
        When the column changes within a scenario.

    Examples
    --------
    >>> import pandas as pd
    >>> from scenred import Column
    >>> starts = pd.DatetimeIndex(["2019-02-28", "2019-03-01"])
    >>> days = ScenarioSet((Column("wind"),), np.zeros((2, 1, 1)), np.full(2, 0.5), starts=starts)
    >>> grouped(days, "season").groups, grouped(days, "weekday").groups
    (('winter', 'spring'), ('thursday', 'friday'))
    """
    if by == GROUP and scenarios.groups:
        return scenarios
    if by in scenarios.names:
        return _by_column(scenarios, by)
    if by not in CALENDAR:
        known = [*CALENDAR, *scenarios.names, *([GROUP] if scenarios.groups else [])]
        raise RequestError(f"--group-by {by}: there is no such column or calendar; {nearest_name(by, known)}")
    starts = scenarios.starts
    if starts is None:
        raise RequestError(
            f"--group-by {by}: the periods have no dates; give a series, or a table with a column start"
        )
    if by == "season":
        groups = [SEASONS[start.month % 12 // 3] for start in starts]
    elif by == "month":
        groups = [name.lower() for name in starts.month_name()]
    elif by == "weekday":
        groups = [name.lower() for name in starts.day_name()]
    else:
        groups = [str(start.year) for start in starts]
    return replace(scenarios, groups=tuple(groups))


def grouped_by_words(
    scenarios: ScenarioSet, numbers: ScenarioSet, words: Sequence[str], by: str
) -> ScenarioSet:
    """Give every scenario the word that a column has for it.

    Parameters
    ----------
    scenarios : ScenarioSet
    numbers : ScenarioSet
        The same periods, or more, with the positions of the words; in all columns the same.
    words : sequence of str
    by : str
        Name of the column, for messages.

    Raises
    ------
    InputError
        When the word changes within a scenario, or a scenario has none.
    """
    codes = numbers.values.astype(np.int64)
    rows = _rows_in(numbers, scenarios)
    missing = np.flatnonzero(rows < 0)
    if len(missing):
        raise InputError(
            f"--group-by {by}: period {_called(scenarios, int(missing[0]))} has steps without a word; "
            "scenred needs one group for a whole period; fill them"
        )
    changes = np.argwhere(codes[rows] != codes[rows, :1, :1])
    if len(changes):
        row, step, place = (int(index) for index in changes[0])
        first, other = words[codes[rows[row], 0, 0]], words[codes[rows[row], step, place]]
        raise InputError(
            f"--group-by {by}: period {_called(scenarios, row)} begins with {first!r} and has {other!r} at "
            f"step {step}; scenred needs one group for a whole period"
        )
    return replace(scenarios, groups=tuple(words[code] for code in codes[rows, 0, 0]))


def reduce_groups(
    original: ScenarioSet,
    distances: DistanceMatrix,
    n_scenarios: int | Mapping[str, int],
    *,
    share: Share = "mass",
    fixed: Sequence[int] = (),
    excluded: Sequence[int] = (),
    alone: Sequence[int] = (),
    **options: Any,
) -> Reduction:
    """Reduce every group by itself.

    Parameters
    ----------
    original : ScenarioSet
        With groups; see `grouped`.
    distances : DistanceMatrix
        Of the whole set: all groups are measured on the same scales.
    n_scenarios : int or mapping of str to int
        How many to keep in all, at least one a group; or how many of each group.
    share : {'mass', 'cost'}
        What shares them out: the probability of a group, or that times the cost of its best single scenario. Largest
        remainder; a group gets at least one, and what its fixed scenarios need.
    fixed, excluded, alone, **options
        As for `reduce`, rows of the whole set.

    Returns
    -------
    Reduction
        Its probabilities are those of the whole; those of a group sum to its mass. `cost` and `lower_bound` are the
        sums over the groups.

    Raises
    ------
    RequestError
        When a group is not there, is not told a number, or cannot have as many.

    Notes
    -----
    A copy of the matrix of one group at a time.

    Examples
    --------
    >>> from scenred import Column, pairwise_distances
    >>> values = np.array([0.0, 0.2, 0.9, 1.0]).reshape(4, 1, 1)
    >>> days = ScenarioSet((Column("wind"),), values, np.full(4, 0.25), groups=("calm", "windy", "windy", "windy"))
    >>> reduction = reduce_groups(days, pairwise_distances(days, "pointwise"), 2)
    >>> reduction.scenarios.groups, reduction.scenarios.probabilities, round(reduction.cost, 3)
    (('calm', 'windy'), array([0.25, 0.75]), 0.2)
    """
    if share not in get_args(Share):
        raise RequestError(f"there is no share by {share!r}; {nearest_name(share, get_args(Share))}")
    groups = np.array(original.groups)
    rows = {name: np.flatnonzero(groups == name) for name in dict.fromkeys(original.groups)}
    conditions = Conditions.of(fixed, excluded, alone)
    counts = _counts(original, distances, n_scenarios, share, rows, conditions)
    parts = {
        name: _part(original, distances, members, counts[name], name, conditions, options)
        for name, members in rows.items()
    }
    return _joined(original, distances, rows, parts, options.get("n_threads"))


def _rows_in(numbers: ScenarioSet, scenarios: ScenarioSet) -> Int64:
    """Find every scenario in another set, by its start or else its label; -1 where it is not there."""
    if numbers.starts is not None and scenarios.starts is not None and numbers.starts.is_unique:
        return np.asarray(numbers.starts.get_indexer(scenarios.starts), dtype=np.int64)
    place = {label: row for row, label in enumerate(numbers.labels)}
    return np.array([place.get(label, -1) for label in scenarios.labels], dtype=np.int64)


def _called(scenarios: ScenarioSet, row: int) -> str:
    return scenarios.labels[row] if scenarios.starts is None else str(scenarios.starts[row].isoformat())


def _by_column(scenarios: ScenarioSet, name: str) -> ScenarioSet:
    place = scenarios.names.index(name)
    values = scenarios.values[:, :, place]
    changes = np.argwhere(values != values[:, :1])
    if len(changes):
        row, step = (int(index) for index in changes[0])
        raise InputError(
            f"--group-by {name}: period {_called(scenarios, row)} begins with {values[row, 0]:g} and has "
            f"{values[row, step]:g} at step {step}; scenred needs one group for a whole period"
        )
    if len(scenarios.columns) == 1:
        raise RequestError(f"--group-by {name}: is the only column; scenred needs values beside it")
    others = [other for other in range(len(scenarios.columns)) if other != place]
    return replace(
        scenarios,
        columns=tuple(scenarios.columns[other] for other in others),
        values=scenarios.values[:, :, others],
        groups=tuple(f"{value:.15g}" for value in values[:, 0]),
    )


def _counts(
    original: ScenarioSet,
    distances: DistanceMatrix,
    n_scenarios: int | Mapping[str, int],
    share: Share,
    rows: Mapping[str, Int64],
    conditions: Conditions,
) -> dict[str, int]:
    """Say how many scenarios every group gets."""
    if isinstance(n_scenarios, Mapping):
        for name in n_scenarios:
            if name not in rows:
                raise RequestError(
                    f"-k {name}={n_scenarios[name]}: there is no group {name!r}; {nearest_name(name, rows)}"
                )
        missing = [name for name in rows if name not in n_scenarios]
        if missing:
            raise RequestError(
                f"-k names no number for group {missing[0]!r}; scenred needs one for each of: {', '.join(rows)}"
            )
        return dict(n_scenarios)
    least = np.array([_within(conditions, members).least(len(members)) for members in rows.values()])
    most = np.array([len(np.setdiff1d(members, conditions.excluded)) for members in rows.values()])
    closed = [name for name, few, many in zip(rows, least, most, strict=True) if few > many]
    if closed:
        raise RequestError(
            f"group {closed[0]!r}: too few of its periods are not excluded; exclude fewer, or choose other groups"
        )
    if not least.sum() <= n_scenarios <= most.sum():
        raise RequestError(
            f"{n_scenarios} scenarios are asked for and {len(rows)} groups ({', '.join(rows)}) need {least.sum()} at "
            f"least and hold {most.sum()} at most; choose from these, or fewer groups"
        )
    parts = [original.probabilities[members].sum() for members in rows.values()]
    if share == "cost":
        parts = [
            mass * _single(original, distances, members)
            for mass, members in zip(parts, rows.values(), strict=True)
        ]
    shared = shared_out(np.array(parts), n_scenarios, least, most)
    return dict(zip(rows, shared.tolist(), strict=True))


def shared_out(parts: Float64, total: int, least: Int64, most: Int64) -> Int64:
    """Share whole numbers out in proportion, largest remainder, each within its bounds.

    Parameters
    ----------
    parts : ndarray of shape (g,)
        At least 0.
    total : int
        From the sum of `least` to the sum of `most`.
    least, most : ndarray of shape (g,), int64

    Examples
    --------
    >>> shared_out(np.array([0.5, 0.3, 0.2]), 4, np.ones(3, int), np.full(3, 9))
    array([2, 1, 1])
    """
    whole = parts.sum()
    quotas = total * (parts / whole if whole > 0 else np.full(len(parts), 1 / len(parts)))
    counts = np.clip(np.floor(quotas).astype(np.int64), least, most)
    while counts.sum() != total:  # one by one to whom it is owed most, or from whom it is owed least
        step = 1 if counts.sum() < total else -1
        may = counts < most if step > 0 else counts > least
        counts[int(np.argmax(np.where(may, step * (quotas - counts), -np.inf)))] += step
    return np.asarray(counts)


def _within(conditions: Conditions, members: Int64) -> Conditions:
    """Give the conditions of a group, rows counted within it."""
    sets = (conditions.held, conditions.excluded, conditions.alone)
    return Conditions.of(*(np.searchsorted(members, np.intersect1d(one, members)) for one in sets))


def _single(original: ScenarioSet, distances: DistanceMatrix, members: Int64) -> float:
    return single_cost(_members(original, members), distances.part(members), 1)


def _members(original: ScenarioSet, members: Int64) -> ScenarioSet:
    masses = original.probabilities[members]
    return replace(
        original,
        values=original.values[members],
        probabilities=masses / math.fsum(masses),
        labels=tuple(original.labels[row] for row in members),
        starts=None if original.starts is None else original.starts[members],
        groups=(),
    )


def _part(
    original: ScenarioSet,
    distances: DistanceMatrix,
    members: Int64,
    k: int,
    name: str,
    conditions: Conditions,
    options: Mapping[str, Any],
) -> Reduction:
    """Reduce one group."""
    inside = _within(conditions, members)
    try:
        return reduce(
            _members(original, members),
            distances.part(members),
            k,
            fixed=inside.held.tolist(),
            excluded=inside.excluded.tolist(),
            alone=inside.alone.tolist(),
            **options,
        )
    except RequestError as error:
        raise RequestError(f"group {name!r}: {error}") from error


def _joined(
    original: ScenarioSet,
    distances: DistanceMatrix,
    rows: Mapping[str, Int64],
    parts: Mapping[str, Reduction],
    n_threads: int | None,
) -> Reduction:
    """Put the reductions of all groups together, by mass."""
    n = original.n_scenarios
    medoids = np.sort(np.concatenate([members[parts[name].medoids] for name, members in rows.items()]))
    assignment, ground = np.empty(n, dtype=np.int64), np.empty(n)
    for name, members in rows.items():
        kept = members[parts[name].medoids]
        assignment[members] = np.searchsorted(medoids, kept)[parts[name].assignment]
        ground[members] = parts[name].distances
    masses = [math.fsum(original.probabilities[members]) for members in rows.values()]
    found = list(parts.values())
    bounds = [part.lower_bound for part in found if part.lower_bound is not None]
    is_bounded = len(bounds) == len(found)
    return Reduction(
        original=original,
        medoids=medoids,
        assignment=assignment,
        distances=ground,
        cost=math.fsum(mass * part.cost for mass, part in zip(masses, found, strict=True)),
        single_cost=single_cost(original, distances, n_threads),
        ground=distances.ground,
        movement=distances.movement,
        method=found[0].method,
        lower_bound=math.fsum(m * b for m, b in zip(masses, bounds, strict=True)) if is_bounded else None,
        is_optimal=all(part.is_optimal for part in found),
    )

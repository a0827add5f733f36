"""Several series become one: side by side where they hold different columns, one after the other where years follow."""

from __future__ import annotations

import hashlib
import warnings
from collections import Counter
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd

from scenred.errors import InputError, ScenredWarning
from scenred.model import Column, Series, Source
from scenred.model.series import micros


def joined(parts: list[Series]) -> Series:
    """Join series on time.

    Those of the same columns whose spans follow each other are one series, longer; the others stand side by
    side on the span that all have. Columns of one name are then called by their file.

    Raises
    ------
    InputError
        When steps or zones differ, spans overlap in part, or no time is common.
    """
    if len(parts) == 1:
        return parts[0]
    first = parts[0]
    for part in parts[1:]:
        if part.step != first.step or (part.start.tz is None) != (first.start.tz is None):
            what = "a step" if part.step != first.step else "times with a zone"
            raise InputError(
                f"{part.source.name}: has {what} unlike {first.source.name}; scenred joins files of "
                "one step and zone; pass "
                "--resample or --tz"
            )
    groups: dict[tuple[str, ...], list[Series]] = {}
    for part in parts:
        groups.setdefault(tuple(column.name for column in part.columns), []).append(part)
    longer = [piece for group in groups.values() for piece in _followed(group)]
    return longer[0] if len(longer) == 1 else _beside(longer)


def _followed(group: list[Series]) -> list[Series]:
    """Join series of the same columns whose spans follow each other."""
    ordered = sorted(group, key=lambda part: part.start)
    overlaps = [
        (one, other)
        for one, other in pairwise(ordered)
        if other.start < one.start + int(one.steps()[-1] + 1) * one.step
    ]
    if not overlaps:
        return [_after(ordered)]
    if len(overlaps) == len(ordered) - 1 and _share(ordered) > 0.5:
        return group
    one, other = overlaps[0]
    raise InputError(
        f"{other.source.name}: begins before {one.source.name} ends, with the same columns; scenred "
        "joins files that follow each "
        "other, or files of one span; cut one of them"
    )


def _share(parts: list[Series]) -> float:
    """Give the share of the whole span that all series have."""
    starts = [part.start for part in parts]
    ends = [part.start + int(part.steps()[-1] + 1) * part.step for part in parts]
    return float((min(ends) - max(starts)) / (max(ends) - min(starts)))


def _after(ordered: list[Series]) -> Series:
    if len(ordered) == 1:
        return ordered[0]
    first = ordered[0]
    places = []
    for part in ordered:
        offset = part.start - first.start
        if offset % first.step:
            raise InputError(
                f"{part.source.name}: begins at {part.start}, which is no step of "
                f"{first.source.name}; scenred joins files of "
                "one grid"
            )
        places.append(part.steps() + offset // first.step)
    steps = np.concatenate(places)
    gaps = np.flatnonzero(np.diff(steps) > 1)
    told = first.source.reading
    if len(gaps) and told is not None and told.missing != "drop":
        before, after = (first.start + int(steps[gaps[0] + offset]) * first.step for offset in (0, 1))
        raise InputError(
            f"{first.source.name}: {int(steps[gaps[0] + 1] - steps[gaps[0]] - 1)} rows are missing "
            f"between {before} and {after}; "
            "name the file in between, or pass --missing drop",
            {"missing": "drop"},
        )
    return Series(
        first.columns, first.start, first.step, np.concatenate([part.values for part in ordered]),
        _source(ordered), steps if len(gaps) else None,
    )  # fmt: skip


def _beside(parts: list[Series]) -> Series:
    """Put series side by side on the times that all have."""
    first = parts[0]
    moments = [micros(part.start) + part.steps() * micros(part.step) for part in parts]
    common = moments[0]
    for other in moments[1:]:
        common = np.intersect1d(common, other, assume_unique=True)
    if len(common) < 2:
        raise InputError(
            f"{parts[-1].source.name}: has no two times in common with {first.source.name}; scenred "
            "joins files of one span"
        )
    lost = sum(len(part) - len(common) for part in moments)
    if lost:
        warnings.warn(
            f"{first.source.name} and others: {lost} rows have no partner in the other files and are dropped",
            ScenredWarning,
            stacklevel=2,
        )
    names = Counter(column.name for part in parts for column in part.columns)
    columns = tuple(_called(part, column, names) for part in parts for column in part.columns)
    values = np.concatenate(
        [part.values[np.searchsorted(mine, common)] for part, mine in zip(parts, moments, strict=True)],
        axis=1,
    )
    steps = (common - common[0]) // micros(first.step)
    start = pd.Timestamp(int(common[0]), unit="us", tz="UTC" if first.start.tz else None)
    source = _source(parts)
    changes = (*source.changes, ("rows without partner", lost)) if lost else source.changes
    return Series(
        columns,
        start if first.start.tz is None else start.tz_convert(first.start.tz),
        first.step,
        values,
        replace(source, n_rows=len(common), changes=changes),
        steps if (np.diff(steps) > 1).any() else None,
    )


def _called(part: Series, column: Column, names: Counter[str]) -> Column:
    """Call a column that several files have by its file."""
    if names[column.name] == 1:
        return column
    stem = Path(part.source.name).name.split(".")[0]
    return replace(column, name=stem if len(part.columns) == 1 else f"{stem}_{column.name}")


def _source(parts: list[Series]) -> Source:
    sources = [part.source for part in parts]
    if len({source.name for source in sources}) == 1:  # sites of one long table
        digest = sources[0].sha256
    else:
        text = "".join(source.sha256 or "" for source in sources)
        digest = hashlib.sha256(text.encode()).hexdigest()
    counts: Counter[str] = Counter()
    for source in sources:
        counts.update(dict(source.changes))
    names = list(dict.fromkeys(source.name for source in sources))
    return replace(
        sources[0],
        name=", ".join(names) if len(names) <= 4 else f"{names[0]} and {len(names) - 1} others",
        sha256=digest,
        n_rows=sum(source.n_rows for source in sources),
        first=min(source.first or "" for source in sources),
        last=max(source.last or "" for source in sources),
        files=tuple(dict.fromkeys(file for source in sources for file in source.files)),
        changes=tuple(counts.items()),
    )

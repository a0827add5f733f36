"""Several series are joined: next to each other if their columns differ, one after the other if years follow."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields, replace
from itertools import pairwise

import numpy as np
import pandas as pd

from scenred.errors import InputError, Setting
from scenred.io.files.source import stem_of
from scenred.io.tables.missing import DROP
from scenred.model import Cells, Column, Series, Source
from scenred.model.series import micros
from scenred.notes import note
from scenred.options import Reading


def joined(parts: list[Series]) -> Series:
    """Join series on time.

    Those of the same columns whose spans follow each other become one longer series; the others are placed next to each
    other on the span that all have. Columns of one name are then called by their file. Raise an InputError if steps or
    zones differ, spans overlap in part, or no time is common.
    """
    if len(parts) == 1:
        return parts[0]
    first = parts[0]
    for part in parts[1:]:
        if part.step != first.step or (part.start.tz is None) != (first.start.tz is None):
            what = "a step" if part.step != first.step else "times with a zone"
            advice = ("pass ", Setting("resample"), " or ", Setting("tz"))
            raise _refusal(part, f"has {what} unlike {first.source.name}", "one step and zone", *advice)
    groups: dict[frozenset[str], list[Series]] = {}
    for part in parts:
        group = groups.setdefault(frozenset(part.names), [])
        group.append(_ordered(part, group[0].names) if group else part)
    ordered = sorted(parts, key=lambda part: part.start)
    if len(groups) > 1 and all(_end(one) <= other.start for one, other in pairwise(ordered)):
        raise _apart(ordered)
    longer = [piece for group in groups.values() for piece in _followed(group)]
    return longer[0] if len(longer) == 1 else _side_by_side(longer)


def _ordered(part: Series, names: list[str]) -> Series:
    """Return a series with its columns in another order."""
    if part.names == names:
        return part
    places = [part.names.index(name) for name in names]
    columns = tuple(part.columns[place] for place in places)
    return replace(part, columns=columns, values=part.values[:, places])


def _refusal(part: Series, met: str, which: str, *advice: str | Setting) -> InputError:
    """Return the error about a series that cannot be joined to another."""
    return InputError(f"{met}; scenred joins files of {which}", advice=advice, place=part.source.name)


def _end(part: Series) -> pd.Timestamp:
    return part.start + int(part.steps()[-1] + 1) * part.step


def _followed(group: list[Series]) -> list[Series]:
    """Join series of the same columns whose spans follow each other."""
    ordered = sorted(group, key=lambda part: part.start)
    overlaps = [(one, other) for one, other in pairwise(ordered) if other.start < _end(one)]
    if not overlaps:
        return [_after(ordered)]
    starts, ends = [part.start for part in ordered], [_end(part) for part in ordered]
    share = (min(ends) - max(starts)) / (max(ends) - min(starts))  # of the whole span, that all have
    if len(overlaps) == len(ordered) - 1 and share > 0.5:
        return group
    one, other = overlaps[0]
    met = f"begins before {one.source.name} ends, with the same columns"
    raise _refusal(other, met, "one span, or of spans that follow each other", "cut one of them")


def _after(ordered: list[Series]) -> Series:
    """Join series one after the other."""
    first = ordered[0]
    if len(ordered) == 1:
        return first
    places = []
    for part in ordered:
        offset = part.start - first.start
        if offset % first.step:
            raise _refusal(part, f"begins at {part.start}, which is not a step of {first.source.name}", "one grid")
        places.append(part.steps() + offset // first.step)
    steps = np.concatenate(places)
    gaps = np.flatnonzero(np.diff(steps) > 1)
    reading = first.source.reading
    if len(gaps) and reading is not None and reading.missing != "drop":
        before, after = (int(steps[gaps[0] + offset]) for offset in (0, 1))
        begin, end = first.start + before * first.step, first.start + after * first.step
        raise InputError(
            f"{after - before - 1} rows are missing between {begin} and {end}",
            advice=("name the file in between, or pass ", DROP),
            place=first.source.name,
            remedy=(DROP,),
        )
    values = np.concatenate([part.values for part in ordered])
    source = _source(ordered)
    return Series(first.columns, first.start, first.step, values, source, steps if len(gaps) else None)


def _side_by_side(parts: list[Series]) -> Series:
    """Place series next to each other on the times that all have."""
    first = parts[0]
    moments = [micros(part.start) + part.steps() * micros(part.step) for part in parts]
    common = moments[0]
    for other in moments[1:]:
        common = np.intersect1d(common, other, assume_unique=True)
    if len(common) < 2:
        raise _refusal(parts[-1], f"has no two times in common with {first.source.name}", "one span")
    source = replace(_source(parts), n_rows=len(common))
    lost = sum(len(part) - len(common) for part in moments)
    if lost:
        note(f"{first.source.name} and others: {lost} rows have no partner in the other files and are dropped")
        source = replace(source, changes=(*source.changes, ("rows without partner", lost)))
    names = Counter(column.name for part in parts for column in part.columns)
    columns = tuple(_called(part, column, names) for part in parts for column in part.columns)
    counts = [next(one for one in part.source.cells if one.column == name) for part in parts for name in part.names]
    cells = tuple(one._replace(column=column.name) for one, column in zip(counts, columns, strict=True))
    source = replace(source, cells=cells)
    values = [part.values[np.searchsorted(mine, common)] for part, mine in zip(parts, moments, strict=True)]
    steps = (common - common[0]) // micros(first.step)
    zone = first.start.tz
    start = pd.Timestamp(int(common[0]), unit="us", tz="UTC" if zone else None)
    start = start if zone is None else start.tz_convert(zone)
    has_gaps = (np.diff(steps) > 1).any()
    return Series(columns, start, first.step, np.concatenate(values, axis=1), source, steps if has_gaps else None)


def _apart(ordered: list[Series]) -> InputError:
    """Return the error about series that follow each other, and have not all the same columns."""
    shared = [name for name in ordered[0].names if all(name in part.names for part in ordered)]
    one, other = next(pair for pair in pairwise(ordered) if set(pair[0].names) != set(pair[1].names))
    new = ", ".join(name for name in other.names if name not in one.names)
    gone = ", ".join(name for name in one.names if name not in other.names)
    changes = [f"has {new} from {other.start} on"] if new else []
    changes += [f"has no {gone}"] if gone else []
    held = Setting("columns", tuple(shared))
    return InputError(
        f"{' and '.join(changes)}, unlike {one.source.name}",
        "the same columns in files that follow each other",
        advice=("use the columns that all have: ", held, ", or leave out files") if shared else "call them the same",
        place=other.source.name,
        remedy=(held,) if shared else (),
    )


def _called(part: Series, column: Column, names: Counter[str]) -> Column:
    """Call a column that several files have by its file."""
    if names[column.name] == 1:
        return column
    stem = stem_of(part.source.name)
    return replace(column, name=stem if len(part.columns) == 1 else f"{stem}_{column.name}")


def _source(parts: list[Series]) -> Source:
    """Return the provenance of several series together."""
    sources = [part.source for part in parts]
    names = list(dict.fromkeys(source.name for source in sources))
    digest = sources[0].sha256
    if len(names) > 1:  # not sites of one long table
        digest = hashlib.sha256("".join(source.sha256 or "" for source in sources).encode()).hexdigest()
    counts: Counter[str] = Counter()
    for source in sources:
        counts.update(dict(source.changes))
    return replace(
        sources[0],
        name=", ".join(names) if len(names) <= 4 else f"{names[0]} and {len(names) - 1} others",
        sha256=digest,
        n_rows=sum(source.n_rows for source in sources),
        first=min(source.first or "" for source in sources),
        last=max(source.last or "" for source in sources),
        time=sources[0].time if len({source.time for source in sources}) == 1 else None,
        reading=_common([source.reading for source in sources if source.reading is not None]),
        files=tuple(dict.fromkeys(file for source in sources for file in source.files)),
        changes=tuple(counts.items()),
        span=(min(source.span[0] for source in sources), max(source.span[1] for source in sources)),
        cells=tuple(_summed(part.source.cells for part in parts)),
    )


def _common(readings: Sequence[Reading]) -> Reading | None:
    """Return how several files were read, less what was found in them and differs."""
    if not readings:
        return None
    defaults = Reading()
    names = [one.name for one in fields(Reading) if len({getattr(each, one.name) for each in readings}) > 1]
    return replace(readings[0], **{name: getattr(defaults, name) for name in names})


def _summed(several: Iterable[Sequence[Cells]]) -> Iterator[Cells]:
    """Yield the counts of every column over all parts that have it."""
    sums: dict[str, list[int]] = {}
    for column, *counts in (one for cells in several for one in cells):
        sums[column] = [before + more for before, more in zip(sums.get(column, [0] * len(counts)), counts, strict=True)]
    yield from (Cells(column, *counts) for column, counts in sums.items())

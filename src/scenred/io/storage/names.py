"""Names of a scenario set given anew, and the name that a format could carry instead of one that it cannot."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from scenred.errors import RequestError, Setting, UsageError, nearest_name
from scenred.model import ScenarioSet

LONGEST = 60


def renamed(scenarios: ScenarioSet, names: Mapping[str, str]) -> ScenarioSet:
    """Return a set whose columns, scenarios and groups have the new of these names.

    Raise a UsageError if the set has no such name, or two columns or scenarios would have one.

    Examples
    --------
    >>> import numpy as np
    >>> from scenred.model import Column
    >>> one = ScenarioSet((Column("wind (MW)", "wind"),), np.zeros((1, 1, 1)), np.ones(1))
    >>> renamed(one, {"wind (MW)": "wind"}).columns
    (Column(name='wind', kind='wind', capacity=None),)
    """
    known = [*scenarios.names, *scenarios.labels, *scenarios.groups]
    strange = next((name for name in names if name not in known), None)
    if strange is not None:
        raise UsageError(
            f"no column, scenario or group is called {strange!r}", advice=nearest_name(strange, dict.fromkeys(known))
        )
    columns = tuple(replace(column, name=names.get(column.name, column.name)) for column in scenarios.columns)
    labels = tuple(names.get(label, label) for label in scenarios.labels)
    for what, found in (("column", [column.name for column in columns]), ("scenario", labels)):
        twice = next((name for name in found if found.count(name) > 1), None)
        if twice is not None:
            raise UsageError(
                f"a second {what} would be called {twice!r}", "a name of its own for each", "choose another"
            )
    groups = tuple(names.get(group, group) for group in scenarios.groups)
    return replace(scenarios, columns=columns, labels=labels, groups=groups)


def as_words(labels: Sequence[str], what: str) -> list[str]:
    """Return labels of scenarios, `s` before plain numbers, which models take for numbers or for other labels.

    Raise a RequestError if two would be one; `what` is what messages call them.

    Examples
    --------
    >>> as_words(["1", "calm"], "season of Temoa")
    ['s1', 'calm']
    """
    words = [f"s{label}" if label.isdigit() else label for label in labels]
    twice = next((number for number, word in enumerate(words) if words.count(word) > 1), None)
    if twice is not None:
        raise unfit(f"two scenarios would be {what} {words[twice]!r}", labels[twice], [*labels, *words])
    return words


def unfit(met: str, name: str, taken: Iterable[str]) -> RequestError:
    """Return the refusal of a name that a format cannot carry, with one of letters, digits and `_`, which all can.

    `taken` are all names of its kind, from which the new one differs by more than case.

    Examples
    --------
    >>> str(unfit("column 'a/b' cannot name a variable", "a/b", ["a/b", "a_b"]))
    "column 'a/b' cannot name a variable; export with rename={'a/b': 'a_b_2'}"
    """
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    stem = re.sub(r"[^A-Za-z0-9]+", "_", plain).strip("_")[:LONGEST] or "name"
    others = {other.casefold() for other in taken}
    tried = (stem, *(f"{stem}_{number}" for number in range(2, len(others) + 3)))
    new = next(one for one in tried if one.casefold() not in others)
    return RequestError(met, advice=("export with ", Setting("rename", {name: new})))

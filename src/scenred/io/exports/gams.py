"""GAMS: an include file with the sets in order, the probabilities and the profiles as a table.

Rules: GAMS user's guide, "Set Definition" and "Data Entry: Parameters, Scalars and Tables". Labels are quoted, hold at
most 63 bytes, and differ by more than case; a number of a table stands under its column's label, by bytes.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from scenred.errors import RequestError
from scenred.io.exports.request import ExportRequest
from scenred.io.storage.names import unfit
from scenred.model import ScenarioSet

LONGEST_LABEL = 63
LONGEST_LINE = 80_000
LARGEST = 1e299


def gams(scenarios: ScenarioSet, request: ExportRequest) -> dict[str, bytes]:
    """Write sets `scenario`, `step` and `series`, parameters `probability` and `hours`, and table `profile`.

    Labels of scenarios that are numbers become s1, s2, ..., steps t1, t2, ...: GAMS orders a set by the first
    appearance of its labels in the whole program, and plain numbers often appear before. Raise a RequestError if a name
    is not a label in GAMS.
    """
    names = labels(
        [f"s{label}" if label.isdigit() else label for label in scenarios.labels], scenarios.labels, "scenario"
    )
    steps = [f"'t{step + 1}'" for step in range(scenarios.n_steps)]
    series = labels(scenarios.names, scenarios.names, "column")
    texts = [""] * len(names)
    if scenarios.stamps is not None:
        texts = [f' "{start}"' for start in scenarios.stamps]
    shares = [f"{name} {share!r}" for name, share in zip(names, scenarios.probabilities.tolist(), strict=True)]
    weights = (scenarios.probabilities * request.hours).tolist()
    hours = [f"{name} {weight!r}" for name, weight in zip(names, weights, strict=True)]
    lines = [
        "* scenario set written by scenred; step t1 is the first",
        *(f"* {name} {fact}" for name, fact in request.facts(scenarios).named().items()),
        *_block("Set scenario", [name + text for name, text in zip(names, texts, strict=True)]),
        *_block("Set step", steps),
        *_block("Set series", series),
        *_block("Parameter probability(scenario)", shares),
        *_block('Parameter hours(scenario) "hours that the scenario stands for"', hours),
        *_table(scenarios, names, steps, series),
    ]
    if max(map(_size, lines)) > LONGEST_LINE:
        raise RequestError(
            f"a line of the table has more than {LONGEST_LINE} bytes, which GAMS cannot read",
            advice="name fewer columns",
        )
    return {"": ("\n".join(lines) + "\n").encode()}


def _block(head: str, entries: list[str]) -> list[str]:
    return [f"{head} /", *(f"  {entry}" for entry in entries), "/;"]


def _table(scenarios: ScenarioSet, names: list[str], steps: list[str], series: list[str]) -> list[str]:
    """Lay values out under the label of their column: both end at the same byte."""
    sizes = np.abs(scenarios.values)
    strange = (sizes > LARGEST) | ((sizes > 0) & (sizes < 1 / LARGEST))
    if strange.any():
        raise RequestError(
            f"a value is {scenarios.values[strange][0]:g}, which GAMS takes for infinite or for none",
            f"values of {1 / LARGEST:g} to {LARGEST:g}, or 0",
            "choose another unit",
        )
    rows = [f"{name}.{step}" for name in names for step in steps]
    cells = [[repr(value) for value in row] for row in scenarios.values.reshape(len(rows), -1).tolist()]
    widths = [2 + max(_size(label), *(len(row[number]) for row in cells)) for number, label in enumerate(series)]
    margin = max(_size(row) for row in rows)

    def line(head: str, texts: list[str]) -> str:
        blanks = [" " * (width - _size(text)) for text, width in zip(texts, widths, strict=True)]
        padded = "".join(blank + text for blank, text in zip(blanks, texts, strict=True))
        return head + " " * (margin - _size(head)) + padded

    return [
        "Table profile(scenario,step,series)",
        line("", series),
        *(line(row, cell) for row, cell in zip(rows, cells, strict=True)),
        ";",
    ]


def _size(text: str) -> int:
    """Count bytes, as GAMS counts columns."""
    return len(text.encode())


def labels(found: Sequence[str], names: Sequence[str], what: str) -> list[str]:
    """Quote labels of the things that a set calls `names`, or raise a RequestError that names what cannot be one."""
    folded = [label.casefold() for label in found]
    for name, label in zip(names, found, strict=True):
        met = ""
        if _size(label) > LONGEST_LABEL or re.search(r"[\x00-\x1f]", label) or label != label.strip():
            met = (
                f"is not a label in GAMS, which allows {LONGEST_LABEL} bytes, no blank at an end and no control "
                "character"
            )
        elif "'" in label and '"' in label:
            met = "holds both quotes, which no label in GAMS can"
        elif (held := re.search(r"%[^%\s]+%", label)) is not None:
            met = f"holds {held[0]}, for which GAMS writes the value of a variable"
        elif folded.count(label.casefold()) > 1:
            met = "is duplicated where case does not count, as in GAMS"
        if met:
            raise unfit(f"{what} {label!r} {met}", name, [*names, *found])
    return [f'"{label}"' if "'" in label else f"'{label}'" for label in found]

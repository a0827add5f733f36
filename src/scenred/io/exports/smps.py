"""SMPS: the stochastic file of a linear program in three files, with the names that its core file uses.

Rules: J. R. Birge, M. A. H. Dempster, H. I. Gassmann, E. A. Gunn, A. J. King and S. W. Wallace, "A standard input
format for multiperiod stochastic linear programs", COAL Newsletter 17, 1987; section SCENARIOS DISCRETE, as
mpi-sppy reads it: names without blanks, fields separated by blanks, every scenario with parent ROOT. Lines that begin
with `*` are comments: costs are in the core file, so that the hours that they are counted for are only told.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from scenred.errors import RequestError, nearest_name
from scenred.io.exports.request import ExportRequest
from scenred.io.storage.names import unfit
from scenred.model import ScenarioSet
from scenred.options.exporting import Entry

ROOT = "ROOT"
WORDS = frozenset({"SC", "ENDATA"})


def smps(scenarios: ScenarioSet, request: ExportRequest) -> dict[str, bytes]:
    """Write the `.sto` file: what each scenario replaces in the core file.

    A column without an entry of its own replaces the right-hand sides `RHS` of rows such as `wind_0`. Raise a
    RequestError if an entry names no column, a name holds a blank, or two values replace one coefficient.
    """
    entries = request.entries
    strange = next((name for name in entries if name not in scenarios.names), None)
    if strange is not None:
        raise RequestError(f"an entry names column {strange!r}", advice=nearest_name(strange, scenarios.names))
    _check_words([name for name in scenarios.names if name not in entries], scenarios)
    used = [entries.get(name, Entry("RHS", f"{name}_{{step}}")) for name in scenarios.names]
    places = [
        (_word(_filled(entry.column, step)), _word(_filled(entry.row, step)), entry.factor)
        for step in range(scenarios.n_steps)
        for entry in used
    ]
    _check_words(scenarios.labels, scenarios)
    keys = [place[:2] for place in places]
    twice = next((key for key in keys if keys.count(key) > 1), None) if len(set(keys)) < len(keys) else None
    if twice is not None:
        raise RequestError(
            f"two values would replace column {twice[0]!r} of row {twice[1]!r}",
            advice="write {step} into a name, and give every series its own",
        )
    for number, name in enumerate(scenarios.names):
        largest = float(np.abs(scenarios.values[:, :, number]).max())
        if math.isinf(largest * used[number].factor):
            raise RequestError(
                f"{name} times {used[number].factor:g} is beyond what a number holds", advice="choose another factor"
            )
    lines = ["STOCH         scenred", *(f"* {name} {fact}" for name, fact in request.facts(scenarios).named().items())]
    lines.append("SCENARIOS     DISCRETE                REPLACE")
    for number, label in enumerate(scenarios.labels):
        probability = float(scenarios.probabilities[number])
        lines.append(f" SC {label}  {ROOT}  {probability!r}  {_word(request.stage)}")
        values = scenarios.values[number].ravel().tolist()
        lines += [
            f"    {column}  {row}  {factor * value!r}"
            for (column, row, factor), value in zip(places, values, strict=True)
        ]
    return {"": ("\n".join([*lines, "ENDATA"]) + "\n").encode()}


def _filled(pattern: str, step: int) -> str:
    return pattern.replace("{step+1}", str(step + 1)).replace("{step}", str(step))


def _check_words(names: Sequence[str], scenarios: ScenarioSet) -> None:
    """Raise a RequestError if one of these names of the set is more than one field."""
    broken = next((name for name in names if not _is_word(name)), None)
    if broken is not None:
        met = f"the name {broken!r} holds a blank, which parts the fields of an SMPS file"
        raise unfit(met, broken, [*scenarios.names, *scenarios.labels])


def _is_word(name: str) -> bool:
    return bool(name) and name.split() == [name]


def _word(name: str) -> str:
    """Return a name of the core file, or raise a RequestError if it is more than one field."""
    if not _is_word(name):
        raise RequestError(
            f"the name {name!r} holds a blank, which parts the fields of an SMPS file",
            advice="choose another name in the core file",
        )
    if name.startswith("*") or name in WORDS:
        raise RequestError(
            f"the name {name!r} means something else at the begin of a line of SMPS",
            advice="rename it in the core file",
        )
    return name

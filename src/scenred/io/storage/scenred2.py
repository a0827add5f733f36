"""GAMS SCENRED2: a scenario fan as text, written and read.

Rules: GAMS, "SCENRED2", command line interface: `TYPE FAN`, the sizes `TIME`, `SCEN` and `RANDOM`, then `DATA`, for
each scenario its probability and a line of `RANDOM` values per time step, then `END`. Lines that begin with `*` are
comments: what the format has no place for (names, starts, zone, hours) is in them, all of it behind `DATA`, where
programs that write for SCENRED2 have theirs; the first line is the type.
"""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pandas as pd

from scenred.errors import InputError
from scenred.io.storage.facts import facts_of
from scenred.io.storage.names import unfit
from scenred.model import Facts, ScenarioSet

SIGNATURE = re.compile(rb"\s*(\*[^\n]*\n\s*)*TYPE\s+(FAN|TREE)\b", re.IGNORECASE)
SIZES = ("TIME", "SCEN", "RANDOM")


def scenred2(scenarios: ScenarioSet, facts: Facts) -> bytes:
    """Return a fan, or raise a RequestError if a name holds a line break."""
    n, t, c = scenarios.values.shape
    names = (*scenarios.names, *scenarios.labels, *scenarios.groups)
    broken = next((name for name in names if len(name.splitlines()) != 1), None)
    if broken is not None:
        raise unfit(f"the name {broken!r} holds a line break, which a comment of SCENRED2 cannot", broken, names)
    lines = ["TYPE FAN", f"TIME {t}", f"SCEN {n}", f"RANDOM {c}", "DATA"]
    lines += ["* written by scenred", *(f"* about {name} {fact}" for name, fact in facts.named().items())]
    lines += [f"* column {name}" for name in scenarios.names]
    starts = scenarios.stamps
    for number, label in enumerate(scenarios.labels):
        lines.append(f"* scenario {label}")
        if starts is not None:
            lines.append(f"* start {starts[number]}")
        if scenarios.groups:
            lines.append(f"* group {scenarios.groups[number]}")
        lines.append(repr(float(scenarios.probabilities[number])))
        lines += [" ".join(map(repr, row)) for row in scenarios.values[number].tolist()]
    return ("\n".join([*lines, "END"]) + "\n").encode()


def is_fan(data: bytes) -> bool:
    """Return whether bytes are a file of SCENRED2."""
    return SIGNATURE.match(data) is not None


def read_fan(data: bytes, name: str) -> tuple[pd.DataFrame, Facts]:
    """Read a fan as a long scenario table, and what its comments tell besides; `name` is what messages call it.

    Columns without a name in a comment are called random_1, random_2, ... Raise an InputError if it is a tree, a size
    is missing, or the number of numbers is not that of the sizes.
    """
    words, comments = _words(data.decode("utf-8", "replace"))
    if (kind := words.get("TYPE", "")) != "FAN":
        raise InputError(f"holds TYPE {kind}", "TYPE FAN", "let SCENRED2 write it (out_scen)", place=name)
    head = {key: _size(words, key, name) for key in SIZES}
    n, t, c = head["SCEN"], head["TIME"], head["RANDOM"]
    try:
        numbers = np.array(words.get("DATA", "").split(), dtype=np.float64)
    except ValueError as error:
        raise InputError(f"DATA holds what is not a number: {error}", "numbers", place=name) from error
    if len(numbers) != n * (1 + t * c):
        raise InputError(
            f"DATA holds {len(numbers)} numbers; SCEN {n}, TIME {t} and RANDOM {c} make {n * (1 + t * c)}", place=name
        )
    blocks = numbers.reshape(n, 1 + t * c)
    table: dict[str, Any] = {
        "scenario": np.repeat(_named(comments, "scenario", n, [str(i + 1) for i in range(n)]), t),
        "probability": np.repeat(blocks[:, 0], t),
    }
    for key in ("start", "group"):
        if len(comments.get(key, [])) == n:
            table[key] = np.repeat(comments[key], t)
    table["step"] = np.tile(np.arange(t), n)
    columns = _named(comments, "column", c, [f"random_{i + 1}" for i in range(c)])
    frame = pd.DataFrame(table | dict(zip(columns, blocks[:, 1:].reshape(n * t, c).T, strict=True)))
    facts = (line.partition(" ") for line in comments.get("about", []))
    return frame, facts_of({key: fact for key, _, fact in facts}, name)


def _words(text: str) -> tuple[dict[str, str], dict[str, list[str]]]:
    """Split a file into its keywords with what follows each, and our comments by their first word."""
    words: dict[str, str] = {}
    comments: dict[str, list[str]] = {}
    data: list[str] = []
    for line in text.splitlines():
        if line.lstrip().startswith("*"):
            key, _, rest = line.lstrip()[1:].lstrip().partition(" ")
            comments.setdefault(key, []).append(rest)
            continue
        key, _, rest = " ".join(line.split()).upper().partition(" ")
        if "DATA" in words and key != "END":
            data.append(line)
        elif key:
            words[key] = rest
    return words | ({"DATA": " ".join(data)} if "DATA" in words else {}), comments


def _size(words: dict[str, str], key: str, name: str) -> int:
    if not re.fullmatch(r"0*[1-9]\d{0,8}", words.get(key, ""), re.ASCII):
        raise InputError(
            f"has no {key} with a whole number above 0", f"{', '.join(SIZES)} in a file of SCENRED2", place=name
        )
    return int(words[key])


def _named(comments: dict[str, list[str]], key: str, n: int, default: list[str]) -> list[str]:
    found = comments.get(key, [])
    return found if len(found) == n else default

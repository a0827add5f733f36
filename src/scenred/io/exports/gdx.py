"""GDX: the sets, weights and profiles of the GAMS include file in the binary format of GAMS.

Rules: GAMS, "GAMS Transfer Python", `Container.addSet`, `addParameter` and `write`: labels as in a GAMS file, a text of
at most 255 bytes with each element of a set, and numbers from 1e299 on, which are special values in GDX. The library of
GDX is that of a GAMS system: the one on the path, else that of the package gamspy_base.
"""

from __future__ import annotations

import importlib.util
from typing import Any

import numpy as np
import pandas as pd

from scenred.errors import RequestError
from scenred.io.exports.gams import labels
from scenred.io.exports.request import ExportRequest
from scenred.io.files.extras import load_extra
from scenred.io.files.scratch import bytes_written
from scenred.model import ScenarioSet

EXTRA = "gdx"
SPECIAL = 1e299
LONGEST_TEXT = 255


def gdx(scenarios: ScenarioSet, request: ExportRequest) -> dict[str, bytes]:
    """Write sets `scenario`, `step`, `series` and `about`, and parameters `probability`, `hours` and `profile`.

    Raise a RequestError if gamsapi or a GAMS system is missing, a name is not a label in GAMS, or a value is special.
    """
    if (np.abs(scenarios.values) >= SPECIAL).any():
        raise RequestError(f"a value is {np.abs(scenarios.values).max():g}, which is a special value in GDX")
    given = [f"s{label}" if label.isdigit() else label for label in scenarios.labels]
    names = [_bare(label) for label in labels(given, scenarios.labels, "scenario")]
    series = [_bare(label) for label in labels(scenarios.names, scenarios.names, "column")]
    steps = [f"t{number + 1}" for number in range(scenarios.n_steps)]
    facts = [row for name, fact in request.facts(scenarios).named().items() for row in _lines(name, str(fact))]
    container = _container()
    scenario = container.addSet(
        "scenario", records=list(zip(names, scenarios.stamps or [""] * len(names), strict=True))
    )
    step = container.addSet("step", records=steps)
    column = container.addSet("series", records=series)
    container.addSet("about", records=facts, description="written by scenred")
    shares = scenarios.probabilities
    container.addParameter("probability", [scenario], records=list(zip(names, shares.tolist(), strict=True)))
    hours = (shares * request.hours).tolist()
    container.addParameter("hours", [scenario], records=list(zip(names, hours, strict=True)))
    index = pd.MultiIndex.from_product([names, steps, series], names=["scenario", "step", "series"])
    values = pd.Series(scenarios.values.ravel(), index=index, name="value").reset_index()
    container.addParameter("profile", [scenario, step, column], records=values)
    return {"": bytes_written(container.write, ".gdx")}


def _lines(name: str, text: str) -> list[tuple[str, str]]:
    """Return a text in parts of at most 255 bytes: `options`, `options_2`, ...

    Examples
    --------
    >>> _lines("hours", "8760.0")
    [('hours', '8760.0')]
    """
    size = LONGEST_TEXT // 4  # of a character in UTF-8
    parts = [text[begin : begin + size] for begin in range(0, len(text), size)]
    return [(name if not number else f"{name}_{number + 1}", part) for number, part in enumerate(parts)]


def _bare(label: str) -> str:
    """Take the quotes off a label, which only text needs."""
    return label[1:-1]


def _container() -> Any:
    """Return an empty container, or raise a RequestError if there is no GAMS system."""
    transfer: Any = load_extra("gams.transfer", EXTRA, "GDX")
    try:
        return transfer.Container()
    except (ValueError, OSError):
        found = importlib.util.find_spec("gamspy_base")
    if found is None or not found.submodule_search_locations:
        raise RequestError(
            "GDX needs the library of a GAMS system, and there is none here",
            advice="put GAMS on the path, or install the package gamspy_base; or export to gams",
        )
    return transfer.Container(system_directory=found.submodule_search_locations[0])

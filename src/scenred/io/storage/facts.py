"""What the scenario table holds of a scenario besides label, probability and start: for formats without a table."""

from __future__ import annotations

from collections.abc import Iterable

from scenred.model import HEAD, ScenarioSet

# Written by every format in its own way.
OWN = ("scenario", "probability", "start", "step", "time")


def facts(scenarios: ScenarioSet) -> dict[str, list[str]]:
    """Return further columns of the table that hold one text per scenario, each of length n_scenarios."""
    table = scenarios.to_frame("wide")
    return {name: table[name].astype(str).tolist() for name in known_facts(table.columns)}


def known_facts(names: Iterable[str]) -> list[str]:
    """Return those names that the scenario table has a column for, in its order."""
    found = set(names)
    return [name for name in HEAD if name in found and name not in OWN]

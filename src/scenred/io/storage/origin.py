"""Where a scenario set comes from, as every export tells it that has a place for it."""

from __future__ import annotations

from importlib.metadata import version

from scenred.errors import one_line
from scenred.model import Facts, ScenarioSet


def origin_of(scenarios: ScenarioSet, facts: Facts | None) -> dict[str, str]:
    """Return what wrote the export, the file that was reduced, its SHA-256, and the options as JSON, where known.

    `facts` are what the set's file told; without them the file is that of the set itself. Texts have one line.
    """
    known = {} if facts is None else dict(facts.origin)
    source = scenarios.source
    if "source" not in known and source is not None:
        known |= {"source": source.name} | ({} if source.sha256 is None else {"source_sha256": source.sha256})
    return {"written_by": f"scenred {version('scenred')}"} | {
        name: one_line(text) for name, text in known.items() if name != "written_by"
    }

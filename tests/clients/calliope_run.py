"""Solve the model of a folder in Calliope, by whichever Python has it, and print what it found as JSON."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import calliope

model = calliope.read_yaml(Path(sys.argv[1]) / "model.yaml")
model.build()
model.solve()
hours = model.inputs.timestep_weights * model.inputs.timestep_resolution
built = model.results.flow_cap.to_series().dropna()
found = {
    "cost": float(model.results.cost.sum()),
    "hours": float(hours.sum()),
    "built": {tech: float(cap) for (_, tech, _), cap in built.items()},
}
sys.stdout.write(f"\n{json.dumps(found)}\n")

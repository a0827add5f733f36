"""A quantiser as CSV or JSON."""

from __future__ import annotations

from scenred.io.records.manifest import to_json
from scenred.io.storage.csv import to_csv
from scenred.model import Quantizer


def write_quantizer(found: Quantizer, *, as_json: bool) -> str:
    """Write the points with their probabilities as CSV, or everything as JSON."""
    if not as_json:
        return to_csv(found.to_frame())
    return to_json(
        {
            "order": found.order,
            "points": found.points.tolist(),
            "probabilities": found.probabilities.tolist(),
            "distortion": found.distortion,
            "residual": found.residual,
            "is_optimal": found.is_optimal,
            "formula_points": found.formula_points.tolist(),
            "formula_distortion": found.formula_distortion,
        }
    )

"""What was drawn, on a line or two for a person."""

from __future__ import annotations

from scenred.model import Sample


def sample_summary(drawn: Sample) -> list[str]:
    """Describe a sample on a line or two."""
    days = drawn.days
    lines = [
        f"{drawn.scenarios.n_scenarios} scenarios of {len(days)} days, from {days[0].isoformat()} on, learnt from "
        f"{drawn.n_history_days} days"
    ]
    if drawn.product_bound:
        lines.append(
            f"at most {max(drawn.product_bound):.4g} (W1, pointwise, in capacity) from the product of the margins"
        )
    return lines

"""What a reduction or a sample is, on a few lines for a person."""

from __future__ import annotations

from scenred.errors import one_line
from scenred.model import Reduction, Sample, ScenarioSet


def _described(reduction: Reduction) -> str:
    """Return the ground metric with what shapes it."""
    ground = reduction.ground
    shift = "" if ground.shift_cost is None else f", shift cost {ground.shift_cost:g} an hour"
    directions = "" if ground.directions is None else f", {ground.directions} directions"
    return f"{ground.name}{shift}{directions}"


def summary(reduction: Reduction, *, verbose: bool = False) -> str:
    """Describe a reduction on a few aligned lines; if `verbose` also the work that was done."""
    original, reduced = reduction.original, reduction.scenarios
    name = original.source.name if original.source is not None else "input"
    dropped = 0
    if original.source is not None:
        dropped = original.source.rows_dropped_before + original.source.rows_dropped_after
    lines = [
        f"{name}: {original.n_scenarios} periods of {original.n_steps} steps, {len(original.columns)} columns "
        f"({', '.join(original.names)}); {dropped} rows dropped",
        f"kept {reduced.n_scenarios} scenarios; W{reduction.ground.order:g} = {reduction.wasserstein:.6g} "
        f"({_described(reduction)}), relative cost {reduction.relative_cost:.4f}",
        _certificate(reduction),
        *([_statistics(reduction)] if verbose else []),
        *_conditions(reduction),
        "",
        f"{'scenario':>8}  {'probability':>11}  {'weight':>8}  start",
    ]
    for number, medoid in enumerate(reduction.medoids):
        probability = reduced.probabilities[number]
        start = _begin(original, medoid)
        lines.append(
            f"{number + 1:>8}  {probability:>11.6f}  {probability * original.n_scenarios:>8.2f}  {start}"
            + (f"  {reduced.groups[number]}" if reduced.groups else "")
        )
    return "".join(f"{one_line(line)}\n" for line in lines)


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


def _begin(original: ScenarioSet, row: int) -> str:
    return f"period {original.called(row)}" if original.starts is None else original.called(row)


def _certificate(reduction: Reduction) -> str:
    """Describe how good the choice is known to be."""
    said = f"method {reduction.method}: cost {reduction.cost:.6g}"
    if reduction.gap is None:
        return f"{said}, no lower bound asked for"
    proven = "proven optimal" if reduction.is_optimal else f"gap {100 * reduction.gap:.2g} %"
    return f"{said}, lower bound {reduction.lower_bound:.6g}, {proven}"


def _statistics(reduction: Reduction) -> str:
    """Describe how the search ended and what it did."""
    done = reduction.statistics
    seconds = ", ".join(f"{stage} {time:.2f} s" for stage, time in done.seconds)
    return (
        f"search: {done.status}; {done.n_starts} starts, {done.n_swaps} swaps, {done.n_visits:,} visits of the bound, "
        f"{done.n_nodes} nodes; {seconds}".rstrip("; ")
    )


def _conditions(reduction: Reduction) -> list[str]:
    """Describe which extremes stay, and what conditions cost against the same reduction without them."""
    original, numbers = reduction.original, {int(row): n for n, row in enumerate(reduction.medoids, start=1)}
    lines = []
    for extreme in reduction.extremes:
        start = _begin(original, extreme.row)
        lines.append(f"{extreme.keep} = {extreme.value:.6g}: scenario {numbers[extreme.row]}, {start}")
    root = 1.0 / reduction.ground.order
    for paid in reduction.payments:
        before, after = paid.before**root, paid.after**root
        share = f" (+{100 * (after / before - 1):.2g} %)" if before > 0 else ""
        gap = "" if paid.gap is None else f"; gap to the bound without it {100 * paid.gap:.2g} %"
        lines.append(f"{paid.condition}: W{reduction.ground.order:g} {before:.6g} -> {after:.6g}{share}{gap}")
    return lines

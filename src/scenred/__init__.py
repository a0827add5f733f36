"""Representative wind and PV scenarios with honest probabilities for power-system planning.

Names load with their module when they are first used: `scenred --help` must not wait for numerical
libraries (docs/decisions/0002-lazy-names.md).
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from scenred.api.backtest import backtest
    from scenred.api.evaluate import (
        compare,
        evaluate,
    )
    from scenred.api.export import (
        Entry,
        export,
        read_period_map,
        to_pypsa,
    )
    from scenred.api.generate import (
        apply,
        curve,
        distances_to,
        generate,
        ground_metric,
        pairwise_distances,
        precomputed_distances,
        read_input,
        read_matrix,
        read_scenarios,
        read_series,
        reduce,
        slice_periods,
        smallest,
        split_sites,
    )
    from scenred.api.history import read_history
    from scenred.api.sample import sample
    from scenred.errors import (
        InputError,
        OutputError,
        RequestError,
        ScenredError,
        ScenredWarning,
        SolverError,
        UsageError,
    )
    from scenred.model import (
        Backtest,
        Column,
        DistanceMatrix,
        GroundMetric,
        History,
        Mixture,
        Movement,
        PeriodMap,
        Quantizer,
        Reading,
        Reduction,
        Sample,
        ScenarioSet,
        Score,
        Scorecard,
        Series,
        Study,
    )
    from scenred.quantization import optimal_quantiles

__all__ = [
    "Backtest",
    "Column",
    "DistanceMatrix",
    "Entry",
    "GroundMetric",
    "History",
    "InputError",
    "Mixture",
    "Movement",
    "OutputError",
    "PeriodMap",
    "Quantizer",
    "Reading",
    "Reduction",
    "RequestError",
    "Sample",
    "ScenarioSet",
    "ScenredError",
    "ScenredWarning",
    "Score",
    "Scorecard",
    "Series",
    "SolverError",
    "Study",
    "UsageError",
    "apply",
    "backtest",
    "compare",
    "curve",
    "distances_to",
    "evaluate",
    "export",
    "generate",
    "ground_metric",
    "optimal_quantiles",
    "pairwise_distances",
    "precomputed_distances",
    "read_history",
    "read_input",
    "read_matrix",
    "read_period_map",
    "read_scenarios",
    "read_series",
    "reduce",
    "sample",
    "slice_periods",
    "smallest",
    "split_sites",
    "to_pypsa",
]


# Where names are looked for, in this order: what comes first loads fastest.
MODULES = (
    "scenred.errors",
    "scenred.model",
    "scenred.api.generate",
    "scenred.api.evaluate",
    "scenred.api.export",
    "scenred.api.history",
    "scenred.api.sample",
    "scenred.api.backtest",
    "scenred.quantization",
)


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module 'scenred' has no attribute {name!r}")
    for module in MODULES:
        found = getattr(import_module(module), name, None)
        if found is not None:
            return found
    raise AttributeError(f"module 'scenred' has no attribute {name!r}")

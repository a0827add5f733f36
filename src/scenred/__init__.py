"""Representative wind and PV scenarios with honest probabilities for power-system planning.

Names load with their module when they are first used: `scenred --help` must not wait for numerical
libraries (docs/decisions/0002-lazy-names.md). Nor must the program before it knows what to do at an interrupt, so this
file imports nothing.
"""

from __future__ import annotations

TYPE_CHECKING = False  # what typing has under this name; type checkers know it
if TYPE_CHECKING:
    import typing

    from scenred.api.apply import apply as apply
    from scenred.api.backtest import backtest as backtest
    from scenred.api.compare import compare as compare
    from scenred.api.evaluate import evaluate as evaluate
    from scenred.api.export import export as export
    from scenred.api.export import to_pypsa as to_pypsa
    from scenred.api.generate import generate as generate
    from scenred.api.history import read_history as read_history
    from scenred.api.inputs import read_input as read_input
    from scenred.api.inspect import inspect as inspect
    from scenred.api.sample import sample as sample
    from scenred.api.stages import curve as curve
    from scenred.api.stages import distances_to as distances_to
    from scenred.api.stages import ground_metric as ground_metric
    from scenred.api.stages import pairwise_distances as pairwise_distances
    from scenred.api.stages import precomputed_distances as precomputed_distances
    from scenred.api.stages import read_scenarios as read_scenarios
    from scenred.api.stages import read_series as read_series
    from scenred.api.stages import reduce as reduce
    from scenred.api.stages import slice_periods as slice_periods
    from scenred.api.stages import smallest as smallest
    from scenred.api.stages import split_sites as split_sites
    from scenred.errors import InputError as InputError
    from scenred.errors import OutputError as OutputError
    from scenred.errors import RequestError as RequestError
    from scenred.errors import ScenredError as ScenredError
    from scenred.errors import ScenredWarning as ScenredWarning
    from scenred.errors import SolverError as SolverError
    from scenred.errors import UsageError as UsageError
    from scenred.io.records.matrix import read_matrix as read_matrix
    from scenred.io.records.period_map import read_period_map as read_period_map
    from scenred.model import Backtest as Backtest
    from scenred.model import Column as Column
    from scenred.model import DistanceMatrix as DistanceMatrix
    from scenred.model import GroundMetric as GroundMetric
    from scenred.model import History as History
    from scenred.model import Mixture as Mixture
    from scenred.model import Movement as Movement
    from scenred.model import PeriodMap as PeriodMap
    from scenred.model import Quantizer as Quantizer
    from scenred.model import Reduction as Reduction
    from scenred.model import Sample as Sample
    from scenred.model import ScenarioSet as ScenarioSet
    from scenred.model import Score as Score
    from scenred.model import Scorecard as Scorecard
    from scenred.model import Series as Series
    from scenred.options import Reading as Reading
    from scenred.options.exporting import Entry as Entry
    from scenred.options.study import Study as Study
    from scenred.quantization import optimal_quantiles as optimal_quantiles

VERBS = ("apply", "backtest", "compare", "evaluate", "generate", "inspect", "sample")
# The module that holds each public name; what type checkers read above is the same list (a test compares them).
PUBLIC = {
    name: module
    for module, names in {
        "scenred.errors": "InputError OutputError RequestError ScenredError ScenredWarning SolverError UsageError",
        "scenred.model": "Backtest Column DistanceMatrix GroundMetric History Mixture Movement PeriodMap Quantizer "
        "Reduction Sample ScenarioSet Score Scorecard Series",
        "scenred.options": "Reading",
        "scenred.options.exporting": "Entry",
        "scenred.options.study": "Study",
        "scenred.api.stages": "curve distances_to ground_metric pairwise_distances precomputed_distances "
        "read_scenarios read_series reduce slice_periods smallest split_sites",
        **{f"scenred.api.{verb}": verb for verb in VERBS},
        "scenred.api.export": "export to_pypsa",
        "scenred.api.history": "read_history",
        "scenred.api.inputs": "read_input",
        "scenred.io.records.matrix": "read_matrix",
        "scenred.io.records.period_map": "read_period_map",
        "scenred.quantization": "optimal_quantiles",
    }.items()
    for name in names.split()
}


def __getattr__(name: str) -> typing.Any:
    if name == "__version__":
        from importlib.metadata import version

        return version("scenred")
    if name not in PUBLIC:
        raise AttributeError(f"module 'scenred' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(PUBLIC[name]), name)


def __dir__() -> list[str]:
    return [*PUBLIC, "__version__"]

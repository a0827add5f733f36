"""Frozen nouns: what flows from one stage to the next.

A *series* is cut into a *scenario set*; a *ground metric* says how far apart two scenarios are; a *distance
matrix* holds the ground costs of all pairs; a *reduction* says which members stay. Original and reduced are
both scenario sets, so any result can be an input again. Arrays are read-only and checked once, here; the
stages trust them.
"""

from scenred.model.distances import DistanceMatrix, GroundMetric, Movement
from scenred.model.facts import Facts
from scenred.model.forecast import Backtest, History, Margins, Pair, Sample
from scenred.model.period_map import PeriodMap
from scenred.model.plan import Plan, PlanningValue, Stability
from scenred.model.quantizer import Mixture, Quantizer
from scenred.model.reduction import Extreme, Payment, Reduction, SearchStatistics, Status
from scenred.model.replay import Replay
from scenred.model.scenario_set import PROBABILITY_TOLERANCE, ScenarioSet
from scenred.model.scorecard import Band, Score, Scorecard
from scenred.model.series import HEAD, Cells, Column, Kind, Series, Source

__all__ = [
    "HEAD",
    "PROBABILITY_TOLERANCE",
    "Backtest",
    "Band",
    "Cells",
    "Column",
    "DistanceMatrix",
    "Extreme",
    "Facts",
    "GroundMetric",
    "History",
    "Kind",
    "Margins",
    "Mixture",
    "Movement",
    "Pair",
    "Payment",
    "PeriodMap",
    "Plan",
    "PlanningValue",
    "Quantizer",
    "Reduction",
    "Replay",
    "Sample",
    "ScenarioSet",
    "Score",
    "Scorecard",
    "SearchStatistics",
    "Series",
    "Source",
    "Stability",
    "Status",
]

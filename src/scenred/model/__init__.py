"""Frozen nouns: what flows from one stage to the next.

A *series* is cut into a *scenario set*; a *distance matrix* holds the ground costs of its pairs; a
*reduction* says which members stay. Original and reduced are both scenario sets, so any result can be
an input again. Arrays are read-only and checked once, here; the stages trust them.
"""

from scenred.model.reduction import DistanceMatrix, Reduction
from scenred.model.scenario_set import PROBABILITY_TOLERANCE, Layout, ScenarioSet
from scenred.model.series import HEAD, Column, Kind, Series, Source

__all__ = [
    "HEAD",
    "PROBABILITY_TOLERANCE",
    "Column",
    "DistanceMatrix",
    "Kind",
    "Layout",
    "Reduction",
    "ScenarioSet",
    "Series",
    "Source",
]

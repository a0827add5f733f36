"""Which scenarios stay: the optimal reduction is weighted k-medoids, and how good it is can be proven."""

from scenred.periods.sites import split_sites
from scenred.reduction.constraints.constrained import ExtremeWeight, Picks, picks_for, reduce_planned
from scenred.reduction.constraints.extremes import find_extremes
from scenred.reduction.constraints.groups import GROUP, Share, grouped, grouped_by_words, reduce_groups
from scenred.reduction.constraints.weights import Wish, reweigh, wish_for
from scenred.reduction.reduce import reduce
from scenred.reduction.size import curve, smallest
from scenred.reduction.solvers.methods import METHODS, Method, solve
from scenred.reduction.solvers.problem import Choice, Effort, Problem, Solution, quantum

__all__ = [
    "GROUP",
    "METHODS",
    "Choice",
    "Effort",
    "ExtremeWeight",
    "Method",
    "Picks",
    "Problem",
    "Share",
    "Solution",
    "Wish",
    "curve",
    "find_extremes",
    "grouped",
    "grouped_by_words",
    "picks_for",
    "quantum",
    "reduce",
    "reduce_groups",
    "reduce_planned",
    "reweigh",
    "smallest",
    "solve",
    "split_sites",
    "wish_for",
]

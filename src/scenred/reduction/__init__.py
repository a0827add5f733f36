"""Which scenarios stay: the optimal reduction is weighted k-medoids, and how good it is can be proven."""

from scenred.reduction.methods import METHODS, Method, solve
from scenred.reduction.problem import Choice, Effort, Problem, Solution, quantum
from scenred.reduction.selection import reduce
from scenred.reduction.size import curve, smallest

__all__ = [
    "METHODS",
    "Choice",
    "Effort",
    "Method",
    "Problem",
    "Solution",
    "curve",
    "quantum",
    "reduce",
    "smallest",
    "solve",
]

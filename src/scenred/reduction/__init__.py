"""Which scenarios stay: the optimal reduction is weighted k-medoids, and how good it is can be proven."""

from scenred.reduction.constraints.constrained import Demands, reduce_constrained
from scenred.reduction.constraints.groups import reduce_groups
from scenred.reduction.held_rows import HeldRows
from scenred.reduction.reduce import reduce, reduce_once
from scenred.reduction.size import curve, smallest
from scenred.reduction.solvers.methods import solve
from scenred.reduction.solvers.problem import Problem, quantum

__all__ = [
    "Demands",
    "HeldRows",
    "Problem",
    "curve",
    "quantum",
    "reduce",
    "reduce_constrained",
    "reduce_groups",
    "reduce_once",
    "smallest",
    "solve",
]

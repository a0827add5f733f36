"""Which scenarios stay: the optimal reduction is weighted k-medoids, and how good it is can be proven."""

from scenred.reduction.selection import reduce

__all__ = ["reduce"]

"""Methods of reduction side by side, by the scores of what they keep."""

from scenred.comparison.methods import METHODS
from scenred.comparison.table import compare_methods

__all__ = ["METHODS", "compare_methods"]

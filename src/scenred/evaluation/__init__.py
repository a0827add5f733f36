"""How far a scenario set lies from another: transport, divergences, margins, time, dependence, scores.

Formulas, units and references are in docs/evaluation.md. Every score depends on the two distributions only:
the order of scenarios, copies, and scenarios of probability zero change nothing (`set_pair.canonical`).
"""

from scenred.evaluation.gates import failed_gates
from scenred.evaluation.headline import headline_values, truth_of
from scenred.evaluation.scorecard import evaluate_sets

__all__ = ["evaluate_sets", "failed_gates", "headline_values", "truth_of"]

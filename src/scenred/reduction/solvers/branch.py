"""Branch and bound: what the Lagrangian bound leaves open is split until it is closed.

A node holds some candidates open and some closed; its bound is an ascent that begins at its parent's prices
and fixes more candidates by their reduced costs. The node of the least bound is split first, by the candidate
about whom the relaxation is least decided; a few are followed down to where all is decided. Nodes are taken
in batches of fixed size and bounded on several threads, so the tree does not depend on how many.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass, field
from functools import partial

import numpy as np

from scenred.kernels.candidate_lists import CLOSED, FREE, OPEN
from scenred.kernels.lagrangian import Prices, ascend
from scenred.kernels.threads import map_blocks
from scenred.reduction.solvers.certificate import Relaxation, Root
from scenred.reduction.solvers.effort import Effort
from scenred.reduction.solvers.problem import Choice, Problem, Solution
from scenred.reduction.solvers.search import held_first, polish

# Nodes that are split together, and how many of them are followed down at once: that finds better choices, which
# the least bound alone does not where many nodes are alike.
BATCH = 8
DIVES = 4
# The ascent of a node: measured on wind and PV days and on 20 p-median instances.
LENGTH = 1.0
LEAST_LENGTH = 1e-2
PATIENCE = 12
MOST_ITERATIONS = 60
# A candidate is split that is chosen in about this share of the iterations; 0.5 and 0.3 gave larger trees.
UNDECIDED = 0.7
# Batches of which one choice is improved by swaps; after these it is done in every eighth.
POLISHED = 64
# Branching that is not required is given up after this many visits if it is too slow to reach its goal with all that
# it may visit, and the loss lies within this share of the bound: then more work shows little.
TRIAL_VISITS = 5e8
FAIR_GAP = 5e-3
# Memory for nodes that wait, in bytes.
MOST_WAITING = 40_000_000


@dataclass(frozen=True, slots=True, order=True)
class Node:
    """A part of the choices: those that agree with the candidates of `prices`; ordered by bound, then by age."""

    bound: float
    number: int
    prices: Prices = field(compare=False)


@dataclass(frozen=True, slots=True, eq=False)
class Answer:
    """What the ascent of a node found: its part with the new bound, a choice, numbers visited."""

    node: Node
    choice: Choice | None
    n_visits: int


def branch(problem: Problem, root: Root, effort: Effort) -> Solution:
    """Split until the gap is reached, the work is spent, or it is time to stop.

    The bound is valid for every choice, also when the work ended early. Exponential in the worst case; none to some
    thousand nodes, each some 50 passes over the pairs that are left, on days of wind and PV. 40 MB for nodes that wait.
    """
    choice, relaxation = min(root.choice, *_decided(problem, root)), root.relaxation
    waiting = [Node(root.bound, 0, root.prices)] if _is_open(root.prices) else []
    diving: list[Node] = []
    most_waiting = MOST_WAITING // (8 * problem.n + 9 * len(relaxation.rows) + 500)
    n_batches = n_nodes = visits = 0
    while True:
        cut = problem.cut(choice.loss)
        bound = min([cut, *(node.bound for node in (*diving, *waiting[:1]))])
        effort.on_fraction(0.5 + 0.5 * min((bound - root.bound) / max(cut - root.bound, 1e-300), 1.0))
        is_spent = visits > effort.most_visits or effort.is_enough(bound, choice.loss, visits)
        is_idle = _is_hopeless(root.bound, bound, choice.loss, visits, effort)
        if bound >= cut or is_spent or is_idle or effort.should_stop():
            return Solution(choice, max(problem.rounded_up(bound, choice.loss), root.bound))
        taken = diving + _take(waiting, BATCH - len(diving), most_waiting)
        halves = [half for node in taken for half in _halves(node)]
        ask = partial(_bounded, problem, relaxation, choice.loss, effort)
        answers = list(map_blocks(ask, halves, effort.n_threads))
        new_visits = sum(answer.n_visits for answer in answers)
        visits += new_visits
        effort.count("n_visits", new_visits)
        effort.count("n_nodes", len(answers))
        choice = _best(problem, choice, answers, n_batches, effort)
        n_batches += 1
        diving = []
        for place, pair in enumerate(zip(answers[::2], answers[1::2], strict=True)):
            left = [answer.node for answer in pair if answer.node.bound < cut and _is_open(answer.node.prices)]
            if left and place < DIVES:
                diving.append(left.pop(0))
            for node in left:
                n_nodes += 1
                heapq.heappush(waiting, Node(node.bound, n_nodes, node.prices))


def _is_hopeless(first: float, bound: float, loss: float, visits: int, effort: Effort) -> bool:
    """Return whether the gap would not be reached with all that may be visited, and is fair already.

    The bound of a tree rises ever more slowly, so the pace so far is a hopeful guess.
    """
    if visits < TRIAL_VISITS or bound < loss * (1 - FAIR_GAP):
        return False
    return (bound - first) * effort.most_visits < visits * (effort.goal(loss) - first)


def _is_open(prices: Prices) -> bool:
    """Return whether a candidate is left to decide about."""
    return bool((prices.states == FREE).any())


def _decided(problem: Problem, root: Root) -> list[Choice]:
    """Return the choice that is left where the root has opened k candidates."""
    opened = root.relaxation.rows[root.prices.states == OPEN].tolist()
    return [problem.choice(opened)] if len(opened) == problem.k else [root.choice]


def _take(waiting: list[Node], count: int, most: int) -> list[Node]:
    """Take the nodes of least bound; when too many wait, the last of the heap, which are sooner closed."""
    pop = heapq.heappop if len(waiting) <= most else list.pop
    return [pop(waiting) for _ in range(min(count, len(waiting)))]


def _halves(node: Node) -> list[Node]:
    """Split by the candidate about whom the relaxation is least decided: open in one half, closed in the other."""
    free = np.flatnonzero(node.prices.states == FREE)
    candidate = free[np.argmin(np.abs(node.prices.share[free] - UNDECIDED))]
    halves = []
    for state in (OPEN, CLOSED):
        values, states, share = node.prices
        prices = Prices(values.copy(), states.copy(), share.copy())
        prices.states[candidate] = state
        halves.append(Node(node.bound, 0, prices))
    return halves


def _bounded(problem: Problem, relaxation: Relaxation, loss: float, effort: Effort, half: Node) -> Answer:
    """Raise the bound of half a node, unless time is up."""
    if effort.should_stop():
        return Answer(half, None, 0)
    ascent = ascend(
        relaxation.lists,
        problem.weights,
        relaxation.ceilings,
        half.prices,
        problem.k,
        upper=loss,
        cut=problem.cut(loss) + relaxation.slack,
        length=LENGTH,
        patience=PATIENCE,
        least_length=LEAST_LENGTH,
        most_iterations=MOST_ITERATIONS,
    )
    bound = max(ascent.bound - relaxation.slack, half.bound)
    chosen = relaxation.rows[ascent.chosen]
    choice = problem.choice(chosen.tolist()) if len(chosen) == problem.k else None
    return Answer(Node(bound, 0, half.prices), choice, ascent.n_visits)


def _best(problem: Problem, choice: Choice, answers: list[Answer], number: int, effort: Effort) -> Choice:
    """Take the best choice of a batch; another one is improved by swaps, in many batches by turns."""
    found = [answer.choice for answer in answers if answer.choice is not None]
    if found and (number < POLISHED or number % 8 == 0):
        turn = found[number % len(found)]
        found.append(polish(problem, held_first(problem, turn.medoids), effort))
    return min(choice, *found) if found else choice

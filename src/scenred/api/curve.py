"""What each number of scenarios costs."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from scenred.api.generate import started, telling_of_compilation
from scenred.api.inputs import InputOptions, opened
from scenred.io.opening.open import Sources
from scenred.io.records.matrix import Matrix
from scenred.metrics import measured
from scenred.model import ScenarioSet
from scenred.options import GroundOptions, SearchOptions, Work
from scenred.reduction import curve


def tabulated(
    source: Sources,
    inputs: InputOptions,
    most: int,
    ground: GroundOptions,
    search: SearchOptions,
    work: Work,
    matrix: Matrix | None = None,
    on_read: Callable[[ScenarioSet], None] | None = None,
) -> tuple[pd.DataFrame, ScenarioSet]:
    """Return the curve of an input, and its periods; see `scenred.curve` for the table.

    Parameters
    ----------
    source : as `read_input` takes it
    inputs, ground, search, work
        Options.
    most : int
        Largest number of scenarios.
    matrix : Matrix, optional
        Ground distances that were computed elsewhere.
    on_read : callable, optional
        Called with the periods before they are measured.
    """
    original = opened(source, inputs)
    if on_read is not None:
        on_read(original)
    work = started(work, search)
    with telling_of_compilation(work):
        distances = measured(original, ground, work, None if matrix is None else matrix.values)
        return curve(original, distances, most, search, work), original

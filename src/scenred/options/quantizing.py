"""How a density is quantised."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from scenred.options.declare import option

DEFAULT_ORDER = 2.0


@dataclass(frozen=True, slots=True)
class Quantizing:
    """The points that represent a density, and the distance that makes them best."""

    heading: ClassVar[str] = "Quantiser"

    n_points: int = option(5, "Number of points.", flag="--number", short="-n", metavar="N")
    order: float = option(DEFAULT_ORDER, "Order r of the Wasserstein distance, at least 1.", metavar="R")

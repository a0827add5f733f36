"""How far apart two scenarios are: the choices of a ground metric."""

from __future__ import annotations

from typing import Literal

Metric = Literal["duration", "pointwise", "wasserstein", "sliced", "precomputed"]

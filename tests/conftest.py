"""Inputs that many tests share."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import settings

from scenred import Column, ScenarioSet

ROOT = Path(__file__).parent.parent
SHARED = Path(os.environ.get("SCENRED_SHARED", ROOT.parent / "shared")) / "data"

settings.register_profile("gate", derandomize=True, deadline=None, max_examples=40)
settings.register_profile("quick", parent=settings.get_profile("gate"), max_examples=5)
settings.load_profile("gate")


@pytest.fixture(scope="session")
def sample_path() -> Path:
    return ROOT / "data" / "sample" / "wind_pv_year.csv"


@pytest.fixture(scope="session")
def reference() -> Path:
    """Folder of published instances and of reference numbers, see its README."""
    return ROOT / "tests" / "data"


@pytest.fixture(scope="session")
def shared() -> Path:
    """Folder of data that the project may not keep; tests that ask for it are left out where it is absent."""
    return SHARED


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out the tests of data that are not here."""
    if SHARED.is_dir():
        return
    absent = [item for item in items if "shared" in getattr(item, "fixturenames", ())]
    config.hook.pytest_deselected(items=absent)
    items[:] = [item for item in items if item not in absent]


@pytest.fixture
def random_set() -> Callable[..., ScenarioSet]:
    """Return a function that draws scenario sets."""

    def draw(n: int, n_steps: int = 4, n_columns: int = 2, seed: int = 0, weighted: bool = False) -> ScenarioSet:
        generator = np.random.default_rng(seed)
        masses = generator.random(n) + 0.1 if weighted else np.ones(n)
        return ScenarioSet(
            columns=tuple(Column(f"column{number}") for number in range(n_columns)),
            values=generator.random((n, n_steps, n_columns)),
            probabilities=masses / masses.sum(),
            step=pd.Timedelta(hours=1),
        )

    return draw


@pytest.fixture
def hourly_frame() -> Callable[..., pd.DataFrame]:
    """Return a function that makes hours of wind and PV."""

    def make(n_hours: int = 72, start: str = "2019-07-01", freq: str = "h", seed: int = 0) -> pd.DataFrame:
        times = pd.date_range(start, periods=n_hours, freq=freq)
        values = np.random.default_rng(seed).random((n_hours, 2)).round(4)
        return pd.DataFrame({"time": times.strftime("%Y-%m-%d %H:%M"), "wind": values[:, 0], "pv": values[:, 1]})

    return make


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option that writes golden files anew."""
    parser.addoption("--update-golden", action="store_true", help="write the golden files anew")

"""How tests read a file as a planner would: by the flags that a refusal or `inspect` names."""

from __future__ import annotations

import shlex
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import typer

from scenred import ScenredError, ScenredWarning, Series
from scenred.cli.flags import shared
from scenred.cli.flags.attach import attach
from scenred.cli.flags.spelling import words_of
from scenred.errors import Setting
from scenred.io.opening.open import open_tables
from scenred.io.series.series import series_of
from scenred.options import Columns, Cutting, Reading

# Refusals in a row whose advice is followed.
TRIES = 2


@pytest.fixture
def read_by_flags() -> Callable[[Path, str], Series]:
    """Return a function that reads a file by flags, through the command line's own parser."""
    return _read


@pytest.fixture
def read_as_advised() -> Callable[[Path, str], tuple[Series, str]]:
    """Return a function that reads a file, follows what refusals advise, and returns the flags with which it was read.

    It raises the refusal that comes after two pieces of advice, or one that names no option.
    """

    def read(path: Path, flags: str = "") -> tuple[Series, str]:
        for _ in range(TRIES):
            try:
                return _read(path, flags), flags
            except ScenredError as refusal:
                settings = advised(refusal)
                if not settings:
                    raise
                words = (word for setting in settings for word in words_of(setting))
                flags = shlex.join([*shlex.split(flags), *words])
        return _read(path, flags), flags

    return read


def advised(refusal: ScenredError) -> list[Setting]:
    """Return the options that a refusal says to pass: its remedy, or else the first that its advice names."""
    if refusal.remedy:
        return list(refusal.remedy)
    parts = refusal.advice if isinstance(refusal.advice, tuple) else (refusal.advice,)
    settings: list[Setting] = []
    for part in parts:
        if isinstance(part, Setting):
            settings.append(part)
        elif settings and part not in (" ", " and "):
            break
    return [setting for setting in settings if setting.value is not None]


def _read(path: Path, flags: str) -> Series:
    given: dict[str, Any] = {}

    def capture(source: shared.Sources, *, columns: Columns, reading: Reading, cutting: Cutting) -> None:  # noqa: ARG001 - its flags are taken
        given.update(source=source, columns=columns, reading=reading)

    app = typer.Typer()
    app.command()(attach(capture))
    app(args=[str(path), *shlex.split(flags)], standalone_mode=False)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ScenredWarning)
        return series_of(open_tables(given["source"], given["reading"]), given["columns"])

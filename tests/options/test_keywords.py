"""The keywords of Python functions are the declared options; `pytest --update-golden` writes them anew."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import pytest

from scenred.options import keywords
from scenred.options.columns import Columns
from scenred.options.conditions import Conditions
from scenred.options.cutting import Cutting
from scenred.options.declare import options_of
from scenred.options.exporting import Exporting
from scenred.options.ground import GroundOptions
from scenred.options.reading import Reading
from scenred.options.sampling import Sampling
from scenred.options.search import SearchOptions
from scenred.options.work import Work

GROUPS: tuple[type[Any], ...] = (
    *(Columns, Reading, Cutting, GroundOptions, SearchOptions),
    *(Conditions, Work, Sampling, Exporting),
)
IMPORTED = ("Literal", "Mapping", "Sequence")


def keywords_of(group: type[Any]) -> str:
    types = {one.name: one.type for one in dataclasses.fields(group)}
    lines = [f"    {one.name}: {types[one.name]}" for one in options_of(group)]
    name = group.__name__.removesuffix("Options")
    return "\n".join(
        [
            f"class {name}Keywords(TypedDict, total=False):",
            f'    """Keywords of `{group.__name__}`."""',
            "",
            *lines,
        ]
    )


def module_text() -> str:
    head = (keywords.__doc__ or "").rstrip("\n")
    names: dict[str, str] = {}
    body = "\n\n\n".join(keywords_of(group) for group in GROUPS)
    for group in GROUPS:
        module = __import__(group.__module__, fromlist=["x"])
        for name in vars(module):
            if name[0].isupper() and name not in IMPORTED and f": {name}" in body.replace("[str, ", ": "):
                names.setdefault(name, group.__module__)
    by_module: dict[str, list[str]] = {}
    for name, module_name in names.items():
        by_module.setdefault(module_name, []).append(name)
    imports = [f"from {module} import {', '.join(sorted(found))}" for module, found in sorted(by_module.items())]
    return "\n".join(
        [
            f'"""{head}\n"""',
            "",
            "from __future__ import annotations",
            "",
            "from collections.abc import Mapping, Sequence",
            "from typing import TypedDict",
            "",
            *imports,
            "",
            "",
            body,
            "",
        ]
    )


def test_keywords_are_the_declared_options(request: pytest.FixtureRequest) -> None:
    file = Path(keywords.__file__)
    if request.config.getoption("--update-golden"):
        file.write_text(module_text(), encoding="utf-8")

    assert file.read_text(encoding="utf-8") == module_text()

"""Every default and every choice of an option is written once, in options/."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

from scenred.options.declare import Option, options_of

PACKAGE = Path(__file__).parent.parent.parent / "src" / "scenred"


def groups() -> Iterator[type[Any]]:
    """Yield every group of options that has a heading."""
    for path in sorted((PACKAGE / "options").glob("*.py")):
        module = import_module(f"scenred.options.{path.stem}")
        held = (one for one in vars(module).values() if hasattr(one, "heading"))
        yield from (one for one in held if one.__module__ == module.__name__)


OPTIONS: dict[str, list[Option]] = {}
for _group in groups():
    for _one in options_of(_group):
        OPTIONS.setdefault(_one.name, []).append(_one)
# Names that mean something else where they stand, or whose default differs on purpose.
OTHERS = {
    ("api/evaluate.py", "seed"),  # of the random subsets
    ("api/evaluate.py", "stability"),  # 0 is none
    ("model/reduction.py", "method"),  # that a result names
    ("api/compare.py", "seed"),  # of every method
}


def modules() -> Iterator[tuple[str, ast.Module]]:
    for path in sorted(PACKAGE.rglob("*.py")):
        name = str(path.relative_to(PACKAGE))
        if not name.startswith("options/"):
            yield name, ast.parse(path.read_text(encoding="utf-8"))


def defaults(tree: ast.Module) -> Iterator[tuple[str, Any]]:
    """Yield the names and constants of parameters and fields that have a default."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            named = node.args.posonlyargs + node.args.args
            pairs = [
                *zip(named[len(named) - len(node.args.defaults) :], node.args.defaults, strict=True),
                *zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True),
            ]
            yield from ((one.arg, value.value) for one, value in pairs if isinstance(value, ast.Constant))
        elif (
            isinstance(node, ast.AnnAssign)
            and isinstance(node.target, ast.Name)
            and isinstance(node.value, ast.Constant)
        ):
            yield node.target.id, node.value.value


def texts(tree: ast.Module) -> Iterator[ast.Constant]:
    """Yield the strings of a module that are not docstrings."""
    docstrings = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
            yield node


def test_no_default_of_an_option_is_written_twice() -> None:
    twice = [
        f"{name}: {option} = {value!r}"
        for name, tree in modules()
        for option, value in defaults(tree)
        if option in OPTIONS
        and value is not None
        and value in [one.default for one in OPTIONS[option]]
        and (name, option) not in OTHERS
    ]

    assert not twice


def test_no_choice_of_an_option_is_written_twice() -> None:
    choices = {frozenset(one.choices) for many in OPTIONS.values() for one in many if one.choices}
    twice = [
        f"{name}:{node.lineno}"
        for name, tree in modules()
        for node in ast.walk(tree)
        if isinstance(node, ast.Subscript)
        and isinstance(node.value, ast.Name)
        and node.value.id == "Literal"
        and isinstance(node.slice, ast.Tuple)
        and frozenset(one.value for one in node.slice.elts if isinstance(one, ast.Constant)) in choices
    ]

    assert not twice


def test_no_flag_is_spelled_outside_the_command_line() -> None:
    spelled = [
        f"{name}:{node.lineno}: {str(node.value)[:60]!r}"
        for name, tree in modules()
        if not name.startswith(("cli/", "__init__"))
        for node in texts(tree)
        if re.search(r"(^|[\s(`'\"])--[a-z]", str(node.value))
    ]

    assert not spelled

"""Who may import whom: the table of the house (docs/architecture.md)."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

PACKAGE = Path(__file__).parent.parent / "src" / "scenred"

# A room may import itself and the rooms named here.
ALLOWED: dict[str, set[str]] = {
    "errors": set(),
    "model": {"errors"},
    "kernels": {"errors"},
    "periods": {"errors", "model"},
    "metrics": {"errors", "model", "kernels"},
    "reduction": {"errors", "model", "kernels", "metrics"},
    "truths": {"reduction"},
    "evaluation": {"errors", "model", "kernels", "metrics"},
    # compares reductions by their scores: the one room that stands above both
    "comparison": {"errors", "model", "metrics", "reduction", "evaluation"},
    # the paper's fragments are reduced and merged: the one stage that calls another
    "sampling": {"errors", "model", "kernels", "metrics", "reduction"},
    # scores sampled days beside their rivals: it stands above sampling and evaluation
    "verification": {"model", "kernels", "metrics", "sampling", "evaluation"},
    "io": {"errors", "model"},
    "forecasting": {"errors", "model", "periods", "sampling", "verification", "io"},
    "inputs": {"errors", "model", "periods", "reduction", "io"},
    "api": {"errors", "model", "periods", "inputs", "metrics", "reduction", "io"},
    # beside the street of api, each loaded when it is asked for
    "judging": {
        "errors",
        "model",
        "periods",
        "metrics",
        "reduction",
        "truths",
        "evaluation",
        "comparison",
        "io",
        "inputs",
        "api",
    },
    "handover": {"errors", "model", "io", "api"},
    "cli": {"errors", "model", "io", "api", "judging", "handover", "forecasting"},
    "__init__": {"errors", "model", "api", "judging", "handover", "forecasting"},
    "__main__": {"io", "cli"},
}
# Libraries too heavy for the top of a module: they load inside the function that needs them.
HEAVY = {
    "ot",
    "sklearn",
    "matplotlib",
    "dask",
    "scipy",
    "rich",
    "pyarrow",
    "openpyxl",
    "xarray",
    "h5netcdf",
    "pypsa",
}
NUMERICAL = {"numpy", "pandas", "numba"}
# Modules that `scenred --help` imports: no numerical library at their top.
LIGHT = [
    "__init__.py",
    "__main__.py",
    "errors.py",
    "cli/app.py",
    "cli/apply.py",
    "cli/arguments.py",
    "cli/backtest.py",
    "cli/compare.py",
    "cli/curve.py",
    "cli/evaluate.py",
    "cli/export.py",
    "cli/generate.py",
    "cli/inspect.py",
    "cli/options.py",
    "cli/quantize.py",
    "cli/sample.py",
    "cli/reading.py",
    "cli/selftest.py",
    "cli/start.py",
    "io/__init__.py",
    "io/interrupt.py",
]


def modules() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def room(path: Path) -> str:
    first = path.relative_to(PACKAGE).parts[0]
    return first.removesuffix(".py")


def imports(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def top_level(path: Path) -> ast.Module:
    """Give a module without the bodies of its functions and without what only type checkers read."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    kept = [node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)]
    return ast.Module(body=list(kept), type_ignores=[])


def test_arrows_follow_the_table() -> None:
    offenders = {}
    for path in modules():
        names = imports(ast.parse(path.read_text(encoding="utf-8")))
        rooms = {name.split(".")[1] for name in names if name.startswith("scenred.")}
        if extra := rooms - ALLOWED[room(path)] - {room(path)}:
            offenders[str(path.relative_to(PACKAGE))] = extra

    assert not offenders


def test_heavy_libraries_load_inside_functions() -> None:
    offenders = {}
    for path in modules():
        name = path.relative_to(PACKAGE).as_posix()
        barred = HEAVY | NUMERICAL if name in LIGHT else HEAVY
        if loaded := {imported.split(".")[0] for imported in imports(top_level(path))} & barred:
            offenders[name] = loaded

    assert not offenders
    assert all((PACKAGE / name).exists() for name in LIGHT)


def test_only_io_and_cli_touch_files_and_clocks() -> None:
    touching = {"sys", "pathlib", "time", "datetime", "subprocess", "io", "tempfile", "platform"}
    allowed = {"io", "cli", "__main__"}

    for path in modules():
        names = {name.split(".")[0] for name in imports(ast.parse(path.read_text(encoding="utf-8")))}
        if room(path) not in allowed:
            assert not names & touching, path


def test_no_file_is_named_for_nothing() -> None:
    names = {path.stem for path in modules()}

    assert not names & {"utils", "util", "helpers", "common", "base", "misc"}


def test_every_module_says_its_subject() -> None:
    for path in modules():
        docstring = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
        assert docstring, path

"""Who may import whom: the table of the house (docs/architecture.md)."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

PACKAGE = Path(__file__).parent.parent / "src" / "scenred"

# A room may import itself, the ground floor and the rooms named here. From the ground up: no room names one below it.
GROUND = {"errors", "arrays", "notes", "options"}
ALLOWED: dict[str, set[str]] = {
    "errors": set(),
    "arrays": {"errors"},
    "notes": {"errors"},
    "options": {"errors"},
    "model": set(),
    "kernels": set(),
    "metrics": {"model", "kernels"},
    "periods": {"model"},
    # the plan that a scenario set makes, as far as no score is involved
    "planning": {"model"},
    "reduction": {"model", "kernels", "metrics", "periods"},
    "evaluation": {"model", "kernels", "metrics", "planning"},
    # compares reductions by their scores: it stands above both
    "comparison": {"model", "metrics", "reduction", "evaluation"},
    "quantization": {"model", "kernels"},
    # the paper's fragments are quantised, reduced and merged
    "sampling": {"model", "kernels", "metrics", "reduction", "quantization"},
    "forecasts": {"model", "periods"},
    # scores sampled days and their rivals: it stands above sampling and evaluation
    "backtesting": {"model", "kernels", "metrics", "reduction", "sampling", "evaluation"},
    "selftest": {"reduction"},
    # io and the stages do not know each other: api joins them
    "io": {"model"},
    "api": {
        *("model", "kernels", "periods", "metrics", "reduction", "evaluation", "comparison", "quantization"),
        *("sampling", "forecasts", "backtesting", "selftest", "io"),
    },
    "cli": {"model", "metrics", "evaluation", "io", "api"},
    "__init__": {"model", "quantization", "io", "api"},
    "__main__": {"io", "cli"},
}
# The same within io: only files/ touches what is outside the process.
IO: dict[str, set[str]] = {
    "files": set(),
    "tables": {"files"},
    "storage": {"files"},
    "opening": {"files", "tables", "storage"},
    "clock": {"tables"},
    "series": {"files", "tables", "clock"},
    "records": {"files", "tables", "storage", "opening", "clock", "series"},
    "exports": {"files", "storage", "records"},
}
# Libraries too heavy for the top of a module: they load inside the function that needs them.
HEAVY = {
    "ot",
    "sklearn",
    "matplotlib",
    "dask",
    "scipy",
    "pyarrow",
    "openpyxl",
    "xarray",
    "h5netcdf",
    "pypsa",
}
NUMERICAL = {"numpy", "pandas", "numba"}
# Modules that `scenred --help` imports: no numerical library at their top.
LIGHT = [
    *("__init__.py", "__main__.py", "errors.py"),
    *("cli/app.py", "cli/process.py", "io/__init__.py", "io/files/__init__.py", "io/files/interrupt.py"),
    *(f"cli/{name}.py" for name in ("apply", "backtest", "compare", "curve", "evaluate", "export", "generate")),
    *(f"cli/{name}.py" for name in ("inspect", "quantize", "sample", "selftest")),
    *(f"cli/flags/{name}.py" for name in ("attach", "shared", "spelling", "texts")),
    *(f"options/{path.name}" for path in sorted((PACKAGE / "options").glob("*.py"))),
]


def modules() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def room(path: Path) -> str:
    first = path.relative_to(PACKAGE).parts[0]
    return first.removesuffix(".py")


def scenred_imports(path: Path) -> set[tuple[str, ...]]:
    """Return what a module imports of scenred, as parts of dotted names."""
    names = imports(ast.parse(path.read_text(encoding="utf-8")))
    return {tuple(name.split(".")[1:]) for name in names if name.startswith("scenred.")}


def imports(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def top_level(path: Path) -> ast.Module:
    """Return a module without the bodies of its functions and without what only type checkers read."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    kept = [node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)]
    return ast.Module(body=list(kept), type_ignores=[])


def test_arrows_follow_the_tables() -> None:
    offenders = {}
    for path in modules():
        inside, paths = path.relative_to(PACKAGE).parts, scenred_imports(path)
        extra = {one[0] for one in paths} - ALLOWED[room(path)] - {room(path)}
        if room(path) not in GROUND:
            extra -= GROUND
        if inside[0] == "io" and len(inside) > 2:
            extra |= {one[1] for one in paths if one[0] == "io"} - IO[inside[1]] - {inside[1]}
        if extra:
            offenders["/".join(inside)] = extra

    assert not offenders


def test_the_page_of_the_architecture_holds_the_tables() -> None:
    page = (PACKAGE.parent.parent / "docs" / "architecture.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(\w+)` \| .* \|([^|]*)\|$", page, re.MULTILINE)

    tables = {name: set(re.findall(r"`(\w+)`", rooms)) for name, rooms in rows}

    everything = set(ALLOWED) - GROUND - {"api", "cli", "__init__", "__main__"}
    tables["api"] = everything - tables["api"]  # "all of the above but"
    assert tables == {name: ALLOWED[name] - GROUND for name in (*everything, *GROUND, "api", "cli")} | IO


def test_tables_name_only_rooms_further_down() -> None:
    for table in (ALLOWED, IO):
        known: set[str] = set()
        for name, rooms in table.items():
            assert rooms <= known, name
            known.add(name)


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
    # numba is loaded without a module that would read the working folder
    excused = {"kernels/configuration.py": {"sys"}}

    for path in modules():
        names = {name.split(".")[0] for name in imports(ast.parse(path.read_text(encoding="utf-8")))}
        if room(path) not in allowed:
            assert not names & touching - excused.get(path.relative_to(PACKAGE).as_posix(), set()), path


def test_no_file_is_named_for_nothing() -> None:
    names = {path.stem for path in modules()}

    assert not names & {"utils", "util", "helpers", "common", "base", "misc"}


def test_every_module_says_its_subject() -> None:
    for path in modules():
        docstring = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
        assert docstring, path

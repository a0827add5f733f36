"""The format of a result by the ending of its name: a scenario table in any of scenred's own, other results as text."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from scenred.errors import UsageError
from scenred.io.files.extras import load_extra
from scenred.io.storage.csv import to_csv
from scenred.io.storage.json import document
from scenred.io.storage.netcdf import netcdf
from scenred.io.storage.origin import origin_of
from scenred.io.storage.parquet import parquet
from scenred.io.storage.xlsx import workbook
from scenred.model import Facts, ScenarioSet
from scenred.options.exporting import Layout

WRITERS: dict[str, Callable[[ScenarioSet, Facts], bytes]] = {
    ".nc": netcdf,
    ".parquet": parquet,
    ".xlsx": workbook,
    ".json": document,
}
# The libraries that write them, with the extra and the name of the format.
LIBRARIES = {
    ".nc": (("xarray", "h5netcdf"), "netcdf", "NetCDF"),
    ".parquet": (("pyarrow",), "parquet", "Parquet"),
}
# Endings of formats that no program would read as text.
NOT_TEXT = frozenset({".nc", ".parquet", ".xlsx"})
NOT_WRITTEN = frozenset(
    {".xls", ".xlsb", ".xlsm", ".ods", ".nc4", ".h5", ".hdf5", ".feather", ".arrow", ".orc", ".pkl", ".pickle", ".npy"}
    | {".npz", ".mat", ".gdx", ".sqlite", ".db", ".duckdb", ".gz", ".bz2", ".xz", ".zst", ".zip", ".tar", ".7z"}
)


def check_table_path(path: str | None, layout: Layout) -> None:
    """Raise a UsageError if no scenario table can have this name, or a RequestError if a library is missing."""
    ending = _ending(path)
    if ending in NOT_WRITTEN:
        raise UsageError(f"there is no way to write a scenario table as {ending}", advice=_advice(), place=str(path))
    if ending in WRITERS and layout == "wide":
        raise UsageError(
            f"the layout is wide and {ending} holds the long one",
            advice="leave the layout out, or name a file that ends in .csv",
            place=str(path),
        )
    modules, extra, purpose = LIBRARIES.get(ending, ((), "", ""))
    for module in modules:
        load_extra(module, extra, purpose)


def check_text_path(*paths: str | None) -> None:
    """Raise a UsageError if text would be written under the name of another format."""
    for path in paths:
        if _ending(path) in NOT_TEXT | NOT_WRITTEN:
            raise UsageError(
                f"this result is text, and {_ending(path)} is the ending of another format",
                advice="name a file that ends in .csv, .json or .txt",
                place=str(path),
            )


def table_file(scenarios: ScenarioSet, path: str | None, layout: Layout) -> str | bytes:
    """Return a scenario table in the format that the ending of a path names, CSV for any other and for no path."""
    write = WRITERS.get(_ending(path))
    if write is None:
        return to_csv(scenarios.to_frame(layout))
    return write(scenarios, Facts(scenarios.step, None, scenarios.zone, origin_of(scenarios, None)))


def _ending(path: str | None) -> str:
    return "" if path is None else Path(path).suffix.lower()


def _advice() -> str:
    return f"name a file that ends in .csv, {', '.join(WRITERS)}; scenred export writes other formats"

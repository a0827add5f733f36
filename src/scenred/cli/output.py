"""Where results go: files and standard output, all together."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from scenred.errors import UsageError
from scenred.io.files.atomic import write_files
from scenred.io.files.inputs import expect_results
from scenred.io.files.stdout import STDOUT, is_stream
from scenred.io.records.outputs import check_manifest_place, manifest_path


def check_streams(inputs: Mapping[str, str | None], *outputs: str | None) -> None:
    """Raise a UsageError if an output has no name, or two inputs are standard input.

    Parameters
    ----------
    inputs : mapping of str to str
        Paths by what the help calls them.
    *outputs : str
        Paths.
    """
    if "" in (*outputs, *inputs.values()):
        raise UsageError("an input or output has an empty name", advice="name a file, or - for a stream")
    names = [name for name, path in inputs.items() if path == "-"]
    if len(names) > 1:
        raise UsageError(f"{' and '.join(names)} are both standard input", advice="name a file for one of them")


def emit(*results: tuple[str | None, str | bytes]) -> None:
    """Write every content to its path, or to standard output (no path, or '-'): all or none."""
    write_files([(path or STDOUT, content) for path, content in results])


def next_to(output: str | None) -> str | None:
    """Return the path of the manifest next to an output file; standard output and devices have none."""
    if output in (None, STDOUT) or is_stream(str(output)):
        return None
    return manifest_path(str(output))


def expect_table(output: str | None, manifest: str | None, *others: str | None) -> None:
    """Expect the files of a table, so that an input among them is refused early; see `expect_results`.

    Raise a UsageError if another table has its manifest in the place of this one's.
    """
    found = next_to(output)
    if manifest is None and found is not None:
        check_manifest_place(found, str(output))
    expect_results(output, manifest or found, *others)


def at_site(path: str, site: str) -> str:
    """Put a site's name before the ending of a path.

    Examples
    --------
    >>> at_site("out/scenarios.csv", "north/1")
    'out/scenarios.north_1.csv'
    """
    safe = "".join(mark if mark.isalnum() or mark in "_-. " else "_" for mark in site)
    whole = Path(path)
    return str(whole.with_name(f"{whole.stem}.{safe}{whole.suffix}"))

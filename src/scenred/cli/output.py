"""Where results go: all files together, then standard output."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from scenred.errors import UsageError
from scenred.io.files.atomic import is_same_file, is_stream, write_files, write_stdout


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


def keep_inputs(inputs: Iterable[str | None], *outputs: str | None) -> None:
    """Raise a UsageError if an output would replace an input."""
    for file in inputs:
        for path in outputs:
            if file is not None and path is not None and is_same_file(path, file):
                raise UsageError(f"a result would replace its own input {file}", advice="name another file")


def emit(*results: tuple[str | None, str | bytes], inputs: Iterable[str | None] = ()) -> None:
    """Write every content to its path, or to standard output (no path, or '-'): files first, all or none."""
    files = [(path, content) for path, content in results if path not in (None, "-")]
    keep_inputs(inputs, *(path for path, _ in files))
    write_files([(str(path), content) for path, content in files])
    for path, content in results:
        if path in (None, "-"):
            write_stdout(content)


def next_to(output: str | None) -> str | None:
    """Return the path of the manifest next to an output file; standard output and devices have none."""
    if output in (None, "-"):
        return None
    path = Path(str(output))
    return str(path.with_suffix(".manifest.json")) if path.name and not is_stream(str(output)) else None


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

"""A folder of results is written whole or not at all, and replaces only what scenred wrote before."""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from scenred.errors import Setting, UsageError
from scenred.io.files.atomic import check_target, check_writable, prepared, staged, take_over
from scenred.io.files.commit import Change, commit, recover
from scenred.io.files.exchange import exchange
from scenred.io.files.failures import told
from scenred.io.files.held import Held, held_signals
from scenred.io.files.lock import locked
from scenred.io.files.stage import is_stage, write_new

# File that names what scenred wrote into a folder.
MARK = "scenred-export.json"


def write_folder(
    path: str, files: Mapping[str, bytes], *, force: bool = False, about: Mapping[str, object] | None = None
) -> None:
    """Write a folder of files, whole or not at all.

    The files go to a new folder next to it first, which then takes its place in one step. A folder that scenred wrote
    before is replaced; the working folder and one that is mounted are kept, and get their files together. Names of
    files have `/` between folders. With `force`, a folder that holds other files gets these too. `about` is what the
    file that lists them tells besides.

    Raise a UsageError if it holds other files and `force` is False, or a file that was read; an OutputError if it
    cannot be written, and leave the earlier folder unchanged.
    """
    target = Path(os.path.realpath(path))
    mark = {"written_by": "scenred", "files": sorted(files), **({"about": dict(about)} if about else {})}
    content = {**files, MARK: (json.dumps(mark, indent=1) + "\n").encode()}
    with told(path), held_signals() as held:
        if target.exists() and not target.is_dir():
            raise UsageError("is a file, and this format is a folder of files", advice="name another place", place=path)
        if not target.is_dir():
            _create(path, target, content, held)
            return
        with locked([target], held):
            recover(target, held)
        is_ours = _is_ours(target)
        if not is_ours and not force:
            raise _foreign(path)
        if not is_ours or _must_stay(target) or not _replace(path, target, content, held):
            _write_among(path, target, content, held, is_ours=is_ours)


def _foreign(path: str) -> UsageError:
    advice = ("name another folder, or pass ", Setting("force", True), " to write among them")
    return UsageError("holds files that scenred did not write", advice=advice, place=path)


def _files_in(folder: Path) -> Iterator[Path]:
    """Yield the files and links of a folder and below, without those of a stage; raise an OSError if one is hidden."""

    def fail(error: OSError) -> None:
        raise error

    for place, folders, files in os.walk(folder, onerror=fail):
        folders[:] = [name for name in folders if not is_stage(name)]
        links = [name for name in folders if (Path(place) / name).is_symlink()]
        yield from (Path(place) / name for name in (*files, *links))


def _is_ours(folder: Path) -> bool:
    """Return whether a folder is empty, or holds only files that its mark names."""
    held = [file.relative_to(folder).as_posix() for file in _files_in(folder)]
    try:
        named = {MARK, *map(str, json.loads((folder / MARK).read_bytes())["files"])}
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        return not held
    return named.issuperset(held)


def _must_stay(folder: Path) -> bool:
    """Return whether a folder cannot be replaced by another: it is the working folder, or mounted."""
    return folder == Path.cwd().resolve() or folder.is_mount()


def _create(path: str, target: Path, content: Mapping[str, bytes], held: Held) -> None:
    """Write a new folder, and rename it to the target."""
    with staged([(path, target.parent)]) as (stage,):
        fresh = _fresh(stage.path / "new", content, held)
        with locked([target.parent], held):
            recover(target.parent, held)
            held.check()
            fresh.rename(target)


def _replace(path: str, target: Path, content: Mapping[str, bytes], held: Held) -> bool:
    """Write a new folder next to the target, and exchange both; return False if that is not possible here."""
    check_writable(path, target)
    for file in _files_in(target):
        check_target(f"{path}/{file.relative_to(target).as_posix()}", file)
    if not os.access(target.parent, os.W_OK):
        return False
    with staged([(path, target.parent)]) as (stage,):
        fresh = _fresh(stage.path / "new", content, held)
        take_over(target.stat(), fresh)
        with locked([target.parent, target], held):
            recover(target.parent, held)
            held.check()
            if not _is_ours(target):  # filled by others meanwhile
                raise _foreign(path)
            return exchange(fresh, target)


def _fresh(folder: Path, content: Mapping[str, bytes], held: Held) -> Path:
    """Write a new folder on a stage."""
    folder.mkdir()
    for name, data in content.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        write_new(folder / name, data)
        held.check()
    return folder


def _write_among(path: str, target: Path, content: Mapping[str, bytes], held: Held, *, is_ours: bool) -> None:
    """Write files into a folder that stays, all or none; what scenred wrote before goes, if nothing else is there."""
    goals = {name: Path(os.path.realpath(target / name)) for name in content}
    for name, goal in goals.items():
        check_target(f"{path}/{name}", goal)
    gone = [file for file in _files_in(target) if file not in goals.values()] if is_ours else []
    for file in gone:
        check_target(f"{path}/{file.relative_to(target).as_posix()}", file)
    # a link leads elsewhere
    homes = {name: target if goal.is_relative_to(target) else goal.parent for name, goal in goals.items()}
    with (
        staged((path, folder) for folder in (target, *homes.values())) as stages,
        _folders_below(target, content),
    ):
        by_folder = {stage.folder: stage for stage in stages}
        changes: list[Change] = []
        for name, goal in goals.items():
            stage = by_folder[homes[name]]
            changes.append(prepared(f"{path}/{name}", goal, stage, f"new-{len(changes)}", content[name]))
            held.check()
        changes += [Change(path, file, stages[0], None) for file in gone]
        commit(changes, stages, held, beside=[target.parent])


@contextlib.contextmanager
def _folders_below(target: Path, names: Iterable[str]) -> Iterator[None]:
    """Make the folders that files need, and remove those that are new where the block fails."""
    made: list[Path] = []
    try:
        for name in names:
            for folder in reversed((target / name).relative_to(target).parents[:-1]):
                if not (target / folder).is_dir():
                    (target / folder).mkdir()
                    made.append(target / folder)
        yield
    except BaseException:
        for folder in reversed(made):
            with contextlib.suppress(OSError):  # filled by others
                folder.rmdir()
        raise

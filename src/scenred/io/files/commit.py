"""One point at which several files become new: before it a failure leaves all old ones, after it all new ones.

A journal in the stage names what will change and where the old files are kept. Then the changes are made, one rename
each, and the journal is removed: that is the point. Who finds a journal whose process is gone takes back its changes.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from scenred.errors import UsageError
from scenred.io.files.failures import told
from scenred.io.files.held import Held
from scenred.io.files.lock import locked, take_lock, wait_for_lock
from scenred.io.files.stage import Stage, remove, stages_in

JOURNAL = "journal.json"
# Number, size and time of a file: what stays the same when it is renamed.
Identity = list[int]


@dataclass(frozen=True, slots=True)
class Change:
    """A file that is to be replaced by what lies in a stage, or removed.

    Parameters
    ----------
    place : str
        What messages call it.
    target : Path
        In the folder of the stage or below.
    new : Path, optional
        In the stage; None removes the target.
    """

    place: str
    target: Path
    stage: Stage
    new: Path | None


@dataclass(frozen=True, slots=True)
class _Entry:
    """A change as a journal holds it: the target's path in the folder, its new identity, the old file in the stage."""

    name: str
    new: Identity | None
    old: str | None

    def is_done(self, folder: Path) -> bool:
        return identity(folder / self.name) == self.new

    def undo(self, stage: Path) -> None:
        """Take the change back; a file that is not the new one was changed by someone else, and stays."""
        target = stage.parent / self.name
        if not self.is_done(stage.parent):
            return
        if self.old is not None:
            (stage / self.old).replace(target)
        elif self.new is not None:
            target.unlink()


def commit(changes: Sequence[Change], stages: Sequence[Stage], held: Held, beside: Sequence[Path] = ()) -> None:
    """Make all changes or none, under the locks of the folders of the stages and of those `beside`.

    Raise an OutputError or an OSError if one cannot be made; a UsageError if two concern one file.
    """
    with locked([*(stage.folder for stage in stages), *beside], held):
        for stage in stages:
            recover(stage.folder, held)
        held.check()
        made: list[Identity | None] = []
        if len(changes) == 1:  # one rename needs no journal
            _make(changes[0], made)
            return
        entries = {
            stage.path: [_entry(*pair) for pair in enumerate(changes) if pair[1].stage is stage] for stage in stages
        }
        try:
            _write_journals(stages, entries)
            for change in changes:
                _make(change, made)
            (stages[0].path / JOURNAL).unlink()
        except BaseException:
            _undo(entries)
            raise


def is_committed(stages: Sequence[Stage]) -> bool:
    """Return whether no change is left to be taken back, so that the stages can be removed."""
    return not stages or not (stages[0].path / JOURNAL).exists()


def _make(change: Change, made: list[Identity | None]) -> None:
    """Make one change; `made` are the files that were put in place before."""
    before = identity(change.target)
    if before is not None and before in made:  # names that the file system takes for one
        raise UsageError(f"two results would go to {change.place}", advice="name different files")
    with told(change.place):
        if change.new is None:
            change.target.unlink(missing_ok=True)
            return
        new = identity(change.new)
        change.new.replace(change.target)
        made.append(new)


def _entry(number: int, change: Change) -> _Entry:
    """Describe a change for the journal, and keep the old file."""
    old = f"old-{number}" if change.target.exists() else None
    if old is not None:
        try:
            (change.stage.path / old).hardlink_to(change.target)
        except OSError:  # a file system without links, or someone else's file
            shutil.copy2(change.target, change.stage.path / old)
    name = str(change.target.relative_to(change.stage.folder))
    return _Entry(name, None if change.new is None else identity(change.new), old)


def _write_journals(stages: Sequence[Stage], entries: Mapping[Path, Sequence[_Entry]]) -> None:
    """Write what each stage will change; that of the first stage counts, and is written last."""
    for stage in reversed(stages):
        content = {
            "stages": [str(one.path) for one in stages],
            "entries": [[entry.name, entry.new, entry.old] for entry in entries[stage.path]],
        }
        stage.write("journal.tmp", json.dumps(content).encode()).replace(stage.path / JOURNAL)


def _read_journal(stage: Path) -> tuple[list[Path], list[_Entry]] | None:
    """Return the stages of a journal and what this one was to change; None if there is no journal."""
    try:
        content = json.loads((stage / JOURNAL).read_bytes())
        return [Path(path) for path in content["stages"]], [_Entry(*entry) for entry in content["entries"]]
    except (FileNotFoundError, NotADirectoryError):
        return None


def _undo(entries: Mapping[Path, Sequence[_Entry]]) -> None:
    """Take back what was done, the last first; `entries` by stage, the first of which has the journal that counts."""
    for stage, changes in reversed(list(entries.items())):
        for entry in reversed(changes):
            entry.undo(stage)
    (next(iter(entries)) / JOURNAL).unlink(missing_ok=True)


def recover(folder: Path, held: Held) -> None:
    """Take back what runs that are gone had not finished in a folder, and remove what they left."""
    for stage in stages_in(folder):
        journal = _read_journal(stage)
        # a moved stage knows itself only
        related = [stage] if journal is None or stage not in journal[0] else [p for p in journal[0] if p.is_dir()]
        with contextlib.ExitStack() as stack:
            try:
                for path in related:
                    # a journal is written under the lock of the folder, which is ours: its process is gone
                    lock = take_lock(path) if journal is None else wait_for_lock(path, held)
                    if lock is None:
                        return
                    stack.callback(os.close, lock)
            except (BlockingIOError, FileNotFoundError):  # in use, or just removed
                continue
            _take_back(related)
            for path in related:
                remove(path)


def _take_back(related: Sequence[Path]) -> None:
    """Take back the changes of stages that belong together, unless all were made or none is left to be made."""
    journals = {path: journal for path in related for journal in (_read_journal(path),) if journal is not None}
    first = next(iter(journals.values()), None)
    if first is None or (first[0][0] not in journals and first[0][0].parent.is_dir()):
        return  # the journal that counts is gone: all were made, or taken back
    entries = {path: found for path, (_, found) in journals.items()}
    if not all(entry.is_done(path.parent) for path, found in entries.items() for entry in found):
        _undo(entries)


def identity(path: Path) -> Identity | None:
    """Return what tells a file from any other in its folder; None if there is none."""
    try:
        status = path.lstat()
    except FileNotFoundError:
        return None
    return [status.st_ino, status.st_size, status.st_mtime_ns]

"""Days on which the clock changes, of a table with a row per day and a column per step."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from scenred.arrays import Bool, Int64
from scenred.errors import InputError, Setting, Text
from scenred.io.clock.changes import Change
from scenred.io.clock.likely_zones import changed_on, zone_advice
from scenred.io.clock.zone_fit import does_not_follow
from scenred.io.tables.missing import DROP
from scenred.io.tables.table import Table


@dataclass(frozen=True, slots=True, eq=False)
class OddDays:
    """Days of another number of steps than usual.

    `days` are the dates of the rows and `step` the length of a step in microseconds, `lengths` the steps of each day;
    `filled` tells which cells hold a value, shape (day, column), and `is_again` which columns are of a repeated hour.
    `changes` are those of the clock by date.
    """

    table: Table
    days: Int64
    lengths: Int64
    filled: Bool
    is_again: Bool
    step: int
    zone: dt.tzinfo | None
    changes: Mapping[int, Change]

    def steps(self, row: int) -> tuple[Int64, Int64]:
        """Return the columns that are steps of a day, and the place of each in it; raise an InputError if none fit."""
        length, held = int(self.lengths[row]), np.flatnonzero(self.filled[row])
        usual = np.flatnonzero(~self.is_again)
        change = self.changes.get(int(self.days[row]))
        if change is None:  # of no zone, or of one that does not repeat an hour on this day
            raise self._refusal(row, len(held))
        if length < len(usual):
            return self._short(row, usual, self._changed(row, change), held)
        if self.filled[row, self.is_again].any():
            if len(held) != length and self.is_again.sum() != length - len(usual):
                raise self._refusal(row, len(held))
            return (held if len(held) == length else np.arange(len(self.is_again))), np.arange(length)
        if not self._follows():
            raise self._refusal(row, len(held))
        if self.table.reading.missing != "drop":
            raise self._refusal(row, len(held), drop=True)
        twofold = self._changed(row, change)
        kept = np.delete(np.arange(len(usual)), twofold)
        return usual[kept], kept + (kept > twofold[-1]) * (length - len(usual))

    def _changed(self, row: int, change: Change) -> Int64:
        """Return the steps by the clock that are left out, or duplicated."""
        since = np.arange(change.begin, change.end, self.step) - self.days[row]
        return np.asarray(since // self.step)

    def _short(self, row: int, usual: Int64, left_out: Int64, held: Int64) -> tuple[Int64, Int64]:
        """Return the columns of a day without an hour: its cells are empty, or the last ones of the row are."""
        length = int(self.lengths[row])
        if not self.filled[row, usual[left_out]].any():
            chosen = np.delete(usual, left_out)
        elif len(held) == length and np.array_equal(held, usual[:length]):
            chosen = held
        else:
            raise self._refusal(row, len(held))
        return chosen, np.arange(length)

    def _follows(self) -> bool:
        """Return whether days leave out the hour that the zone leaves out, or repeat the one that it repeats."""
        usual = np.flatnonzero(~self.is_again)
        for row in np.flatnonzero(self.lengths != len(usual)):
            change = self.changes.get(int(self.days[row]))
            if change is None:
                continue
            if self.filled[row, self.is_again].any():
                return True
            if change.is_forward and not self.filled[row, usual[self._changed(int(row), change)]].any():
                return bool(self.filled[row].sum() == self.lengths[row])
        return False

    def _refusal(self, row: int, n_held: int, *, drop: bool = False) -> InputError:
        met = f"has {n_held} values where the day has {self.lengths[row]} steps, as where a clock is changed"
        if self.zone is None:
            date, is_longer = pd.Timestamp(int(self.days[row]), unit="us"), n_held > int(self.lengths[row])
            words = f"where {date.date()} is {'longer' if is_longer else 'shorter'}"
            advice: Text = zone_advice(changed_on(date, is_longer=is_longer), words)
            return self.table.error(met, advice=advice, row=row)
        if int(self.days[row]) not in self.changes:
            return self.table.error(met, advice=("name the zone of the file with ", Setting("tz")), row=row)
        if drop:
            advice = ("write both of the repeated hours, or pass ", DROP)
            return self.table.error(met, advice=advice, remedy=(DROP,), row=row)
        return self.table.error(met, "a value for each of them", does_not_follow(self.zone, self.days), row=row)

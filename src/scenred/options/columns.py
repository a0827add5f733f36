"""Which columns of an input are used, of which kind, and with which capacity."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from scenred.options.declare import option


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of an input: its clock, its values, their kinds and capacities."""

    heading: ClassVar[str] = "Columns"

    time: str | None = option(None, "Time column, or several: Date,Hour. Found in the file by default.", metavar="NAME")
    columns: Sequence[str] = option(
        (), "Use this column; repeat for more. All numeric ones by default.", flag="--column", metavar="NAME"
    )
    wind: Sequence[str] = option((), "Use this column, of kind wind; repeat for more.", metavar="NAME")
    pv: Sequence[str] = option((), "Use this column, of kind PV; repeat for more.", metavar="NAME")
    capacity: float | Mapping[str, float] | str | None = option(
        None,
        "Installed capacity of one column, or of all, in the unit of the values; repeat for more; or a CSV "
        "of plants. The metric divides by it, by default by the column's maximum.",
        metavar="[NAME=]MW",
        unit="MW",
    )

    @property
    def wanted(self) -> set[str]:
        """Names of the columns to use; empty where none is named."""
        return {*self.columns, *self.wind, *self.pv}

    def among(self, names: Sequence[str]) -> Columns:
        """Return the choice without the names of columns that are not there."""
        known = set(names)
        capacity = self.capacity
        if isinstance(capacity, Mapping):
            capacity = {name: value for name, value in capacity.items() if name in known}
        columns, wind, pv = ([name for name in part if name in known] for part in (self.columns, self.wind, self.pv))
        return Columns(self.time, columns, wind, pv, capacity)

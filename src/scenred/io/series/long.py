"""A long table, a row per site and time, becomes one table per site."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import replace
from itertools import combinations

import numpy as np
import pandas as pd

from scenred.errors import InputError, RequestError, ScenredWarning, nearest_name
from scenred.io.clock.stamps import is_stamp
from scenred.io.clock.words import ISSUED, is_time_part
from scenred.io.series.columns import is_mark
from scenred.io.tables.table import Table

MOST_SITES = 10_000
# Columns of which two or three are tried as the name of a site.
MOST_KEYS = 6
# Columns of values that an advice takes together.
MOST_VALUES = 3


def split_sites(table: Table, clock: tuple[str, ...], site: str, values: tuple[str, ...]) -> list[Table]:
    """Give a table of times and values per site, in the order in which sites appear.

    `site` is a column, or several with a plus between them, such as 'area+type'; other columns are left out.
    A column is called by its site, or by value and site where there are several of values.

    Raises
    ------
    RequestError
        When a column is not there.
    InputError
        When a site has no name.
    """
    names = [str(name) for name in table.frame.columns]
    keys = [site] if site in names else [part.strip() for part in site.split("+")]
    for name in (*keys, *values):
        if name not in names:
            raise RequestError(
                f"{table.name}: there is no column {name!r} for --long; {nearest_name(name, names)}"
            )
    for name in keys:
        blank = np.flatnonzero((table.frame[name].isna() | (_words(table, name) == "")).to_numpy())
        if len(blank):
            raise InputError(
                f"{table.place(int(blank[0]))}: {name} is empty; scenred needs a site in every row"
            )
    cells = _words(table, keys[0])
    for name in keys[1:]:
        cells = cells + "_" + _words(table, name)
    codes, sites = pd.factorize(cells)
    if len(sites) > MOST_SITES:
        raise InputError(
            f"{table.name}: {site} has {len(sites):,} values; scenred reads at most {MOST_SITES:,} sites"
        )
    tables = []
    for number, label in enumerate(map(str, sites)):
        part = table.rows(np.flatnonzero(codes == number))
        called = {value: label if len(values) == 1 else f"{value}_{label}" for value in values}
        frame = part.frame[[*clock, *values]].rename(columns=called)
        tables.append(replace(part, frame=frame, text=_text(part, {new: old for old, new in called.items()})))
    return tables


def _words(table: Table, name: str) -> pd.Series:
    return table.frame[name].astype(str).str.strip()


def _text(part: Table, back: dict[str, str]) -> Callable[[int, str], str]:
    """Give the cell of a column by the name it has in the file."""
    return lambda row, name: part.text(row, back.get(name, name))


def found_sites(table: Table, clock: tuple[str, ...]) -> tuple[str, str] | None:
    """Find the columns of site and value of a table whose times stand once per site, where there is one choice."""
    frame = table.frame
    names = [str(name) for name in frame.columns if str(name) not in clock]
    if not clock or not frame.duplicated(list(clock)).any():
        return None
    sites, values = _sites(table, names), _values(table, names)
    if len(sites) != 1 or len(values) != 1:
        return None
    per_site = frame.groupby(sites[0]).size()
    times = len(frame.drop_duplicates(list(clock)))
    if per_site.max() > times * 1.01 + 2 or per_site.min() < times // 2:
        return None
    warnings.warn(
        f"{table.name}: is read as a long table of {len(per_site)} sites; --long {sites[0]},{values[0]} says so",
        ScenredWarning,
        stacklevel=2,
    )
    return sites[0], values[0]


def sites_advice(table: Table, times: pd.DatetimeIndex) -> tuple[str, dict[str, object]]:
    """Say which columns may name the site and value of rows whose times stand more than once, and the remedy."""
    names = [str(name) for name in table.frame.columns]
    sites = _sites(table, names)
    values = [name for name in _values(table, names) if not (is_time_part(name) or is_mark(table, name))]
    issued = [name for name in names if ISSUED.search(name.replace("_", " "))]
    if not sites and issued:
        return (
            f"where rows are several issues of one time ({issued[0]}), keep the last of each: --duplicates last",
            {},
        )
    if not sites:
        return "where rows hold several sites, name their column and that of values: --long SITE,VALUE", {}
    few = sites[:MOST_KEYS]
    choices: list[tuple[str, ...]] = [(name,) for name in sites]
    choices += [*combinations(few, 2), *combinations(few, 3)]
    frame = table.frame[sites].assign(**{"": times})
    doubles = [round(float(frame.duplicated(["", *keys]).mean()), 2) for keys in choices]
    site = "+".join(min(zip(doubles, map(len, choices), choices, strict=True))[2])
    told = ",".join(values if 0 < len(values) <= MOST_VALUES else ["VALUE"])
    which = f", where VALUE is one or more of {', '.join(values[:50])}" if len(values) > MOST_VALUES else ""
    advice = f"if {site!r} names the site of a row, pass --long '{site},{told}'{which}"
    return advice, {"long": (site, values[0])} if len(values) == 1 else {}


def _sites(table: Table, names: list[str]) -> list[str]:
    """Find columns of words, of which most stand in several rows."""
    frame = table.frame
    return [
        name
        for name in names
        if table.is_text(name)
        and 1 < frame[name].nunique() <= min(len(frame) // 2, MOST_SITES)
        and not is_stamp(table.text(0, name))
    ]


def _values(table: Table, names: list[str]) -> list[str]:
    """Find columns of numbers with a value."""
    return [
        name
        for name in names
        if not table.is_text(name) and not table.is_counter(name) and table.frame[name].notna().any()
    ]

"""A long table, a row per site and time, becomes one table per site."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import numpy as np
import pandas as pd

from scenred.errors import RequestError, Setting, Text, nearest_name
from scenred.io.clock.stamps import is_stamp
from scenred.io.clock.times import with_side
from scenred.io.clock.words import ISSUED, is_time_part
from scenred.io.series.columns import is_mark
from scenred.io.tables.table import Table
from scenred.notes import note

MOST_SITES = 10_000
# Columns of which two or three are tried as the name of a site.
MOST_KEYS = 6
# Columns of values that an advice takes together.
MOST_VALUES = 3


def split_sites(table: Table, clock: tuple[str, ...], site: str, values: tuple[str, ...]) -> list[Table]:
    """Return a table of times and values per site, in the order in which sites appear.

    `site` is a column, or several with a plus between them, such as 'area+type'; other columns are left out. A column
    is called by its site, or by value and site if there are several of values. Raise a RequestError if a column is not
    there; an InputError if a site has no name.
    """
    names = [str(name) for name in table.frame.columns]
    keys = [site] if site in names else [part.strip() for part in site.split("+")]
    for name in (*keys, *values):
        if name not in names:
            met = (f"there is no column {name!r} for ", Setting("long"))
            raise RequestError(met, advice=nearest_name(name, names), place=table.name)
    words = [table.words(name, "a site") for name in keys]
    joined = words[0]
    for cells in words[1:]:
        joined = joined + "_" + cells
    codes, sites = pd.factorize(joined)
    if len(sites) > MOST_SITES:
        many = f"{site} has {len(sites):,} values; scenred reads at most {MOST_SITES:,} sites"
        raise table.error(many)
    # Columns next to the clock are left out below, and tell whether stamps end their step.
    judged = with_side(table.rows(np.flatnonzero(codes == 0)), clock)
    table = replace(table, reading=judged.reading)
    tables = []
    for number, label in enumerate(map(str, sites)):
        part = table.rows(np.flatnonzero(codes == number))
        called = {value: label if len(values) == 1 else f"{value}_{label}" for value in values}
        frame = part.frame[[*clock, *values]].rename(columns=called)
        tables.append(part.framed(frame, {new: old for old, new in called.items()}))
    return tables


def found_sites(table: Table, clock: tuple[str, ...]) -> tuple[str, str] | None:
    """Return the columns of site and value of a table with each time once per site, if there is one choice."""
    frame = table.frame
    names = [str(name) for name in frame.columns if str(name) not in clock]
    if not clock or not frame.duplicated(list(clock)).any():
        return None
    sites, values = site_columns(table, names), value_columns_of(table, names)
    if len(sites) != 1 or len(values) != 1:
        return None
    per_site = frame.groupby(sites[0]).size()
    times = len(frame.drop_duplicates(list(clock)))
    if per_site.max() > times * 1.01 + 2 or per_site.min() < times // 2:
        return None
    long = (sites[0], values[0])
    note(f"{table.name}: is read as a long table of {len(per_site)} sites; ", Setting("long", long), " says so")
    return long


def sites_advice(table: Table, times: pd.DatetimeIndex) -> tuple[Text, tuple[Setting, ...]]:
    """Return which columns may hold the site and value of rows with duplicated times, and the remedy."""
    names = [str(name) for name in table.frame.columns]
    sites = site_columns(table, names) or numbers_of_sites(table, names)
    values = [name for name in value_columns_of(table, names) if not (is_time_part(name) or is_mark(table, name))]
    values = [name for name in values if name not in sites]
    if not sites:
        issued = next((name for name in names if ISSUED.search(name.replace("_", " "))), None)
        if issued is not None:
            last = Setting("duplicates", "last")
            return (f"where rows are several issues of one time ({issued}), keep the last of each: ", last), ()
        return ("where rows hold several sites, name their column and that of values with ", Setting("long")), ()
    few = sites[:MOST_KEYS]
    choices: list[tuple[str, ...]] = [(name,) for name in sites]
    choices += [*combinations(few, 2), *combinations(few, 3)]
    frame = table.frame[sites].assign(**{"": times})
    doubles = [round(float(frame.duplicated(["", *keys]).mean()), 2) for keys in choices]
    site = "+".join(min(zip(doubles, map(len, choices), choices, strict=True))[2])
    named = values if 0 < len(values) <= MOST_VALUES else ["VALUE"]
    which = f", where VALUE is one or more of {', '.join(values[:50])}" if len(values) > MOST_VALUES else ""
    advice = (f"if {site!r} names the site of a row, pass ", Setting("long", (site, *named)), which)
    return advice, (Setting("long", (site, values[0])),) if len(values) == 1 else ()


def site_columns(table: Table, names: list[str]) -> list[str]:
    """Find columns of words, of which most are in several rows."""
    frame = table.frame
    return [
        name
        for name in names
        if table.is_text(name)
        and 1 < frame[name].nunique() <= min(len(frame) // 2, MOST_SITES)
        and not is_stamp(table.text(0, name))
    ]


def value_columns_of(table: Table, names: list[str]) -> list[str]:
    """Find columns of numbers with a value."""
    return [
        name
        for name in names
        if not table.is_text(name) and not table.is_counter(name) and table.frame[name].notna().any()
    ]


def numbers_of_sites(table: Table, names: list[str]) -> list[str]:
    """Find columns of whole numbers that may be those of sites: each is in the same number of rows, of several."""
    found = []
    for name in names:
        column = table.frame[name]
        if not pd.api.types.is_integer_dtype(column) or is_time_part(name):
            continue
        counts = column.value_counts()
        if 1 < len(counts) <= MOST_SITES and counts.iloc[0] > 1 and counts.iloc[0] == counts.iloc[-1]:
            found.append(name)
    return found

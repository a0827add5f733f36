"""Sites: which columns belong together, read from their names."""

from __future__ import annotations

import re
from dataclasses import replace

from scenred.errors import RequestError, Setting, nearest_name
from scenred.model import ScenarioSet

# What is left of a column's name without these parts is its site.
KIND_PARTS = ("wind", "photovoltaic", "photovolt", "solar", "pv", "load", "demand")
MARKS = "_-. @"
# The same as words of their own: no letter is next to them, as in Windsor PV.
WORDS = re.compile(rf"(?<![^\W\d_])(?:{'|'.join(KIND_PARTS)})(?![^\W\d_])", re.IGNORECASE)


def site_of(name: str) -> str:
    """Return the site of a column: what follows its last `@`, else its name without its kind; '' for none.

    Examples
    --------
    >>> [site_of(name) for name in ("wind_miami", "Windsor PV", "wind@north", "320_PV_1", "WindNorth", "wind")]
    ['miami', 'Windsor', 'north', '320_1', 'North', '']
    """
    if "@" in name:
        return name.rpartition("@")[2].strip()
    if WORDS.search(name):
        return "_".join(filter(None, (rest.strip(MARKS) for rest in WORDS.split(name))))
    folded = name.casefold()
    for part in KIND_PARTS:
        place = folded.find(part)
        if place >= 0:
            before, after = name[:place].rstrip(MARKS), name[place + len(part) :].lstrip(MARKS)
            return "_".join(rest for rest in (before, after) if rest)
    return ""


def check_site(scenarios: ScenarioSet, site: str, place: Setting) -> None:
    """Raise a RequestError, at `place`, if no column has this site."""
    sites = list(dict.fromkeys(site_of(name) for name in scenarios.names if site_of(name)))
    if site not in sites:
        known = nearest_name(site, sites) if sites else "no column names a site; call columns such as wind@north"
        raise RequestError(f"there is no site {site!r}", advice=known, place=place)


def split_sites(scenarios: ScenarioSet) -> dict[str, ScenarioSet]:
    """Return the columns of every site as a scenario set of its own, sites in the order of their first column.

    A RequestError is raised if a column belongs to no site.

    Examples
    --------
    >>> import numpy as np
    >>> from scenred import Column
    >>> columns = (Column("wind_a", "wind"), Column("wind_b", "wind"), Column("pv_a", "pv"))
    >>> {site: one.names for site, one in split_sites(ScenarioSet(columns, np.zeros((1, 1, 3)), np.ones(1))).items()}
    {'a': ['wind_a', 'pv_a'], 'b': ['wind_b']}
    """
    places: dict[str, list[int]] = {}
    for place, name in enumerate(scenarios.names):
        if not site_of(name):
            raise RequestError(
                f"column {name!r} belongs to no site",
                advice="call it such as wind@north, or name the columns to use",
            )
        places.setdefault(site_of(name), []).append(place)
    return {
        site: replace(
            scenarios,
            columns=tuple(scenarios.columns[place] for place in here),
            values=scenarios.values[:, :, here],
        )
        for site, here in places.items()
    }

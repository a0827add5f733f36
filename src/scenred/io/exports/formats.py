"""The formats by name, and what each needs to know."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from scenred.errors import RequestError, UsageError
from scenred.io.exports.calliope import calliope
from scenred.io.exports.gams import gams
from scenred.io.exports.gdx import gdx
from scenred.io.exports.genx import genx
from scenred.io.exports.oemof import oemof
from scenred.io.exports.osemosys import osemosys
from scenred.io.exports.pgscen import pgscen
from scenred.io.exports.plexos import plexos
from scenred.io.exports.pypsa import pypsa
from scenred.io.exports.pypsa_folder import check_network_folder
from scenred.io.exports.pypsa_netcdf import stochastic
from scenred.io.exports.request import ExportRequest
from scenred.io.exports.sienna import sienna
from scenred.io.exports.smps import smps
from scenred.io.exports.spineopt import spineopt
from scenred.io.exports.switch import switch
from scenred.io.exports.temoa import temoa
from scenred.io.exports.tsam import tsam
from scenred.io.exports.tulipa import tulipa
from scenred.io.storage.json import document
from scenred.io.storage.netcdf import netcdf
from scenred.io.storage.parquet import parquet
from scenred.io.storage.scenred2 import scenred2
from scenred.io.storage.xlsx import workbook
from scenred.model import Facts, ScenarioSet
from scenred.options.declare import overrides
from scenred.options.exporting import Exporting

# From a set and a request to bytes: by file name, or under the empty name for a single file.
Writer = Callable[[ScenarioSet, ExportRequest], dict[str, bytes]]


@dataclass(frozen=True, slots=True)
class Format:
    """A format: its writer, and `takes`, the options that mean something to it besides map, step and hours.

    `check_folder` looks into a folder that its files are to join. `holds_load_capacity`: the capacity of a load, which
    scales the metric of a reduction, is written as such, and does not divide the values.
    """

    write: Writer
    is_folder: bool = False
    needs_map: bool = False
    takes: frozenset[str] = frozenset()
    holds_load_capacity: bool = False
    check_folder: Callable[[str, Mapping[str, bytes], ExportRequest], None] | None = None


def _stored(write: Callable[[ScenarioSet, Facts], bytes]) -> Writer:
    """Return the writer of one of scenred's own formats."""
    return lambda scenarios, request: {"": write(scenarios, request.facts(scenarios))}


FORMATS: dict[str, Format] = {
    "pypsa": Format(pypsa, is_folder=True, takes=frozenset({"form"}), check_folder=check_network_folder),
    "pypsa-netcdf": Format(stochastic, takes=frozenset({"form", "network_file", "names", "network_tz"})),
    "netcdf": Format(_stored(netcdf), holds_load_capacity=True),
    "parquet": Format(_stored(parquet)),
    "xlsx": Format(_stored(workbook)),
    "json": Format(_stored(document), holds_load_capacity=True),
    "genx": Format(genx, is_folder=True, needs_map=True, takes=frozenset({"value_of_lost_load"})),
    "tulipa": Format(tulipa, is_folder=True, needs_map=True, takes=frozenset({"year"})),
    "calliope": Format(calliope, needs_map=True),
    "oemof": Format(oemof, needs_map=True),
    "tsam": Format(tsam, needs_map=True),
    "gams": Format(gams),
    "gdx": Format(gdx),
    "scenred2": Format(_stored(scenred2)),
    "smps": Format(smps, takes=frozenset({"entries", "stage"})),
    "pgscen": Format(pgscen, is_folder=True, takes=frozenset({"date"})),
    "plexos": Format(plexos, is_folder=True, takes=frozenset({"date"})),
    "osemosys": Format(osemosys, is_folder=True, takes=frozenset({"year", "region"})),
    "sienna": Format(sienna, is_folder=True, holds_load_capacity=True),
    "switch": Format(switch, is_folder=True, takes=frozenset({"year"})),
    "temoa": Format(temoa, takes=frozenset({"year", "region"})),
    "spineopt": Format(spineopt, needs_map=True),
}
# Options that belong to some formats only.
SPECIAL = frozenset().union(*(form.takes for form in FORMATS.values()))


def written(name: str, scenarios: ScenarioSet, request: ExportRequest, exporting: Exporting) -> dict[str, bytes]:
    """Return a scenario set in a format: bytes by file name, under the empty name for a format of one file.

    `exporting` are the options as given, `request` what they make of this set. Raise a RequestError if the format
    cannot carry this set, or needs something that is missing; a UsageError if an option belongs to another format.
    """
    form = FORMATS[name]
    for option in sorted(SPECIAL & set(overrides(exporting)) - form.takes):
        owners = ", ".join(other for other, entry in FORMATS.items() if option in entry.takes)
        raise UsageError(f"{option.replace('_', ' ')} belongs to {owners}, not to {name}", advice="leave it out")
    if form.needs_map and request.chronology is None:
        raise RequestError(
            f"{name} describes how representative periods follow each other and cannot carry a set without its "
            "period map",
            advice="pass the one that generate wrote",
        )
    return form.write(scenarios, request)

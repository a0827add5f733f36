"""Files as operators publish them, each made from one truth and read back to exactly that truth."""

from __future__ import annotations

import gzip
import warnings
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from scenred import ScenredWarning, Series, read_series
from scenred.api.inputs import InputOptions
from scenred.api.inspect import inspect
from scenred.cli.findings import with_flags

BERLIN, LONDON, CHICAGO = "Europe/Berlin", "Europe/London", "America/Chicago"


def truth(zone: str | None, freq: str = "1h") -> pd.DataFrame:
    """Make wind and PV from before the clock is put forward in spring until after it is put back in autumn."""
    times = pd.date_range("2020-03-06", "2020-11-04", freq=freq, inclusive="left", tz=zone)
    generator = np.random.default_rng(6)
    wind = generator.uniform(0, 15_000, len(times)).round(1)
    daylight = np.clip(np.sin((np.arange(len(times)) % 24 - 6) / 12 * np.pi), 0, None)
    return pd.DataFrame(
        {"wind": wind, "pv": (daylight * generator.uniform(0, 9_000, len(times))).round(1)}, index=times
    )


def clock(data: pd.DataFrame) -> pd.DatetimeIndex:
    return pd.DatetimeIndex(data.index)


def german(value: float) -> str:
    return f"{value:,.1f}".replace(",", " ").replace(".", ",").replace(" ", ".")


def table(header: str, rows: list[str], end: str = "\n") -> str:
    return end.join([header, *rows]) + end


def rows_of(
    data: pd.DataFrame,
    stamp: Callable[[pd.Timestamp], str],
    number: Callable[[float], str] = str,
    mark: str = ",",
) -> list[str]:
    return [
        mark.join([stamp(time), *(number(value) for value in row)])
        for time, row in zip(data.index, data.to_numpy().tolist(), strict=True)
    ]


def iso_naive(data: pd.DataFrame) -> str:
    return table("time,wind,pv", rows_of(data, lambda t: t.strftime("%Y-%m-%d %H:%M")))


def iso_offset(data: pd.DataFrame) -> str:
    return table("time,wind,pv", rows_of(data, lambda t: t.isoformat()))


def entsoe_utc(data: pd.DataFrame) -> str:
    hour = pd.Timedelta("1h")
    rows = [
        f'"DE-LU","{t:%d.%m.%Y %H:%M} - {t + hour:%d.%m.%Y %H:%M}","{w}","{p}","n/e"'
        for t, (w, p) in zip(data.index, data.to_numpy().tolist(), strict=True)
    ]
    return table('"Area","MTU (UTC)","wind","pv","Fossil Oil - Actual Aggregated [MW]"', rows)


def entsoe_local(data: pd.DataFrame) -> str:
    hour = pd.Timedelta("1h")
    rows = [
        f"{t:%d/%m/%Y %H:%M:%S} ({t:%Z}) - {t + hour:%d/%m/%Y %H:%M:%S} ({t + hour:%Z}),{w},{p}"
        for t, (w, p) in zip(data.index, data.to_numpy().tolist(), strict=True)
    ]
    return table("MTU (CET/CEST),wind,pv", rows)


def smard(data: pd.DataFrame) -> str:
    hour = pd.Timedelta("1h")
    rows = [
        f"{t:%d.%m.%Y};{t:%H:%M};{t + hour:%H:%M};{german(w)};{german(p)}"
        for t, (w, p) in zip(data.index, data.to_numpy().tolist(), strict=True)
    ]
    return table("Datum;Anfang;Ende;wind;pv", rows)


def smard_from_to(data: pd.DataFrame) -> str:
    hour = pd.Timedelta("1h")
    rows = [
        f"{t:%d.%m.%Y %H:%M};{t + hour:%d.%m.%Y %H:%M};{german(w)};{german(p)}"
        for t, (w, p) in zip(data.index, data.to_numpy().tolist(), strict=True)
    ]
    return table("Datum von;Datum bis;wind;pv", rows, "\r\n")


def opsd(data: pd.DataFrame) -> str:
    rows = [
        f"{t.tz_convert('UTC'):%Y-%m-%dT%H:%M:%SZ},{t.isoformat()},{w},{p}"
        for t, (w, p) in zip(data.index, data.to_numpy().tolist(), strict=True)
    ]
    return table("utc_timestamp,cet_cest_timestamp,wind,pv", rows)


def settlement(data: pd.DataFrame) -> str:
    day = pd.Series(clock(data).strftime("%d-%b-%Y"))
    period = day.groupby(day).cumcount() + 1
    rows = [f"{d},{k},{w},{p}" for d, k, (w, p) in zip(day, period, data.to_numpy().tolist(), strict=True)]
    return table("SETTLEMENT_DATE,SETTLEMENT_PERIOD,wind,pv", rows)


def ercot(data: pd.DataFrame) -> str:
    naive = clock(data).tz_localize(None)
    again = pd.Series(naive).duplicated()
    rows = [
        f"{t:%m/%d/%Y},{t.hour + 1:02d}:00,{w},{p},{'Y' if flag else 'N'}"
        for t, flag, (w, p) in zip(data.index, again, data.to_numpy().tolist(), strict=True)
    ]
    return table("Date,Hour Ending,wind,pv,DSTFlag", rows)


def caiso(data: pd.DataFrame) -> str:
    """Count the hours of a day in order: to 25 where the clock is put back, to 23 where it is put forward."""
    day = pd.Series(clock(data).strftime("%Y-%m-%d"))
    hour = day.groupby(day).cumcount() + 1
    rows = [f"{d},{h},{w},{p}" for d, h, (w, p) in zip(day, hour, data.to_numpy().tolist(), strict=True)]
    return table("OPR_DT,OPR_HR,wind,pv", rows)


def eia(data: pd.DataFrame) -> str:
    hour = pd.Timedelta("1h")
    rows = rows_of(data, lambda t: f"ERCO,{(t.tz_convert('UTC') + hour):%m/%d/%Y %I:%M:%S %p}")
    return table("Balancing Authority,UTC Time at End of Hour,wind,pv", rows)


def nrel(data: pd.DataFrame) -> str:
    rows = rows_of(data, lambda t: f"{t.year},{t.month},{t.day},{t.hour},{t.minute}")
    return table("Source,Location ID,City\nNSRDB,123,-\nYear,Month,Day,Hour,Minute,wind,pv", rows)


def rts(data: pd.DataFrame) -> str:
    return table("Year,Month,Day,Period,wind,pv", rows_of(data, lambda t: f"{t.year},{t.month},{t.day},{t.hour + 1}"))


def pvgis(data: pd.DataFrame) -> str:
    head = "Latitude (decimal degrees):\t45.000\nElevation (m):\t250\n\n\nSlope: 35 deg.\n"
    foot = "\nP: PV system power (W)\nWS10m: 10-m total wind speed (m/s)\n\nPVGIS (c) European Union, 2001-2024\n"
    return head + table("time,wind,pv", rows_of(data, lambda t: t.strftime("%Y%m%d:%H%M"))) + foot


def ninja(data: pd.DataFrame) -> str:
    head = "# Renewables.ninja Wind (Point API)\n# Units: time in UTC, local_time in Europe/Berlin\n"
    rows = rows_of(data, lambda t: f"{t:%Y-%m-%d %H:%M},{t.tz_convert(BERLIN):%Y-%m-%d %H:%M}")
    return head + table("time,local_time,wind,pv", rows)


def aemo(data: pd.DataFrame) -> str:
    end = pd.Timedelta("5min")
    return table("REGION,SETTLEMENTDATE,wind,pv", rows_of(data, lambda t: f"NSW1,{t + end:%Y/%m/%d %H:%M:%S}"))


def esios(data: pd.DataFrame) -> str:
    return table("datetime;wind;pv", rows_of(data, lambda t: t.isoformat(), mark=";"))


def energinet(data: pd.DataFrame) -> str:
    rows = rows_of(
        data,
        lambda t: f"{t.tz_convert('UTC'):%Y-%m-%d %H:%M};{t:%Y-%m-%d %H:%M};DK1",
        lambda v: str(v).replace(".", ","),
        ";",
    )
    return table("HourUTC;HourDK;PriceArea;wind;pv", rows)


def newest_first(data: pd.DataFrame) -> str:
    return iso_offset(data.iloc[::-1])


def rte(data: pd.DataFrame) -> str:
    rows = rows_of(data, lambda t: f"France\tDonnées définitives\t{t:%d/%m/%Y}\t{t:%H:%M}", mark="\t")
    foot = "RTE ne pourra être tenu responsable de l'usage qui pourrait être fait des données\n"
    return "\t\n".join([table("Périmètre\tNature\tDate\tHeures\twind\tpv", rows, "\t\n").rstrip("\t\n"), foot])


def month_first(data: pd.DataFrame) -> str:
    return table("time,wind,pv", rows_of(data, lambda t: f"{t.month}/{t.day}/{t:%y} {t:%H:%M}"))


def unix(data: pd.DataFrame) -> str:
    return table("timestamp,wind,pv", rows_of(data, lambda t: str(int(t.timestamp()))))


def to_24(data: pd.DataFrame) -> str:
    def stamp(time: pd.Timestamp) -> str:
        end = time + pd.Timedelta("1h")
        return f"{time:%Y-%m-%d} 24:00" if end.hour == 0 else f"{end:%Y-%m-%d %H:%M}"

    return table("time,wind,pv", rows_of(data, stamp))


def units_below(data: pd.DataFrame) -> str:
    return table("time;wind;pv\n;MW;MW", rows_of(data, lambda t: f"{t:%Y-%m-%d %H:%M}", mark=";"))


def quoted(data: pd.DataFrame) -> str:
    return "".join('"' + line.replace(",", '","') + '"\r\n' for line in iso_naive(data).splitlines())


def without_header(data: pd.DataFrame) -> str:
    return "\n".join(rows_of(data, lambda t: f"{t:%Y-%m-%d %H:%M}")) + "\n"


def long(data: pd.DataFrame) -> str:
    rows = [
        f"{t:%Y-%m-%d %H:%M},{name},{value}"
        for t, row in zip(data.index, data.to_numpy().tolist(), strict=True)
        for name, value in zip(data.columns, row, strict=True)
    ]
    return table("time,site,mw", rows)


def swiss(data: pd.DataFrame) -> str:
    return table(
        "Zeit\twind\tpv",
        rows_of(data, lambda t: f"{t:%d.%m.%Y %H:%M}", lambda v: f"{v:,.1f}".replace(",", "'"), "\t"),
    )


def american(data: pd.DataFrame) -> str:
    return table("time,wind,pv", rows_of(data, lambda t: f"{t:%Y-%m-%d %H:%M}", lambda v: f'"{v:,.1f}"'))


def strung_together(data: pd.DataFrame) -> str:
    return iso_naive(data.iloc[:2000]) + iso_naive(data.iloc[2000:])


@dataclass(frozen=True)
class Case:
    """One shape of file: how it is written, the zone of its truth, what must be told."""

    write: Callable[[pd.DataFrame], str]
    zone: str | None
    told: dict[str, Any] = field(default_factory=dict)
    freq: str = "1h"
    encoding: str = "utf-8"
    options: dict[str, Any] = field(default_factory=dict)


USED: dict[str, Any] = {"columns": ["wind", "pv"]}
CASES = {
    "iso": Case(iso_naive, None),
    "iso BOM": Case(iso_naive, None, encoding="utf-8-sig"),
    "iso UTF-16": Case(iso_naive, None, encoding="utf-16"),
    "iso UTF-16 without mark": Case(iso_naive, None, encoding="utf-16-le"),
    "iso CR": Case(lambda data: iso_naive(data).replace("\n", "\r"), None),
    "iso CRLF quoted": Case(quoted, None),
    "local": Case(iso_naive, BERLIN, {"tz": BERLIN}),
    "local 15 minutes": Case(iso_naive, BERLIN, {"tz": BERLIN}, "15min"),
    "offsets": Case(iso_offset, BERLIN, {"tz": BERLIN}),
    "offset": Case(iso_offset, "Etc/GMT+5"),
    "newest first": Case(newest_first, BERLIN, {"tz": BERLIN}),
    "newest first, local": Case(lambda data: iso_naive(data.iloc[::-1]), BERLIN, {"tz": BERLIN}),
    "ENTSO-E, UTC": Case(entsoe_utc, "UTC", options=USED),
    "ENTSO-E, CET": Case(entsoe_local, BERLIN, {"tz": BERLIN}),
    "SMARD": Case(smard, BERLIN, {"tz": BERLIN}, encoding="utf-8-sig"),
    "SMARD from to": Case(smard_from_to, BERLIN, {"tz": BERLIN}),
    "OPSD": Case(opsd, "UTC"),
    "Elexon": Case(settlement, LONDON, {"tz": LONDON}, "30min"),
    "ERCOT": Case(ercot, CHICAGO, {"tz": CHICAGO}),
    "CAISO": Case(caiso, "America/Los_Angeles", {"tz": "America/Los_Angeles"}),
    "EIA": Case(eia, "UTC"),
    "NREL": Case(nrel, None),
    "RTS-GMLC": Case(rts, None),
    "PVGIS": Case(pvgis, None),
    "renewables.ninja": Case(ninja, "UTC", {"tz": "UTC"}),
    "AEMO": Case(aemo, None, {}, "5min"),
    "ESIOS": Case(esios, "Europe/Madrid", {"tz": "Europe/Madrid"}),
    "energidataservice": Case(energinet, "UTC"),
    "RTE": Case(rte, None, encoding="latin-1"),
    "month first, two digits": Case(month_first, None),
    "Unix": Case(unix, "UTC"),
    "24:00": Case(to_24, None),
    "units below": Case(units_below, None),
    "without header": Case(without_header, None, {"header": "none"}),
    "long": Case(long, None),
    "long, told": Case(long, None, {"long": ("site", "mw")}),
    "Swiss": Case(swiss, None),
    "American": Case(american, None),
    "strung together": Case(strung_together, None),
}  # fmt: skip


def assert_is(series: Series, data: pd.DataFrame) -> None:
    times = series.times()
    assert len(times) == len(data)
    assert (times.tz is None) == (clock(data).tz is None)
    assert (times.as_unit("us") == clock(data).as_unit("us")).all()
    by_name = {column.name: series.values[:, number] for number, column in enumerate(series.columns)}
    names = ["wind", "pv"] if "wind" in by_name else ["2", "3"]
    assert sorted(by_name) == sorted(names)
    for name, column in zip(names, ("wind", "pv"), strict=True):
        assert np.array_equal(by_name[name], data[column].to_numpy())


@pytest.mark.parametrize("name", CASES)
def test_files_of_operators_read_back_to_the_truth(
    name: str, tmp_path: Path, read_by_flags: Callable[[Path, str], Series]
) -> None:
    case = CASES[name]
    data = truth("UTC" if case.zone == "UTC" or name in ("OPSD", "EIA") else case.zone, case.freq)
    source = data
    if name in ("OPSD", "energidataservice"):
        source = data.tz_convert(BERLIN)
    if case.freq == "5min":
        data = source = data.iloc[: 288 * 20]
    path = tmp_path / "file.csv"
    path.write_bytes(case.write(source).encode(case.encoding))

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ScenredWarning)
        series = read_series(path, reading=InputOptions.of({}, case.told).reading, **case.options)
        dst = {"dst": "drop"} if "tz" in case.told else {}
        found, refusal = inspect(path, reading=case.told | dst, **case.options)

    assert_is(series, data)
    assert refusal is None
    assert_is(read_by_flags(path, with_flags(found, None, [])["flags"]), data)


def test_gzip_is_unpacked(tmp_path: Path) -> None:
    data = truth(None)
    (tmp_path / "year.csv.gz").write_bytes(gzip.compress(iso_naive(data).encode()))

    assert_is(read_series(tmp_path / "year.csv.gz"), data)

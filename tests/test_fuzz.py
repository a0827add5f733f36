"""Whatever bytes come in: a scenario set, or one of our errors; never another, never a hang, never half a file."""

from __future__ import annotations

import os
import resource
import time
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scenred import InputError, RequestError, ScenarioSet, ScenredWarning, UsageError, read_input
from scenred.cli.app import run
from scenred.io.files.source import Content

# `make fuzz` asks for more.
CASES = int(os.environ.get("SCENRED_FUZZ", "2000"))
HOURS = 60


def seeds() -> list[bytes]:
    """Make small valid files of many shapes."""
    generator = np.random.default_rng(1)
    days = [(f"2020-03-{28 + hour // 24:02d}", hour % 24) for hour in range(HOURS)]
    values = generator.uniform(0, 2_000, (HOURS, 2)).round(1).tolist()
    rows = list(zip(days, values, strict=True))
    iso = "time,wind,pv\n" + "".join(f"{d} {h:02d}:00,{w},{p}\n" for (d, h), (w, p) in rows)
    german = "Datum;Anfang;wind;pv\r\n" + "".join(
        f"{d[8:]}.{d[5:7]}.{d[:4]};{h:02d}:00;{w:.1f};{p:.1f}\r\n".replace(".", ",", 0) for (d, h), (w, p) in rows
    )
    parts = "Year,Month,Day,Period,wind\n" + "".join(f"2020,3,{d[8:]},{h + 1},{w}\n" for (d, h), (w, _) in rows)
    zoned = "time\twind\n" + "".join(f"{d}T{h:02d}:00+01:00\t{w}\n" for (d, h), (w, _) in rows)
    stamps = [f"{day} {hour:02d}:00" for day, hour in days]
    sites = [f"{t},{s},{w}\n" for t, row in zip(stamps, values, strict=True) for s, w in zip("ab", row, strict=True)]
    long = "time,site,mw\n" + "".join(sites)
    body = "".join(f"{t},{w}\n" for t, (w, _) in zip(stamps, values, strict=True))
    head = f"# comment\n# Units: MW\ntime,wind\n,MW\n{body}\nend of file\n"
    spaced = iso.replace(",", "  ")
    numbers = "Year,DOY,Hour,wind\n" + "".join(
        f"2020,{88 + hour // 24},{hour % 24 * 100 + 100},{w} MW\n" for hour, (_, (w, _)) in enumerate(rows)
    )
    labels = [(d, f"{h + 1}{'AB'[hour % 2] if h == 2 else ''}") for hour, ((d, h), _) in enumerate(rows)]
    marked = "Date,Hour,wind\n" + "".join(
        f"{d},{label},{w}\n" for (d, label), (_, (w, _)) in zip(labels, rows, strict=True)
    )
    wide = ",".join(["Date", "Zone", *(f"HE{hour}" for hour in range(1, 25)), "HE03*"]) + "\n"
    wide += "".join(
        ",".join([f"2020-03-{day}", "a", *(f"{w}" for w, _ in (values * 2)[day : day + 24]), ""]) + "\n"
        for day in range(24, 32)
    )
    scenarios = "scenario,probability,step,wind\n"
    scenarios += "".join(f"{s},0.25,{t},{s * t}\n" for s in range(4) for t in range(6))
    texts = (
        iso,
        german,
        parts,
        zoned,
        long,
        head,
        scenarios,
        iso.replace(".", ","),
        spaced,
        numbers,
        marked,
        wide,
    )
    return [text.encode() for text in texts] + [iso.encode("utf-16"), german.encode("latin-1")]


SEEDS = seeds()
SPICE = [
    b"", b"\0", b",", b";", b"\n", b"\r", b'"', b"n/e", b"-", b"NaN", b"inf", b"1e999", b"-999", b"=cmd()", b"#",
    b"24:00", b"31/02/2020", b"2020-03-29 02:30", b"\xff\xfe", b"\xe4", b"\xe2\x88\x92", b"1.234,5", b"9" * 400,
    b"+", b"time", b"\x1f\x8b", b"PK\x03\x04", b"PAR1",
]  # fmt: skip


def mutated(seed: bytes, generator: np.random.Generator) -> bytes:
    """Cut, repeat, reorder and corrupt bytes and lines of a file."""
    data = seed
    for _ in range(int(generator.integers(1, 5))):
        where, length = int(generator.integers(0, len(data) + 1)), int(generator.integers(0, 40))
        lines = data.split(b"\n")
        line, other = (int(number) for number in generator.integers(0, len(lines), 2))
        match int(generator.integers(0, 8)):
            case 0:
                data = data[:where]
            case 1:
                data = data[:where] + data[where + length :]
            case 2:
                data = data[:where] + data[where : where + length] * 2 + data[where + length :]
            case 3:
                data = (
                    data[:where]
                    + bytes(generator.integers(0, 256, 1 + length // 10, dtype=np.uint8))
                    + data[where + 1 :]
                )
            case 4:
                data = data[:where] + SPICE[int(generator.integers(0, len(SPICE)))] + data[where:]
            case 5:
                lines[line], lines[other] = lines[other], lines[line]
                data = b"\n".join(lines)
            case 6:
                data = b"\n".join([*lines[:line], lines[other], *lines[line:]])
            case _:
                data = b"\n".join([*lines[:line], *lines[line + 1 :]])
    return data


TOLD: list[dict[str, Any]] = [
    {},
    {"missing": "drop", "duplicates": "first", "sort": True, "dst": "drop"},
    {"missing": "interpolate:4", "tz": "Europe/Berlin", "dst": "regular", "duplicates": "mean"},
    {"negative": "zero", "resample": "2h", "drop_leap_day": True, "missing": "drop"},
    {"start": "2020-01-01T00:30", "step": "15min", "missing": "drop"},
    {"delimiter": " ", "tz": "Europe/Berlin", "dst": "drop", "long": ("Zone+Date", "value")},
    {"time_format": "excel", "unit": "MW"},
    {"unit": "percent", "clip": True, "stamp": "end", "header": "none"},
    {"snap": "1h", "rows": "2-40", "missing": "drop"},
    {"header": "none", "start": "2019-01-01", "rows": "5-900"},
]


def read_or_refuse(data: bytes, reading: dict[str, Any]) -> None:
    """Read bytes: what is accepted is a scenario set, what is refused one line."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        warnings.simplefilter("ignore", ScenredWarning)
        try:
            read = read_input(Content(data, "fuzz.csv", "digest"), reading=reading, period="6h")
        except (InputError, RequestError, UsageError):
            return
    assert isinstance(read, ScenarioSet)
    assert np.isfinite(read.values).all()


def test_mutated_files_are_read_or_refused() -> None:
    generator = np.random.default_rng(2020)
    slowest = 0.0
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    for number in range(CASES):
        data = mutated(SEEDS[number % len(SEEDS)], generator)
        began = time.process_time()
        read_or_refuse(data, TOLD[number // len(SEEDS) % len(TOLD)])
        slowest = max(slowest, time.process_time() - began)

    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert slowest < 10
    assert grown < 300_000  # KiB on Linux


@settings(max_examples=max(CASES // 10, 100), suppress_health_check=list(HealthCheck))
@given(
    cells=st.lists(
        st.lists(
            st.one_of(st.text(max_size=8), st.floats().map(str), st.datetimes().map(str)),
            min_size=1,
            max_size=4,
        ),
        min_size=1,
        max_size=12,
    ),
    mark=st.sampled_from([",", ";", "\t"]),
)
def test_tables_of_any_cells_are_read_or_refused(cells: list[list[str]], mark: str) -> None:
    text = "\n".join(mark.join(row) for row in cells)

    read_or_refuse(text.encode("utf-8", "replace"), TOLD[len(text) % len(TOLD)])


@pytest.mark.parametrize("number", range(20))
def test_refused_files_leave_one_line_and_nothing_else(
    number: int, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    generator = np.random.default_rng(number)
    (tmp_path / "in.csv").write_bytes(mutated(SEEDS[number % len(SEEDS)], generator))

    code = run(["generate", str(tmp_path / "in.csv"), "-k", "1", "--period", "6h", "-o", str(tmp_path / "out.csv")])

    out, err = capfd.readouterr()
    assert out == ""
    if code:
        assert code in (2, 3, 4)
        assert err.count("\n") == 1
        assert [path.name for path in tmp_path.iterdir()] == ["in.csv"]
    else:
        assert (tmp_path / "out.csv").read_text().startswith("scenario,probability,")


@pytest.mark.parametrize(
    "data",
    [
        b"time,wind\n" * 200_000,
        b"#\n" * 500_000,
        b"\n" * 1_000_000 + b"a",
        b'"' * 1_000_000,
        b"time,wind\n" + b"x;y\n" * 200_000,
        b"time,wind\n2020-01-01 00:00,1\n" + b"end of file\n" * 100_000,
        b"time,wind\n" + b"2020-01-01 00:00,1,000\n" * 100_000,
        b"1.234;1.234\n" * 100_000,
        SEEDS[1] + b"88.3;18\r88.3;18",  # a lone carriage return in the last line
    ],
)
def test_large_files_of_nothing_are_refused_soon(data: bytes) -> None:
    began = time.monotonic()

    read_or_refuse(data, {})

    assert time.monotonic() - began < 20

"""Small files that unpack to much: refused in one line, in little memory and time."""

from __future__ import annotations

import gzip
import io
import json
import subprocess
import sys
import zipfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from scenred import InputError, read_series
from scenred.io.files.source import MOST_MEMBERS, Content
from scenred.io.opening.binary import read_binary
from scenred.options import Reading

# What is allowed, and what a process may take in all and a file in time: the libraries alone take 200 MB.
ALLOWED, MOST_MEMORY, MOST_SECONDS = "100MB", 480, 20
# Runs a command for each file and tells its code, the most memory that it had in MB, and its time.
GUARDED = """
import json, pathlib, resource, sys, time
from scenred.cli.app import run
resource.setrlimit(resource.RLIMIT_CPU, (600, 600))
for path in sys.argv[2:]:
    pathlib.Path("/proc/self/clear_refs").write_text("5")  # the peak begins anew
    began = time.process_time()
    code = run([sys.argv[1], path, "--max-size", "ALLOWED"])
    status = pathlib.Path("/proc/self/status").read_text()
    peak = int(status.split("VmHWM:")[1].split()[0]) // 1024
    print(json.dumps([pathlib.Path(path).name, code, peak, time.process_time() - began]), flush=True)
""".replace("ALLOWED", ALLOWED)

OFFICE = "http://schemas.openxmlformats.org"
MAIN = f'xmlns="{OFFICE}/spreadsheetml/2006/main"'
KINDS = "application/vnd.openxmlformats-officedocument.spreadsheetml"
RELATED = f"{OFFICE}/officeDocument/2006/relationships"


def workbook(sheet: str, *, before: str = "", texts: str = "", styles: str = "") -> bytes:
    """Make a workbook of one sheet from pieces of XML."""
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{OFFICE}/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{KINDS}.sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{KINDS}.worksheet+xml"/>'
        f'<Override PartName="/xl/sharedStrings.xml" ContentType="{KINDS}.sharedStrings+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{OFFICE}/package/2006/relationships">'
        f'<Relationship Id="rId1" Type="{RELATED}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook {MAIN} xmlns:r="{RELATED}"><sheets><sheet name="a" sheetId="1" r:id="rId1"/>'
        "</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{OFFICE}/package/2006/relationships">'
        f'<Relationship Id="rId1" Type="{RELATED}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f"<worksheet {MAIN}>{before}<sheetData>{sheet}</sheetData></worksheet>",
        "xl/sharedStrings.xml": f"<sst {MAIN}>{texts}</sst>",
    }
    if styles:
        parts["xl/styles.xml"] = f"<styleSheet {MAIN}><cellXfs>{styles}</cellXfs></styleSheet>"
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return packed.getvalue()


CELL = '<c t="inlineStr"><is><t>x</t></is></c>'
FAR = '<row r="1"><c r="A1"/></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
WORKBOOKS: dict[str, Callable[[], bytes]] = {
    "a last cell far away": lambda: workbook(FAR, before='<dimension ref="A1:XFD1048576"/>'),
    "a far cell in every row": lambda: workbook('<row><c r="XFD1"/></row>' * 2_000),
    "empty cells": lambda: workbook(f"<row>{'<c/>' * 16_000}</row>" * 70),
    "empty rows": lambda: workbook("<row/>" * 1_100_000),
    "unknown elements": lambda: workbook("<row/>", before="<x/>" * 1_100_000),
    "empty texts": lambda: workbook(f"<row>{CELL}</row>", texts="<si/>" * 1_100_000),
    "styles": lambda: workbook(f"<row>{CELL}</row>", styles="<xf/>" * 110_000),
    "spaces": lambda: workbook(" " * 101_000_000),
}


def parquet(kind: str) -> bytes:
    """Make a Parquet file of one column that is all alike."""
    pa, pq = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
    if kind == "text":
        texts = pa.array(["x" * 100_000])
        column = pa.DictionaryArray.from_arrays(pa.array(np.zeros(3_000, dtype=np.int32)), texts)
    elif kind == "repeated text":
        column = pa.array(["x" * 100_000] * 1_500)
    else:
        column = pa.nulls(6_000_000, pa.string()) if kind == "nulls" else pa.array(np.zeros(6_000_000, dtype=np.int8))
    packed = io.BytesIO()
    pq.write_table(pa.table({"time": column}), packed, compression="zstd", row_group_size=100_000_000)
    return packed.getvalue()


def netcdf(kind: str) -> bytes:
    """Make a NetCDF-4 file that declares much and stores nothing."""
    h5py = pytest.importorskip("h5py")
    packed = io.BytesIO()
    with h5py.File(packed, "w") as file:
        n_hours = 60_000_000 if kind == "coordinate" else 1_000
        time = file.create_dataset("time", (n_hours,), "i8", chunks=(1_000,))
        time.make_scale("time")
        time.attrs["units"] = np.bytes_("hours since 2000-01-01")
        shapes = {"variables": (1_000, 1_000), "wide": (1_000, 12_000)}
        for number in range({"variables": 6, "wide": 1}.get(kind, 0)):
            shape = shapes[kind]
            if "place" not in file:
                file.create_dataset("place", (shape[1],), "f8").make_scale("place")
            values = file.create_dataset(f"v{number}", shape, "i1", chunks=(100, 1_000))
            values.dims[0].attach_scale(time)
            values.dims[1].attach_scale(file["place"])
        if kind == "chunk":
            values = file.create_dataset("wind", (1_000,), "f8", maxshape=(None,), chunks=(20_000_000,), compression=1)
            values.dims[0].attach_scale(time)
    return packed.getvalue()


TEXTS: dict[str, Callable[[], bytes]] = {
    "gzip of empty members": lambda: gzip.compress(b"", mtime=0) * (MOST_MEMBERS + 1),
    "gzip of short rows": lambda: gzip.compress(b"time,wind\n" + b"a,1\n" * 3_000_000, 1),
    "gzip of zeros": lambda: gzip.compress(b"\0" * 110_000_000, 1),
    "wide text": lambda: gzip.compress(b"time\n" + (b";" * 9_999 + b"\n") * 420, 1),
    "a fan": lambda: gzip.compress(b"TYPE FAN\nTIME 1\nSCEN 1\nRANDOM 9\nDATA\n" + b"1 " * 2_000_000, 1),
    "a set in JSON": lambda: gzip.compress(b'{"scenario_set":1,"scenarios":[' + b"[]," * 800_000 + b"1]}", 1),
}
BOMBS: dict[str, Callable[[], bytes]] = {
    **WORKBOOKS,
    **TEXTS,
    **{f"Parquet of {kind}": partial(parquet, kind) for kind in ("text", "repeated text", "nulls", "zeros")},
    **{f"NetCDF by {kind}": partial(netcdf, kind) for kind in ("coordinate", "variables", "wide", "chunk")},
}


def guarded(command: str, *paths: Path) -> tuple[dict[str, tuple[int, int, float]], str]:
    """Run a command for each file in one process; return code, peak and seconds by file, and what was said."""
    words = [sys.executable, "-c", GUARDED, command, *map(str, paths)]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    told = (json.loads(line) for line in done.stdout.splitlines() if line.startswith("["))
    return {name: (code, peak, seconds) for name, code, peak, seconds in told}, done.stderr


@pytest.mark.skipif(not Path("/proc/self/clear_refs").exists(), reason="measures memory with /proc")
def test_small_files_that_unpack_to_much_are_refused(tmp_path: Path) -> None:
    pytest.importorskip("openpyxl")
    for kind, make in BOMBS.items():
        (tmp_path / kind).write_bytes(make())
        assert (tmp_path / kind).stat().st_size < 3_000_000

    told, said = guarded("curve", *(tmp_path / kind for kind in BOMBS))

    assert {kind: told.get(kind, (-1,))[0] for kind in BOMBS} == dict.fromkeys(BOMBS, 3), said
    assert said.count("\n") == len(BOMBS)
    assert (
        said.count("unpacks to more than 100,000,000 bytes; if that is right, allow more with --max-size 200MB") >= 20
    )
    assert all(peak < MOST_MEMORY and seconds < MOST_SECONDS for _, peak, seconds in told.values()), told


@pytest.mark.parametrize("kind", ["shape", "bytes"])
def test_a_matrix_is_no_larger_than_allowed(kind: str, tmp_path: Path) -> None:
    matrix = np.zeros((40, 40), dtype=np.int8)
    np.save(tmp_path / "m.npy", matrix)
    if kind == "shape":
        data = (tmp_path / "m.npy").read_bytes()
        (tmp_path / "m.npy").write_bytes(data.replace(b"(40, 40)", b"(99999999, 99999999)"))
    from scenred.io.records.matrix import read_matrix

    with pytest.raises(InputError, match="cut or corrupt" if kind == "shape" else "unpacks to more than 5,000 bytes"):
        read_matrix(tmp_path / "m.npy", 5_000)


def test_a_study_and_a_manifest_are_short(tmp_path: Path) -> None:
    from scenred.io.records.manifest import read_manifest
    from scenred.io.records.study import read_study

    (tmp_path / "study.toml").write_text("[wind]\n" + "# x\n" * 100_000)
    (tmp_path / "deep.toml").write_text("a." * 5_000 + "a = 1\n")
    (tmp_path / "s.manifest.json").write_text(json.dumps({"scenarios": [[]] * 10_000_000}))

    for name in ("study.toml", "deep.toml"):
        with pytest.raises(InputError, match="which no study needs"):
            read_study(tmp_path / name)
    with pytest.raises(InputError, match="manifest"):
        read_manifest(tmp_path / "s.manifest.json")


def test_more_is_read_where_more_is_allowed(tmp_path: Path) -> None:
    pytest.importorskip("openpyxl")
    rows = "".join(
        f'<row><c t="inlineStr"><is><t>2019-01-01 {hour:02d}:00</t></is></c><c><v>{hour}</v></c></row>'
        for hour in range(24)
    )
    head = '<row><c t="inlineStr"><is><t>time</t></is></c><c t="inlineStr"><is><t>wind</t></is></c></row>'
    path = tmp_path / "day.xlsx"
    path.write_bytes(workbook(head + rows))

    assert len(read_series(path, max_size=50_000).values) == 24
    with pytest.raises(InputError, match=r"unpacks to more than 10,000 bytes; .* allow more with max_size=1000000"):
        read_series(path, max_size=10_000)


@pytest.mark.parametrize("how", ["external", "virtual", "link"])
def test_values_in_other_files_are_refused(how: str, tmp_path: Path) -> None:
    h5py = pytest.importorskip("h5py")
    (tmp_path / "secret").write_bytes(np.arange(48.0).tobytes())
    with h5py.File(tmp_path / "a.nc", "w") as file:
        file.create_dataset("time", data=np.arange(48)).make_scale("time")
        if how == "external":
            file.create_dataset("wind", (48,), "f8", external=[(str(tmp_path / "secret"), 0, 384)])
        elif how == "virtual":
            layout = h5py.VirtualLayout((48,), "f8")
            layout[:] = h5py.VirtualSource(str(tmp_path / "b.nc"), "wind", (48,))
            file.create_virtual_dataset("wind", layout)
        else:
            file["wind"] = h5py.ExternalLink(str(tmp_path / "b.nc"), "wind")
    with h5py.File(tmp_path / "b.nc", "w") as file:
        file.create_dataset("wind", data=np.arange(48.0))
    content = Content((tmp_path / "a.nc").read_bytes(), "a.nc", "")

    with pytest.raises(InputError, match="keeps values in other files"):
        read_binary(content, Reading())

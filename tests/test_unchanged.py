"""What the command line wrote before a change of the code's layout, it writes after it.

`unchanged/commands.txt` lists command lines in cases; `unchanged/golden/CASE.json` holds what each case wrote.
Tables, period maps and exported text files are the same bytes. Documents in JSON are equal but for when and by which
versions they were made, and for numbers in the last digits: sums of numpy, the compiled kernels and HiGHS round
otherwise on another processor or with another version, so numbers agree to 1e-9. For the same reason bytes are compared
where processor and versions are those of the golden files, elsewhere the numbers in them. Binary files are read back
first. Of sentences only the numbers count, of a failure its exit code, one line on stderr, and that nothing is written.

`pytest --update-golden` writes the golden files anew; what changes in them belongs into the CHANGELOG.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import math
import re
import shlex
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from llvmlite.binding import get_host_cpu_name  # type: ignore[import-untyped]

from scenred.cli.app import run

HERE = Path(__file__).parent / "unchanged"
GOLDEN = HERE / "golden"
SHARED = {"rts": "rts_gmlc", "tsam.csv": "tsam/testdata.csv"}  # data that the project may not keep
# Commands whose numbers rest on fits by scikit-learn and scipy.
FITTED = {"sample", "backtest", "quantize"}
MADE_ELSEWHERE = {"created", "versions"}
SENTENCES = {"condition", "refused", "notes"}
LONGEST = 12  # numbers of a list that are kept one by one
NUMBER = re.compile(r"(?<![\w.])-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?(?![\w])")
CLOCK = re.compile(r"\d+\.\d\d s\b")


def read_cases() -> dict[str, list[str]]:
    """Read the cases: `[name]`, or `[name] slow`, above command lines that run one after the other in one folder."""
    cases: dict[str, list[str]] = {}
    for line in (HERE / "commands.txt").read_text().splitlines():
        if line.startswith("["):
            lines = cases[line] = []
        elif line and not line.startswith("#"):
            lines.append(line)
    return cases


def as_parameter(heading: str, lines: list[str]) -> Any:
    name, _, mark = heading[1:].partition("]")
    return pytest.param(name, lines, id=name, marks=[pytest.mark.slow] if mark.strip() == "slow" else [])


def cases(*, shared: bool) -> list[Any]:
    """Return the cases that read, or do not read, data that the project may not keep."""
    reads = {name: any(link in line for line in lines for link in SHARED) for name, lines in read_cases().items()}
    return [as_parameter(name, lines) for name, lines in read_cases().items() if reads[name] is shared]


@pytest.fixture(scope="session")
def inputs(sample_path: Path, reference: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make the inputs, all of them parts of the sample or written by rule."""
    folder = tmp_path_factory.mktemp("inputs")
    shutil.copy(reference / "pmed" / "pmed1.txt", folder)
    rows = sample_path.read_text().splitlines()
    (folder / "year.csv").write_text("\n".join(rows) + "\n")
    (folder / "month.csv").write_text("\n".join(rows[: 1 + 30 * 24]) + "\n")
    (folder / "next.csv").write_text("\n".join([rows[0], *rows[1 + 30 * 24 : 1 + 60 * 24]]) + "\n")
    march = [row.replace("-05:00", "") for row in rows if row.startswith("2019-03")]
    (folder / "march.csv").write_text("\n".join([rows[0], *march]) + "\n")
    past = (sample_path.parent / "forecast_actual.csv").read_text().splitlines()
    (folder / "past.csv").write_text("\n".join(past[: 1 + 60 * 24]) + "\n")
    make_parts(folder)
    make_other_layouts(pd.read_csv(folder / "month.csv"), folder)
    make_other_clocks(pd.read_csv(folder / "month.csv"), folder)
    apart = np.abs(np.subtract.outer(np.arange(30), np.arange(30)))
    np.save(folder / "matrix.npy", (apart * 7 % 31 + apart) / 10.0)
    (folder / "dates.txt").write_text("2019-01-17  # a remark\n2019-01-05\n")
    (folder / "study.toml").write_text("[wind]\ninvestment = 1100\n[economy]\nvalue_of_lost_load = 3000\n")
    strict = "[backup]\nlargest = 0\n[storage]\nlargest_power = 0\n[economy]\nvalue_of_lost_load = inf\n"
    (folder / "strict.toml").write_text(strict)
    (folder / "broken.csv").write_text("time,wind\n2019-01-01 00:00,0.5\n2019-01-01 01:00,much\n")
    return folder


def make_parts(folder: Path) -> None:
    """Write what others keep in several files: months, forecasts and actuals, and what they pack."""
    (folder / "parts").mkdir()
    for name in ("month.csv", "next.csv"):
        shutil.copy(folder / name, folder / "parts" / name)
    (folder / "month.csv.gz").write_bytes(gzip.compress((folder / "month.csv").read_bytes(), mtime=0))
    past = pd.read_csv(folder / "past.csv")
    for name in ("forecast", "actual"):
        some = past[["time", f"wind_{name}", f"pv_{name}"]].set_axis(["time", "wind", "pv"], axis=1)
        some.to_csv(folder / f"{name}s.csv", index=False)


def make_other_layouts(month: pd.DataFrame, folder: Path) -> None:
    """Write the month as others would: with load, in percent with commas, long, without header, with faults."""
    hours = np.arange(len(month))
    load = month.assign(load=900 + hours * 37 % 211, weather=np.where(hours // 24 % 3 == 0, "calm", "windy"))
    load.to_csv(folder / "load.csv", index=False)
    load[["time", "load"]].to_csv(folder / "demand.csv", index=False)
    clock = pd.to_datetime(month["time"].str[:16]) + pd.Timedelta(hours=1)
    percent = pd.DataFrame({"Datum": clock.dt.strftime("%d.%m.%Y"), "Zeit": clock.dt.strftime("%H:%M")})
    percent["Wind Süd"] = (100 * month["wind_miami"]).round(2).map(lambda value: f"{value:.2f}".replace(".", ","))
    percent["PV Süd"] = (100 * month["pv_miami"]).round(2).map(lambda value: f"{value:.2f}".replace(".", ","))
    percent.loc[[100, 101, 400], "Wind Süd"] = "-999"
    lines = percent.iloc[::-1].to_csv(index=False, sep=";", lineterminator="\n").splitlines()
    (folder / "percent.csv").write_bytes("\n".join([lines[0], ";;%;%", *lines[1:]]).encode("cp1252"))
    long = month.melt("time", ["wind_miami", "pv_miami"], var_name="site", value_name="mean")
    long.to_csv(folder / "long.csv", index=False)
    month[["wind_miami", "pv_miami"]].to_csv(folder / "bare.csv", index=False, header=False)
    faulty = month[["time", "wind_miami", "pv_miami"]].copy()
    faulty["pv_miami"] -= 0.01
    faulty.loc[50, "wind_miami"] = 1.2
    faulty.loc[300:302, "wind_miami"] = np.nan
    faulty = pd.concat([faulty, faulty.iloc[200:203].assign(wind_miami=0.5)]).sort_values("time", kind="stable")
    faulty.drop(index=[600, 601]).to_csv(folder / "faulty.csv", index=False)


def make_other_clocks(month: pd.DataFrame, folder: Path) -> None:
    """Write two columns of the month with the time as others write it, and one with a row per day."""
    times = pd.to_datetime(month["time"].str[:16])
    since = (times - pd.Timestamp("1970-01-01")) // pd.Timedelta(hours=1)
    stamps: dict[str, pd.Series[Any]] = {
        "am_pm": times.dt.strftime("%m/%d/%Y %I:%M %p"),
        "unix": since * 3600,
        "excel": (25569 + since / 24).round(9),
        "dmy": times.dt.strftime("%d/%m/%Y %H.%M"),
        "zulu": (times + pd.Timedelta(hours=5)).dt.strftime("%Y-%m-%dT%H:%M:%SZ"),
    }
    for name, written in stamps.items():
        some = month[["wind_miami", "pv_miami"]].assign(time=written)
        some.to_csv(folder / f"{name}.csv", index=False)
    across = pd.DataFrame(month["wind_miami"].to_numpy().reshape(-1, 24), columns=[f"H{n}" for n in range(1, 25)])
    across.insert(0, "Date", times.dt.strftime("%Y-%m-%d").to_numpy()[::24])
    across.to_csv(folder / "across.csv", index=False)


@contextmanager
def standard_input(path: str | None, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    if path is None:
        yield
        return
    with Path(path).open() as stream:
        monkeypatch.setattr("sys.stdin", stream)
        yield


def numbers_of(text: str) -> dict[str, Any]:
    return summed([float(number) for number in NUMBER.findall(text)])


def summed(numbers: list[float]) -> dict[str, Any]:
    """Sum numbers, also each times its place, so that their order counts."""
    places = range(1, len(numbers) + 1)
    weighted = math.fsum(place * number for place, number in zip(places, numbers, strict=True))
    return {"numbers": len(numbers), "sum": math.fsum(numbers), "by_place": weighted}


def table_record(content: bytes) -> dict[str, Any]:
    text = content.decode()
    head, sha = text.partition("\n")[0][:120], hashlib.sha256(content).hexdigest()
    return {"sha256": sha, "lines": text.count("\n"), "head": head, **numbers_of(text)}


def document_record(content: Any, key: str = "") -> Any:
    """Leave out of a document what is made elsewhere, the words of sentences, and the length of lists of numbers."""
    if key in MADE_ELSEWHERE:
        return sorted(content) if isinstance(content, dict) else type(content).__name__
    if key in SENTENCES and content is not None:
        return numbers_of(json.dumps(content, ensure_ascii=False))
    if isinstance(content, dict):
        return {name: document_record(value, name) for name, value in content.items()}
    if not isinstance(content, list):
        return content
    if len(content) > LONGEST and all(isinstance(item, float | int) for item in content):
        return summed([float(item) for item in content])
    if len(content) > LONGEST and all(isinstance(item, str) for item in content):
        return {"strings": len(content), "sha256": hashlib.sha256("\n".join(content).encode()).hexdigest()}
    items = [document_record(item) for item in content]
    if len(items) > 2 and all(isinstance(item, dict) and list(item) == list(items[0]) for item in items):
        return {"keys": list(items[0]), "rows": [list(item.values()) for item in items]}
    return items


def netcdf_record(path: Path) -> Any:
    import xarray

    with xarray.open_dataset(path, engine="h5netcdf") as dataset:
        content = dataset.to_dict()
    return document_record(json.loads(json.dumps(content, default=str)))


def record(path: Path, content: bytes) -> Any:
    """Describe what a file holds, by the ending of its name."""
    if path.suffix == ".json":
        return document_record(json.loads(content))
    if path.suffix == ".txt":
        return numbers_of(CLOCK.sub("", content.decode()))
    if path.suffix == ".nc":
        return netcdf_record(path)
    if path.suffix == ".parquet":
        return table_record(pd.read_parquet(path).to_csv().encode())
    if path.suffix == ".xlsx":
        return table_record(pd.read_excel(path).to_csv().encode())
    return table_record(content)


def files_below(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def run_line(line: str, capfdbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Run one line, which may read `< FILE` and write `> FILE`, and record its exit code and streams."""
    code, _, command = line.partition(": ") if line[:1].isdigit() else ("0", "", line)
    words, streams = shlex.split(command), {}
    while len(words) > 2 and words[-2] in ("<", ">"):
        *words, mark, streams[mark[0]] = words
    with standard_input(streams.get("<"), monkeypatch):
        left = run(words)
    out, err = capfdbinary.readouterr()
    assert left == int(code), f"{line}: {left} {err.decode()}"
    if ">" in streams:
        Path(streams[">"]).write_bytes(out)
    else:
        assert not out, f"{line}: name a file for standard output"
    return {"line": line, "stderr": len(err.decode().splitlines())}


def made_with() -> dict[str, str]:
    packages = ("numpy", "scipy", "pandas", "numba", "POT")
    return {"processor": get_host_cpu_name()} | {name: version(name) for name in packages}


def differences(found: Any, golden: Any, *, same_machine: bool, path: str = "") -> list[str]:
    """List where a record is another than the golden one."""
    if isinstance(found, dict) and isinstance(golden, dict):
        if list(found) != list(golden):
            return [f"{path}: keys {list(found)}, before {list(golden)}"]
        names = [name for name in found if same_machine or name != "sha256"]
        pairs = [(f"{path}.{name}", found[name], golden[name]) for name in names]
    elif isinstance(found, list) and isinstance(golden, list):
        if len(found) != len(golden):
            return [f"{path}: {len(found)} items, before {len(golden)}"]
        pairs = [(f"{path}[{n}]", *pair) for n, pair in enumerate(zip(found, golden, strict=True))]
    elif isinstance(found, float) and isinstance(golden, float):
        is_near = math.isclose(found, golden, rel_tol=1e-9, abs_tol=1e-12)
        return [] if is_near else [f"{path}: {found}, before {golden}"]
    else:
        is_same = type(found) is type(golden) and found == golden
        return [] if is_same else [f"{path}: {found!r}, before {golden!r}"]
    return [
        line for place, one, other in pairs for line in differences(one, other, same_machine=same_machine, path=place)
    ]


def laid_out(content: Any, indent: str = "") -> str:
    """Write JSON with what fits on a line on one line."""
    flat = json.dumps(content, ensure_ascii=False)
    parts = content.values() if isinstance(content, dict) else content if isinstance(content, list) else []
    if len(flat) < 100 or not any(isinstance(part, dict | list) for part in parts):
        return flat
    inner = indent + " "
    if isinstance(content, list):
        return "[\n" + ",\n".join(inner + laid_out(item, inner) for item in content) + f"\n{indent}]"
    items = [f"{inner}{json.dumps(name)}: {laid_out(value, inner)}" for name, value in content.items()]
    return "{\n" + ",\n".join(items) + f"\n{indent}}}"


Check = Callable[[str, list[str]], None]


@pytest.mark.parametrize(("name", "lines"), cases(shared=False))
def test_command_lines_write_what_they_wrote(name: str, lines: list[str], check: Check) -> None:
    check(name, lines)


@pytest.mark.parametrize(("name", "lines"), cases(shared=True))
def test_command_lines_on_other_data_write_what_they_wrote(
    name: str, lines: list[str], check: Check, shared: Path, tmp_path: Path
) -> None:
    for link, place in SHARED.items():
        (tmp_path / link).symlink_to(shared / place)

    check(name, lines)


@pytest.fixture
def check(
    inputs: Path,
    tmp_path: Path,
    request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
    capfdbinary: pytest.CaptureFixture[bytes],
) -> Check:
    """Return a check that runs the lines of a case and compares all that they write."""

    def run_and_compare(name: str, lines: list[str]) -> None:
        for path in inputs.iterdir():
            if any(path.name in line for line in lines):
                copy = shutil.copytree if path.is_dir() else shutil.copy
                copy(path, tmp_path / path.name)
        monkeypatch.chdir(tmp_path)
        given = set(files_below(Path()))
        runs = [run_line(line, capfdbinary, monkeypatch) for line in lines]
        written = [path for path in files_below(Path()) if path not in given]
        found = {"runs": runs, "files": {str(path): record(path, path.read_bytes()) for path in written}}

        golden = GOLDEN / f"{name}.json"
        if request.config.getoption("--update-golden"):
            GOLDEN.mkdir(exist_ok=True)
            golden.write_text(laid_out(found) + "\n", encoding="utf-8")
            (HERE / "made_with.json").write_text(json.dumps(made_with(), indent=1) + "\n")
        same_machine = json.loads((HERE / "made_with.json").read_text()) == made_with()
        if not same_machine and any(word in FITTED for word in name.split("-")):
            return  # what other libraries fit differs between their versions: the exit codes are checked all the same
        assert differences(found, json.loads(golden.read_text(encoding="utf-8")), same_machine=same_machine) == []

    return run_and_compare

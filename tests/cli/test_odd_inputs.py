"""Odd files, flags and names through the commands: one line and a documented code, never a traceback."""

from __future__ import annotations

import contextlib
import decimal
import gc
import json
import os
import struct
import sys
import warnings
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from scenred import generate
from scenred.cli.app import run
from scenred.errors import InputError

HOURS = pd.date_range("2019-01-01", periods=24 * 6, freq="h")
VALUES = np.random.default_rng(0).random((len(HOURS), 3)).round(3)
NOT_TEXT = os.fsdecode(b"\xff")
LONG = "x" * 300
Answer = tuple[int, str, str]
Answers = Callable[..., Answer]


@pytest.fixture
def answer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Answers:
    """Return a function that runs a command in a folder with a year, its scenarios and their manifest."""
    monkeypatch.chdir(tmp_path)
    frame = pd.DataFrame(VALUES, columns=["wind", "pv", "load"])
    frame.insert(0, "time", HOURS.strftime("%Y-%m-%d %H:%M"))
    frame.to_csv("year.csv", index=False)
    assert run(["generate", "year.csv", "-k", "3", "-o", "s.csv", "--map", "map.csv", "-q"]) == 0

    def ask(*words: str) -> Answer:
        code = run([part for word in words for part in ([word] if " " not in word else word.split())])
        gc.collect()  # what finalizers say belongs to the answer
        return code, *capfd.readouterr()

    return ask


def refused(answer: Answer, code: int, *parts: str) -> None:
    """Check that an answer is one line with a code, which holds some words."""
    given, out, err = answer
    assert "Traceback" not in err
    assert (given, out) == (code, ""), err
    assert err.startswith("scenred: ")
    assert err.count("\n") == 1
    for part in parts:
        assert part in err


SET = '{"kind": "scenario_set", "scenario_set": 1, "scenarios": [%s]}'
ONE = '{"scenario": 1, "probability": %s, "values": {"%s": [%s]}}'


@pytest.mark.parametrize(
    ("text", "part"),
    [
        (SET % ("[" * 100_000 + "]" * 100_000), "nested"),
        (SET % (ONE % ("1", "wind", "9" * 400)), "too large"),
        (SET % (ONE % ("1", "wind", "9" * 5000)), "JSON"),
        (SET % (ONE % ("9" * 400, "wind", "1")), "too large"),
        (SET % (ONE % ("1", "\\ud800", "1")), "surrogates"),
        (SET % (ONE % ("1", "wind", '"a"')), "incomplete"),
        (SET % '{"scenario": 1, "probability": 1, "values": []}', "incomplete"),
        (SET % "", "no scenario"),
        (SET.replace("[%s]", "5"), "incomplete"),
    ],
)
def test_odd_sets_in_json_are_refused(answer: Answers, text: str, part: str) -> None:
    Path("set.json").write_text(text)

    refused(answer("generate set.json -k 1"), 3, "set.json", part)
    assert answer("inspect set.json")[0] == 3


@pytest.mark.parametrize(
    "head",
    ["TIME ²\nSCEN 1\nRANDOM 1", f"TIME {'9' * 5000}\nSCEN 1\nRANDOM 1", f"TIME {'9' * 400}\nSCEN 1\nRANDOM 1"],
)
def test_odd_sizes_of_a_fan_are_refused(answer: Answers, head: str) -> None:
    Path("fan.txt").write_text(f"TYPE FAN\n{head}\nDATA\n1 2 3\nEND\n")

    refused(answer("generate fan.txt -k 1"), 3, "fan.txt", "TIME")


def test_odd_columns_of_parquet_are_left_out_and_named(answer: Answers) -> None:
    pa, pq = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
    odd = {
        "lists": [[1.0, 2.0]] * len(HOURS),
        "structs": [{"a": 1.0}] * len(HOURS),
        "bytes": [b"\xff"] * len(HOURS),
        "clock": [time.time() for time in HOURS],
    }
    pq.write_table(pa.table({"time": HOURS, "wind": VALUES[:, 0], **odd}), "odd.parquet")

    code, _, err = answer("generate odd.parquet -k 2")

    assert code == 0
    assert all(name in err for name in ("lists", "structs", "bytes"))
    refused(answer("generate odd.parquet -k 2 --column lists"), 4, "lists")


def test_exact_decimals_of_parquet_are_numbers(answer: Answers) -> None:
    pa, pq = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
    exact = [decimal.Decimal(f"{value:.3f}") for value in VALUES[:, 0]]
    pq.write_table(pa.table({"time": HOURS, "wind": exact}), "odd.parquet")

    assert answer("generate odd.parquet -k 2")[0] == 0


@pytest.mark.parametrize("kind", ["int64", "Int64"])
def test_integer_times_with_a_missing_one_are_refused(answer: Answers, kind: str) -> None:
    pytest.importorskip("pyarrow")
    seconds = pd.array([None, *range(3600, 3600 * len(HOURS), 3600)], dtype="Int64")
    frame = pd.DataFrame({"time": seconds, "wind": VALUES[:, 0]})
    (frame if kind == "Int64" else frame.astype({"time": "float64"})).to_parquet("na.parquet")

    for flags in ("", "--time time", "--time-format unix", "--time time --time-format unix"):
        refused(answer(f"generate na.parquet -k 2 {flags}"), 3, "na.parquet")
    for form in (None, "unix", "excel", "matlab", "ymd", "%Y"):
        with pytest.raises(InputError):
            generate(frame, 2, time="time", time_format=form)


def test_names_that_are_not_text_are_read_as_text(answer: Answers) -> None:
    pytest.importorskip("pyarrow")
    names = pd.MultiIndex.from_tuples([("a", "x"), ("a", "y"), ("b", "z")])
    frame = pd.DataFrame(VALUES, columns=names, index=HOURS)
    frame.to_parquet("names.parquet")

    found = generate(frame, 2)

    assert found.scenarios.names == ["a_x", "a_y", "b_z"]
    assert answer("generate names.parquet -k 2")[1].startswith("scenario,probability,start,step,a_x,a_y,b_z\n")
    for odd in ([1, 2.5, None], [HOURS[0], True, b"x"], [("a",), (1, 2), frozenset()]):
        frame.columns = pd.Index(odd, dtype=object, tupleize_cols=False)
        assert all(isinstance(name, str) for name in generate(frame, 2).scenarios.names)


def test_cells_that_are_lists_are_refused_in_a_frame() -> None:
    frame = pd.DataFrame({"wind": [[1.0, 2.0]] * len(HOURS)}, index=HOURS)

    with pytest.raises(InputError, match="wind"):
        generate(frame, 2)


def test_names_of_thousands_of_digits_are_names(answer: Answers) -> None:
    digits = "9" * 5000
    Path("wide.csv").write_text(f"scenario,probability,wind_{digits}\n1,1,2\n")
    Path("parts.csv").write_text("Year,Month,Day,Period,wind\n" + f"2020,3,{digits},1,1\n" * 24)

    refused(answer("generate wide.csv -k 1"), 3, "wide.csv", "step")
    code, _, err = answer("generate parts.csv -k 1")
    assert code == 3
    assert len(err) < 2000
    for flag in ("--tz", "--start", "--column", "--encoding", "--time-format", "--period", "--max-size"):
        code, _, err = answer("generate year.csv -k 2", flag, digits)
        assert code in (2, 3, 4)
        assert len(err) < 2000


def test_cut_netcdf_is_refused(answer: Answers) -> None:
    from scipy.io import netcdf_file

    with netcdf_file("whole.nc", "w") as file:
        file.createDimension("time", 48)
        for name in ("time", "wind"):
            file.createVariable(name, "d", ("time",))[:] = np.arange(48)
        file.variables["time"].units = "hours since 2020-01-01"
    whole = Path("whole.nc").read_bytes()

    for length in range(4, len(whole) - 1, 7):
        Path("cut.nc").write_bytes(whole[:length])
        refused(answer("generate cut.nc -k 2"), 3, "cut.nc")


@pytest.mark.parametrize("calendar", ["360_day", "julian"])
def test_other_calendars_of_netcdf_are_refused_by_name(answer: Answers, calendar: str) -> None:
    xarray = pytest.importorskip("xarray")
    attributes = {"units": "days since 2000-01-01", "calendar": calendar}
    data = xarray.Dataset({"wind": ("time", VALUES[:48, 0])}, {"time": ("time", np.arange(48.0), attributes)})
    data.to_netcdf("calendar.nc", engine="h5netcdf")

    refused(answer("generate calendar.nc -k 2"), 3, "calendar.nc", calendar)


def test_damaged_netcdf_is_refused_without_a_word_of_finalizers(
    answer: Answers, monkeypatch: pytest.MonkeyPatch
) -> None:
    xarray = pytest.importorskip("xarray")
    said: list[object] = []
    monkeypatch.setattr(sys, "unraisablehook", said.append)
    data = xarray.Dataset({"wind": ("time", VALUES[:48, 0])}, {"time": ("time", HOURS[:48])})
    data.to_netcdf("whole.nc", engine="h5netcdf")
    whole, generator = Path("whole.nc").read_bytes(), np.random.default_rng(5)
    for _ in range(60):
        damaged = bytearray(whole)
        for place in generator.integers(8, len(whole), int(generator.integers(1, 30))):
            damaged[place] = generator.integers(0, 256)
        Path("damaged.nc").write_bytes(damaged)

        code, _, err = answer("generate damaged.nc -k 2")

        assert code in (0, 3, 4)
        assert "Traceback" not in err
    assert not said


def test_cut_and_odd_matrices_are_refused(answer: Answers) -> None:
    np.save("m.npy", np.zeros((6, 6)))
    whole = Path("m.npy").read_bytes()
    odd = [whole[:length] for length in (*range(6, 130), 200, len(whole) - 1)]
    odd += [whole.replace(b"(6, 6)", shape) for shape in (b"(99999999999, 99999999999)", b"(-6,-6)", b"(6, 6, 0)")]
    odd += [whole[:8] + struct.pack("<H", 60_000) + mark * 60_000 for mark in (b"(", b"-", b"\xff", b"{'descr':")]
    odd += [whole.replace(b"'<f8'", kind) for kind in (b"'|O'", b"'<U9'", b"'<c16'", b"[('a', '<f8')]", b"'x'")]
    for data in odd:
        Path("odd.npy").write_bytes(data)

        refused(answer("generate year.csv -k 2 --metric precomputed --matrix odd.npy"), 3, "odd.npy")


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"[wind]\ninvestment = 1e308\n", 4),
        (b"[wind]\nlifetime = 1e-300\ninvestment = 1e300\n", 4),
        (b"[economy]\ninterest_rate = 1e300\n", 4),
        (b"[economy]\nvalue_of_lost_load = 1e308\n", 4),
        (b"[load]\nflat = 1e-320\n", 4),
        (b"[storage]\ncharge_efficiency = 1e-320\n", 4),
        (b"[wind]\ninvestment = " + b"9" * 400, 3),
        (b"[wind]\ninvestment = " + b"9" * 5000, 3),
        (b"[wind]\ninvestment = 0x" + b"f" * 5000, 3),
        (b"a = " + b"[" * 100_000 + b"]" * 100_000, 3),
        (b".".join([b"a"] * 50_000) + b" = 1", 3),
        (b"[wind]\n# \xff\ninvestment = 1\n", 3),
        (b"[wind]\ninvestment = 2020-01-01\n", 3),
    ],
)
def test_odd_studies_are_refused(answer: Answers, data: bytes, code: int) -> None:
    Path("study.toml").write_bytes(data)

    refused(answer("evaluate s.csv year.csv --plan --study study.toml"), code)


def changed(path: str, *keys: str | int) -> Callable[[object], str]:
    """Return a function that changes one value of a manifest."""

    def change(value: object) -> str:
        content = json.loads(Path("s.manifest.json").read_text())
        inner = content
        for key in keys[:-1]:
            inner = inner[key]
        inner[keys[-1]] = value
        Path(path).write_text(json.dumps(content))
        return path

    return change


@pytest.mark.parametrize(
    ("keys", "values"),
    [
        (("periods", "steps"), [10**400, -1, "x", None, 1e300]),
        (("periods", "step_seconds"), [1e300, 1e-300, "x", [], float("nan"), float("inf")]),
        (("scenarios", 0, "probability"), [10**400, "x", None, float("nan"), -1]),
        (("scenarios", 0, "start"), ["9999999-01-01", 5, "", [], {}, "\ud800"]),
        (("input", "zone"), ["x/y", 5, [], "\ud800", "../../etc/passwd"]),
        (("input",), [5, []]),
        (("scenarios",), [5, [], {}, [5]]),
    ],
)
def test_odd_manifests_are_refused(answer: Answers, keys: tuple[str | int, ...], values: list[object]) -> None:
    for value in values:
        path = changed("odd.manifest.json", *keys)(value)

        refused(answer(f"apply {path} year.csv"), 3, path)


@pytest.mark.parametrize("data", [b"\xff\xfe\x00{", b'{"a": "\xe4\xff"}', b"[" * 100_000, b"5", b"null", b"\xff"])
def test_manifests_that_are_none_are_refused(answer: Answers, data: bytes) -> None:
    Path("s.manifest.json").write_bytes(data)

    refused(answer("apply s.manifest.json year.csv"), 3, "s.manifest.json")
    code, _, err = answer("evaluate s.csv year.csv")
    assert code in (0, 3)
    assert code == 0 or "s.manifest.json" in err


@pytest.mark.parametrize(
    ("flags", "codes"),
    [
        ("--encoding utf-7", (0, 3)),
        ("--encoding raw_unicode_escape", (0, 3)),
        ("--encoding idna", (0, 3)),
        ("--encoding undefined", (3,)),
        ("--order 1e308", (4,)),
        ("--order 1e308 --metric wasserstein", (4,)),
        ("--order 1e308 --metric pointwise", (4,)),
        ("--period 999999999D", (2, 4)),
        ("--period 999999999w", (2, 4)),
        ("--resample 999999999D", (2, 4)),
        ("--max-size 99999999999GB", (0, 2)),
        ("--max-size 999999999999", (0, 2)),
        ("--weight load=1e308", (0, 4)),
        ("--capacity load=1e308", (0, 4)),
        ("--shift-cost 1e308", (0, 4)),
    ],
)
def test_odd_flags_are_answered(answer: Answers, flags: str, codes: tuple[int, ...]) -> None:
    code, _, err = answer(f"generate year.csv -k 2 {flags}")

    assert code in codes, err
    assert "Traceback" not in err


def test_text_in_a_seven_bit_encoding_with_half_a_character_is_refused(answer: Answers) -> None:
    Path("seven.csv").write_bytes(b"time,+2AA-\n" + Path("year.csv").read_bytes())

    refused(answer("generate seven.csv -k 2 --encoding utf-7"), 3, "seven.csv", "utf-7")


def test_marks_that_are_no_text_come_back_from_the_manifest(answer: Answers) -> None:
    code, out, _ = answer("generate year.csv -k 2 --json --na", NOT_TEXT)
    assert code == 0
    assert json.loads(out)["options"]["reading"]["na"] == [NOT_TEXT]
    for words in (
        ("generate year.csv -k 2 -o x.csv --na",),
        ("inspect year.csv --na",),
        ("inspect year.csv --json --na",),
    ):
        assert answer(*words, NOT_TEXT)[0] == 0


@pytest.mark.parametrize("limit", ["inf", "nan", "-inf", "1e999"])
def test_gates_are_numbers(answer: Answers, limit: str) -> None:
    refused(answer(f"evaluate s.csv year.csv --json --fail-above relative_cost={limit}"), 2, "--fail-above")


def test_means_of_a_column_without_weight_are_kept_or_refused(answer: Answers) -> None:
    rows = [f"2019-01-{day + 1:02d},{day % 2},{day * day}" for day in range(12)]
    Path("days.csv").write_text("time,wind,load\n" + "\n".join(rows) + "\n")

    code, _, err = answer("generate days.csv --period 24h -k 3 --weight load=0 --preserve mean")

    assert code in (0, 4), err
    assert "Traceback" not in err


FILES = [
    ("generate NAME -k 2", "generate year.csv -k 2 -o NAME", "generate year.csv -k 2 --map NAME"),
    ("generate year.csv -k 2 --manifest NAME", "generate year.csv -k 2 --metric precomputed --matrix NAME"),
    ("generate year.csv -k 2 --capacity NAME.csv", "generate year.csv -k 2 --include @NAME", "inspect NAME"),
    ("evaluate NAME year.csv", "evaluate s.csv NAME", "evaluate s.csv year.csv --plan --study NAME"),
    ("evaluate s.csv year.csv -o NAME", "apply NAME year.csv", "apply s.manifest.json NAME", "curve NAME"),
    ("export NAME --to json -o x.json", "export s.csv --to json -o NAME", "export s.csv --to tulipa -o t --map NAME"),
    (
        "export s.csv --to tulipa -o NAME --map map.csv",
        "quantize NAME -n 2",
        "selftest --pmed NAME",
    ),
    (
        "sample year.csv --history NAME",
        "backtest NAME",
        "backtest year.csv --actual NAME",
        "compare NAME -k 2",
        "curve year.csv -o NAME",
    ),
]


@pytest.mark.parametrize("name", ["a\0b", LONG, f"folder/{LONG}", "year.csv/x", "loop/x", "/".join(["x" * 200] * 30)])
def test_names_that_no_file_can_have_are_named(answer: Answers, name: str) -> None:
    Path("loop").symlink_to("loop")
    for command in (command for row in FILES for command in row):
        code, out, err = answer(*(word.replace("NAME", name) for word in command.split()))

        assert "Traceback" not in err, command
        assert err.count("\n") == 1, command
        assert code in (2, 3, 4, 6), command
        assert "standard output" not in err, command
        assert out == "" or command.startswith("inspect")
        if code != 4:  # 4: a flag is missing
            assert name.replace("\0", "\\x00")[:40] in err, command


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs processes")
@pytest.mark.usefixtures("answer")
def test_folders_that_may_not_be_read_are_named(tmp_path: Path) -> None:
    (tmp_path / "closed").mkdir(mode=0)
    tmp_path.chmod(0o755)
    outer = [folder for folder in tmp_path.parents if folder.owner() == Path.home().owner() and len(folder.parts) > 2]
    modes = {folder: folder.stat().st_mode for folder in outer}
    for folder in outer:
        with contextlib.suppress(OSError):
            folder.chmod(0o755)
    try:
        for words in (
            "generate closed -k 2",
            "generate closed/year.csv -k 2",
            "inspect closed",
            "evaluate s.csv closed/x",
        ):
            code, message = _as_nobody(words)

            assert code == 3, message
            assert "closed" in message
            assert "standard output" not in message
    finally:
        for folder, mode in modes.items():
            folder.chmod(mode)


def _as_nobody(words: str) -> tuple[int, str]:
    """Run a command in a process that may not read everything; return its code and what it said."""
    reading, writing = os.pipe()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of forks next to threads
        child = os.fork()
    if child == 0:
        try:
            os.dup2(writing, 2)
            sys.stderr = os.fdopen(2, "w", closefd=False)
            if os.getuid() == 0:
                os.setuid(65534)
            code = run(words.split())
            sys.stderr.flush()
        finally:
            os._exit(locals().get("code", 99))
    os.close(writing)
    with os.fdopen(reading) as pipe:
        said = pipe.read()
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), said


MARKS = ["CDF", "CDF,", "CDF2", "PAR1", "PAR1,", "PK", "PKW", "BZh", "BZh9", "%PDF", "%PDF,a", "\u0089HDF", "HDF"]


@pytest.mark.parametrize("mark", MARKS)
def test_tables_that_begin_like_another_format_are_read(answer: Answers, mark: str) -> None:
    rows = Path("year.csv").read_text().splitlines()
    head = f"{mark},time,wind,pv,load".replace(",,", ",b,").replace("a,time", "a,time")
    body = [",".join(["1"] * (head.count(",") - 3)) + f",{row}" for row in rows[1:]]
    Path("mark.csv").write_text("\n".join([head, *body]) + "\n", encoding="utf-8")

    code, out, err = answer("generate mark.csv -k 2 --time time --column wind --column pv")

    assert code == 0, err
    assert out.startswith("scenario,probability,start,step,wind,pv\n")

"""Whatever a command is given: a documented code in little time, never a traceback or a raw control character.

Every case is a command line with damaged files and odd flags that follow from its number.
"""

from __future__ import annotations

import gzip
import inspect
import io
import os
import re
import resource
import signal
import sys
import time
import warnings
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

import numpy as np
import pytest
import typer

from scenred.cli.app import COMMANDS, run
from scenred.cli.flags.attach import attach

# `make fuzz` asks for more.
CASES = int(os.environ.get("SCENRED_FUZZ", "2000"))
FIRST = int(os.environ.get("SCENRED_FUZZ_FIRST", "0"))
# Tests that share the cases, for several processes.
PARTS = 8
MOST_SECONDS, MOST_MEMORY = 20, 4_000_000_000
STATM = Path("/proc/self/statm")
CODES = {0, 2, 3, 4, 5, 6}
RAW = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]")

SERIES = ("year.csv", "german.csv", "long.csv", "year.parquet", "year.xlsx", "year.nc", "classic.nc")
TABLES = ("s.csv", "s.json", "s.fan", "s.xlsx", "s.parquet", "s.nc")
# What stands for a file in a line: one of these is taken.
KINDS = {"SERIES": SERIES, "TABLE": TABLES, "INPUT": SERIES + TABLES}
LINES = (
    "generate INPUT -k 2",
    "generate SERIES -k 2 -o OUT/o.csv --map OUT/map.csv",
    "generate SERIES -k 2 --json --capacity plants.csv --include @dates.txt",
    "generate year.csv -k 2 --metric precomputed --matrix m.npy",
    "generate SERIES -k 3 --preserve mean --keep max:wind --group-by month",
    "generate TABLE -k 1 --layout wide",
    "curve INPUT --max 3",
    "curve year.csv --max 3 --metric precomputed --matrix m.npy",
    "inspect INPUT",
    "inspect INPUT --json",
    "evaluate TABLE SERIES",
    "evaluate s.csv year.csv --json --fail-above relative_cost=9",
    "evaluate s.csv year.csv --plan --study study.toml",
    "compare SERIES -k 2 --method kmedoids --method random",
    "apply s.manifest.json SERIES",
    "sample forecast.csv --history history.csv -n 3 --margins empirical",
    "sample forecast.csv --history history.csv -n 3 --method wang2015 -o OUT/d.csv",
    "backtest history.csv --days 2 -n 4",
    "quantize SERIES -n 2 --column wind",
    "quantize --distribution beta:2,5 -n 3 --atom 0=0.2",
    "selftest --pmed pmed.txt",
    *(f"export TABLE --to {to} -o OUT/x" for to in ("json", "netcdf", "parquet", "xlsx", "scenred2", "gams", "pypsa")),
    *(f"export s.csv --to {to} -o OUT/x --map map.csv" for to in ("genx", "tulipa", "calliope", "oemof")),
    "export s.csv --to smps -o OUT/x --entry load=RHS:balance_{step}",
    "export TABLE --to pgscen -o OUT/x --date 2019-03-25",
)
FILE = re.compile(r"[\w.]+\.(csv|parquet|xlsx|nc|json|fan|npy|toml|txt)")
# Options that name an output, ask for work without end, or only print.
LEFT_OUT = {
    "--output",
    "--manifest",
    "--map",
    "--matrix",
    "--help",
    "--starts",
    "--directions",
    "--history",
    "--actual",
}
NUMBERS = (
    "0",
    "1",
    "2",
    "7",
    "-1",
    "0.5",
    "1e-320",
    "1e308",
    "inf",
    "nan",
    "-inf",
    "1_0",
    "1,5",
    "\u00b2",
    "9" * 400,
    "9" * 5000,
    "0x10",
)
FEW = ("0", "1", "2", "3", "-1", "0.5", "x", "\u00b2", "9" * 5000)
WORDS = (
    "wind", "pv", "load", "", " ", "time", "step", "scenario", "=cmd", "a\x1b[31mb", "\u202e", "x" * 300, "wind=1",
    "load=0", "wind=nan", "wind=1e308", "max:wind", "min:wind+pv", "mean", "month", "season", "utf-7", "utf-16",
    "idna", "raw_unicode_escape", "Europe/Berlin", "UTC", "Etc/GMT-1", "../etc/passwd", "2019-03-25", "2019-02-30",
    "9999-12-31", "0001-01-01", "999999999D", "6h", "24h", "7D", "0h", "1s", "iso", "dmy", "unix", "excel",
    "%Y-%m-%d", "%", "%s", "drop", "interpolate:4", "error", "first", "regular", "-999", "a,b", "1-2", "none",
    "tab", "100", "1GB", "99999999999GB", "load=RHS:row", "norm", "gamma:nan", "beta:1,2,3", "weibull_min:1e-300",
    "x=0=1", "kmedoids", "sliced", "wasserstein", os.fsdecode(b"\xff"),
)  # fmt: skip
SPICE = (
    b"", b"\0", b",", b";", b"\n", b"\r", b'"', b"'", b"n/e", b"-", b"NaN", b"Infinity", b"1e308", b"1e999",
    b"-999", b"=cmd()", b"#", b"[", b"{", b"]", b"24:00", b"31/02/2020", b"\xff\xfe", b"\xe4", b"\xc2\xb2",
    b"9" * 400, b"9" * 5000, b"[" * 3000, b"\\ud800", b"null", b"true", b"\x1b]0;a\x07", b"\xc2\x9b31m", b"360_day",
    b"\x1f\x8b", b"PK\x03\x04", b"PAR1", b"CDF", b"CDF\x01", b"\x89HDF\r\n\x1a\n", b"TYPE FAN", b"a." * 300,
    b"\x7f\xff\xff\xff",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Case:
    """A command line, and the files of it that are damaged, by name."""

    words: tuple[str, ...]
    damaged: Mapping[str, bytes]


def case_of(number: int, files: Mapping[str, bytes]) -> Case:
    """Return a case; `files` are the valid ones."""
    generator = np.random.default_rng((number, 24))

    def pick(choices: Any) -> Any:
        return choices[int(generator.integers(0, len(choices)))]

    words = [pick(KINDS[word]) if word in KINDS else word for word in LINES[number % len(LINES)].split()]
    damaged: dict[str, bytes] = {}
    read = [word.lstrip("@") for word in words if FILE.fullmatch(word.lstrip("@"))]
    if read and generator.random() < 0.7:
        name = pick(read)
        damaged[name] = _damaged(files[name], generator)
        if generator.random() < 0.05:
            damaged[name] = gzip.compress(damaged[name], mtime=0)[: int(generator.integers(20, 2_000))]
    while (not damaged and len(words) < 30 and generator.random() < 0.6) or (damaged and generator.random() < 0.2):
        words += _flag(words[0], generator)
    return Case(tuple(words), damaged)


def _damaged(data: bytes, generator: np.random.Generator) -> bytes:
    """Cut, repeat, reorder and replace bytes, lines and words of a file."""
    for _ in range(int(generator.integers(1, 5))):
        where, length = int(generator.integers(0, len(data) + 1)), int(generator.integers(0, 40))
        spice = SPICE[int(generator.integers(0, len(SPICE)))]
        match int(generator.integers(0, 9)):
            case 0:
                data = data[:where]
            case 1:
                data = data[:where] + data[where + length :]
            case 2:
                data = data[:where] + data[where : where + length] * 2 + data[where + length :]
            case 3:
                noise = bytes(generator.integers(0, 256, 1 + length // 10, dtype=np.uint8))
                data = data[:where] + noise + data[where + len(noise) :]
            case 4:
                data = data[:where] + spice + data[where:]
            case 5:
                data = data[:where] + spice + data[where + len(spice) :]
            case 6:
                lines = data.split(b"\n")
                one, other = (int(place) for place in generator.integers(0, len(lines), 2))
                lines[one], lines[other] = lines[other], lines[one]
                data = b"\n".join(lines)
            case _:  # a whole word, so that the file stays well formed around it
                found = list(re.finditer(rb"[\w.+-]+", data[:20_000]))
                if found:
                    word = found[int(generator.integers(0, len(found)))]
                    data = data[: word.start()] + spice + data[word.end() :]
    return data


def _flag(command: str, generator: np.random.Generator) -> list[str]:
    """Return a flag of a command with a value that may or may not suit it."""
    flags = flags_of(command)
    flag, values = flags[int(generator.integers(0, len(flags)))]
    if values and values is not FEW and generator.random() < 0.15:
        values = WORDS + NUMBERS
    return [flag, values[int(generator.integers(0, len(values)))]] if values else [flag]


@cache
def flags_of(command: str) -> list[tuple[str, tuple[str, ...]]]:
    """Return the flags of a command with the values that are tried; none for one that takes no value."""
    function = getattr(import_module(f"scenred.cli.{command}"), command)
    found = []
    for one in inspect.signature(attach(function), eval_str=True).parameters.values():
        kind, info = get_args(one.annotation)
        given = [text for text in info.param_decls or () if text.startswith("--")]
        flag = given[-1] if given else f"--{one.name.replace('_', '-')}"
        if isinstance(info, typer.models.OptionInfo) and flag not in LEFT_OUT:
            found.append((flag, _values(kind)))
    return found


def _values(kind: Any) -> tuple[str, ...]:
    """Return values that suit a type more or less."""
    kinds = {kind, *get_args(kind)}
    if kind is bool:
        return ()
    choices = [text for some in kinds if get_origin(some) is Literal for text in get_args(some)]
    if choices:
        return (*choices, "x")
    return FEW if int in kinds else NUMBERS if float in kinds else WORDS


class TooLongError(BaseException):
    """A case took more than its time; not an Exception, so that no door of the program stops it."""


def _too_long(*_signal: object) -> None:
    raise TooLongError


@contextmanager
def guarded() -> Iterator[None]:
    """Limit the time of a case."""
    before = signal.signal(signal.SIGALRM, _too_long)
    signal.setitimer(signal.ITIMER_REAL, 6 * MOST_SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def answer(case: Case) -> tuple[int, str, str]:
    """Run a case in this process; return its code and what it wrote to stdout and stderr."""
    out, err = io.TextIOWrapper(io.BytesIO(), encoding="utf-8"), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err), guarded(), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        code = run(list(case.words))
    out.flush()
    return code, out.buffer.getvalue().decode(), err.getvalue()


def faults(case: Case, code: int, out: str, err: str, seconds: float) -> list[str]:
    """Return what is wrong with an answer."""
    lines = err.splitlines()
    table = "inspect" in case.words or ("evaluate" in case.words and "--json" not in case.words)
    tests = {
        f"code {code}": code not in CODES,
        "a traceback": "Traceback" in err or "Traceback" in out,
        "not one line": code != 0 and (not lines or not all(line.startswith("scenred: ") for line in lines)),
        "several lines": code not in (0, 5) and len(lines) > 1,
        "memory": "memory of this machine ran out" in err,
        "standard output": code == 6 and "standard output" in err,
        "a raw control character": RAW.search(err) is not None or (table and RAW.search(out) is not None),
        f"{seconds:.1f} s": seconds > MOST_SECONDS,
        "a long line": len(err) > 20_000,
    }
    return [what for what, is_so in tests.items() if is_so]


def test_lines_are_of_all_commands() -> None:
    assert {line.split()[0] for line in LINES} == set(COMMANDS)


@pytest.mark.skipif(not STATM.exists(), reason="the memory of a process is not known")
@pytest.mark.parametrize("part", range(PARTS))
def test_every_command_answers_whatever_it_is_given(
    part: int, files: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SCENRED_DEBUG", "1")
    said: list[object] = []
    monkeypatch.setattr(sys, "unraisablehook", said.append)
    Path("OUT").mkdir()
    wrong: list[str] = []
    codes: Counter[int] = Counter()
    mapped = int(STATM.read_text().split()[0]) * os.sysconf("SC_PAGE_SIZE")
    limits = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (mapped + MOST_MEMORY, limits[1]))
    try:
        for number in range(FIRST + part, FIRST + CASES, PARTS):
            case = case_of(number, files)
            for name, data in case.damaged.items():
                Path(name).write_bytes(data)
            began = time.process_time()
            code, out, err = answer(case)
            codes[code] += 1
            if found := faults(case, code, out, err, time.process_time() - began):
                wrong.append(f"{number}: {' '.join(case.words)[:300]}: {', '.join(found)}: {err[-700:]}")
            for name in case.damaged:
                Path(name).write_bytes(files[name])
            if any(Path(name).read_bytes() != data for name, data in files.items() if number % 50 == 0):
                wrong.append(f"{number}: {case.words}: an input was changed")
    finally:
        resource.setrlimit(resource.RLIMIT_AS, limits)

    print(f"{codes.total()} cases, by code: {dict(sorted(codes.items()))}; {len(wrong)} wrong")  # noqa: T201 - for make fuzz
    assert not wrong, "\n".join(wrong[:40])
    assert not said
    assert codes[0] > codes.total() // 20

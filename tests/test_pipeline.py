"""Real processes in real shells: pipes, full disks, closed pipes, terminals, environments."""

from __future__ import annotations

import hashlib
import os
import pty
import shlex
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from scenred import generate
from scenred.cli.progress import Bar
from scenred.io.storage.csv import to_csv

Frame = Callable[..., pd.DataFrame]
PROGRAM = f"{shlex.quote(sys.executable)} -m scenred"


def shell(script: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["bash", "-c", f"set -o pipefail\n{script}"],
        capture_output=True,
        text=True,
        env={**os.environ, **environment},
        check=False,
    )


@pytest.fixture
def year(tmp_path: Path, hourly_frame: Frame) -> Path:
    path = tmp_path / "year.csv"
    hourly_frame(24 * 60).to_csv(path, index=False)
    return path


def test_standard_input_gives_what_the_file_gives(year: Path) -> None:
    piped = shell(f"cat {year} | {PROGRAM} generate - -k 3")
    named = shell(f"{PROGRAM} generate {year} -k 3")

    assert (piped.returncode, piped.stderr) == (0, "")
    assert piped.stdout == named.stdout


def test_output_is_an_input_again(year: Path) -> None:
    result = shell(f"{PROGRAM} generate {year} -k 20 | {PROGRAM} generate - -k 4 --layout wide")

    assert (result.returncode, result.stderr) == (0, "")
    assert len(result.stdout.splitlines()) == 5


def test_reader_that_leaves_early_is_no_failure(year: Path) -> None:
    result = shell(f"{PROGRAM} generate {year} -k 30 | head -1")

    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout == "scenario,probability,start,step,wind,pv\n"


def test_help_to_a_reader_that_leaves_early_is_no_failure() -> None:
    result = shell(f"{PROGRAM} generate --help | head -1")

    assert (result.returncode, result.stderr) == (0, "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
@pytest.mark.parametrize(
    "arguments", ["generate {year} > /dev/full", "generate {year} --map /dev/full", "--help > /dev/full"]
)
def test_full_disk_is_an_output_error(year: Path, arguments: str) -> None:
    result = shell(f"{PROGRAM} {arguments.format(year=year)}")

    assert result.returncode == 6
    assert result.stderr.count("\n") == 1
    assert "No space left on device" in result.stderr


@pytest.mark.parametrize(
    ("script", "code", "message"),
    [
        ("{program} generate {year} -k 3 >&-", 6, "standard output: is closed"),
        ("{program} generate - <&-", 3, "standard input: is closed"),
        ("{program} generate {year} -k 3 2>&- | head -1", 0, ""),
        ("{program} generate {year} -k 99 2>&-", 4, ""),
        ("{program} --help >&-", 0, ""),
    ],
)
def test_closed_streams_end_in_one_line(year: Path, script: str, code: int, message: str) -> None:
    result = shell(script.format(program=PROGRAM, year=year))

    assert result.returncode == code
    assert result.stderr.count("\n") == (1 if message else 0)
    assert message in result.stderr


def test_nothing_is_left_where_writing_failed(year: Path, tmp_path: Path) -> None:
    result = shell(f"{PROGRAM} generate {year} -k 3 -o {tmp_path}/s.csv --map {tmp_path}/none/map.csv")

    assert result.returncode == 6
    assert [path.name for path in tmp_path.iterdir()] == ["year.csv"]


def test_bytes_do_not_depend_on_the_environment(year: Path) -> None:
    digests = {
        hashlib.sha256(shell(f"{PROGRAM} generate {year} -k 7 {flags}", **environment).stdout.encode()).hexdigest()
        for flags, environment in [
            ("--threads 1", {"PYTHONHASHSEED": "1", "TZ": "UTC", "LC_ALL": "C"}),
            ("--threads 2", {"PYTHONHASHSEED": "2", "TZ": "Asia/Tokyo", "LC_ALL": "C.UTF-8"}),
            ("", {"PYTHONHASHSEED": "3", "TZ": "America/New_York"}),
        ]
    }

    assert len(digests) == 1


def test_terminal_gets_the_summary(year: Path) -> None:
    seen, code = on_terminal(year, patience=1e6)

    assert code == 0
    assert b"kept 3 scenarios" in seen
    assert b"\x1b" not in seen


def on_terminal(year: Path, *flags: str, patience: float, **environment: str) -> tuple[bytes, int]:
    """Run `generate` with a terminal as stderr and a bar after some seconds; return what it shows and the exit code."""
    leader, follower = pty.openpty()
    main = (
        f"import {Bar.__module__} as bar\nbar.PATIENCE_SECONDS = {patience}\nfrom scenred.__main__ import main\nmain()"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", main, "generate", str(year), "-k", "3", *flags],
        stdout=subprocess.DEVNULL,
        stderr=follower,
        env={**os.environ, **environment},
    )
    os.close(follower)
    seen = b""
    while chunk := _read(leader):
        seen += chunk
    os.close(leader)
    return seen, process.wait()


def _read(descriptor: int) -> bytes:
    try:
        return os.read(descriptor, 4096)
    except OSError:  # the other end of a terminal closed
        return b""


def test_interrupt_ends_with_130_and_leaves_nothing(tmp_path: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "scenred", "generate", "-", "-o", "out.csv"],
        cwd=tmp_path,
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
        # a shell that runs the tests in the background has interrupts ignored
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    assert process.stdin is not None
    process.stdin.write(b"time,wind\n" * 200_000)  # more than a pipe holds: the program is reading
    process.stdin.flush()

    process.send_signal(signal.SIGINT)

    process.stdin.close()
    process.stdin = None
    _, err = process.communicate()
    assert (process.returncode, err) == (130, b"scenred: interrupted\n")
    assert list(tmp_path.iterdir()) == []


def test_standard_output_is_utf_8_in_any_locale(tmp_path: Path) -> None:
    rows = "".join(f"2019-01-01 {hour:02d}:00,{hour}\n" for hour in range(24))
    (tmp_path / "in.csv").write_text("time,wind_müller\n" + rows, encoding="utf-8")

    result = shell(f"{PROGRAM} generate {tmp_path}/in.csv -k 1", PYTHONIOENCODING="ascii", LC_ALL="C")

    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout.startswith("scenario,probability,start,step,wind_müller\n")


@pytest.mark.skipif(not Path("/dev/stdout").exists(), reason="this system has no /dev/stdout")
def test_output_may_be_a_device_or_pipe(year: Path) -> None:
    plain = shell(f"{PROGRAM} generate {year} -k 3")
    device = shell(f"{PROGRAM} generate {year} -k 3 -o /dev/stdout | cat")
    early = shell(f"{PROGRAM} generate {year} -k 30 -o /dev/stdout | head -1")

    assert device.stdout == plain.stdout
    assert (early.returncode, early.stderr) == (0, "")


def test_first_run_on_a_machine_compiles_and_says_so_on_a_terminal(year: Path, tmp_path: Path) -> None:
    cache = str(tmp_path / "cache")
    seen, code = on_terminal(
        year,
        "--metric=pointwise",
        "--no-bound",
        "--method=random",
        patience=0,
        NUMBA_CACHE_DIR=cache,
    )

    assert code == 0
    assert b"compiling, once per machine" in seen
    kernels = list((tmp_path / "cache").rglob("*.nbc"))
    assert kernels
    for kernel in kernels:
        kernel.write_bytes(b"")
    again = shell(
        f"{PROGRAM} generate {year} -k 3 --metric pointwise --no-bound --method random", NUMBA_CACHE_DIR=cache
    )
    assert (again.returncode, again.stderr.count("\n")) == (0, 1)
    assert "scenred: note: compiled kernels in" in again.stderr


def test_local_times_do_not_depend_on_the_environment(tmp_path: Path) -> None:
    times = pd.date_range("2020-10-20", "2020-10-30", freq="h", inclusive="left", tz="Europe/Berlin")
    rows = "".join(f"{time:%d.%m.%Y;%H:%M};{number % 7},5\n" for number, time in enumerate(times))
    (tmp_path / "müller.csv").write_text("Datum;Zeit;wind_müller\n" + rows, encoding="latin-1")
    command = f"{PROGRAM} generate {tmp_path}/müller.csv -k 2 --tz Europe/Berlin --dst drop -q"

    runs = [
        shell(f"{command} --threads {threads}", TZ=zone, LC_ALL=locale, PYTHONHASHSEED=seed)
        for threads, zone, locale, seed in [
            (1, "UTC", "C.UTF-8", "1"),
            (2, "America/New_York", "C.UTF-8", "2"),
        ]
    ]

    assert {run.returncode for run in runs} == {0}
    assert len({run.stdout for run in runs}) == 1
    assert runs[0].stdout.startswith("scenario,probability,start,step,wind_müller\n1,")


def test_two_runs_that_write_one_file_do_not_mix(year: Path, tmp_path: Path) -> None:
    result = shell(
        f"for k in 3 30 3; do {PROGRAM} generate {year} -k $k -o {tmp_path}/s.csv & done; wait; ls -A {tmp_path}"
    )

    written = (tmp_path / "s.csv").read_text()
    assert written in [to_csv(generate(year, k).to_frame()) for k in (3, 30)]
    assert result.stdout.split() == ["s.csv", "s.manifest.json", "year.csv"]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_findings_on_a_full_disk_or_closed_pipe(year: Path) -> None:
    full = shell(f"{PROGRAM} inspect {year} > /dev/full")
    closed = shell(f"{PROGRAM} inspect {year} | head -1")

    assert (full.returncode, full.stderr.count("\n")) == (6, 1)
    assert (closed.returncode, closed.stderr) == (0, "")


@pytest.mark.parametrize("module", ["typer", "numpy", "numba", "yaml", "ot"])
def test_modules_of_the_working_folder_are_not_imported(year: Path, tmp_path: Path, module: str) -> None:
    (tmp_path / f"{module}.py").write_text("open('ran', 'w').close()\nraise SystemExit(9)\n")

    result = shell(f"cd {tmp_path} && {PROGRAM} generate {year} -k 3 -o s.csv && {PROGRAM} evaluate s.csv {year}")

    assert (result.returncode, result.stderr) == (0, "")
    assert not (tmp_path / "ran").exists()

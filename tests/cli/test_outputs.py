"""Where results go: never over an input, and never mixed with those of another run."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from scenred.cli.app import run

Frame = Callable[..., pd.DataFrame]
Output = pytest.CaptureFixture[str]


@pytest.fixture
def here(tmp_path: Path, hourly_frame: Frame, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a working folder with a series, and with inputs of every kind."""
    monkeypatch.chdir(tmp_path)
    frame = hourly_frame(24 * 30)
    frame.to_csv("year.csv", index=False)
    frame.assign(load=1.0)[["time", "load"]].to_csv("load.csv", index=False)
    shutil.copy("year.csv", os.fsdecode(b"j\xe4nner.csv"))
    os.link("year.csv", "twin.csv")
    np.save("matrix.npy", np.abs(np.subtract.outer(np.arange(30.0), np.arange(30.0))))
    Path("matrix.npy").rename("matrix")  # results have no names of arrays
    Path("dates.txt").write_text("2019-07-02\n")
    Path("plants.csv").write_text("name,capacity\nwind,2\npv,2\n")
    Path("study.toml").write_text("[wind]\ninvestment = 1100\n")
    return tmp_path


@pytest.fixture
def made(here: Path) -> Path:
    """Return the folder with a scenario table, its map and manifest, and the set as JSON."""
    assert scenred("generate year.csv -k 3 -o s.csv --map map.csv -q") == 0
    assert scenred("export s.csv --to json -o set.json -q") == 0
    return here


def scenred(line: str) -> int:
    """Run a command line without spaces in its words."""
    return run(line.split())


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.mark.parametrize(
    "line",
    [
        "generate year.csv -o year.csv",
        "generate year.csv -o twin.csv",
        "generate J\xe4NNER -o J\xe4NNER",
        "generate year.csv --manifest year.csv -o new.csv",
        "generate year.csv --include @dates.txt -o dates.txt",
        "generate year.csv --exclude @dates.txt --map dates.txt",
        "generate year.csv --capacity plants.csv -o plants.csv",
        "generate year.csv --metric precomputed --matrix matrix -o matrix",
        "generate set.json -o set.json",
        "generate set.json -o set.csv --map set.json",
        "curve year.csv --metric precomputed --matrix matrix -o matrix",
        "curve set.json -o set.json",
        "apply s.manifest.json load.csv -o s.manifest.json",
        "apply s.manifest.json load.csv -o load.csv",
        "evaluate s.csv year.csv -o s.csv",
        "evaluate s.csv year.csv -o s.manifest.json",
        "evaluate set.json year.csv -o set.json",
        "evaluate s.csv year.csv --capacity plants.csv -o plants.csv",
        "evaluate s.csv year.csv --plan --study study.toml -o study.toml",
        "compare year.csv -k 2 --plan --study study.toml -o study.toml",
        "export s.csv --map map.csv --to calliope -o map.csv",
        "export set.json --to parquet -o set.json",
        "quantize year.csv --column wind -o year.csv",
    ],
)
def test_no_command_replaces_what_it_reads(made: Path, line: str, capfd: Output) -> None:
    before = contents(made)
    words = [os.fsdecode(b"j\xe4nner.csv") if word == "J\xe4NNER" else word for word in line.split()]

    code = run(words)

    said = capfd.readouterr().err
    assert (code, said.count("\n")) == (2, 1)
    assert "a result would replace its own input" in said
    assert contents(made) == before


def test_standard_input_from_a_file_is_not_replaced(made: Path, monkeypatch: pytest.MonkeyPatch, capfd: Output) -> None:
    before = contents(made)
    with Path("year.csv").open() as stream:
        monkeypatch.setattr("sys.stdin", stream)

        assert scenred("generate - -k 3 -o year.csv") == 2

    assert "a result would replace its own input standard input" in capfd.readouterr().err
    assert contents(made) == before


def test_every_table_has_a_manifest_of_its_own(here: Path, capfd: Output) -> None:
    for name in ("run.2030", "run.2040", "a.b.csv", "a.c.csv", "plain"):
        assert run(f"generate year.csv -k 2 -q -o {name}".split()) == 0

    names = {path.name for path in here.glob("*.manifest.json")}
    assert names == {f"{name}.manifest.json" for name in ("run.2030", "run.2040", "a.b", "a.c", "plain")}
    assert scenred("generate year.csv -k 3 -q -o plain.csv") == 2
    assert (
        "plain.manifest.json: is the manifest of plain; name another output, or another manifest with --manifest"
        in (capfd.readouterr().err)
    )
    assert scenred("generate year.csv -k 3 -q -o plain.csv --manifest other.json") == 0


@pytest.mark.usefixtures("made")
def test_a_manifest_knows_its_files() -> None:
    outputs = json.loads(Path("s.manifest.json").read_text())["outputs"]

    assert scenred("generate year.csv -k 3 -q -o again.csv --map map2.csv") == 0
    again = json.loads(Path("again.manifest.json").read_text())["outputs"]
    assert (outputs["table"]["name"], outputs["map"]["name"]) == ("s.csv", "map.csv")
    assert {role: one["sha256"] for role, one in outputs.items()} == {
        role: one["sha256"] for role, one in again.items()
    }


@pytest.mark.usefixtures("made")
def test_the_manifest_of_an_earlier_table_gives_no_certificate(capfd: Output) -> None:
    assert scenred("evaluate s.csv year.csv --json") == 0
    assert json.loads(capfd.readouterr().out)["certificate"]["n_scenarios"] == 3
    assert scenred("generate year.csv -k 2 -q --manifest other.json -o s.csv") == 0

    assert scenred("evaluate s.csv year.csv --json") == 0

    out, err = capfd.readouterr()
    assert json.loads(out)["certificate"] == {}
    assert err == (
        "scenred: note: s.manifest.json is not used: it is not the manifest of this table, which was changed later or "
        "comes from another run\n"
    )


@pytest.mark.usefixtures("made")
def test_a_manifest_that_does_not_say_whose_it_is_gives_no_certificate(capfd: Output) -> None:
    content = json.loads(Path("s.manifest.json").read_text())
    del content["outputs"]
    Path("s.manifest.json").write_text(json.dumps(content))

    assert scenred("evaluate s.csv year.csv --json") == 0

    out, err = capfd.readouterr()
    assert json.loads(out)["certificate"] == {}
    assert "s.manifest.json is not used" in err


@pytest.mark.usefixtures("made")
@pytest.mark.parametrize("changed", ["s.csv", "map.csv"])
def test_a_table_and_a_map_of_two_runs_are_not_exported(changed: str, capfd: Output) -> None:
    export = "export s.csv --map map.csv --to calliope -o c.csv -q"
    assert scenred(export) == 0
    Path("c.csv").unlink()
    assert scenred("generate year.csv -k 3 --seed 5 --metric duration -q --manifest o.json -o o.csv --map om.csv") == 0
    shutil.copy({"s.csv": "o.csv", "map.csv": "om.csv"}[changed], changed)

    assert scenred(export) == 3

    assert capfd.readouterr().err == (
        "scenred: map.csv: is not of the same run as s.csv; scenred needs both as s.manifest.json names them; write "
        "them again with generate; if they do belong together, remove that manifest\n"
    )
    assert not Path("c.csv").exists()
    shutil.copy("o.csv", "s.csv")
    shutil.copy("om.csv", "map.csv")
    assert scenred(export) == 0  # both of one other run: the manifest is of neither


@pytest.mark.usefixtures("made")
def test_applying_a_manifest_next_to_another_table_is_told(capfd: Output) -> None:
    apply = "apply s.manifest.json load.csv -o applied.csv"
    assert scenred(apply) == 0
    assert capfd.readouterr().err == ""
    assert scenred("generate year.csv -k 2 -q --manifest other.json -o s.csv") == 0

    assert scenred(apply) == 0

    assert capfd.readouterr().err == (
        "scenred: note: s.csv is not the table of s.manifest.json: it was changed later or comes from another run; "
        "days and probabilities are those of the manifest\n"
    )


def test_what_standard_output_cannot_take_keeps_the_old_files(made: Path) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("this system has no /dev/full")
    before = contents(made)

    assert scenred("generate year.csv -k 2 -q -o s.csv --map /dev/full") == 6

    assert contents(made) == before


def test_a_run_replaces_what_an_earlier_one_wrote(made: Path) -> None:
    before = contents(made)

    assert scenred("generate year.csv -k 2 -q -o s.csv --map map.csv") == 0

    after = contents(made)
    assert {name for name in after if after[name] != before.get(name)} == {"s.csv", "map.csv", "s.manifest.json"}

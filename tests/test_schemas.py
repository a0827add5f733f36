"""What the commands write as JSON is what docs/schemas/ promise, key by key."""

from __future__ import annotations

import json
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from jsonschema import Draft202012Validator
from referencing import Registry, Resource

from scenred.cli.app import run

FOLDER = Path(__file__).parent.parent / "docs" / "schemas"
SCHEMAS: dict[str, Any] = {
    path.name.removesuffix(".schema.json"): json.loads(path.read_text(encoding="utf-8"))
    for path in sorted(FOLDER.glob("*.schema.json"))
}
REGISTRY = Registry().with_resources([(schema["$id"], Resource.from_contents(schema)) for schema in SCHEMAS.values()])
# Objects whose keys are names or reasons, not words of the layout.
OPEN = {"changes", "capacity", "column_weights", "installed", "n_scenarios", "values"}

# Extra words for each command; {year}, {other}, {table}, ... are files of the fixture `here`.
GENERATE = {
    "defaults": "{year} -k 4",
    "conditions": "{year} --keep min:wind+pv --keep longest-lull:wind<0.2 --include 2019-07-05 --exclude 2019-07-09 "
    "--preserve mean -k 6",
    "groups": "{year} --group-by weekday -k 14 --share cost --equal-probabilities",
    "k by group": "{year} --group-by month -k july=2 -k august=1",
    "transport": "{year} --metric wasserstein --shift-cost 0.02 --weight pv=2 --capacity wind=2 -k 4",
    "no bound": "{year} --no-bound --order 2 --method forward --layout wide -k 3",
    "tolerance": "{year} --tolerance 0.8 --period 2D --align start --resample 3h",
    "matrix": "{year} --metric precomputed --matrix {matrix} -k 3",
    "repairs": "{gaps} --missing interpolate:2 --duplicates mean --negative zero --clip --capacity 1 --na -99 --sort "
    "-k 3",
    "plants": "{year} --capacity {plants} -k 3",
    "table": "{table} -k 2",
    "zone": "{year} --tz Europe/Berlin --dst regular --calendar local --stamp start -k 3 --unit cf --time-limit 60",
    "residual": "{loads} --keep max:residual --installed wind=3 --installed pv=2 --extreme-weight single -k 3",
}
SAMPLE = {
    "defaults": "{forecast} --history {history} -n 4 --margins empirical",
    "wang2015": "{forecast} --history {history} -n 4 --margins beta --method wang2015 --quantiles 3 --layout wide",
    "named": "{forecast} --history {forecasts} --actual {actuals} -n 4 --margins empirical --dependence schaake "
    "--pair wind=wind_fc:wind_act --capacity wind=1.5 --day 2019-08-29",
}
EVALUATE = {
    "defaults": "{table} {year}",
    "plan": "{table} {year} --plan --stability 2",
    "gate": "{stranger} {year} --fail-above relative_cost=2 --metric wasserstein --order 2",
}
INSPECT = {
    "series": "{year}",
    "gaps": "{gaps}",
    "two files": "{year} {other} --period 7D",
    "scenario table": "{table}",
    "document": "{document}",
    "refused": "{words}",
    "missing": "{absent}",
}
EXPORT = {
    "plain": "{table}",
    "groups": "{grouped}",
    "capacity": "{table} --capacity 2 --step 1h --column wind",
}
CASES = [
    pytest.param(schema, command, words, id=f"{command}-{name}")
    for schema, command, cases in (
        ("manifest", "generate", GENERATE),
        ("sample_manifest", "sample", SAMPLE),
        ("scorecard", "evaluate", EVALUATE),
        ("findings", "inspect", INSPECT),
        ("scenario_set", "export", EXPORT),
    )
    for name, words in cases.items()
]


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Return a folder's files by name: series, forecasts, scenario tables, a matrix, and words."""
    folder = tmp_path_factory.mktemp("schemas")
    hours = pd.date_range("2019-07-01", periods=24 * 60, freq="h")
    random = np.random.default_rng(0)
    sun = np.maximum(np.sin((hours.hour.to_numpy() - 6) / 12 * np.pi), 0)
    frame = pd.DataFrame(
        {
            "time": hours.strftime("%Y-%m-%d %H:%M"),
            "wind": random.random(len(hours)).round(4),
            "pv": (sun * np.repeat(random.uniform(0.3, 1, 60), 24)).round(4),
        }
    )
    past = frame.assign(wind_fc=(0.8 * frame.wind + 0.1).round(4), pv_fc=(0.7 * sun).round(4))
    past = past.rename(columns={"wind": "wind_act", "pv": "pv_act"})
    gaps = pd.concat([frame.drop(index=[30, 31]), frame.iloc[[40]].assign(wind=0.5)])
    tables = {
        "year": frame,
        "other": frame[["time", "pv"]].rename(columns={"pv": "solar"}),
        "loads": frame.assign(load=2 + frame.wind),
        "gaps": gaps.replace({"wind": {frame.wind[50]: -99.0, frame.wind[60]: -0.1}}),
        "plants": pd.DataFrame({"name": ["wind", "pv"], "capacity": [1.5, 1.2]}),
        "history": past.iloc[:-48],
        "forecasts": past.iloc[:-48][["time", "wind_fc", "pv_fc"]],
        "actuals": past[["time", "wind_act", "pv_act"]],
        "forecast": past.iloc[-48:][["time", "wind_fc", "pv_fc"]],
        "words": pd.DataFrame({"time": frame.time, "wind": "calm"}),
    }
    files = {name: folder / f"{name}.csv" for name in (*tables, "table", "grouped", "stranger", "absent")}
    for name, rows in tables.items():
        rows.to_csv(files[name], index=False)
    files |= {"matrix": folder / "matrix.npy", "document": folder / "document.json"}
    distances = np.abs(np.subtract.outer(np.arange(60.0), np.arange(60.0)))
    np.save(files["matrix"], distances)
    year, table = str(files["year"]), str(files["table"])
    assert run(["generate", year, "-k", "4", "-q", "-o", table]) == 0
    assert run(["generate", year, "-k", "2", "--group-by", "month", "-q", "-o", str(files["grouped"])]) == 0
    assert run(["export", table, "--to", "json", "-q", "-o", str(files["document"])]) == 0
    files["stranger"].write_bytes(files["table"].read_bytes())  # no manifest next to it
    return files


def written_by(command: str, words: list[str], folder: Path, capfd: pytest.CaptureFixture[str]) -> Any:
    """Run a command and return the JSON that it wrote."""
    path = folder / "out.json"
    ways = {
        "generate": ["-o", str(folder / "out.csv"), "--manifest", str(path), "-q"],
        "sample": ["-o", str(folder / "out.csv"), "--manifest", str(path), "-q"],
        "evaluate": ["--json", "-o", str(path), "-q"],
        "export": ["--to", "json", "-o", str(path), "-q"],
        "inspect": ["--json"],
    }
    run([command, *words, *ways[command]])
    return json.loads(path.read_text(encoding="utf-8") if path.exists() else capfd.readouterr().out)


def validator(schema: str) -> Draft202012Validator:
    return Draft202012Validator(SCHEMAS[schema], registry=REGISTRY)


def objects(content: Any, name: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield every object of some JSON with the key that it stands under."""
    if isinstance(content, dict):
        yield name, content
        for key, value in content.items():
            yield from objects(value, key)
    elif isinstance(content, list):
        for value in content[:1]:  # one stands for all
            yield from objects(value, name)


def check(schema: str, content: Any) -> None:
    """Check that a schema accepts some content, and refuses it with a further key in any object of fixed keys."""
    validator(schema).validate(content)
    for number, (name, _) in enumerate(objects(content)):
        planted = deepcopy(content)
        list(objects(planted))[number][1]["planted"] = 0
        assert name in OPEN or not validator(schema).is_valid(planted), name


@pytest.mark.parametrize(("schema", "command", "words"), CASES)
def test_outputs_have_the_keys_of_their_schema_and_no_others(
    schema: str,
    command: str,
    words: str,
    here: dict[str, Path],
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
) -> None:
    content = written_by(command, [word.format(**here) for word in words.split()], tmp_path, capfd)

    check(schema, content)


def test_manifest_of_a_site_is_a_manifest(here: dict[str, Path], tmp_path: Path) -> None:
    sites = pd.read_csv(here["year"]).rename(columns={"wind": "wind_north", "pv": "pv_south"})
    sites.to_csv(tmp_path / "sites.csv", index=False)

    run(
        [
            "generate",
            str(tmp_path / "sites.csv"),
            "-k",
            "2",
            "--separate",
            "-q",
            "-o",
            str(tmp_path / "s.csv"),
        ]
    )

    manifest = json.loads((tmp_path / "s.north.manifest.json").read_text(encoding="utf-8"))
    assert manifest["options"]["site"] == "north"
    check("manifest", manifest)


@pytest.mark.parametrize("name", SCHEMAS)
def test_schemas_are_schemas_and_name_no_host(name: str) -> None:
    Draft202012Validator.check_schema(SCHEMAS[name])

    assert SCHEMAS[name]["$id"] == f"{name}.schema.json"
    assert f"[{name}.schema.json]({name}.schema.json)" in (FOLDER / "README.md").read_text(encoding="utf-8")

"""Groups of options are flags of a command, and texts become their values."""

from __future__ import annotations

import shlex
from typing import Annotated, Any

import pytest
import typer

from scenred.cli.flags.attach import GroupedCommand, Use, attach
from scenred.cli.flags.spelling import groups, words_of
from scenred.errors import Setting, UsageError
from scenred.options import Columns, Conditions, GroundOptions, Reading, SearchOptions
from scenred.options.declare import options_of, overrides


def parsed(flags: str) -> dict[str, Any]:
    """Return the groups of options that a command line gives."""
    given: dict[str, Any] = {}

    def capture(
        *,
        columns: Columns,
        reading: Reading,
        conditions: Conditions,
        search: Annotated[SearchOptions, Use(without=("time_limit",))],
        ground: Annotated[GroundOptions, Use(only=("column_weights",))],
    ) -> None:
        given.update(columns=columns, reading=reading, conditions=conditions, search=search, ground=ground)

    app = typer.Typer()
    app.command(cls=GroupedCommand)(attach(capture))
    app(args=shlex.split(flags), standalone_mode=False)
    return given


def test_without_flags_every_group_has_its_defaults() -> None:
    assert parsed("") == {
        "columns": Columns(),
        "reading": Reading(),
        "conditions": Conditions(),
        "search": SearchOptions(),
        "ground": GroundOptions(),
    }


@pytest.mark.parametrize(
    ("flags", "group", "name", "value"),
    [
        ("--column a --column b", "columns", "columns", ("a", "b")),
        ("--capacity 120", "columns", "capacity", 120.0),
        ("--capacity a=1 --capacity b=2", "columns", "capacity", {"a": 1.0, "b": 2.0}),
        ("--capacity plants.csv", "columns", "capacity", "plants.csv"),
        ("--no-header", "reading", "header", "none"),
        ("--header 1-2", "reading", "header", "1-2"),
        ("--delimiter tab", "reading", "delimiter", "\t"),
        ("--delimiter '|'", "reading", "delimiter", "|"),
        ("--max-size 2GB", "reading", "max_size", 2_000_000_000),
        ("--long 'area+type, mw'", "reading", "long", ("area+type", "mw")),
        ("--na - --na x", "reading", "na", ("-", "x")),
        ("--sort", "reading", "sort", True),
        ("--no-bound", "search", "bound", False),
        ("--starts 3", "search", "n_starts", 3),
        ("--installed wind=5", "conditions", "installed", {"wind": 5.0}),
        ("--weight a=0.5", "ground", "column_weights", {"a": 0.5}),
    ],
)
def test_a_flag_sets_its_option_and_no_other(flags: str, group: str, name: str, value: object) -> None:
    found = parsed(flags)

    assert overrides(found[group]) == {name: value}
    assert not any(overrides(one) for other, one in found.items() if other != group)


@pytest.mark.parametrize(
    ("flags", "message"),
    [
        ("--no-header --header 2", "--header and --no-header contradict each other"),
        ("--capacity 5 --capacity a=1", "--capacity 5 is for all columns"),
        ("--capacity a=x", "'x' is not a number"),
        ("--capacity plants", "is not a number or a file"),
        ("--weight a=1 --weight a=2", "'a' is named twice"),
        ("--max-size 0", "a number of bytes above 0"),
    ],
)
def test_texts_that_cannot_be_read_are_usage_errors(flags: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        parsed(flags)


@pytest.mark.parametrize("flags", ["--time-limit 5", "--metric sliced"])
def test_a_command_has_only_the_options_it_uses(flags: str) -> None:
    with pytest.raises(typer.TyperException, match="No such option"):
        parsed(flags)


def test_a_spelled_setting_reads_back() -> None:
    reading = Reading(na=("-", "n a"), long=("site", "mw"), delimiter="\t", header="none", max_size=5, sort=True)

    words = [word for item in overrides(reading).items() for word in words_of(Setting(*item))]

    assert parsed(shlex.join(words))["reading"] == reading


def test_no_two_options_of_a_command_share_a_flag() -> None:
    for group in groups():
        flags = [one.flag for one in options_of(group) if one.flag]
        assert len(flags) == len(set(flags)), group

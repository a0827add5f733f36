"""An option is one field: checks, flags, records and keywords come from it."""

from __future__ import annotations

from typing import Any

import pytest

from scenred.errors import RequestError, UsageError
from scenred.options import Conditions, Cutting, GroundOptions, Reading, SearchOptions, Work
from scenred.options.declare import check_keywords, group_of, options_of, overrides, recorded
from scenred.options.keywords import SearchKeywords


@pytest.mark.parametrize(
    ("group", "values", "message"),
    [
        (SearchOptions, {"gap": 1.0}, "the gap is 1; scenred needs a number of at least 0 and below 1"),
        (SearchOptions, {"gap": float("nan")}, "the gap is nan"),
        (
            SearchOptions,
            {"n_starts": 0},
            "the number of starts is 0; scenred needs a whole number of at least 1",
        ),
        (SearchOptions, {"time_limit": 0.0}, "the time limit is 0 s; scenred needs a number above 0"),
        (SearchOptions, {"method": "kmedoid"}, "there is no method 'kmedoid'; did you mean 'kmedoids'?"),
        (GroundOptions, {"order": 0.5}, "the order is 0.5; scenred needs a number of at least 1 and at most 100"),
        (GroundOptions, {"order": float("inf")}, "the order is inf; scenred needs a number"),
        (Work, {"n_threads": 0}, "the number of threads is 0"),
        (Conditions, {"share": "mas"}, "there is no share 'mas'; did you mean 'mass'?"),
    ],
)
def test_values_out_of_range_are_refused(group: type[Any], values: dict[str, Any], message: str) -> None:
    with pytest.raises(RequestError, match=message):
        group(**values)


def test_choices_of_reading_are_usage_errors() -> None:
    with pytest.raises(UsageError, match="there is no unit 'GW'"):
        Reading(unit="GW")  # type: ignore[arg-type]


def test_bounds_themselves_belong_to_the_range_unless_open() -> None:
    assert SearchOptions(gap=0.0, n_starts=1).gap == 0
    with pytest.raises(RequestError, match="the gap is 1"):
        SearchOptions(gap=1)


def test_overrides_are_what_differs_from_the_defaults() -> None:
    assert overrides(Reading(missing="drop", tz="UTC")) == {"tz": "UTC", "missing": "drop"}
    assert overrides(Cutting()) == {}


def test_the_record_holds_every_option_that_has_a_flag() -> None:
    record = recorded(Conditions(fixed=(3,)))

    assert "fixed" not in record
    assert record["installed"] == {}
    assert record["share"] == "mass"


def test_keywords_go_to_their_group_and_unknown_ones_are_refused() -> None:
    keywords = {"gap": 0.1, "order": 2.0}

    assert group_of(SearchOptions, keywords) == SearchOptions(gap=0.1)
    with pytest.raises(TypeError, match="unexpected keyword 'gaps'; did you mean 'gap'"):
        check_keywords(["gaps"], SearchKeywords)


def test_flags_follow_the_names_and_a_true_default_is_switched_off() -> None:
    flags = {one.name: one.flag for group in (SearchOptions, Conditions) for one in options_of(group)}

    assert flags["require_optimal"] == "--require-optimal"
    assert flags["bound"] == "--no-bound"
    assert flags["n_starts"] == "--starts"
    assert flags["fixed"] is None

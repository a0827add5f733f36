"""Groups of periods: by the calendar, by a column, by words."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from scenred import Column, InputError, RequestError, ScenarioSet
from scenred.periods.groups import grouped, grouped_by_words


def days(*columns: str, values: list[list[list[float]]], dated: bool = True) -> ScenarioSet:
    n = len(values)
    return ScenarioSet(
        tuple(Column(name) for name in columns),
        np.array(values),
        np.full(n, 1 / n),
        starts=pd.date_range("2019-01-01", periods=n) if dated else None,
    )


def test_a_column_groups_a_set_that_has_groups() -> None:
    given = days("calm", "wind", values=[[[1, 0.1], [1, 0.2]], [[2, 0.3], [2, 0.4]]])
    given = replace(given, groups=("x", "y"))

    found = grouped(given, "calm")

    assert found.groups == ("1", "2")
    assert found.names == ["wind"]
    assert found.values.ravel().tolist() == [0.1, 0.2, 0.3, 0.4]
    assert grouped(given, "group") is given


def test_the_only_column_groups_nothing() -> None:
    with pytest.raises(RequestError, match="is the only column"):
        grouped(days("calm", values=[[[1], [1]], [[2], [2]]]), "calm")


def test_the_first_change_of_a_column_is_named() -> None:
    given = days("calm", "wind", values=[[[1, 0], [1, 0], [1, 0]], [[2, 0], [3, 0], [3, 0]], [[4, 0], [5, 0], [6, 0]]])

    with pytest.raises(InputError, match="period 2019-01-02T00:00:00 begins with 2 and has 3 at step 1"):
        grouped(given, "calm")


@pytest.mark.parametrize(("groups", "advice"), [((), "season"), (("a", "b"), "group")])
def test_the_column_of_groups_is_advised_only_where_there_is_one(groups: tuple[str, ...], advice: str) -> None:
    given = replace(days("wind", values=[[[0.1]], [[0.2]]]), groups=groups)

    with pytest.raises(RequestError, match=advice) as raised:
        grouped(given, "gruop")

    assert ("did you mean 'group'" in str(raised.value)) == bool(groups)


def test_words_are_found_by_start() -> None:
    given = days("wind", values=[[[0.1], [0.2]], [[0.3], [0.4]]])
    numbers = days("code", values=[[[0], [0]], [[1], [1]], [[0], [0]]])
    one_later = replace(given, starts=pd.date_range("2019-01-02", periods=2))

    assert grouped_by_words(given, numbers, ["calm", "wet"], "regime").groups == ("calm", "wet")
    assert grouped_by_words(one_later, numbers, ["calm", "wet"], "regime").groups == ("wet", "calm")


def test_words_are_found_by_label_where_one_set_has_no_dates() -> None:
    given = replace(days("wind", values=[[[0.1]], [[0.3]]], dated=False), labels=("2", "1"))
    numbers = days("code", values=[[[0]], [[1]]])

    assert grouped_by_words(given, numbers, ["calm", "wet"], "regime").groups == ("wet", "calm")


def test_the_first_period_without_a_word_is_named() -> None:
    given = days("wind", values=[[[0.1]], [[0.2]], [[0.3]]])
    numbers = days("code", values=[[[0]]])

    with pytest.raises(InputError, match="period 2019-01-02T00:00:00 has steps without a word"):
        grouped_by_words(given, numbers, ["calm"], "regime")


def test_the_first_change_of_a_word_is_named() -> None:
    given = days("wind", values=[[[0.1], [0.2], [0.3]], [[0.3], [0.4], [0.5]]])
    numbers = days("code", values=[[[0], [0], [1]], [[1], [0], [0]]])

    with pytest.raises(InputError, match="period 2019-01-01T00:00:00 begins with 'calm' and has 'wet' at step 2"):
        grouped_by_words(given, numbers, ["calm", "wet"], "regime")

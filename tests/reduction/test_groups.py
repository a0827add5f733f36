"""Groups are reduced each by itself, and add up."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import scenred
from scenred import ScenarioSet, ScenredError, ScenredWarning, generate, read_scenarios
from scenred.cli.app import run
from scenred.periods.groups import SEASONS
from scenred.reduction.constraints.groups import shared_out


@pytest.fixture(scope="module")
def year() -> pd.DataFrame:
    hours = pd.date_range("2019-01-01", periods=24 * 730, freq="h")
    values = np.random.default_rng(1).random((len(hours), 2)).round(3)
    return pd.DataFrame(values, index=hours, columns=["wind", "pv"])


@pytest.fixture(scope="module")
def days(year: pd.DataFrame) -> ScenarioSet:
    return scenred.read_input(year)


@pytest.mark.parametrize(("by", "n_groups"), [("season", 4), ("month", 12), ("weekday", 7), ("year", 2)])
def test_groups_add_up(year: pd.DataFrame, days: ScenarioSet, by: str, n_groups: int) -> None:
    found = generate(days, 14, group_by=by, metric="pointwise", n_starts=2)

    groups, kept = np.array(found.original.groups), np.array(found.scenarios.groups)
    first_hours = pd.DatetimeIndex(year.index[::24])
    named = {
        "season": [SEASONS[month % 12 // 3] for month in first_hours.month],
        "month": first_hours.strftime("%B").str.lower(),
        "weekday": first_hours.strftime("%A").str.lower(),
        "year": first_hours.strftime("%Y"),
    }[by]
    assert groups.tolist() == np.asarray(named).tolist()
    assert len(set(groups)) == len(set(kept)) == n_groups
    assert len(kept) == 14
    assert (kept[found.assignment] == groups).all()
    total = bound = 0.0
    for group in set(groups):
        inside = groups == group
        mass = found.scenarios.probabilities[kept == group].sum()
        assert mass == pytest.approx(inside.mean(), abs=1e-12)
        part = ScenarioSet(days.columns, days.values[inside], np.full(inside.sum(), 1 / inside.sum()))
        scales = {name: float(days.values[:, :, place].max()) for place, name in enumerate(days.names)}
        part = ScenarioSet(
            tuple(scenred.Column(name, "other", scales[name]) for name in days.names),
            part.values,
            part.probabilities,
        )
        alone = generate(part, int((kept == group).sum()), metric="pointwise", n_starts=2)
        total += inside.mean() * alone.cost
        assert alone.lower_bound is not None
        bound += inside.mean() * alone.lower_bound
    assert found.cost == pytest.approx(total, rel=1e-9)
    assert found.lower_bound == pytest.approx(bound, rel=1e-9)


def test_sizes_by_group_and_extremes_within(days: ScenarioSet) -> None:
    sizes = {"winter": 5, "spring": 1, "summer": 2, "autumn": 3}

    found = generate(days, sizes, group_by="season", keep=["min:wind"], n_starts=2, exclude=["2019-07-01"])

    assert pd.Series(found.scenarios.groups).value_counts().to_dict() == sizes
    assert found.extremes[0].row in found.medoids
    assert 181 not in found.medoids
    assert found.payments[1].after >= found.payments[1].before


def test_table_with_groups_is_read_back(days: ScenarioSet) -> None:
    found = generate(days, 8, group_by="season", n_starts=2)

    for layout in ("long", "wide"):
        again = read_scenarios(found.to_frame(layout).sample(frac=1, random_state=0))
        assert again.groups == found.scenarios.groups
        assert again.probabilities.tolist() == found.scenarios.probabilities.tolist()
    assert generate(again, 4, group_by="group").scenarios.groups == ("winter", "spring", "summer", "autumn")
    assert "group" not in generate(again, 2).to_frame()


def test_groups_survive_an_export(days: ScenarioSet, tmp_path: Path) -> None:
    found = generate(days, 8, group_by="season", n_starts=2)
    found.to_frame().to_csv(tmp_path / "s.csv", index=False)

    assert run(["export", str(tmp_path / "s.csv"), "--to", "json", "-o", str(tmp_path / "s.json")]) == 0

    assert read_scenarios(tmp_path / "s.json").groups == found.scenarios.groups


def test_column_of_labels_leaves_the_values(year: pd.DataFrame) -> None:
    regime = np.repeat(np.arange(730) % 3, 24)

    found = generate(year.assign(regime=regime), 6, group_by="regime", n_starts=2)

    assert found.scenarios.names == ["wind", "pv"]
    assert set(found.scenarios.groups) == {"0", "1", "2"}
    assert found.original.groups == tuple(str(label) for label in regime[::24])


def test_groups_and_picks_pay_one_after_the_other(days: ScenarioSet) -> None:
    options: dict[str, Any] = {"metric": "pointwise", "n_starts": 2}

    found = generate(days, 8, group_by="season", keep=["min:wind", "max:pv"], **options)

    joint = generate(days, 8, **options)
    groups = generate(days, 8, group_by="season", **options)
    of_groups, of_picks = found.payments
    assert (of_groups.condition, of_picks.condition) == ("4 groups, each by itself", "2 extremes")
    assert joint.cost == of_groups.before < of_groups.after == groups.cost == of_picks.before
    assert of_picks.before < of_picks.after == found.cost
    assert of_groups.lower_bound == joint.lower_bound
    assert of_picks.lower_bound == groups.lower_bound
    assert groups.payments == (of_groups,)


@pytest.fixture(scope="module")
def words(year: pd.DataFrame) -> pd.DataFrame:
    """Sixty days with a regime in words."""
    days = np.array(["calm", " windy ", "calm", "wet"] * 15)
    return year.iloc[: 24 * 60].assign(regime=np.repeat(days, 24))


def test_words_group_as_numbers_do(words: pd.DataFrame) -> None:
    numbers = words.assign(regime=words["regime"].map({"calm": 0, " windy ": 1, "wet": 2}))

    named = generate(words, 9, group_by="regime", n_starts=2, columns=["wind", "pv"])
    told = generate(numbers, 9, group_by="regime", n_starts=2, columns=["wind", "pv"])

    assert named.original.groups == ("calm", "windy", "calm", "wet") * 15
    assert named.medoids.tolist() == told.medoids.tolist()
    assert named.scenarios.names == ["wind", "pv"]
    assert named.cost == told.cost


@pytest.mark.parametrize(
    "names", [{"calm": True, " windy ": False, "wet": True}, {"calm": "3", " windy ": "x", "wet": "y"}]
)
def test_true_and_false_and_numbers_among_words_are_words(words: pd.DataFrame, names: dict[str, Any]) -> None:
    column = words["regime"].map(names)

    found = generate(words.assign(regime=column), 9, group_by="regime", n_starts=2)

    assert found.original.groups == tuple(str(name) for name in column.iloc[::24])


def test_times_are_no_words(words: pd.DataFrame) -> None:
    with pytest.raises(ScenredError, match="there is no such column or calendar"):
        generate(words[["wind", "pv"]], 9, group_by="time", n_starts=2)


def test_words_of_a_long_table_and_of_a_scenario_table(words: pd.DataFrame) -> None:
    long = words.rename_axis(index="time").reset_index().melt(["time", "regime"], var_name="site")
    table = generate(words[["wind", "pv"]], 5, n_starts=2).to_frame()
    table["regime"] = np.where(table["scenario"].isin(["2", "4"]), "b", "a")
    options: dict[str, Any] = {"group_by": "regime", "n_starts": 2}

    by_site = generate(long, 9, reading={"long": ("site", "value")}, **options)
    again = generate(table.sample(frac=1, random_state=1), 2, **options)

    joint = generate(words, 9, **options)
    assert by_site.original.groups == joint.original.groups
    assert sorted(by_site.scenarios.names) == ["pv", "wind"]
    assert again.original.groups == ("a", "b", "a", "b", "a")


@pytest.mark.parametrize(
    ("row", "word", "options", "message"),
    [
        (30, "wet", {}, "period 2019-01-02T00:00:00 begins with 'windy' and has 'wet' at step 6"),
        (30, " ", {}, "row 30: regime is ' '; scenred needs a word in every row"),
        (30, None, {"reading": {"missing": "drop"}}, "period 2019-01-02T00:00:00 has steps without a word"),
        (30, "windy", {"columns": ["regime"]}, "is the only column"),
    ],
)
def test_words_that_group_no_whole_period_are_refused(
    words: pd.DataFrame, row: int, word: str | None, options: dict[str, Any], message: str
) -> None:
    frame = words.copy()
    frame.iloc[row, 2] = word

    with pytest.raises(ScenredError, match=message):
        generate(frame, 9, group_by="regime", **options)


def test_a_day_without_values_and_word_is_dropped(words: pd.DataFrame) -> None:
    frame = words.copy()
    frame.iloc[30] = [np.nan, np.nan, None]

    with pytest.warns(ScenredWarning, match="missing"):
        found = generate(frame, 9, group_by="regime", n_starts=2, reading={"missing": "drop"})

    assert found.original.groups == ("calm", *(("calm", "wet", "calm", "windy") * 15)[:58])


def test_cost_shares_by_what_groups_cost() -> None:
    values = np.concatenate([np.full(30, 0.5), np.linspace(0, 1, 30)]).reshape(60, 1, 1)
    groups = ("calm",) * 30 + ("wild",) * 30
    days = ScenarioSet((scenred.Column("wind"),), values, np.full(60, 1 / 60), groups=groups)

    by_mass = generate(days, 6, group_by="group", metric="pointwise")
    by_cost = generate(days, 6, group_by="group", metric="pointwise", share="cost")

    assert pd.Series(by_mass.scenarios.groups).value_counts().to_dict() == {"calm": 3, "wild": 3}
    assert pd.Series(by_cost.scenarios.groups).value_counts().to_dict() == {"calm": 1, "wild": 5}


def test_a_group_of_one_lonely_period_and_one_of_none() -> None:
    values = np.array([0.0, 0.5, 0.6, 0.9]).reshape(4, 1, 1)
    starts = pd.DatetimeIndex(["2019-01-31", "2019-02-01", "2019-02-02", "2019-02-03"])
    days = ScenarioSet((scenred.Column("wind", "wind"),), values, np.full(4, 0.25), starts=starts)
    options: dict[str, Any] = {"metric": "pointwise", "group_by": "month"}

    found = generate(days, 2, keep=["min:wind"], extreme_weight="single", **options)

    assert found.scenarios.groups == ("january", "february")
    assert found.medoids.tolist() == [0, 2]
    with pytest.raises(ScenredError, match="group 'january': too few of its periods are not excluded"):
        generate(days, 2, exclude=["2019-01-31"], **options)


def test_shares_keep_their_bounds_and_their_sum() -> None:
    generator = np.random.default_rng(0)
    for _ in range(200):
        g = int(generator.integers(1, 6))
        least, more = generator.integers(0, 4, g), generator.integers(0, 5, g)
        total = int(generator.integers(least.sum(), (least + more).sum() + 1))
        counts = shared_out(generator.random(g), total, least, least + more)
        assert counts.sum() == total
        assert (counts >= least).all()
        assert (counts <= least + more).all()


@pytest.mark.parametrize(
    ("n_scenarios", "options", "message"),
    [
        (3, {"group_by": "season"}, "4 groups .winter, spring, summer, autumn. need 4 at least"),
        ({"winter": 2}, {"group_by": "season"}, "no number for group 'spring'"),
        ({"wintr": 2}, {"group_by": "season"}, "did you mean 'winter'"),
        ({"winter": 2}, {}, "say what to group by"),
        ({"2019": 0, "2020": 2}, {"group_by": "year"}, "group '2019': 0 scenarios"),
        (5, {"group_by": "seson"}, "did you mean 'season'"),
        (8, {"group_by": "wind"}, "scenred needs one group for a whole period"),
        (None, {"group_by": "year", "tolerance": 0.5}, "a tolerance and groups"),
        (8, {"group_by": "year", "share": "size"}, "there is no share 'size'"),
    ],
)
def test_impossible_groups_are_refused(
    days: ScenarioSet, n_scenarios: Any, options: dict[str, Any], message: str
) -> None:
    with pytest.raises(ScenredError, match=message):
        generate(days, n_scenarios, metric="pointwise", **options)


def test_groups_of_all_periods_lose_nothing(random_set: Callable[..., ScenarioSet]) -> None:
    given = replace(random_set(6), groups=("a", "a", "a", "b", "b", "b"))

    found = generate(given, 6, group_by="group", metric="pointwise")

    assert found.cost == 0
    assert found.medoids.tolist() == list(range(6))


def test_what_groups_cost_is_measured_by_the_same_method(random_set: Callable[..., ScenarioSet]) -> None:
    given = replace(random_set(24), groups=("a",) * 12 + ("b",) * 12)

    found = generate(given, 5, group_by="group", metric="pointwise", method="backward")

    joint = generate(given, 5, metric="pointwise", method="backward")
    assert found.payments[0].before == min(joint.cost, found.cost)


def test_a_group_without_probability_is_refused(random_set: Callable[..., ScenarioSet]) -> None:
    days = random_set(4)
    grouped = replace(days, probabilities=np.array([0.5, 0.5, 0, 0]), groups=("a", "a", "b", "b"))

    with pytest.raises(ScenredError, match="all periods of group 'b' have probability 0"):
        generate(grouped, 2, group_by="group")

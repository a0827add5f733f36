"""Extremes, sites and dates, against pandas on the plain series."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import scenred
from scenred import Column, RequestError, ScenarioSet, ScenredError, ScenredWarning, UsageError, generate
from scenred.periods.sites import split_sites
from scenred.reduction.constraints.dates import rows_of_dates
from scenred.reduction.constraints.extremes import find_extremes

SITES = ("wind_a", "wind_b", "pv_a", "pv_b", "load")


@pytest.fixture
def series() -> pd.DataFrame:
    hours = pd.date_range("2019-03-01", periods=24 * 40, freq="h")
    values = np.random.default_rng(3).random((len(hours), len(SITES))).round(3)
    return pd.DataFrame(values, index=hours, columns=SITES)


@pytest.fixture
def days(series: pd.DataFrame) -> ScenarioSet:
    return scenred.read_input(series)


def test_extremes_are_those_of_the_series(series: pd.DataFrame, days: ScenarioSet) -> None:
    clock = pd.DatetimeIndex(series.index)
    day = clock.normalize()
    wind, pv = series["wind_a"] + series["wind_b"], series["pv_a"] + series["pv_b"]
    residual = series["load"] - 3 * wind / 2 - 2 * series["pv_a"] - 4 * series["pv_b"]
    ramps = series["wind_b"].diff().abs().where(clock.hour > 0)

    def on(values: pd.Series) -> pd.Timestamp:
        return clock[int(np.nanargmax(values.to_numpy()))].normalize()

    expected = {
        "min:wind+pv": (wind + pv).groupby(day).mean().idxmin(),
        "max:wind+pv": on(wind + pv),
        "max:load:day": series["load"].groupby(day).mean().idxmax(),
        "min:load:step": on(-series["load"]),
        "min:wind+pv@a": (series["wind_a"] + series["pv_a"]).groupby(day).mean().idxmin(),
        "max-ramp:wind_b": on(ramps),
        "max:load-2*wind_a": on(series["load"] - 2 * series["wind_a"]),
        "max:residual": on(residual),
    }
    installed = {"wind": 3.0, "pv_a": 2.0, "pv": 4.0}

    found = [find_extremes(days, [keep], installed)[0] for keep in expected]

    assert days.starts is not None
    assert {one.keep: days.starts[one.row] for one in found} == expected
    assert found[7].value == pytest.approx(residual.max())


def test_longest_lull_runs_across_midnight() -> None:
    wind = np.ones(24 * 4)
    wind[[1, 2, 3, 4, 5]] = 0  # five hours on the first day
    wind[24 + 22 : 48 + 5] = 0  # seven, most of them on the third
    hours = pd.date_range("2019-03-01", periods=len(wind), freq="h")
    days = scenred.read_input(pd.DataFrame({"wind": wind}, index=hours))

    (found,) = find_extremes(days, ["longest-lull:wind<0.1"])
    (without,) = find_extremes(days, ["longest-lull:wind<0.1"], excluded=[1, 2])

    assert (found.row, found.value) == (2, 7.0)
    assert (without.row, without.value) == (0, 5.0)


def test_of_equal_extremes_the_earliest_is_taken() -> None:
    days = ScenarioSet((Column("pv", "pv"),), np.array([3.0, 1, 2, 1, 3]).reshape(5, 1, 1), np.full(5, 0.2))

    assert [one.row for one in find_extremes(days, ["min:pv", "max:pv"])] == [1, 0]


def test_day_within_longer_periods(series: pd.DataFrame) -> None:
    weeks = scenred.read_input(series.iloc[: 24 * 35], period="7D")
    by_day = series["pv_a"].iloc[: 24 * 35].groupby(pd.DatetimeIndex(series.index[: 24 * 35]).normalize()).mean()

    (found,) = find_extremes(weeks, ["min:pv_a:day"])

    assert found.row == list(by_day.index).index(by_day.idxmin()) // 7
    assert found.value == pytest.approx(by_day.min())


@pytest.mark.parametrize("k", [2, 3, 6, 12])
@pytest.mark.parametrize("weight", ["cluster", "single"])
def test_extremes_are_kept_at_every_size_and_counted(days: ScenarioSet, k: int, weight: str) -> None:
    (row,) = {one.row for one in find_extremes(days, ["min:wind+pv"])}

    found = generate(days, k, keep=["min:wind+pv"], extreme_weight=weight)  # type: ignore[arg-type]

    assert len(found.medoids) == k
    assert row in found.medoids
    (paid,) = found.payments
    free = generate(days, k)
    assert paid.before == free.cost
    assert paid.after == found.cost >= free.cost
    assert free.lower_bound is not None
    assert paid.gap == pytest.approx((found.cost - free.lower_bound) / found.cost)
    if weight == "single":
        assert found.scenarios.probabilities[found.medoids.tolist().index(row)] == 1 / 40


def test_a_period_with_two_extremes_counts_once(days: ScenarioSet) -> None:
    with pytest.warns(ScenredWarning, match="holds 2 extremes .min:wind, min:wind:period.; it is kept and counts"):
        found = generate(days, 2, keep=["min:wind", "min:wind:period"])

    assert len(found.medoids) == 2
    assert len(found.extremes) == 2


def test_excluded_extreme_makes_place_for_the_next(days: ScenarioSet) -> None:
    (first,) = generate(days, 3, keep=["min:pv"]).extremes
    assert days.starts is not None
    date = days.starts[first.row].date().isoformat()

    found = generate(days, 3, keep=["min:pv"], exclude=[date])

    means = days.values[:, :, 2:4].sum(axis=2).mean(axis=1)
    assert found.extremes[0].row == np.argsort(means)[1]
    assert first.row not in found.medoids


def test_dates_name_periods(series: pd.DataFrame) -> None:
    days, quarters = (scenred.read_input(series, period=length) for length in ("24h", "6h"))
    weeks = scenred.read_input(series.iloc[: 24 * 35], period="7D")
    zoned = scenred.read_input(series.tz_localize("+02:00"))

    assert rows_of_dates(days, ["2019-03-03", "2019-03-01"], "include").tolist() == [0, 2]
    assert rows_of_dates(quarters, ["2019-03-02"], "include").tolist() == [4, 5, 6, 7]
    assert rows_of_dates(quarters, ["2019-03-02T07:30"], "include").tolist() == [5]
    assert rows_of_dates(weeks, ["2019-03-10"], "include").tolist() == [1]
    assert rows_of_dates(zoned, ["2019-03-02", "2019-03-04T23:00Z"], "include").tolist() == [1, 4]


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"keep": ["min:temperature"]}, RequestError, "no column 'temperature'"),
        ({"keep": ["min:wnd"]}, RequestError, "did you mean 'wind"),
        ({"keep": ["min:pv@c"]}, RequestError, "there is no site 'c'; there are: a, b"),
        ({"keep": ["min:load@a"]}, RequestError, "no column 'load' at site 'a'"),
        ({"keep": ["lowest:pv"]}, UsageError, "there is no statistic 'lowest'"),
        ({"keep": ["min:pv:week"]}, UsageError, "there is no unit 'week'"),
        ({"keep": ["max-ramp:pv:day"]}, UsageError, "max-ramp has none"),
        ({"keep": ["min:"]}, UsageError, "names no column"),
        ({"keep": ["min:wind++pv"]}, UsageError, "is not a sum of columns"),
        ({"keep": ["longest-lull:wind"]}, UsageError, "a lull needs a limit"),
        ({"keep": ["longest-lull:wind<low"]}, UsageError, "a lull needs a limit"),
        ({"keep": ["longest-lull:wind<-1"]}, RequestError, "no step lies below -1"),
        ({"keep": ["max:residual"]}, RequestError, "has no capacity to set against the load"),
        ({"keep": ["max:residual"], "installed": {"wnd": 1.0}}, RequestError, "did you mean 'wind"),
        ({"keep": ["max:residual"], "installed": {"wind": -1.0}}, RequestError, "at least 0"),
        (
            {"keep": ["min:wind", "min:pv", "max:wind", "max:pv"]},
            RequestError,
            "4 extremes are 4 scenarios that stay and only 3 may",
        ),
        ({"include": ["2019-03-02"], "exclude": ["2019-03-02"]}, UsageError, "by include and by exclude"),
        ({"include": ["2020-03-02"]}, RequestError, "no period holds it"),
        ({"include": ["today"]}, UsageError, "is not a date"),
        ({"include": ["2019-03"]}, UsageError, "is not a date"),
        ({"exclude": ["2019"]}, UsageError, "is not a date"),
        ({"include": ["2019-03-02T00:00Z"]}, RequestError, "leave the offset out"),
    ],
)
def test_impossible_picks_are_refused(
    days: ScenarioSet, options: dict[str, list[str]], error: type[ScenredError], message: str
) -> None:
    with pytest.raises(error, match=message):
        generate(days, 3, **options)  # type: ignore[arg-type]


@pytest.mark.parametrize("time", ["2019-03-31T02:30", "2019-10-27T02:30"])
def test_a_time_that_the_clock_has_twice_or_not_at_all_is_refused(time: str) -> None:
    starts = pd.date_range("2019-01-01", periods=365, freq="D", tz="Europe/Berlin")
    days = ScenarioSet(
        (Column("wind"),), np.random.default_rng(0).random((365, 24, 1)), np.full(365, 1 / 365), starts=starts
    )

    with pytest.raises(UsageError, match="twice or not at all in Europe/Berlin"):
        rows_of_dates(days, [time], "include")

    assert rows_of_dates(days, [time[:10], "2019-10-27T02:30+01:00"], "include")[-1] == 299


def test_sites_behind_a_mark(random_set: Callable[..., ScenarioSet]) -> None:
    columns = tuple(Column(f"{kind}@{site}", kind) for kind in ("wind", "pv") for site in ("a", "b"))
    days = ScenarioSet(columns, random_set(9, n_columns=4).values, np.full(9, 1 / 9))
    means = days.values.mean(axis=1)

    found = {keep: find_extremes(days, [keep])[0].value for keep in ("min:wind@a", "min:wind+pv@b", "min:wind@a+pv@b")}

    assert found["min:wind@a"] == pytest.approx(means[:, 0].min())
    assert found["min:wind+pv@b"] == pytest.approx((means[:, 1] + means[:, 3]).min())
    assert found["min:wind@a+pv@b"] == pytest.approx((means[:, 0] + means[:, 3]).min())


def test_a_site_that_sounds_like_a_kind_keeps_its_columns_together() -> None:
    names = ("Windsor wind", "Windsor PV", "solar_pv_Pvale", "wind_Pvale")
    columns = tuple(Column(name) for name in names)
    days = ScenarioSet(columns, np.zeros((1, 1, 4)), np.ones(1))

    assert {site: one.names for site, one in split_sites(days).items()} == {
        "Windsor": ["Windsor wind", "Windsor PV"],
        "Pvale": ["solar_pv_Pvale", "wind_Pvale"],
    }


def test_a_lull_at_a_site_is_written_before_or_after_its_limit(
    random_set: Callable[..., ScenarioSet],
) -> None:
    columns = (Column("wind@a", "wind"), Column("wind@b", "wind"))
    days = ScenarioSet(columns, random_set(9).values, np.full(9, 1 / 9))

    found = [find_extremes(days, [keep])[0] for keep in ("longest-lull:wind@b<0.6", "longest-lull:wind<0.6@b")]

    assert (found[0].row, found[0].value) == (found[1].row, found[1].value)
    below = days.values[:, :, 1] < 0.6
    longest = [max(len(run) for run in "".join("x" if low else " " for low in day).split(" ")) for day in below]
    assert found[0].row == int(np.argmax(longest))


def test_residual_of_more_than_stands_there_scales_the_power(random_set: Callable[..., ScenarioSet]) -> None:
    values = random_set(9, n_columns=3).values * [100.0, 50.0, 90.0]
    columns = (Column("wind", "wind", 100.0), Column("pv", "pv", 50.0), Column("load", "load"))
    days = ScenarioSet(columns, values, np.full(9, 1 / 9))

    found = find_extremes(days, ["max:residual"], {"wind": 300.0})[0]

    truth = values[:, :, 2] - 3 * values[:, :, 0] - values[:, :, 1]
    assert found.value == pytest.approx(truth.max())


def test_residual_of_shares_is_refused(series: pd.DataFrame) -> None:
    shares = scenred.read_input(series, reading={"unit": "cf"})

    with pytest.raises(RequestError, match="given in cf"):
        find_extremes(shares, ["max:residual"], {"wind": 3.0, "pv": 2.0})


def test_a_name_that_may_be_a_column_or_a_kind_is_refused(random_set: Callable[..., ScenarioSet]) -> None:
    columns = (Column("wind", "wind"), Column("wind_b", "wind"))
    days = ScenarioSet(columns, random_set(5).values, np.full(5, 0.2))

    with pytest.raises(RequestError, match="'wind' may be the column 'wind' or the sum of 2 columns"):
        find_extremes(days, ["min:wind"])


@pytest.mark.slow
def test_one_scarcest_day_saves_most_of_the_regret(sample_path: Path) -> None:
    year = scenred.read_input(sample_path, wind=["wind_miami"], pv=["pv_miami"])

    free, kept = (
        scenred.evaluate(generate(year, 5, keep=keep).scenarios, year, plan=scenred.Study())["regret"]
        for keep in ([], ["min:wind+pv"])
    )

    assert kept < 0.1 < 5 < free

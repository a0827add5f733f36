"""Margins, dependence and drawing: laws that hold whatever the data."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from scenred import InputError
from scenred.forecasts.pairing import pair_columns, same_columns
from scenred.model import Column, History
from scenred.options.sampling import DependenceMethod, MarginMethod, Sampling
from scenred.sampling import FittedForecast, draw_day, fit_forecast
from scenred.sampling.dependence import normal_scores, schaake_keys, shrunk_correlation
from scenred.sampling.levels import ranks_of, values_at
from scenred.sampling.margins import fit_margins
from scenred.sampling.night import dark_steps

DAYS, STEPS = 120, 24
EMPIRICAL = Sampling(margins="empirical")


def drawn_of(fitted: FittedForecast, history: History, day: int, dependence: DependenceMethod, n: int) -> np.ndarray:
    forecast, start = history.forecast[day], history.starts[day]
    margins = fitted.margins.of(forecast[None], history.starts[day : day + 1])
    return draw_day(fitted, forecast, start, margins, dependence, n)


@pytest.fixture(scope="module")
def history() -> History:
    """Return days of wind and PV whose errors last for hours; PV is dark at night."""
    generator = np.random.default_rng(3)
    hours = np.arange(STEPS)
    sun = np.maximum(np.sin((hours - 6) / 12 * np.pi), 0) * (hours >= 6) * (hours <= 18)
    sun[[6, 18]] = 0
    level = generator.random((DAYS, 1))
    wind = np.clip(level + 0.2 * np.sin(hours / 4 + 6 * level), 0, 1)
    lasting = np.exp(-np.abs(hours[:, None] - hours) / 6)
    error = generator.multivariate_normal(np.zeros(STEPS), 0.02 * lasting, DAYS)
    clear = generator.uniform(0.3, 1, (DAYS, 1))
    forecast = np.stack([wind, clear * sun], axis=2) * [100, 50]
    actual = np.stack([np.clip(wind + error, 0, 1), np.clip(clear + error[:, ::-1], 0, 1) * sun], axis=2)
    return History(
        (Column("wind", "wind", 100.0), Column("pv", "pv", 50.0)),
        forecast,
        actual * [100, 50],
        pd.date_range("2019-03-01", periods=DAYS),
        pd.Timedelta(hours=1),
    )


def test_values_and_ranks_are_inverse_where_there_is_no_atom() -> None:
    levels, quantiles = np.array([0.0, 0.2, 0.7, 1.0]), np.array([0.0, 1.0, 4.0, 9.0])
    wanted = np.linspace(0, 1, 21)

    values = values_at(levels, quantiles, wanted)

    np.testing.assert_allclose(ranks_of(levels, np.tile(quantiles, (21, 1)), values), wanted, atol=1e-12)


@pytest.mark.parametrize("method", ["quantile-regression", "empirical", "beta"])
def test_margins_keep_the_bounds_the_night_and_their_order(history: History, method: MarginMethod) -> None:
    fitted = fit_margins(history.before(100), Sampling(margins=method))

    quantiles = fitted.of(history.forecast[100:], history.starts[100:]).quantiles

    assert np.isfinite(quantiles).all()
    assert quantiles.min() >= 0
    assert quantiles.max() <= 1
    assert (np.diff(quantiles, axis=-1) >= 0).all()
    assert (quantiles[:, [0, 3, 6, 18, 23], 1] == 0).all()
    assert (quantiles[:, 12, 1, -1] > 0).all()


@pytest.mark.parametrize("method", ["quantile-regression", "empirical", "beta"])
def test_margins_cover_what_they_say(history: History, method: MarginMethod) -> None:
    fitted = fit_margins(history.before(80), Sampling(margins=method))

    margins = fitted.of(history.forecast[80:], history.starts[80:])

    ends = values_at(margins.levels, margins.quantiles, np.array([0.1, 0.9]))
    seen = history.actual[80:] / history.capacities
    inside = (ends[..., 0] <= seen) & (seen <= ends[..., 1])
    assert 0.7 < inside[:, :, 0].mean() < 0.9


def test_atom_at_zero_is_kept(history: History) -> None:
    still = history.forecast[:, :, 0] < 20
    actual = history.actual.copy()
    actual[:, :, 0][still] = 0.0
    cut_in = History(history.columns, history.forecast, actual, history.starts, history.step)

    quantiles = fit_margins(cut_in, EMPIRICAL).of(np.full((1, STEPS, 2), 1.0), history.starts[:1]).quantiles

    assert (quantiles[0, 12, 0] == 0).mean() > 0.25


@pytest.mark.parametrize("method", ["empirical", "beta"])
def test_atom_keeps_its_share_between_the_forecasts_it_was_seen_at(history: History, method: MarginMethod) -> None:
    generator = np.random.default_rng(0)
    forecast = np.repeat(generator.uniform(20, 40, (DAYS, 1, 1)), STEPS, axis=1)
    actual = forecast * generator.uniform(0.8, 1.2, (DAYS, STEPS, 1)) * (generator.random((DAYS, STEPS, 1)) > 0.3)
    column = (Column("wind", "wind", 100.0),)
    calm = History(column, forecast, actual, history.starts, history.step)

    margins = fit_margins(calm, Sampling(margins=method)).of(np.full((1, STEPS, 1), 30.0), history.starts[:1])

    share = ranks_of(margins.levels, margins.quantiles[0], np.zeros((STEPS, 1)), 1.0)
    assert share.mean() == pytest.approx(0.3, abs=0.04)


def test_sun_is_down_where_it_never_shone_and_not_before_an_earlier_sunrise(history: History) -> None:
    forecast = history.forecast[:1].copy()
    forecast[0, 5, 1] = 4.0  # the forecast knows that the sun rises earlier now

    dark = dark_steps(history, forecast, history.starts[:1])

    assert dark[0, [0, 4, 20], 1].all()
    assert not dark[0, [5, 12], 1].any()
    assert not dark[..., 0].any()


def test_normal_scores_share_equal_ranks_and_leave_the_night_out() -> None:
    ranks = np.tile(np.linspace(0.02, 0.98, 25)[:, None], (1, 3))
    ranks[:, 1] = np.nan
    ranks[:2, 2] = 0.01

    scores = normal_scores(ranks)

    assert (scores[:, 1] == 0).all()
    assert scores[0, 2] == scores[1, 2]
    np.testing.assert_allclose(scores[:, [0, 2]].std(axis=0), 1)


def test_correlation_is_positive_definite_with_few_days_and_right_with_many() -> None:
    truth = np.kron(np.exp(-np.abs(np.subtract.outer(np.arange(12), np.arange(12))) / 5), [[1, 0.4], [0.4, 1]])
    draws = np.random.default_rng(0).multivariate_normal(np.zeros(24), truth, 3000)
    ranks = stats.norm.cdf(draws)

    few = shrunk_correlation(normal_scores(ranks[:15]), 2)
    many = shrunk_correlation(normal_scores(ranks), 2)

    assert np.linalg.eigvalsh(few).min() > 0
    np.testing.assert_allclose(np.diag(few), 1)
    assert np.abs(many - truth).max() < 0.06
    own = np.corrcoef(draws[:15].T)
    assert np.abs(few - truth).mean() < np.abs(own - truth).mean()


@pytest.mark.parametrize("dependence", ["gaussian", "schaake", "independent"])
def test_every_margin_is_drawn_once_in_each_stratum(history: History, dependence: DependenceMethod) -> None:
    fitted = fit_forecast(history.before(100), EMPIRICAL, (dependence,))
    n = 40

    drawn = drawn_of(fitted, history, 100, dependence, n)

    margins = fitted.margins.of(history.forecast[100:101], history.starts[100:101])
    walls = values_at(margins.levels, margins.quantiles[0], np.arange(n + 1) / n) * history.capacities[:, None]
    values = np.sort(drawn, axis=0).transpose(1, 2, 0)
    assert (values >= walls[..., :-1] - 1e-9).all()
    assert (values <= walls[..., 1:] + 1e-9).all()


def test_dependence_lasts_for_hours_unless_independent(history: History) -> None:
    fitted = fit_forecast(history.before(100), EMPIRICAL, ("gaussian", "schaake", "independent"))

    def neighbours(name: DependenceMethod) -> float:
        drawn = drawn_of(fitted, history, 100, name, 400)
        return float(stats.spearmanr(drawn[:, 11, 0], drawn[:, 12, 0]).statistic)

    assert neighbours("gaussian") > 0.6
    assert neighbours("schaake") > 0.5
    assert abs(neighbours("independent")) < 0.15


def test_schaake_takes_the_order_of_the_most_similar_days() -> None:
    ranks = np.array([[0.1, 0.9], [0.5, 0.5], [0.9, 0.1], [0.2, 0.2]])

    keys = schaake_keys(ranks, np.array([0.0, 1.0, 2.0, 99.0]), 3, np.random.default_rng(0))

    assert keys[:, 0].tolist() == [0, 1, 2]
    assert keys[:, 1].tolist() == [2, 1, 0]


def test_day_is_drawn_the_same_again_and_differs_by_seed(history: History) -> None:
    def draw(seed: int) -> np.ndarray:
        fitted = fit_forecast(history.before(100), Sampling(margins="empirical", seed=seed), ("gaussian",))
        return drawn_of(fitted, history, 100, "gaussian", 9)

    assert draw(0).tobytes() == draw(0).tobytes()
    assert draw(0).tobytes() != draw(1).tobytes()


@pytest.mark.slow
def test_fifty_sites_with_a_year_of_history_work() -> None:
    generator = np.random.default_rng(0)
    forecast = generator.random((365, 24, 50))
    actual = np.clip(forecast + 0.1 * generator.normal(size=(365, 1, 50)), 0, 1)
    columns = tuple(Column(f"wind{site}", "wind", 1.0) for site in range(50))
    year = History(columns, forecast, actual, pd.date_range("2019-01-01", periods=365), pd.Timedelta(hours=1))

    fitted = fit_forecast(year, EMPIRICAL, ("gaussian",))

    assert drawn_of(fitted, year, 0, "gaussian", 20).shape == (20, 24, 50)


@pytest.mark.parametrize(
    ("names", "message"),
    [
        (["wind_da", "wind_forecast", "wind_actual"], "'wind_da' and 'wind_forecast' both stand for 'wind'"),
        (["wind_fc", "wind_obs", "wind_actual"], "'wind_obs' and 'wind_actual' both stand for 'wind'"),
    ],
)
def test_two_columns_for_one_role_are_refused(names: list[str], message: str) -> None:
    with pytest.raises(InputError, match=message):
        pair_columns(names, "h.csv")
    with pytest.raises(InputError, match="both stand for 'wind'"):
        same_columns(["wind_da", "wind_fc"], ["wind"], "f.csv", "a.csv")

"""Margins by quantile regression: boosted trees for each level, cross-fitted and recalibrated.

For every column and level a `HistGradientBoostingRegressor` of scikit-learn with the quantile loss (R. Koenker and
G. Bassett, "Regression quantiles", Econometrica 46, 1978) learns the error from the forecast of the hour, its
neighbours in time, the day's mean, the hour, and the mean of the other columns of its kind. Weeks are dealt out to
folds; each model leaves one fold out, so that every past hour has margins which did not know it. The levels at which
those were right are then the levels that are used. Sources: V. Chernozhukov, I. Fernandez-Val, A. Galichon,
"Quantile and probability curves without crossing", Econometrica 78, 2010, for the sorting; C. Gupta, A. Kuchibhotla,
A. Ramdas, "Nested conformal prediction and quantile out-of-bag ensemble methods", Pattern Recognition 127, 2022, for
margins from left-out folds.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from scenred.arrays import Bool, Float64
from scenred.sampling.levels import ranks_of, values_at

INNER = np.array([0.01, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99])
LEVELS = np.concatenate([[0.0], INNER, [1.0]])
N_FOLDS = 3
# Days that go to one fold together: errors of neighbouring days are alike.
DAYS_TOGETHER = 7
# Fewer hours than this make no tree; a column that is dark almost always has none.
FEWEST_HOURS = 60


def fit_regression(
    forecast: Float64, actual: Float64, dark: Bool, kinds: Sequence[str], seed: int
) -> tuple[Float64, Callable[[Float64], Float64], Float64]:
    """Fit all columns, of these kinds; see `fit_margins`.

    39 models a column, each linear in the hours: about a second a column and year. The seed spreads the rank of a value
    at an atom over the atom, for the calibration only.
    """
    generator = np.random.default_rng([seed, 7])
    models = []
    ranks = np.full(forecast.shape, 0.5)
    for column in range(forecast.shape[2]):
        features = _features(forecast, column, kinds)
        light = ~dark[:, :, column]
        folds, held_out = _fit_folds(features, forecast[:, :, column], actual[:, :, column], light)
        quantiles = _closed(held_out, forecast[:, :, column])
        ranks[:, :, column] = ranks_of(LEVELS, quantiles, actual[:, :, column])
        share = generator.random(light.shape)
        spread = ranks_of(LEVELS, quantiles, actual[:, :, column], share)[light]
        models.append((folds, _right_levels(spread)))

    def predict(wanted: Float64) -> Float64:
        out = np.empty((*wanted.shape, len(LEVELS)))
        for column, (folds, right) in enumerate(models):
            x = _features(wanted, column, kinds)
            flat = x.reshape(-1, x.shape[-1])
            errors = [np.column_stack([model(flat) for model in levels]) for levels in folds]
            mean = np.mean(errors, axis=0).reshape(*wanted.shape[:2], len(INNER))
            out[:, :, column] = values_at(LEVELS, _closed(mean, wanted[:, :, column]), right)
        return out

    return LEVELS, predict, ranks


def _features(forecast: Float64, column: int, kinds: Sequence[str]) -> Float64:
    """Return what the error is learnt from, shape (n_days, n_steps, n_features)."""
    own = forecast[:, :, column]
    before = np.concatenate([own[:, :1], own[:, :-1]], axis=1)
    after = np.concatenate([own[:, 1:], own[:, -1:]], axis=1)
    hour = np.broadcast_to(np.arange(own.shape[1], dtype=np.float64), own.shape)
    mean = np.broadcast_to(own.mean(axis=1, keepdims=True), own.shape)
    features = [own, hour, before, after, mean]
    others = [c for c, kind in enumerate(kinds) if kind == kinds[column] and c != column]
    if others:
        features.append(forecast[:, :, others].mean(axis=2))
    return np.stack(features, axis=-1)


def _fit_folds(
    features: Float64, forecast: Float64, actual: Float64, light: Bool
) -> tuple[list[list[Callable[[Float64], Float64]]], Float64]:
    """Fit every level without each fold; return the models, and the errors expected for the fold left out."""
    fold = (np.arange(len(forecast)) // DAYS_TOGETHER) % N_FOLDS
    error = actual - forecast
    held_out = np.zeros((*forecast.shape, len(INNER)))
    folds = []
    for number in range(N_FOLDS):
        used = light & (fold != number)[:, None]
        models = [_fit_level(features[used], error[used], level) for level in INNER]
        left = features[fold == number]
        flat = left.reshape(-1, left.shape[-1])
        expected = np.column_stack([model(flat) for model in models])
        held_out[fold == number] = expected.reshape(*left.shape[:2], len(INNER))
        folds.append(models)
    return folds, held_out


def _fit_level(features: Float64, error: Float64, level: float) -> Callable[[Float64], Float64]:
    """Fit one level on one thread: sums over several would depend on their number."""
    from sklearn.ensemble import HistGradientBoostingRegressor
    from threadpoolctl import threadpool_limits

    if len(error) < FEWEST_HOURS:
        constant = float(np.quantile(error, level)) if len(error) else 0.0
        return lambda x: np.full(len(x), constant)
    model = HistGradientBoostingRegressor(
        loss="quantile",
        quantile=level,
        max_iter=30,
        learning_rate=0.15,
        max_leaf_nodes=8,
        min_samples_leaf=min(150, len(error) // 8),
        max_bins=63,
        early_stopping=False,
        random_state=0,
    )
    with threadpool_limits(1):
        model.fit(features, error)

    def expected(x: Float64) -> Float64:
        with threadpool_limits(1):
            return np.asarray(model.predict(x), dtype=np.float64)

    return expected


def _closed(errors: Float64, forecast: Float64) -> Float64:
    """Turn expected errors into quantiles: sorted, and closed by the bounds at level 0 and 1."""
    inner = np.sort(np.clip(forecast[..., None] + errors, 0.0, 1.0), axis=-1)
    zeros = np.zeros((*inner.shape[:-1], 1))
    return np.concatenate([zeros, inner, zeros + 1.0], axis=-1)


def _right_levels(ranks: Float64) -> Float64:
    """Return the levels that were right in the past: the share of ranks below the first is the level itself."""
    if len(ranks) < FEWEST_HOURS:
        return LEVELS
    return np.concatenate([[0.0], np.quantile(ranks, INNER), [1.0]])

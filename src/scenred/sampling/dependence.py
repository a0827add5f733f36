"""Dependence between steps and columns: in which order the draws of the margins belong together.

`gaussian`: a Gaussian copula on the normal scores of past errors (P. Pinson, H. Madsen, H. Nielsen, G.
Papaefthymiou, B. Kloeckl, "From probabilistic forecasts to statistical scenarios of short-term wind power
production", Wind Energy 12, 2009, doi 10.1002/we.284), the correlation shrunk (O. Ledoit and M. Wolf, Journal of
Multivariate Analysis 88, 2004, doi 10.1016/S0047-259X(03)00096-4; J. Schaefer and K. Strimmer, Statistical
Applications in Genetics and Molecular Biology 4, 2005, doi 10.2202/1544-6115.1175) towards a product of one
correlation in time and one between columns, which is positive definite itself. `schaake`: the rank order of the most
similar past days (M. Clark et al., "The Schaake shuffle", Journal of Hydrometeorology 5, 2004, doi
10.1175/1525-7541(2004)005<0243:TSSAMF>2.0.CO;2).
"""

from __future__ import annotations

import numpy as np

from scenred.arrays import Bool, Float64, Int64, product

# Fewer days than this say nothing of a step: it stays independent.
FEWEST_DAYS = 10
# Added to the diagonals of the two factors, whose smallest eigenvalue is then above it.
RIDGE = 1e-3


def normal_scores(ranks: Float64) -> Float64:
    """Turn the ranks of each step and column over the days into normal scores; equal ranks share theirs.

    Both have shape (n_days, d). A rank is nan where the step is dark, and its score 0; the others have mean 0 and
    variance 1 over the days, or are all 0.
    """
    from scipy.special import ndtri
    from scipy.stats import rankdata

    scores = np.zeros(ranks.shape)
    for column in range(ranks.shape[1]):
        known = np.flatnonzero(~np.isnan(ranks[:, column]))
        if len(known) < FEWEST_DAYS:
            continue
        z = ndtri((rankdata(ranks[known, column]) - 0.5) / len(known))
        deviation = z.std()
        if deviation > 0:
            scores[known, column] = (z - z.mean()) / deviation
    return scores


def shrunk_correlation(scores: Float64, n_columns: int) -> Float64:
    """Estimate a correlation, shape (d, d), that is positive definite however few the days are.

    The scores have shape (n_days, d), d = n_steps x n_columns, the columns side by side within a step. The cost is
    three products of n_days d**2 steps, and 8 d**2 bytes a few times.
    """
    n = len(scores)
    norms = np.sqrt((scores**2).sum(0))
    used = norms > 0
    z = scores / np.where(used, norms, 1.0)
    sample = product(z.T, z)
    np.fill_diagonal(sample, 1.0)
    target = _product_target(sample, used, n_columns)
    # the variance of a correlation over the days, as Schaefer and Strimmer estimate it
    variance = product((z**2).T, z**2) - sample**2 / n
    np.fill_diagonal(variance, 0.0)
    apart = ((sample - target) ** 2).sum()
    share = 1.0 if apart == 0 else float(np.clip(variance.clip(0).sum() * n / (n - 1) / apart, 0.02, 1.0))
    return np.asarray((1 - share) * sample + share * target)


def _product_target(sample: Float64, used: Bool, n_columns: int) -> Float64:
    """Return the product of the mean correlation of two steps and the mean correlation of two columns."""
    n_steps = len(sample) // n_columns
    blocks = sample.reshape(n_steps, n_columns, n_steps, n_columns)
    is_known = np.outer(used, used).reshape(blocks.shape)

    def mean(pairs: str) -> Float64:
        total, count = np.einsum(pairs, blocks * is_known), np.einsum(pairs, is_known.astype(np.float64))
        return np.asarray(total / np.maximum(count, 1.0))

    return np.asarray(np.kron(_definite(mean("scuc->su")), _definite(mean("scsd->cd"))))


def _definite(matrix: Float64) -> Float64:
    """Return the nearest correlation with eigenvalues of at least the ridge."""
    values, vectors = np.linalg.eigh((matrix + matrix.T) / 2)
    matrix = product(vectors * np.maximum(values, RIDGE), vectors.T)
    scale = np.sqrt(np.diag(matrix))
    return np.asarray(matrix / np.outer(scale, scale))


def order_of_draws(keys: Float64) -> Int64:
    """Return each draw's place among all draws of its step and column, shape (n, d)."""
    places = np.empty(keys.shape, np.int64)
    np.put_along_axis(places, np.argsort(keys, axis=0, kind="stable"), np.arange(len(keys))[:, None], 0)
    return places


def schaake_keys(ranks: Float64, distances: Float64, n: int, generator: np.random.Generator) -> Float64:
    """Take the ranks of the n most similar past days; if there are fewer, each serves several times.

    The ranks have shape (n_days, d); the distances say how unlike the day to come each past day's forecast was.
    """
    nearest = np.argsort(distances, kind="stable")[: min(n, len(distances))]
    days = np.resize(nearest, n)
    known = np.where(np.isnan(ranks), 0.5, ranks)[days]
    keys = np.empty(known.shape)
    # equal ranks, of one day's copies or at an atom, are ordered by chance
    ties = generator.random(known.shape)
    for column in range(known.shape[1]):
        keys[np.lexsort((ties[:, column], known[:, column])), column] = np.arange(n)
    return keys

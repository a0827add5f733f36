"""The points that represent one density best: of a named distribution, or of a column of a file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import KW_ONLY, dataclass
from typing import Any

from scenred.errors import RequestError, Setting, UsageError, nearest_name
from scenred.io.opening.open import open_tables
from scenred.io.series.series import series_of
from scenred.model import Mixture, Quantizer
from scenred.options import Columns, Reading, Work
from scenred.options.quantizing import Quantizing
from scenred.quantization import optimal_quantiles


@dataclass(frozen=True, slots=True)
class Density:
    """The density to quantise, as a command names it."""

    source: str | None  # a series, one column of which is the sample
    distribution: str | None  # instead: one of scipy.stats with its parameters, such as 'beta:2,5'
    atoms: Mapping[float, float]  # probability by value; the density keeps the rest
    columns: Columns  # the column of the source, and its time
    reading: Reading
    _: KW_ONLY
    smooth: bool  # take the kernel density of the sample


def quantized(density: Density, quantizing: Quantizing, work: Work) -> Quantizer:
    """Find the points of a density."""
    return optimal_quantiles(_distribution(density), quantizing.n_points, quantizing.order, progress=work.progress)


def _distribution(density: Density) -> Any:
    """Return what `optimal_quantiles` takes."""
    found = _sampled(density) if density.distribution is None else _named(density.distribution)
    if not density.atoms:
        return found
    rest = 1.0 - sum(density.atoms.values())
    if not (rest > 0 and all(mass > 0 for mass in density.atoms.values())):
        raise RequestError(f"the atoms have probabilities that sum to {1 - rest:g}", "each above 0 and a sum below 1")
    return Mixture(parts=((rest, found),), atoms=tuple(density.atoms.items()))


def _named(text: str) -> Any:
    from scipy import stats

    name, _, numbers = text.partition(":")
    known = [each for each in dir(stats) if isinstance(getattr(stats, each), stats.rv_continuous)]
    if name not in known:
        near = nearest_name(name, known)
        raise RequestError(
            f"scipy.stats has no continuous distribution {name!r}",
            advice=near if near.startswith("did") else "write its name as scipy.stats does, such as norm or beta",
        )
    try:
        parameters = [float(number) for number in numbers.split(",")] if numbers else []
        _check_number(text, name, len(parameters), getattr(stats, name).shapes)
        frozen = getattr(stats, name)(*parameters)
        is_right = bool(frozen.support()[0] < frozen.support()[1])
    except (ValueError, TypeError) as error:
        raise UsageError(
            f"{text!r} cannot be read: {error}",
            advice="write NAME:X,... with the parameters in the order of scipy.stats",
        ) from error
    if not is_right:
        raise UsageError(f"{text!r} has parameters out of range", advice=f"see scipy.stats.{name}")
    return frozen


def _check_number(text: str, name: str, n_given: int, shapes: str | None) -> None:
    """Raise a UsageError unless the shapes of a distribution are given, and at most location and scale too."""
    needed = shapes.replace(",", " ").split() if shapes else []
    if not len(needed) <= n_given <= len(needed) + 2:
        first = f"the shape parameters {', '.join(needed)}" if needed else "no shape parameter"
        raise UsageError(
            f"{text!r} cannot be read: it has {n_given} parameters, and {name} takes {first}, then location and scale "
            "if they are not 0 and 1",
            advice=f"write {':'.join([name, ','.join(map(str.upper, needed))]).rstrip(':')}",
        )


def _sampled(density: Density) -> Any:
    series = series_of(open_tables(str(density.source), density.reading), density.columns)
    place = series.source.name
    if len(series.columns) != 1:
        raise RequestError(
            f"holds the columns {', '.join(series.names)}",
            advice=("name one with ", Setting("columns")),
            place=place,
        )
    values = series.values[:, 0]
    if not density.smooth:
        return values
    from scipy.stats import gaussian_kde

    if values.min() == values.max():
        raise RequestError(
            "the sample has one value only, which has no density",
            advice=("leave ", Setting("smooth"), " out"),
            place=place,
        )
    return gaussian_kde(values)

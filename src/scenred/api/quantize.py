"""Densities as a command names them: a distribution by its name, or a column of a file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from scenred.api.inputs import reading_of
from scenred.api.stages import read_series
from scenred.errors import RequestError, UsageError, nearest_name
from scenred.model import Mixture, Quantizer
from scenred.options import Reading


def density_from(
    source: str | None,
    distribution: str | None,
    *,
    atoms: Mapping[float, float],
    column: str | None = None,
    smooth: bool = False,
    time: str | None = None,
    reading: Reading | Mapping[str, Any] | None = None,
) -> Any:
    """Give what `optimal_quantiles` takes.

    Parameters
    ----------
    source : path or '-', optional
        A series, one column of which is the sample.
    distribution : str, optional
        Instead: the name of a continuous distribution of scipy.stats and its parameters, such as 'beta:2,5'.
    atoms : mapping of float to float
        Probability by value; the density keeps the rest.
    column, time : str, optional
        Of the source.
    reading : Reading or mapping, optional
        What else is told of the source; see `Reading`. With `missing='drop'` steps without a value are left out.
    smooth : bool
        Give the kernel density of the sample.

    Raises
    ------
    UsageError
        When the distribution cannot be read.
    RequestError
        When it or the column is not there, or the atoms leave nothing.
    """
    density = (
        _named(distribution)
        if distribution is not None
        else _sampled(str(source), column, smooth, time, reading_of(reading)[0])
    )
    if not atoms:
        return density
    rest = 1.0 - sum(atoms.values())
    if not (rest > 0 and all(mass > 0 for mass in atoms.values())):
        raise RequestError(
            f"the atoms have probabilities that sum to {1 - rest:g}; scenred needs each above 0 and a sum below 1"
        )
    return Mixture(parts=((rest, density),), atoms=tuple(atoms.items()))


def quantizer_report(found: Quantizer) -> dict[str, Any]:
    """Lay a quantiser out for JSON."""
    return {
        "order": found.order,
        "points": found.points.tolist(),
        "probabilities": found.probabilities.tolist(),
        "distortion": found.distortion,
        "residual": found.residual,
        "is_optimal": found.is_optimal,
        "formula_points": found.formula_points.tolist(),
        "formula_distortion": found.formula_distortion,
    }


def _named(text: str) -> Any:
    from scipy import stats

    name, _, numbers = text.partition(":")
    known = [each for each in dir(stats) if isinstance(getattr(stats, each), stats.rv_continuous)]
    if name not in known:
        raise RequestError(f"scipy.stats has no continuous distribution {name!r}; {_near(name, known)}")
    try:
        parameters = [float(number) for number in numbers.split(",")] if numbers else []
        _check_number(text, name, len(parameters), getattr(stats, name).shapes)
        frozen = getattr(stats, name)(*parameters)
        is_right = bool(frozen.support()[0] < frozen.support()[1])
    except (ValueError, TypeError) as error:
        raise UsageError(
            f"{text!r} cannot be read: {error}; write NAME:X,... with the parameters in the order of scipy.stats"
        ) from error
    if not is_right:
        raise UsageError(f"{text!r} has parameters out of range; see scipy.stats.{name}")
    return frozen


def _check_number(text: str, name: str, n_given: int, shapes: str | None) -> None:
    """Refuse more or fewer parameters than the shapes of a distribution, and then location and scale."""
    needed = shapes.replace(",", " ").split() if shapes else []
    if not len(needed) <= n_given <= len(needed) + 2:
        first = f"the shape parameters {', '.join(needed)}" if needed else "no shape parameter"
        raise UsageError(
            f"{text!r} cannot be read: it has {n_given} parameters, and {name} takes {first}, then location and scale "
            f"where they are not 0 and 1; write {':'.join([name, ','.join(map(str.upper, needed))]).rstrip(':')}"
        )


def _near(name: str, known: list[str]) -> str:
    near = nearest_name(name, known)
    return near if near.startswith("did") else "write its name as scipy.stats does, such as norm or beta"


def _sampled(source: str, column: str | None, smooth: bool, time: str | None, reading: Reading) -> Any:
    series = read_series(source, time=time, columns=[] if column is None else [column], reading=reading)
    if len(series.columns) != 1:
        names = ", ".join(each.name for each in series.columns)
        raise RequestError(f"{series.source.name}: holds the columns {names}; name one with --column")
    values = series.values[:, 0]
    if not smooth:
        return values
    from scipy.stats import gaussian_kde

    if values.min() == values.max():
        raise RequestError(
            f"{series.source.name}: the sample has one value only, which has no density; leave --smooth out"
        )
    return gaussian_kde(values)

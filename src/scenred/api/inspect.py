"""What is understood of an input, and with which options it would be read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Unpack

from scenred.api.inputs import GivenReading, InputKeywords, InputOptions
from scenred.errors import ScenredError
from scenred.io.opening.open import Sources
from scenred.io.records.findings import inspect_input
from scenred.io.records.inspection import Chosen
from scenred.options.declare import check_keywords
from scenred.periods.slicing import slice_periods


def inspect(
    source: Sources, *, reading: GivenReading = None, **keywords: Unpack[InputKeywords]
) -> tuple[dict[str, Any], ScenredError | None]:
    """Describe what is understood of an input, and how it would be read; the parameters are those of `read_input`.

    Returns
    -------
    findings : dict
        Ready for JSON: layout, time, columns, gaps, periods, changes, and the `settings` that read the input so.
    refusal : ScenredError or None
        With which `read_input` refuses the input as given; `findings` then are those of the settings that would
        read it, if there are any.
    """
    check_keywords(keywords, InputKeywords)
    return inspected(source, InputOptions.of(keywords, reading))


def inspected(
    source: Sources, inputs: InputOptions, respelled: Callable[[Mapping[str, Any]], InputOptions] | None = None
) -> tuple[dict[str, Any], ScenredError | None]:
    """Do what `inspect` does, by options as objects.

    `respelled` returns settings as options after a face has written and read them in its own way.
    """
    again = Chosen.of if respelled is None else lambda settings: _chosen(respelled(settings))
    return inspect_input(source, _chosen(inputs), slice_periods, again)


def _chosen(inputs: InputOptions) -> Chosen:
    return Chosen(inputs.columns, inputs.reading, inputs.cutting)

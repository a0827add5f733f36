"""Tables as CSV text: numbers in their shortest form that reads back to the same number."""

from __future__ import annotations

import pandas as pd


def to_csv(frame: pd.DataFrame) -> str:
    r"""Return a frame as CSV with header, comma, newline, and no index.

    Examples
    --------
    >>> to_csv(pd.DataFrame({"scenario": [1], "probability": [0.1]}))
    'scenario,probability\n1,0.1\n'
    """
    return frame.to_csv(index=False, lineterminator="\n")

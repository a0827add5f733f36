"""The memory that scenarios take: checked before they are drawn."""

from __future__ import annotations

from scenred.errors import RequestError, Setting

# Measured, in bytes: modules and what is learnt; a value while its day is drawn, and after; a row of the table with
# its text, and a value in them.
LOADED, DRAWN, KEPT, ROW, CELL = 335_000_000, 64, 8, 265, 40
MOST = 1_000_000_000


def bytes_of(n: int, n_days: int, n_steps: int, n_columns: int) -> int:
    """Estimate the peak memory of drawing and writing n scenarios of each day.

    Examples
    --------
    >>> bytes_of(40_000, 1, 24, 5) // 10**6  # 733 MB were measured
    781
    """
    rows = n * n_days * n_steps
    drawing = DRAWN * n * n_steps * n_columns + KEPT * rows * n_columns
    return LOADED + max(drawing, rows * (ROW + CELL * n_columns))


def check_memory(n: int, n_days: int, n_steps: int, n_columns: int, left: int | None = None) -> None:
    """Raise a RequestError if scenarios take more than a gigabyte, or than is `left`, with the number that it holds."""
    needed = bytes_of(n, n_days, n_steps, n_columns)
    limit = MOST if left is None else min(MOST, max(left, 0) + LOADED)
    if needed <= limit:
        return
    most = int((limit - LOADED) / ((needed - LOADED) / n))
    days = "1 day" if n_days == 1 else f"each of {n_days} days"
    one = ("draw fewer, or one day with ", Setting("day", "YYYY-MM-DD"))
    raise RequestError(
        f"{n:,} scenarios of {days} take about {needed / 1e9:.1f} GB of memory; scenred takes up to "
        f"{limit / 1e9:.2g} GB, which holds {most:,}",
        advice="draw fewer" if n_days == 1 else one,
    )

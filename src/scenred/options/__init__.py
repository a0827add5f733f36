"""Every choice a user has, declared once: type, default, range, unit, help and flag.

The groups that only some commands take (`sampling`, `exporting`, `study`) load from their modules: it saves start-up.
"""

from scenred.options.columns import Columns
from scenred.options.conditions import Conditions, ExtremeWeight, Share
from scenred.options.cutting import Align, Cutting, Dst
from scenred.options.ground import GroundOptions, Metric
from scenred.options.reading import Calendar, Reading
from scenred.options.search import Method, SearchOptions
from scenred.options.work import Progress, Work

__all__ = [
    "Align",
    "Calendar",
    "Columns",
    "Conditions",
    "Cutting",
    "Dst",
    "ExtremeWeight",
    "GroundOptions",
    "Method",
    "Metric",
    "Progress",
    "Reading",
    "SearchOptions",
    "Share",
    "Work",
]

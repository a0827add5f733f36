"""Every choice a user has, declared once: type, default, range, unit, help and flag."""

from scenred.options.columns import Columns
from scenred.options.conditions import Conditions, ExtremeWeight, Share
from scenred.options.cutting import Align, Cutting, Dst
from scenred.options.exporting import Entry, Exporting, Form
from scenred.options.ground import GroundOptions, Metric
from scenred.options.reading import Calendar, Reading
from scenred.options.sampling import DependenceMethod, MarginMethod, SampleMethod, Sampling
from scenred.options.search import Method, SearchOptions
from scenred.options.study import Study
from scenred.options.work import Progress, Work

__all__ = [
    "Align",
    "Calendar",
    "Columns",
    "Conditions",
    "Cutting",
    "DependenceMethod",
    "Dst",
    "Entry",
    "Exporting",
    "ExtremeWeight",
    "Form",
    "GroundOptions",
    "MarginMethod",
    "Method",
    "Metric",
    "Progress",
    "Reading",
    "SampleMethod",
    "Sampling",
    "SearchOptions",
    "Share",
    "Study",
    "Work",
]

"""Scenario sets in the formats of the models that read them: one file a format.

A format is a function from a scenario set and a request to named bytes; nothing here touches a file.
"""

from scenred.io.exports.chronology import Chronology, chronology
from scenred.io.exports.formats import FORMATS, Format, written
from scenred.io.exports.request import ExportRequest
from scenred.options.exporting import Entry, Form

__all__ = ["FORMATS", "Chronology", "Entry", "ExportRequest", "Form", "Format", "chronology", "written"]

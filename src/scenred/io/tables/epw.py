"""The header of an EnergyPlus weather file: eight lines about the place, and columns that the format names.

Rules: EnergyPlus, Auxiliary Programs, "EnergyPlus Weather File (EPW) Data Dictionary".
"""

from __future__ import annotations

from collections.abc import Sequence

from scenred.io.tables.rows import Row

FIRST, LAST = "LOCATION", "DATA PERIODS"
# Lines above the first row, at most.
MOST_LINES = 20
COLUMNS = (
    *("Year", "Month", "Day", "Hour", "Minute", "Uncertainty Flags", "Dry Bulb Temperature", "Dew Point Temperature"),
    *("Relative Humidity", "Atmospheric Station Pressure", "Extraterrestrial Horizontal Radiation"),
    *("Extraterrestrial Direct Normal Radiation", "Horizontal Infrared Radiation Intensity"),
    *("Global Horizontal Radiation", "Direct Normal Radiation", "Diffuse Horizontal Radiation"),
    *("Global Horizontal Illuminance", "Direct Normal Illuminance", "Diffuse Horizontal Illuminance"),
    *("Zenith Luminance", "Wind Direction", "Wind Speed", "Total Sky Cover", "Opaque Sky Cover", "Visibility"),
    *("Ceiling Height", "Present Weather Observation", "Present Weather Codes", "Precipitable Water"),
    *("Aerosol Optical Depth", "Snow Depth", "Days Since Last Snowfall", "Albedo", "Liquid Precipitation Depth"),
    "Liquid Precipitation Quantity",
)


def epw_columns(rows: Sequence[Row], width: int) -> tuple[list[str], int] | None:
    """Return the names of the columns and the line of the first row; None for another file."""
    head = rows[:MOST_LINES]
    if not head or head[0].fields[0].strip().upper() != FIRST or not 5 < width <= len(COLUMNS):
        return None
    last = next((row for row in head if row.fields[0].strip().upper() == LAST), None)
    return None if last is None else (list(COLUMNS[:width]), last.last + 1)

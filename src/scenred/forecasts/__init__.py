"""Forecasts and their past errors: paired columns, days, capacities, and the memory that sampling takes."""

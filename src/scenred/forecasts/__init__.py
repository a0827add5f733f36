"""Forecasts and their past errors: paired columns, whole days, capacities, and the memory that sampling takes."""

"""From a forecast and its past errors to scenarios."""

"""A table becomes a regular series: columns, grid, gaps, limits, several files joined."""

"""A series becomes periods: slices by the clock on the wall, their groups and their sites."""

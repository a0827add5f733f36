"""Measurements of docs/performance.md: both sides on the same work in one run, the loss next to the time."""

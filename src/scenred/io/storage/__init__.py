"""Storage formats of scenred, each written and read by one file."""

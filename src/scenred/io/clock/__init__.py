"""Time columns become moments: words, digits, zones, clock changes."""

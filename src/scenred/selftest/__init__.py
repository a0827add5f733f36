"""Published truths, and the program's own check against them."""

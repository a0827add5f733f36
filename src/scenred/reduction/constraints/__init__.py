"""What a planner holds a reduction to: extremes, dates, groups, probabilities and means."""

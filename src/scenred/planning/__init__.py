"""The planning program: the dispatch of one period, and the best plan over all periods."""

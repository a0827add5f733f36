"""Optimal quantisers: the few points with probabilities that represent one density best."""

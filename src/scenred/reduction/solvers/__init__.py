"""Weighted k-medoids solved: search, lower bound, proof, and the field's baselines."""

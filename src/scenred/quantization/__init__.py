"""Optimal quantisers: the few points with probabilities that represent one density best."""

from scenred.quantization.quantizers import optimal_quantiles

__all__ = ["optimal_quantiles"]

"""How good sampled scenarios were: past days held back, sampled from their past, and scored."""

from scenred.backtesting.rolling import backtest_history

__all__ = ["backtest_history"]

"""How good sampled scenarios were: past days held back, sampled from their past, and scored."""

from scenred.model import Backtest
from scenred.verification.rolling import backtest_history

__all__ = ["Backtest", "backtest_history"]

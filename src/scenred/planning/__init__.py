"""The planning program: what it sees of scenarios, the best plan over all periods, and a plan's dispatch."""

from scenred.planning.plans import best_plan, dispatched
from scenred.planning.weather import Weather, mean_load, weather_of

__all__ = ["Weather", "best_plan", "dispatched", "mean_load", "weather_of"]

"""Storage formats of scenred: how a scenario set is written, and what was written becomes the scenario table again."""

"""Scenario sets in the formats of the models that read them: one file a format.

A format is a function from a scenario set and a request to named bytes; nothing here touches a file but `export`, and the
two whose client does: `pypsa_netcdf` and `gdx`.
"""

"""Sites of columns, read from their names."""

from __future__ import annotations

import pytest

from scenred.periods.sites import site_of


@pytest.mark.parametrize(
    ("name", "site"),
    [("NorthPV", "North"), ("MainWindFarm", "Main_Farm"), ("price", ""), ("PV@ south ", "south"), ("a@pv@b", "b")],
)
def test_the_site_is_the_name_without_its_kind(name: str, site: str) -> None:
    assert site_of(name) == site

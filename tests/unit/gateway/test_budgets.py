"""Budgets: how they are written, whose bucket they are, which routes spend them."""

from pathlib import Path
from typing import Any

import pytest

from showfloor.gateway.config import Config
from showfloor.gateway.http.rate_limits import BUDGETS, place
from showfloor.gateway.limits import Budget, parse
from showfloor.gateway.native_routes import ROUTES


@pytest.mark.parametrize(
    ("text", "budget"),
    [
        ("20/s", Budget(20, 40)),
        (2.5, Budget(2.5, 5)),
        ("60/min burst 7", Budget(1, 7)),
        ("1/h", Budget(1 / 3600, 2)),
        ("0.1/s", Budget(0.1, 1)),
    ],
)
def test_a_budget_is_read(text: Any, budget: Budget) -> None:
    assert parse(text) == budget


@pytest.mark.parametrize("text", ["", "0/s", "-1/s", "5/day", "5/s burst 0", "nan", "9e9", "5/s burst", "1/s, 2/s"])
def test_nonsense_is_no_budget(text: str) -> None:
    with pytest.raises(ValueError, match="must"):
        parse(text)


def test_a_budget_is_a_variable_of_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    known = {"database_url": "x:", "nats_url": "x:", "signing_key_file": tmp_path / "key"}
    monkeypatch.setenv("SHOWFLOOR_COMMENT_RATE", "6/min burst 3")
    assert Config(**known).comment_rate == Budget(0.1, 3)


def test_every_budget_is_a_setting_and_is_spent() -> None:
    assert {name for route in ROUTES for name in route.budgets} == set(BUDGETS)
    assert set(BUDGETS) <= set(Config.model_fields)


def test_a_sellers_own_system_has_the_users_limit_alone() -> None:
    lanes = {"postComment", "placeOrder", "recordActivity", "ingestSignals", "importProducts", "importSessions"}
    found = {route.name: route.budgets for route in ROUTES if route.name in lanes}
    assert found == dict.fromkeys(lanes, ())


@pytest.mark.parametrize(
    ("address", "where"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:aaaa::1", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8::zz", "2001:db8::zz"),
        ("", ""),
    ],
)
def test_a_place_is_an_address_or_a_network_of_ipv6(address: str, where: str) -> None:
    assert place(address) == where

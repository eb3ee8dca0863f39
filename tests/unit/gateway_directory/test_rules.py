"""What the directory allows, without a server."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest

from showfloor.gateway.directory.domain import (
    account,
    account_rules,
    creator,
    creator_rules,
    shop,
    shop_rules,
    user,
    user_rules,
)
from showfloor.gateway.directory.domain.deciders import DECIDERS
from showfloor.kernel.event import Meta
from showfloor.kernel.refusal import Refusal
from showfloor.testing.memory_log import memory_store
from showfloor.testing.refusals import refusal_of

AT = datetime(2025, 6, 1, tzinfo=UTC)
ACCOUNT, SHOP, ANA, BEN = uuid4(), uuid4(), uuid4(), uuid4()


def given(decider: Any, *steps: tuple[Callable[..., Any], Any]) -> Any:
    """Return the state after these accepted requests."""
    state = decider.initial()
    for rule, command in steps:
        for event in rule(state, command):
            state = decider.evolve(state, event)
    return state


def added(name: str = "Shop", kind: str = "official") -> tuple[Any, Any]:
    command = account_rules.CreateAccount(now=AT, account_id=ACCOUNT, shop_id=SHOP, name=name, kind=kind)
    return account_rules.create_account, command


def role(user_id: UUID, name: str) -> tuple[Any, Any]:
    command = account_rules.AssignAccountRole(now=AT, account_id=ACCOUNT, user_id=user_id, role=name)
    return account_rules.assign_account_role, command


def taken(user_id: UUID) -> account_rules.RevokeAccountRole:
    return account_rules.RevokeAccountRole(now=AT, account_id=ACCOUNT, user_id=user_id)


def shop_added(name: str = "Shop") -> tuple[Any, Any]:
    return shop_rules.create_shop, shop_rules.CreateShop(now=AT, shop_id=SHOP, name=name, currency="EUR")


def owner(user_id: UUID, name: str = "owner") -> tuple[Any, Any]:
    return shop_rules.assign_shop_role, shop_rules.AssignShopRole(now=AT, shop_id=SHOP, user_id=user_id, role=name)


def refused(rule: Callable[..., Any], state: Any, command: Any) -> str:
    with pytest.raises(Refusal) as caught:
        rule(state, command)
    return caught.value.reason


async def test_a_resend_adds_nothing_and_another_command_is_refused() -> None:
    store = memory_store(DECIDERS)
    for number, (decider, first, other) in enumerate(
        (
            (account.ACCOUNT, added(), added("Other")),
            (account.ACCOUNT, added(), added(kind="creator")),
            (shop.SHOP, shop_added(), shop_added("Other")),
            (user.USER, _user(None), _user(SHOP)),
            (creator.CREATOR, _creator("Ana"), _creator("Ben")),
        )
    ):
        state, stream, meta = given(decider, first), UUID(int=number + 1), Meta(request_id="k")
        assert first[0](state, first[1]) == []
        done = await store.execute(decider, stream, *first, meta)
        assert await store.execute(decider, stream, *first, meta) == done
        assert (await refusal_of(store.execute(decider, stream, *other, meta))).reason == "REQUEST_ID_REUSED"
    await store.close()


def test_an_account_keeps_its_last_host() -> None:
    state = given(account.ACCOUNT, added(), role(ANA, "host"), role(BEN, "analyst"))
    assert refused(account_rules.revoke_account_role, state, taken(ANA)) == "LAST_HOST"
    assert refused(*_at(state, role(ANA, "moderator"))) == "LAST_HOST"
    two = given(account.ACCOUNT, added(), role(ANA, "host"), role(BEN, "host"))
    assert len(account_rules.revoke_account_role(two, taken(ANA))) == 1


def test_a_role_that_is_so_already_changes_nothing() -> None:
    state = given(account.ACCOUNT, added(), role(ANA, "host"), role(BEN, "analyst"))
    assert account_rules.assign_account_role(*_at(state, role(BEN, "analyst"))[1:]) == []
    assert account_rules.revoke_account_role(state, taken(uuid4())) == []
    assert added()[0](state, added()[1]) == []  # roles do not make it another account


def test_a_shop_keeps_its_last_owner() -> None:
    state = given(shop.SHOP, shop_added(), owner(ANA), owner(BEN, "staff"))
    assert (
        refused(shop_rules.revoke_shop_role, state, shop_rules.RevokeShopRole(now=AT, shop_id=SHOP, user_id=ANA))
        == "LAST_OWNER"
    )
    assert refused(*_at(state, owner(ANA, "staff"))) == "LAST_OWNER"
    assert len(shop_rules.revoke_shop_role(state, shop_rules.RevokeShopRole(now=AT, shop_id=SHOP, user_id=BEN))) == 1


def test_nothing_happens_to_what_is_not_there() -> None:
    assert refused(*_at(account.Account(), role(ANA, "host"))) == "ACCOUNT_NOT_FOUND"
    assert refused(account_rules.revoke_account_role, account.Account(), taken(ANA)) == "ACCOUNT_NOT_FOUND"
    assert refused(*_at(shop.Shop(), owner(ANA))) == "SHOP_NOT_FOUND"


def _at(state: Any, step: tuple[Any, Any]) -> tuple[Any, Any, Any]:
    return step[0], state, step[1]


def _user(shop_id: UUID | None) -> tuple[Any, Any]:
    return user_rules.create_user, user_rules.CreateUser(now=AT, user_id=ANA, shop_id=shop_id)


def _creator(name: str) -> tuple[Any, Any]:
    return creator_rules.create_creator, creator_rules.CreateCreator(now=AT, creator_id=BEN, shop_id=SHOP, name=name)

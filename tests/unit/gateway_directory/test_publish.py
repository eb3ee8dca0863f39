"""What the others learn of the directory, and what they never do."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from showfloor.api.gateway.v1 import gateway_events_pb2 as public
from showfloor.gateway.directory.domain import account, binding, checkout, creator, grant, partner, shop, user
from showfloor.gateway.directory.domain.deciders import DIRECTORY
from showfloor.gateway.directory.edges.publish import PUBLIC, publish
from showfloor.kernel.event import Event, Meta, Recorded

AT = datetime(2026, 5, 1, tzinfo=UTC)
SHOP, ACCOUNT, ANA, CREATOR, PARTNER, BOUND, GRANT = (UUID(int=n) for n in range(1, 8))
EVENTS = [event for decider in (*DIRECTORY, checkout.CHECKOUT) for event in decider.events]
PERSONAL = {"name", "email", "display_name", "address", "phone"}


def told(event: Event) -> Any:
    found = publish(Recorded(7, SHOP, 1, event, Meta()))
    assert found is not None
    message = getattr(public, found.type.removeprefix("showfloor.api.gateway.v1.")).FromString(found.message)
    assert (found.key, message.time.ToDatetime(UTC)) == (message.subject_id, AT)
    return message


def test_every_event_of_the_directory_is_told() -> None:
    assert set(PUBLIC.translations) == set(EVENTS)


@pytest.mark.parametrize("message", PUBLIC.messages, ids=lambda message: message.DESCRIPTOR.name)
def test_no_message_has_room_for_a_name_or_an_address(message: Any) -> None:
    assert not PERSONAL & {field.name for field in message.DESCRIPTOR.fields}


@pytest.mark.parametrize("kind", account.KINDS)
def test_an_account_is_told_with_its_shop_and_kind(kind: str) -> None:
    message = told(account.AccountCreated(at=AT, account_id=ACCOUNT, shop_id=SHOP, name="Ana sells", kind=kind))
    assert (message.subject_id, message.shop_id, message.creator_id) == (str(ACCOUNT), str(SHOP), "")
    assert public.AccountKind.Name(message.kind) == f"ACCOUNT_KIND_{kind.upper()}"


@pytest.mark.parametrize("role", account.ROLES)
def test_a_role_on_an_account_is_told(role: str) -> None:
    message = told(account.AccountRoleAssigned(at=AT, account_id=ACCOUNT, user_id=ANA, role=role))
    assert (message.user_id, public.DirectoryRole.Name(message.role)) == (str(ANA), f"DIRECTORY_ROLE_{role.upper()}")


@pytest.mark.parametrize("role", shop.ROLES)
def test_a_role_in_a_shop_is_told(role: str) -> None:
    message = told(shop.ShopRoleAssigned(at=AT, shop_id=SHOP, user_id=ANA, role=role))
    assert (message.user_id, public.DirectoryRole.Name(message.role)) == (str(ANA), f"DIRECTORY_ROLE_{role.upper()}")
    assert told(shop.ShopRoleRevoked(at=AT, shop_id=SHOP, user_id=ANA)).user_id == str(ANA)


def test_a_user_and_the_currency_of_a_shop_are_told() -> None:
    assert told(user.UserCreated(at=AT, user_id=ANA)).shop_id == ""
    assert told(user.UserCreated(at=AT, user_id=ANA, shop_id=SHOP)).shop_id == str(SHOP)
    assert told(shop.ShopCreated(at=AT, shop_id=SHOP, name="Tea", currency="JPY")).currency == "JPY"


def test_a_creators_account_is_told_with_its_currency() -> None:
    added = account.AccountCreated(
        at=AT, account_id=ACCOUNT, creator_id=CREATOR, name="Ana sells", kind="creator", currency="JPY"
    )
    message = told(added)
    assert (message.shop_id, message.creator_id, message.currency) == ("", str(CREATOR), "JPY")


def test_who_works_for_creators_and_partners_is_told() -> None:
    given = told(creator.CreatorRoleAssigned(at=AT, creator_id=CREATOR, user_id=ANA, role="owner"))
    assert (given.subject_id, given.role) == (str(CREATOR), public.DIRECTORY_ROLE_OWNER)
    taken = told(partner.PartnerRoleRevoked(at=AT, partner_id=PARTNER, user_id=ANA))
    assert (taken.subject_id, taken.user_id) == (str(PARTNER), str(ANA))


def test_a_binding_is_told_with_its_sides() -> None:
    sides: Any = {"at": AT, "binding_id": BOUND, "partner_id": PARTNER, "creator_id": CREATOR}
    for event in (
        binding.BindingOffered(offered_by="partner", **sides),
        binding.BindingAccepted(accepted_by="creator", **sides),
        binding.BindingEnded(**sides),
    ):
        message = told(event)
        assert (message.partner_id, message.shop_id, message.creator_id) == (str(PARTNER), "", str(CREATOR))
    assert told(binding.BindingOffered(offered_by="partner", **sides)).offered_by == public.BINDING_SIDE_PARTNER


@pytest.mark.parametrize("scope", grant.SCOPES)
def test_a_grant_is_told_with_whom_what_and_until_when(scope: grant.Scope) -> None:
    about: Any = {"at": AT, "grant_id": GRANT, "account_id": ACCOUNT}
    until = AT + timedelta(days=1)
    message = told(grant.GrantGiven(user_id=ANA, scope=scope, until=until, given_by=ANA, **about))
    assert (message.account_id, message.user_id, message.partner_id) == (str(ACCOUNT), str(ANA), "")
    assert public.GrantScope.Name(message.scope) == f"GRANT_SCOPE_{scope.upper()}"
    assert message.until_time.ToDatetime(UTC) == until
    assert told(grant.GrantRevoked(**about)).account_id == str(ACCOUNT)

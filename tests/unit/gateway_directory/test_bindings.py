"""Who offers, accepts and ends what between a partner, a shop and a creator; and who keeps a creator or a partner."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from showfloor.gateway.directory.domain import creator, partner
from showfloor.gateway.directory.domain.binding import (
    BINDING,
    BindingAccepted,
    BindingEnded,
    BindingOffered,
    Side,
    accept_binding,
    end_binding,
    offer_binding,
)
from showfloor.testing.scenario import given

AT = datetime(2026, 6, 1, tzinfo=UTC)
BOUND, PARTNER, SHOP, CREATOR, ANA, BEN = (UUID(int=n) for n in range(1, 7))
SIDES: dict[str, Any] = {
    "shop": {"partner_id": PARTNER, "shop_id": SHOP},
    "creator": {"partner_id": PARTNER, "creator_id": CREATOR},
    "collab": {"shop_id": SHOP, "creator_id": CREATOR},
}


def offered(by: Side = "partner", sides: str = "shop") -> BindingOffered:
    return BindingOffered(at=AT, binding_id=BOUND, offered_by=by, **SIDES[sides])


def accepted(by: Side = "shop", sides: str = "shop") -> BindingAccepted:
    return BindingAccepted(at=AT, binding_id=BOUND, accepted_by=by, **SIDES[sides])


def ended(sides: str = "shop") -> BindingEnded:
    return BindingEnded(at=AT, binding_id=BOUND, **SIDES[sides])


@pytest.mark.parametrize(
    ("by", "sides", "awaits"),
    [
        ("partner", "shop", "shop"),
        ("partner", "creator", "creator"),
        ("shop", "collab", "creator"),
        ("creator", "collab", "shop"),
    ],
)
def test_what_one_side_offers_the_other_accepts(by: Side, sides: str, awaits: Side) -> None:
    offer, accept = offered(by, sides), accepted(awaits, sides)
    given(BINDING).when(offer_binding, offer).then(offer)
    case = given(BINDING, offer)
    assert case.state.awaits == awaits
    case.when(accept_binding, accept).then(accept)
    case.when(accept_binding, accepted(by, sides)).refused("BINDING_AWAITS_OTHER")
    assert given(BINDING, offer, accept).state.status == "active"


@pytest.mark.parametrize("before", [[offered()], [offered(), accepted()]])
def test_either_side_ends_it_at_once_and_once(before: list[Any]) -> None:
    given(BINDING, *before).when(end_binding, ended()).then(ended())
    given(BINDING, *before, ended()).when(end_binding, ended()).then()


def test_what_is_so_already_changes_nothing() -> None:
    given(BINDING, offered()).when(offer_binding, offered()).then()
    given(BINDING, offered(), accepted()).when(offer_binding, offered()).then()
    given(BINDING, offered(), accepted()).when(accept_binding, accepted()).then()


def test_what_has_ended_is_offered_again_before_it_is_accepted() -> None:
    history = [offered(), accepted(), ended()]
    given(BINDING, *history).when(accept_binding, accepted()).refused("BINDING_ENDED")
    given(BINDING, *history).when(offer_binding, offered()).then(offered())


def test_two_offers_of_one_collab_do_not_cross() -> None:
    given(BINDING, offered("shop", "collab")).when(offer_binding, offered("creator", "collab")).refused(
        "BINDING_AWAITS_YOU"
    )


def test_nothing_happens_to_a_binding_that_nobody_offered() -> None:
    given(BINDING).when(accept_binding, accepted()).refused("BINDING_NOT_FOUND")
    given(BINDING).when(end_binding, ended()).refused("BINDING_NOT_FOUND")


def test_a_shop_keeps_a_creator_until_there_is_an_owner() -> None:
    added = creator.CreatorAdded(at=AT, creator_id=CREATOR, shop_id=SHOP, name="Ana")
    staff = creator.CreatorRoleGiven(at=AT, creator_id=CREATOR, user_id=BEN, role="staff")
    owner = creator.CreatorRoleGiven(at=AT, creator_id=CREATOR, user_id=ANA, role="owner")
    given(creator.CREATOR).when(creator.add, creator.AddCreator(added=added)).then(added)
    assert given(creator.CREATOR, added, staff).state.keeper == SHOP
    assert given(creator.CREATOR, added, staff, owner).state.keeper is None
    given(creator.CREATOR).when(creator.add, creator.AddCreator(added=added, owner=ANA)).then(added, owner)


@pytest.mark.parametrize("kind", ["creator", "partner"])
def test_creators_and_partners_keep_their_last_owner(kind: str) -> None:
    decider, rules, history, make = {
        "creator": (creator.CREATOR, creator, _creator(), _role(creator.CreatorRoleGiven, creator_id=CREATOR)),
        "partner": (partner.PARTNER, partner, _partner(), _role(partner.PartnerRoleGiven, partner_id=PARTNER)),
    }[kind]
    taken = {
        "creator": creator.CreatorRoleTaken(at=AT, creator_id=CREATOR, user_id=ANA),
        "partner": partner.PartnerRoleTaken(at=AT, partner_id=PARTNER, user_id=ANA),
    }[kind]
    case = given(decider, *history)
    case.when(rules.take_role, taken).refused("LAST_OWNER")
    case.when(rules.give_role, make(ANA, "staff")).refused("LAST_OWNER")
    case.when(rules.give_role, make(ANA, "owner")).then()
    case.when(rules.give_role, make(BEN, "owner")).then(make(BEN, "owner"))
    given(decider, *history, make(BEN, "owner")).when(rules.take_role, taken).then(taken)
    given(decider).when(rules.take_role, taken).refused(f"{kind.upper()}_NOT_FOUND")
    given(decider).when(rules.give_role, make(ANA, "owner")).refused(f"{kind.upper()}_NOT_FOUND")


def _role(event: Any, **about: UUID) -> Any:
    return lambda user_id, role: event(at=AT, user_id=user_id, role=role, **about)


def _creator() -> list[Any]:
    return [
        creator.CreatorAdded(at=AT, creator_id=CREATOR, name="Ana"),
        creator.CreatorRoleGiven(at=AT, creator_id=CREATOR, user_id=ANA, role="owner"),
    ]


def _partner() -> list[Any]:
    added = partner.PartnerAdded(at=AT, partner_id=PARTNER, name="Agency")
    return partner.add(partner.Partner(), partner.AddPartner(added=added, owner=ANA))

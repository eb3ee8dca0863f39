"""Who offers, accepts and ends what between a partner, a shop and a creator; and who keeps a creator or a partner."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import msgspec
import pytest

from showfloor.gateway.directory.domain import creator, creator_rules, partner, partner_rules
from showfloor.gateway.directory.domain.binding import (
    BINDING,
    BindingAccepted,
    BindingEnded,
    BindingOffered,
    Side,
)
from showfloor.gateway.directory.domain.binding_rules import (
    AcceptBinding,
    EndBinding,
    OfferBinding,
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


def offer(by: Side = "partner", sides: str = "shop") -> OfferBinding:
    return OfferBinding(now=AT, binding_id=BOUND, offered_by=by, **SIDES[sides])


def accept(by: Side = "shop", sides: str = "shop") -> AcceptBinding:
    return AcceptBinding(now=AT, binding_id=BOUND, accepted_by=by, **SIDES[sides])


END = EndBinding(now=AT, binding_id=BOUND, **SIDES["shop"])


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
    given(BINDING).when(offer_binding, offer(by, sides)).then(offered(by, sides))
    case = given(BINDING, offered(by, sides))
    assert case.state.awaits == awaits
    case.when(accept_binding, accept(awaits, sides)).then(accepted(awaits, sides))
    case.when(accept_binding, accept(by, sides)).refused("BINDING_AWAITS_OTHER")
    assert given(BINDING, offered(by, sides), accepted(awaits, sides)).state.status == "active"


@pytest.mark.parametrize("before", [[offered()], [offered(), accepted()]])
def test_either_side_ends_it_at_once_and_once(before: list[Any]) -> None:
    given(BINDING, *before).when(end_binding, END).then(ended())
    given(BINDING, *before, ended()).when(end_binding, END).then()


def test_what_is_so_already_changes_nothing() -> None:
    given(BINDING, offered()).when(offer_binding, offer()).then()
    given(BINDING, offered(), accepted()).when(offer_binding, offer()).then()
    given(BINDING, offered(), accepted()).when(accept_binding, accept()).then()


def test_what_has_ended_is_offered_again_before_it_is_accepted() -> None:
    history = [offered(), accepted(), ended()]
    given(BINDING, *history).when(accept_binding, accept()).refused("BINDING_ENDED")
    given(BINDING, *history).when(offer_binding, offer()).then(offered())


def test_two_offers_of_one_collab_do_not_cross() -> None:
    given(BINDING, offered("shop", "collab")).when(offer_binding, offer("creator", "collab")).refused(
        "BINDING_AWAITS_YOU"
    )


def test_nothing_happens_to_a_binding_that_nobody_offered() -> None:
    given(BINDING).when(accept_binding, accept()).refused("BINDING_NOT_FOUND")
    given(BINDING).when(end_binding, END).refused("BINDING_NOT_FOUND")


def test_a_shop_keeps_a_creator_until_there_is_an_owner() -> None:
    added = creator.CreatorCreated(at=AT, creator_id=CREATOR, shop_id=SHOP, name="Ana")
    entered = creator_rules.CreateCreator(now=AT, creator_id=CREATOR, shop_id=SHOP, name="Ana")
    staff = creator.CreatorRoleAssigned(at=AT, creator_id=CREATOR, user_id=BEN, role="staff")
    owner = creator.CreatorRoleAssigned(at=AT, creator_id=CREATOR, user_id=ANA, role="owner")
    given(creator.CREATOR).when(creator_rules.create_creator, entered).then(added)
    assert given(creator.CREATOR, added, staff).state.keeper == SHOP
    assert given(creator.CREATOR, added, staff, owner).state.keeper is None
    given(creator.CREATOR).when(creator_rules.create_creator, msgspec.structs.replace(entered, owner=ANA)).then(
        added, owner
    )


@pytest.mark.parametrize("kind", ["creator", "partner"])
def test_creators_and_partners_keep_their_last_owner(kind: str) -> None:
    decider, history, given_event, taken_event, give, take = {
        "creator": (
            creator.CREATOR,
            _creator(),
            creator.CreatorRoleAssigned,
            creator.CreatorRoleRevoked,
            (creator_rules.assign_creator_role, creator_rules.AssignCreatorRole),
            (creator_rules.revoke_creator_role, creator_rules.RevokeCreatorRole),
        ),
        "partner": (
            partner.PARTNER,
            _partner(),
            partner.PartnerRoleAssigned,
            partner.PartnerRoleRevoked,
            (partner_rules.assign_partner_role, partner_rules.AssignPartnerRole),
            (partner_rules.revoke_partner_role, partner_rules.RevokePartnerRole),
        ),
    }[kind]
    about: Any = {f"{kind}_id": CREATOR if kind == "creator" else PARTNER}

    def giving(user_id: UUID, role: str) -> tuple[Any, Any]:
        return give[0], give[1](now=AT, user_id=user_id, role=role, **about)

    taking = take[0], take[1](now=AT, user_id=ANA, **about)
    ben = given_event(at=AT, user_id=BEN, role="owner", **about)
    case = given(decider, *history)
    case.when(*taking).refused("LAST_OWNER")
    case.when(*giving(ANA, "staff")).refused("LAST_OWNER")
    case.when(*giving(ANA, "owner")).then()
    case.when(*giving(BEN, "owner")).then(ben)
    given(decider, *history, ben).when(*taking).then(taken_event(at=AT, user_id=ANA, **about))
    given(decider).when(*taking).refused(f"{kind.upper()}_NOT_FOUND")
    given(decider).when(*giving(ANA, "owner")).refused(f"{kind.upper()}_NOT_FOUND")


def _creator() -> list[Any]:
    return [
        creator.CreatorCreated(at=AT, creator_id=CREATOR, name="Ana"),
        creator.CreatorRoleAssigned(at=AT, creator_id=CREATOR, user_id=ANA, role="owner"),
    ]


def _partner() -> list[Any]:
    command = partner_rules.CreatePartner(now=AT, partner_id=PARTNER, name="Agency", owner=ANA)
    return partner_rules.create_partner(partner.Partner(), command)

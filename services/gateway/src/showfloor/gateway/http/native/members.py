"""Native routes of people with roles in a shop, an account, a creator or a partner: one shape for all four."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import msgspec

from showfloor.gateway.directory.domain import (
    account,
    account_rules,
    creator,
    creator_rules,
    partner,
    partner_rules,
    shop,
    shop_rules,
)
from showfloor.gateway.directory.edges.change import change
from showfloor.gateway.http.gateway import Gateway, NativeRequest
from showfloor.gateway.http.native import rights
from showfloor.gateway.http.native.fields import path_id
from showfloor.gateway.http.native.pages import Page
from showfloor.gateway.http.native.shapes import Members, RoleSet
from showfloor.kernel.decider import Decider


class AfterMember(msgspec.Struct, frozen=True):
    """The last one of a page."""

    user_id: UUID


@dataclass(frozen=True)
class _Place:
    """A shop, an account, a creator or a partner: how it is found, and the commands on its roles."""

    thing: str
    find: Callable[..., Awaitable[Any]]
    decider: Decider[Any]
    assign: tuple[Any, Any]  # rule, command
    revoke: tuple[Any, Any]


_SHOP = _Place(
    "shop",
    rights.shop_for,
    shop.SHOP,
    (shop_rules.assign_shop_role, shop_rules.AssignShopRole),
    (shop_rules.revoke_shop_role, shop_rules.RevokeShopRole),
)
_ACCOUNT = _Place(
    "account",
    rights.account_for,
    account.ACCOUNT,
    (account_rules.assign_account_role, account_rules.AssignAccountRole),
    (account_rules.revoke_account_role, account_rules.RevokeAccountRole),
)
_CREATOR = _Place(
    "creator",
    rights.creator_for,
    creator.CREATOR,
    (creator_rules.assign_creator_role, creator_rules.AssignCreatorRole),
    (creator_rules.revoke_creator_role, creator_rules.RevokeCreatorRole),
)
_PARTNER = _Place(
    "partner",
    rights.partner_for,
    partner.PARTNER,
    (partner_rules.assign_partner_role, partner_rules.AssignPartnerRole),
    (partner_rules.revoke_partner_role, partner_rules.RevokePartnerRole),
)


async def list_shop_members(gateway: Gateway, request: NativeRequest) -> Members:
    """Who owns a shop, and who is on its staff."""
    return await _members(gateway, request, _SHOP)


async def assign_shop_role(gateway: Gateway, request: NativeRequest) -> RoleSet:
    """Make a user owner or staff of a shop."""
    return await _assign(gateway, request, _SHOP)


async def revoke_shop_role(gateway: Gateway, request: NativeRequest) -> RoleSet:
    """Revoke a user's role in a shop."""
    return await _revoke(gateway, request, _SHOP)


async def list_account_members(gateway: Gateway, request: NativeRequest) -> Members:
    """Who works on an account."""
    return await _members(gateway, request, _ACCOUNT)


async def assign_account_role(gateway: Gateway, request: NativeRequest) -> RoleSet:
    """Assign a user a role on an account, in place of the one before."""
    return await _assign(gateway, request, _ACCOUNT)


async def revoke_account_role(gateway: Gateway, request: NativeRequest) -> RoleSet:
    """Revoke a user's role on an account."""
    return await _revoke(gateway, request, _ACCOUNT)


async def list_creator_members(gateway: Gateway, request: NativeRequest) -> Members:
    """Who owns a creator's name and accounts, the creator first of all, and who works for them."""
    return await _members(gateway, request, _CREATOR)


async def assign_creator_role(gateway: Gateway, request: NativeRequest) -> RoleSet:
    """Make a user owner or staff of a creator. The shop that entered one names the first owner, and then no more."""
    return await _assign(gateway, request, _CREATOR)


async def revoke_creator_role(gateway: Gateway, request: NativeRequest) -> RoleSet:
    """Revoke a user's role of a creator."""
    return await _revoke(gateway, request, _CREATOR)


async def list_partner_members(gateway: Gateway, request: NativeRequest) -> Members:
    """Who owns a partner, and who is on its staff."""
    return await _members(gateway, request, _PARTNER)


async def assign_partner_role(gateway: Gateway, request: NativeRequest) -> RoleSet:
    """Make a user owner or staff of a partner."""
    return await _assign(gateway, request, _PARTNER)


async def revoke_partner_role(gateway: Gateway, request: NativeRequest) -> RoleSet:
    """Revoke a user's role of a partner."""
    return await _revoke(gateway, request, _PARTNER)


async def _members(gateway: Gateway, request: NativeRequest, place: _Place) -> Members:
    about, found = await _found(gateway, request, place, "List{}Members")
    page = Page(request, AfterMember, f"members:{about}")
    rows = [
        {"user_id": user_id, "role": role}
        for user_id, role in sorted(found.people.items())
        if page.after is None or user_id > page.after.user_id
    ]
    known = await gateway.access.people.of([row["user_id"] for row in rows[: page.size]])

    def shown(row: dict[str, Any]) -> dict[str, Any]:
        person = known.get(row["user_id"])
        return {**row, "name": person.display_name if person else ""}  # the erased have none

    return msgspec.convert(page.answer("members", rows, shown), Members)


async def _assign(gateway: Gateway, request: NativeRequest, place: _Place) -> RoleSet:
    about, found = await _found(gateway, request, place, "Assign{}Role")
    user_id, role = path_id(request, "user_id"), request.body.role
    await rights.known_at(gateway.runtime, request.caller, user_id, found)
    stream, (rule, struct) = next(iter(about.values())), place.assign
    command = struct(user_id=user_id, role=role, now=gateway.clock(), **about)
    position = await change(gateway.runtime, place.decider, stream, rule, command, request.meta)
    return RoleSet(user_id, position, role, **about)


async def _revoke(gateway: Gateway, request: NativeRequest, place: _Place) -> RoleSet:
    about, _ = await _found(gateway, request, place, "Revoke{}Role")
    user_id = path_id(request, "user_id")
    stream, (rule, struct) = next(iter(about.values())), place.revoke
    command = struct(user_id=user_id, now=gateway.clock(), **about)
    position = await change(gateway.runtime, place.decider, stream, rule, command, request.meta)
    return RoleSet(user_id, position, **about)


async def _found(gateway: Gateway, request: NativeRequest, place: _Place, action: str) -> tuple[dict[str, Any], Any]:
    """Return the field that names the place, and the place, if the caller may do this there."""
    name = f"{place.thing}_id"
    about = {name: path_id(request, name)}
    return about, await place.find(
        gateway.runtime, request.caller, about[name], action.format(place.thing.capitalize())
    )

"""The public events of the directory: ids, kinds and roles. Names and addresses stay here."""

from typing import Any, Final, cast
from uuid import UUID

from google.protobuf.message import Message
from google.protobuf.timestamp_pb2 import Timestamp

from showfloor.api.gateway.v1 import gateway_events_pb2 as public
from showfloor.gateway.directory.domain import (
    account,
    binding,
    checkout,
    connector,
    creator,
    grant,
    partner,
    shop,
    user,
)
from showfloor.kernel.event import Event
from showfloor.service.publishing import Contract, Translation


def _user_created(event: user.UserCreated) -> Message:
    return public.UserCreated(
        subject_id=str(event.user_id),
        shop_id=_id(event.shop_id),
        creator_id=_id(event.creator_id),
        partner_id=_id(event.partner_id),
        time=_when(event),
    )


def _user_erased(event: user.UserErased) -> Message:
    return public.UserErased(subject_id=str(event.user_id), time=_when(event))


def _shop_created(event: shop.ShopCreated) -> Message:
    return public.ShopCreated(subject_id=str(event.shop_id), currency=event.currency, time=_when(event))


def _account_created(event: account.AccountCreated) -> Message:
    return public.AccountCreated(
        subject_id=str(event.account_id),
        shop_id=_id(event.shop_id),
        creator_id=_id(event.creator_id),
        kind=public.AccountKind.Value(f"ACCOUNT_KIND_{event.kind.upper()}"),
        currency=event.currency,
        time=_when(event),
    )


def _creator_created(event: creator.CreatorCreated) -> Message:
    return public.CreatorCreated(subject_id=str(event.creator_id), shop_id=_id(event.shop_id), time=_when(event))


def _partner_created(event: partner.PartnerCreated) -> Message:
    return public.PartnerCreated(subject_id=str(event.partner_id), time=_when(event))


def _binding_offered(event: binding.BindingOffered) -> Message:
    offered_by = public.BindingSide.Value(f"BINDING_SIDE_{event.offered_by.upper()}")
    return public.BindingOffered(offered_by=offered_by, **_sides(event))


def _binding_accepted(event: binding.BindingAccepted) -> Message:
    return public.BindingAccepted(**_sides(event))


def _binding_ended(event: binding.BindingEnded) -> Message:
    return public.BindingEnded(**_sides(event))


def _grant_given(event: grant.GrantGiven) -> Message:
    until = Timestamp()
    until.FromDatetime(event.until)
    return public.GrantGiven(
        subject_id=str(event.grant_id),
        account_id=str(event.account_id),
        user_id=_id(event.user_id),
        partner_id=_id(event.partner_id),
        scope=public.GrantScope.Value(f"GRANT_SCOPE_{event.scope.upper()}"),
        until_time=until,
        time=_when(event),
    )


def _grant_revoked(event: grant.GrantRevoked) -> Message:
    return public.GrantRevoked(subject_id=str(event.grant_id), account_id=str(event.account_id), time=_when(event))


def _connector_created(event: connector.ConnectorCreated) -> Message:
    return public.ConnectorCreated(
        subject_id=str(event.connector_id),
        shop_id=_id(event.shop_id),
        creator_id=_id(event.creator_id),
        scopes=[public.ConnectorScope.Value(f"CONNECTOR_SCOPE_{scope.upper()}") for scope in event.scopes],
        time=_when(event),
    )


def _connector_role(message: Any) -> Translation:
    """Return the public form of an account that a connector was given, or lost."""

    def told(event: Any) -> Message:
        about = {"subject_id": str(event.connector_id), "account_id": str(event.account_id)}
        return cast(Message, message(**about, time=_when(event)))

    return Translation(message, told)


def _connector(message: Any) -> Translation:
    """Return the public form of what says no more than which connector it is about."""
    return Translation(message, lambda event: message(subject_id=str(event.connector_id), time=_when(event)))


def _checkout(message: Any) -> Translation:
    """Return the public form of what a shop did with its checkout: neither address nor key."""

    def told(event: Any) -> Message:
        about: dict[str, Any] = {"subject_id": str(event.shop_id), "time": _when(event)}
        if isinstance(event, checkout.CheckoutKeyRotated):
            about["signs_from"] = Timestamp()
            about["signs_from"].FromDatetime(event.signs_from)
        return cast(Message, message(**about))

    return Translation(message, told)


def _role(message: Any, thing: str) -> Translation:
    """Return the public form of a role that was given or taken in a shop, an account, a creator or a partner."""

    def told(event: Any) -> Message:
        about = {"subject_id": str(getattr(event, f"{thing}_id")), "user_id": str(event.user_id), "time": _when(event)}
        if "role" in message.DESCRIPTOR.fields_by_name:
            about["role"] = public.DirectoryRole.Value(f"DIRECTORY_ROLE_{event.role.upper()}")
        return cast(Message, message(**about))

    return Translation(message, told)


def _sides(event: binding.BindingEvent) -> dict[str, Any]:
    return {
        "subject_id": str(event.binding_id),
        "partner_id": _id(event.partner_id),
        "shop_id": _id(event.shop_id),
        "creator_id": _id(event.creator_id),
        "time": _when(event),
    }


def _when(event: Event) -> Timestamp:
    stamp = Timestamp()
    stamp.FromDatetime(event.at)
    return stamp


def _id(value: UUID | None) -> str:
    return str(value or "")


PUBLIC: Final = Contract(
    service="gateway",
    key="subject_id",
    translations={
        user.UserCreated: Translation(public.UserCreated, _user_created),
        user.UserErased: Translation(public.UserErased, _user_erased),
        shop.ShopCreated: Translation(public.ShopCreated, _shop_created),
        shop.ShopRoleAssigned: _role(public.ShopRoleAssigned, "shop"),
        shop.ShopRoleRevoked: _role(public.ShopRoleRevoked, "shop"),
        account.AccountCreated: Translation(public.AccountCreated, _account_created),
        account.AccountRoleAssigned: _role(public.AccountRoleAssigned, "account"),
        account.AccountRoleRevoked: _role(public.AccountRoleRevoked, "account"),
        creator.CreatorCreated: Translation(public.CreatorCreated, _creator_created),
        creator.CreatorRoleAssigned: _role(public.CreatorRoleAssigned, "creator"),
        creator.CreatorRoleRevoked: _role(public.CreatorRoleRevoked, "creator"),
        partner.PartnerCreated: Translation(public.PartnerCreated, _partner_created),
        partner.PartnerRoleAssigned: _role(public.PartnerRoleAssigned, "partner"),
        partner.PartnerRoleRevoked: _role(public.PartnerRoleRevoked, "partner"),
        binding.BindingOffered: Translation(public.BindingOffered, _binding_offered),
        binding.BindingAccepted: Translation(public.BindingAccepted, _binding_accepted),
        binding.BindingEnded: Translation(public.BindingEnded, _binding_ended),
        grant.GrantGiven: Translation(public.GrantGiven, _grant_given),
        grant.GrantRevoked: Translation(public.GrantRevoked, _grant_revoked),
        connector.ConnectorCreated: Translation(public.ConnectorCreated, _connector_created),
        connector.ConnectorRoleAssigned: _connector_role(public.ConnectorRoleAssigned),
        connector.ConnectorRoleRevoked: _connector_role(public.ConnectorRoleRevoked),
        connector.ConnectorCredentialRotated: _connector(public.ConnectorCredentialRotated),
        connector.ConnectorDeleted: _connector(public.ConnectorDeleted),
        checkout.CheckoutSet: _checkout(public.CheckoutSet),
        checkout.CheckoutKeyRotated: _checkout(public.CheckoutKeyRotated),
        checkout.CheckoutDeleted: _checkout(public.CheckoutDeleted),
    },
)
"""What the directory tells the others: all of it, and under which names."""

publish: Final = PUBLIC.publish

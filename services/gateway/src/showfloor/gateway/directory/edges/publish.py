"""What the others learn of the directory: ids, kinds and roles. Names and addresses stay here."""

from typing import Any, Final
from uuid import UUID

from google.protobuf.message import Message
from google.protobuf.timestamp_pb2 import Timestamp

from showfloor.api.gateway.v1 import gateway_events_pb2 as public
from showfloor.gateway.directory.domain import account, creator, shop, user
from showfloor.kernel.event import Event
from showfloor.service.publishing import Contract, Translation


def _user_added(event: user.UserAdded) -> Message:
    return public.UserAdded(subject_id=str(event.user_id), shop_id=_id(event.shop_id), time=_when(event))


def _shop_added(event: shop.ShopAdded) -> Message:
    return public.ShopAdded(subject_id=str(event.shop_id), currency=event.currency, time=_when(event))


def _shop_role_given(event: shop.ShopRoleGiven) -> Message:
    return public.ShopRoleGiven(subject_id=str(event.shop_id), role=_role(event.role), **_whom(event))


def _shop_role_taken(event: shop.ShopRoleTaken) -> Message:
    return public.ShopRoleTaken(subject_id=str(event.shop_id), **_whom(event))


def _account_added(event: account.AccountAdded) -> Message:
    return public.AccountAdded(
        subject_id=str(event.account_id),
        shop_id=_id(event.shop_id),
        creator_id=_id(event.creator_id),
        kind=public.AccountKind.Value(f"ACCOUNT_KIND_{event.kind.upper()}"),
        time=_when(event),
    )


def _account_role_given(event: account.RoleGiven) -> Message:
    return public.AccountRoleGiven(subject_id=str(event.account_id), role=_role(event.role), **_whom(event))


def _account_role_taken(event: account.RoleTaken) -> Message:
    return public.AccountRoleTaken(subject_id=str(event.account_id), **_whom(event))


def _creator_added(event: creator.CreatorAdded) -> Message:
    return public.CreatorAdded(subject_id=str(event.creator_id), shop_id=_id(event.shop_id), time=_when(event))


def _role(role: str) -> "public.DirectoryRole.ValueType":
    return public.DirectoryRole.Value(f"DIRECTORY_ROLE_{role.upper()}")


def _whom(event: Any) -> dict[str, Any]:
    return {"user_id": str(event.user_id), "time": _when(event)}


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
        user.UserAdded: Translation(public.UserAdded, _user_added),
        shop.ShopAdded: Translation(public.ShopAdded, _shop_added),
        shop.ShopRoleGiven: Translation(public.ShopRoleGiven, _shop_role_given),
        shop.ShopRoleTaken: Translation(public.ShopRoleTaken, _shop_role_taken),
        account.AccountAdded: Translation(public.AccountAdded, _account_added),
        account.RoleGiven: Translation(public.AccountRoleGiven, _account_role_given),
        account.RoleTaken: Translation(public.AccountRoleTaken, _account_role_taken),
        creator.CreatorAdded: Translation(public.CreatorAdded, _creator_added),
    },
)
"""What the directory tells the others: all of it, and under which names."""

publish: Final = PUBLIC.publish

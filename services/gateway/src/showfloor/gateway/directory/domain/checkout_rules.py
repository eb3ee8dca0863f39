"""What is allowed to a shop's checkout: its address, its keys, its end."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import msgspec

from showfloor.gateway.directory.domain import refusals
from showfloor.gateway.directory.domain.checkout import (
    Checkout,
    CheckoutDeleted,
    CheckoutKeyRotated,
    CheckoutSet,
    checkout_stream,
)
from showfloor.kernel.command import Aside
from showfloor.kernel.event import Event

OVERLAP: Final = timedelta(hours=24)
"""For so long links are still signed with the key before, while the shop enters the new one."""


class SetCheckout(msgspec.Struct, frozen=True, kw_only=True):
    """Let buyers of a shop pay at an address of the shop."""

    shop_id: UUID
    address: str
    now: Aside[datetime]


class RotateCheckoutKey(msgspec.Struct, frozen=True, kw_only=True):
    """Give a shop's checkout another key. `at_once`: somebody else knows the one before, which signs nothing more."""

    shop_id: UUID
    key_id: UUID
    secret: Aside[str]
    at_once: bool
    now: Aside[datetime]


class DeleteCheckout(msgspec.Struct, frozen=True, kw_only=True):
    """Send no buyer of a shop to its checkout any more."""

    shop_id: UUID
    now: Aside[datetime]


def set_checkout(state: Checkout, command: SetCheckout) -> list[Event]:
    """Set the address; nothing changes when it is this one."""
    if state.address == command.address:
        return []
    about = {"checkout_id": checkout_stream(command.shop_id), "shop_id": command.shop_id}
    return [CheckoutSet(at=command.now, address=command.address, **about)]


def rotate_checkout_key(state: Checkout, command: RotateCheckoutKey) -> list[Event]:
    """Add a key: the first one, and one that is needed at once, signs from now on. Raises CHECKOUT_NOT_READY."""
    if not state.address:
        raise refusals.checkout_not_ready()
    waits = state.signing(command.now) is not None and not command.at_once
    rotated = CheckoutKeyRotated(
        at=command.now,
        checkout_id=checkout_stream(command.shop_id),
        shop_id=command.shop_id,
        key_id=command.key_id,
        secret=command.secret,
        signs_from=command.now + OVERLAP if waits else command.now,
    )
    return [rotated]


def delete_checkout(state: Checkout, command: DeleteCheckout) -> list[Event]:
    """Remove address and keys; nothing changes when there are none."""
    if not state.address:
        return []
    about = {"checkout_id": checkout_stream(command.shop_id), "shop_id": command.shop_id}
    return [CheckoutDeleted(at=command.now, **about)]

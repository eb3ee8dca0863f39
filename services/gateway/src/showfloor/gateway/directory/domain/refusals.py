"""Every refusal the directory can answer."""

from uuid import UUID

from showfloor.kernel.refusal import Refusal, RefusalKind


def not_found(thing: str) -> Refusal:
    """There is no such user, shop, account or creator, or it is not yours: the two look alike."""
    return Refusal(
        RefusalKind.NOT_FOUND, f"{thing.upper()}_NOT_FOUND", f"There is no such {thing}, or it is not yours."
    )


def request_id_reused() -> Refusal:
    """The id names something else already."""
    text = "This Idempotency-Key was used for something else: choose a new one."
    return Refusal(RefusalKind.CONFLICT, "REQUEST_ID_REUSED", text)


def last_host(account_id: UUID | None) -> Refusal:
    """An account keeps at least one host."""
    text = "This is the account's only host: make somebody else host first."
    return Refusal(RefusalKind.WRONG_STATE, "LAST_HOST", text, {"account_id": str(account_id)})


def email_taken() -> Refusal:
    """One address, one user."""
    return Refusal(RefusalKind.CONFLICT, "EMAIL_TAKEN", "Another user has this address.", {"field": "email"})


def last_owner(shop_id: UUID | None) -> Refusal:
    """A shop keeps at least one owner."""
    text = "This is the shop's only owner: make somebody else owner first."
    return Refusal(RefusalKind.WRONG_STATE, "LAST_OWNER", text, {"shop_id": str(shop_id)})

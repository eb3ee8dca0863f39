"""Every refusal the directory can answer."""

from uuid import UUID

from showfloor.kernel.refusal import Refusal, RefusalKind


def not_found(thing: str) -> Refusal:
    """It does not exist, or the caller may not see it: the two look alike."""
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
    """An address belongs to one user."""
    return Refusal(RefusalKind.CONFLICT, "EMAIL_TAKEN", "Another user has this address.", {"field": "email"})


def last_owner(thing: str, thing_id: UUID | None) -> Refusal:
    """A shop, a creator and a partner keep at least one owner."""
    text = f"This is the {thing}'s only owner: make somebody else owner first."
    return Refusal(RefusalKind.WRONG_STATE, "LAST_OWNER", text, {f"{thing}_id": str(thing_id)})


def binding_awaits_you(binding_id: UUID) -> Refusal:
    """The other side has offered the same: accept it."""
    text = "The other side has offered this already: accept it."
    return Refusal(RefusalKind.WRONG_STATE, "BINDING_AWAITS_YOU", text, {"binding_id": str(binding_id)})


def binding_awaits_other(binding_id: UUID) -> Refusal:
    """A side cannot accept its own offer."""
    text = "You have offered this: it waits for the other side."
    return Refusal(RefusalKind.WRONG_STATE, "BINDING_AWAITS_OTHER", text, {"binding_id": str(binding_id)})


def binding_ended(binding_id: UUID) -> Refusal:
    """An ended binding must be offered again."""
    text = "This has ended: one side has to offer it again first."
    return Refusal(RefusalKind.WRONG_STATE, "BINDING_ENDED", text, {"binding_id": str(binding_id)})


def grant_period(days: int) -> Refusal:
    """A grant must end after now, and within its longest period."""
    text = f"A grant ends later than now, and at most {days} days from now."
    return Refusal(RefusalKind.WRONG_STATE, "GRANT_PERIOD", text, {"days": str(days)})


def too_many_accounts(most: int) -> Refusal:
    """A connector has a bounded number of accounts."""
    text = f"A connector has at most {most} accounts: add another one."
    return Refusal(RefusalKind.LIMIT, "TOO_MANY", text, {"field": "account_id", "limit": str(most)})


def checkout_not_ready() -> Refusal:
    """Without an address and a key nobody is sent to a checkout."""
    text = "The shop has no checkout of its own: it needs an address, and a key that signs links to it."
    return Refusal(RefusalKind.WRONG_STATE, "CHECKOUT_NOT_READY", text)


def order_not_to_pay(state: str) -> Refusal:
    """Only what is reserved is paid for."""
    text = "There is nothing to pay: the order is not reserved any more."
    return Refusal(RefusalKind.WRONG_STATE, "NOTHING_TO_PAY", text, {"state": state})


def partner_not_bound(partner_id: UUID) -> Refusal:
    """A partner is granted accounts only of shops and creators that it is bound to."""
    text = "No such partner is bound to the shop or creator whose account this is: bind it first."
    return Refusal(RefusalKind.WRONG_STATE, "PARTNER_NOT_BOUND", text, {"partner_id": str(partner_id)})

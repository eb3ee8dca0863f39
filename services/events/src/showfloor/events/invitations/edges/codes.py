"""What proves in a link that it came by one of our mails. Nothing of it is kept: it is worked out again.

A code names the invitation, and the round of asking that it belongs to; of a link that ends all mails there is one.
"""

import hmac
import re
from typing import Final, Literal, NamedTuple
from uuid import UUID

from showfloor.events.invitations.domain import refusals
from showfloor.events.invitations.domain.address import same_as
from showfloor.eventstore.sealing import Sealing

Use = Literal["confirm", "unsubscribe"]

_CODE = re.compile(r"([0-9a-f]{32})-([0-9]{1,6})-([0-9a-f]{40})")
_PROOF: Final = 20  # bytes


class Code(NamedTuple):
    """What a good code says."""

    invitation_id: UUID
    round: int


class Codes:
    """Makes and checks codes with the secret of the service's keyring."""

    def __init__(self, sealing: Sealing) -> None:
        self._sealing = sealing

    def contact(self, address: str) -> str:
        """Return by what an address is known: without the secret nobody can try whether it is a certain one."""
        return self._sealing.digest("contact", same_as(address))[:16].hex()

    def of(self, use: Use, invitation_id: UUID, number: int = 0) -> str:
        """Return the code of a link. `number`: the round; 0 for a link that is good in all of them."""
        return f"{invitation_id.hex}-{number}-{self._proof(use, invitation_id, number)}"

    def read(self, use: Use, text: str) -> Code:
        """Return what a code says. Raises LINK_NOT_FOUND."""
        found = _CODE.fullmatch(text)
        if found is None:
            raise refusals.link_not_good()
        code = Code(UUID(found[1]), int(found[2]))
        if not hmac.compare_digest(self._proof(use, *code), found[3]):
            raise refusals.link_not_good()
        return code

    def _proof(self, use: Use, invitation_id: UUID, number: int) -> str:
        return self._sealing.digest(use, f"{invitation_id.hex}/{number}")[:_PROOF].hex()

"""What strangers send to the public page of an event: an address, a form, a code of a link."""

from random import Random
from uuid import UUID

from changes import one_of, separated
from inputs import Parser, loop, text_of
from starlette.requests import Request

from showfloor.events.invitations.domain.address import BadAddress, checked_address
from showfloor.events.invitations.edges.codes import Codes
from showfloor.eventstore.keyring import Keyring
from showfloor.eventstore.sealing import Sealing
from showfloor.gateway.watch import event_pages
from showfloor.kernel.refusal import Refusal

CODES = Codes(Sealing(Keyring()))
ADDRESSES = (b"ana@example.com", b"Ana.B+live@sub.example.co.uk", "ana@b\u00fccher.example".encode())


def _form(data: bytes) -> str:
    """Read a form as the page does; what is in it is an address, or refused."""

    async def receive() -> dict[str, object]:
        return {"type": "http.request", "body": data, "more_body": False}

    scope = {"type": "http", "method": "POST", "path": "/e/x", "query_string": b""}
    headers = [(b"content-type", event_pages.FORM.encode())]
    request = Request({**scope, "headers": headers}, receive)
    return checked_address(loop().run_until_complete(event_pages.form_of(request)).get("email", ""))


def _changed(rng: Random, seed: bytes) -> bytes:
    """Change an address at its signs."""
    return separated(b"@", b".")(rng, seed) if rng.random() < 0.5 else one_of(*ADDRESSES)(rng, seed)


def parsers() -> list[Parser]:
    """Return them all."""
    code = CODES.of("confirm", UUID(int=1), 3).encode()
    return [
        Parser("e-mail address", ADDRESSES[0], lambda data: checked_address(data.decode()), (ValueError,), _changed),
        Parser(
            "form of registration", b"email=ana%40example.com&a=b", _form, (Refusal, BadAddress), separated(b"&", b"=")
        ),
        Parser("code of a link", code, lambda data: CODES.read("confirm", text_of(data)), change=_codes),
    ]


def _codes(rng: Random, seed: bytes) -> bytes:
    """Return a code as it is, or with another number or proof."""
    return seed if rng.random() < 0.1 else separated(b"-")(rng, seed)

"""Following another service: its public events from the bus, and from its own log where the bus has a hole."""

from collections.abc import Callable, Sequence
from datetime import datetime

from showfloor.access.actor import Actor, follower
from showfloor.access.tokens import Signer, issuer_of, keys_in, publish_keys
from showfloor.api.common.v1 import log_service_pb2
from showfloor.messaging.public import PublicEvent, PublicMessage
from showfloor.messaging.subscription import ReadEvents
from showfloor.platform.settings import ProcessSettings
from showfloor.platform.startup_error import StartupError
from showfloor.rpc.channel import Channel, call, methods

READ_SECONDS = 5.0

TokenOf = Callable[[Actor], str]
"""Returns an internal token of an actor."""


def events_of(upstream: str, channel: Channel, reader: str, token_of: TokenOf) -> ReadEvents:
    """Return how the service `reader` reads the public events of another from its log."""
    actor = follower(reader)
    ask = methods(channel, log_service_pb2.DESCRIPTOR.services_by_name["LogService"])["ReadEvents"]

    async def read(after: int, limit: int) -> Sequence[PublicMessage]:
        position = after
        while True:
            request = log_service_pb2.ReadEventsRequest(after_position=position, limit=limit)
            page = await call(ask, request, timeout=READ_SECONDS, token=token_of(actor), idempotent=True)
            if page.events or page.last_position <= position:
                return [message_of(upstream, one) for one in page.events]
            position = page.last_position  # private events only: go on

    return read


def own_tokens(name: str, config: ProcessSettings) -> TokenOf:
    """Return how a service signs for itself, and tell the others its public key. Raises StartupError."""
    if config.service_key_file is None or config.service_jwks is None:
        raise StartupError(
            f"{name} follows another service and has no key of its own",
            place="SHOWFLOOR_SERVICE_KEY_FILE, SHOWFLOOR_SERVICE_JWKS",
            next_step="name a file for its private key, and the folder where services look for public ones",
        )
    signer = Signer(config.service_key_file, issuer=issuer_of(name))
    public = config.service_jwks / f"{name}.json"
    if not public.exists() or keys_in(public)() != signer.jwks():  # where they are known, nobody may have to write
        config.service_jwks.mkdir(parents=True, exist_ok=True)
        publish_keys(signer, public)
    return signer.sign


def message_of(upstream: str, one: log_service_pb2.PublicEvent) -> PublicMessage:
    """Return an event that the owner's log lists as if it had come by the bus. Raises ValueError."""
    event = PublicEvent(one.type, one.key, one.body, datetime.fromisoformat(one.time))
    return PublicMessage(upstream, one.position, 0, event, one.traceparent)

"""Following another service: its public events from the bus, and from its own log where the bus has a hole."""

from collections.abc import Callable, Sequence
from datetime import datetime

from showfloor.access.actor import Actor, follower
from showfloor.access.tokens import NONSENSE, Signer, keys_of_service, publish_keys
from showfloor.api.common.v1 import log_service_pb2
from showfloor.messaging.public import PublicEvent, PublicMessage
from showfloor.platform.settings import ProcessSettings
from showfloor.platform.startup_error import StartupError
from showfloor.rpc.channel import Channel, call, methods

READ_SECONDS = 5.0

TokenOf = Callable[[Actor], str]
"""Returns an internal token of an actor."""


class OwnersLog:
    """Reads the public events of another service from its log, as the service `reader`: a `ReadEvents`."""

    def __init__(self, upstream: str, channel: Channel, reader: str, token_of: TokenOf) -> None:
        self._upstream, self._actor, self._token_of = upstream, follower(reader), token_of
        self._ask = methods(channel, log_service_pb2.DESCRIPTOR.services_by_name["LogService"])["ReadEvents"]
        self.log_id = ""  # which log it was that was last read; empty for an owner that does not tell
        self.end = 0  # where the log ended when it was last read to its end: before our position if it went back

    async def __call__(self, after: int, limit: int) -> Sequence[PublicMessage]:
        position = after
        while True:
            request = log_service_pb2.ReadEventsRequest(after_position=position, limit=limit)
            token = self._token_of(self._actor)
            page = await call(self._ask, request, timeout=READ_SECONDS, token=token, idempotent=True)
            self.log_id = page.log_id
            if page.events or page.last_position <= position:
                if not page.events:
                    self.end = page.last_position
                return [message_of(self._upstream, one) for one in page.events]
            position = page.last_position  # private events only: go on


def own_tokens(name: str, config: ProcessSettings) -> TokenOf:
    """Return how a service signs for itself, and tell the others its public key. Raises StartupError."""
    if config.service_key_file is None or config.service_jwks is None:
        raise StartupError(
            f"{name} follows another service and has no key of its own",
            place="SHOWFLOOR_SERVICE_KEY_FILE, SHOWFLOOR_SERVICE_JWKS",
            next_step="name a file for its private key, and the folder where services look for public ones",
        )
    try:
        signer = Signer(config.service_key_file, service=name)
    except (OSError, KeyError, AttributeError, *NONSENSE) as error:
        raise StartupError(
            f"the private key of {name} cannot be read or made: {_words(error)}",
            place=f"SHOWFLOOR_SERVICE_KEY_FILE={config.service_key_file}",
            next_step="make it readable, or delete it: another is made and published",
        ) from None
    public = config.service_jwks / f"{name}.json"
    try:
        if keys_of_service(public) != signer.jwks()["keys"]:  # where they are known, nobody may have to write
            config.service_jwks.mkdir(parents=True, exist_ok=True)
            publish_keys(signer, public)
    except OSError as error:
        raise StartupError(
            f"the public key of {name} cannot be written: {_words(error)}",
            place=f"SHOWFLOOR_SERVICE_JWKS={config.service_jwks}",
            next_step=f"let this process write there, or put {name}.json there",
        ) from None
    return signer.sign


def _words(error: Exception) -> str:
    return error.strerror or type(error).__name__ if isinstance(error, OSError) else "it is no key"


def message_of(upstream: str, one: log_service_pb2.PublicEvent) -> PublicMessage:
    """Return an event that the owner's log lists as if it had come by the bus. Raises ValueError."""
    event = PublicEvent(one.type, one.key, one.body, datetime.fromisoformat(one.time))
    return PublicMessage(upstream, one.position, 0, event, one.traceparent)

"""The clients of the services: one channel each, and every RPC by its name."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Protocol

from google.protobuf.descriptor import ServiceDescriptor
from google.protobuf.message import Message

from showfloor.gateway.http.contracts import contracts
from showfloor.kernel.refusal import Refusal, RefusalKind
from showfloor.observability.metrics import counter
from showfloor.platform.settings import no_address
from showfloor.rpc.channel import Channel, call, connect, stream
from showfloor.rpc.channel import methods as rpcs

_DOUBTED = counter("internal_tokens_refused_total", "Calls whose internal token a service did not take.")
READ_SECONDS = 5.0
CHANGE_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Remote:
    """An RPC of a service."""

    method: Any
    changes: bool


@contextmanager
def _outage_when_refused() -> Iterator[None]:
    """Raise Refusal UNAVAILABLE when a service refuses our token: the caller's credentials are good.

    That happens to calls under way when somebody sets the clock: they are signed by one time and judged by another. As
    UNAUTHENTICATED it would sign the caller out, end their streams, and be kept as the answer to their Idempotency-Key.
    """
    try:
        yield
    except Refusal as refusal:
        if refusal.kind is not RefusalKind.UNAUTHENTICATED:
            raise
        _DOUBTED.inc()
        text = "A service did not take the gateway's token; nothing was done. Send the same request again."
        raise Refusal(RefusalKind.UNAVAILABLE, "UNAVAILABLE", text) from refusal


class Ask(Protocol):
    """Calls an RPC of a service by its name, with an internal token. Raises Refusal, RemoteDefect."""

    def __call__(self, rpc: str, request: Message, token: str) -> Awaitable[Message]: ...


class Clients:
    """Channels to the services, each at its address: `Clients({"session": "127.0.0.1:9000"})`.

    A service without an address is not part of this installation: its RPCs are refused as unavailable. Make it inside
    the event loop; close it at the end.
    """

    def __init__(self, addresses: Mapping[str, str]) -> None:
        self._channels = {name: connect(addresses[name]) for name in contracts() if name in addresses}
        self._remotes: dict[str, Remote] = {}
        for owner, channel in self._channels.items():
            for service in contracts()[owner]:
                for name, method in rpcs(channel, service).items():
                    asked = service.methods_by_name[name].input_type
                    changes = "request_id" in asked.fields_by_name or service.name == "SignalService"
                    self._remotes[name] = Remote(method, changes)

    def channel(self, service: str) -> Channel:
        """Return the channel to a service that must be there. Raises StartupError."""
        if service not in self._channels:
            raise no_address(service)
        return self._channels[service]

    async def ask_each(self, service: ServiceDescriptor, rpc: str, request: Message, token: str) -> dict[str, Any]:
        """Call an RPC that every service answers; return the answers by the services' names. Raises Refusal."""
        asking = [
            call(rpcs(channel, service)[rpc], request, timeout=READ_SECONDS, token=token, idempotent=True)
            for channel in self._channels.values()
        ]
        with _outage_when_refused():
            answers = await asyncio.gather(*asking)
        return dict(zip(self._channels, answers, strict=True))

    def _remote(self, rpc: str) -> Remote:
        if rpc not in self._remotes:
            text = "The service that does this is not part of this installation."
            raise Refusal(RefusalKind.UNAVAILABLE, "UNAVAILABLE", text)
        return self._remotes[rpc]

    async def ask(self, rpc: str, request: Message, token: str) -> Message:
        """Call an RPC. Every one may be sent twice: reads as such, changes by their request id.

        Raises Refusal, RemoteDefect.
        """
        remote = self._remote(rpc)
        seconds = CHANGE_SECONDS if remote.changes else READ_SECONDS
        with _outage_when_refused():
            answer: Message = await call(remote.method, request, timeout=seconds, token=token, idempotent=True)
        return answer

    async def read(self, rpc: str, request: Message, token: str, seconds: float = 60.0) -> AsyncIterator[Message]:
        """Call an RPC that answers with a stream."""
        with _outage_when_refused():
            async for answer in stream(self._remote(rpc).method, request, timeout=seconds, token=token):
                yield answer

    async def close(self) -> None:
        """Close the channels."""
        for channel in self._channels.values():
            await channel.close()

"""Changes of the directory made over REST are told on the broker and listed by the log; none says a name."""

from typing import Any

import nats
from directory_changes import NAMES, everything

from showfloor.access.actor import follower
from showfloor.access.tokens import Signer, publish_keys
from showfloor.api.common.v1 import log_service_pb2
from showfloor.gateway.directory.edges.publish import PUBLIC
from showfloor.messaging.public import subject_of
from showfloor.rpc import channel
from showfloor.testing.waiting import eventually

KINDS = {message.DESCRIPTOR.full_name for message in PUBLIC.messages}


async def listed(address: str, signer: Signer) -> list[log_service_pb2.PublicEvent]:
    """Return what the gateway's log lists for a service that follows it."""
    async with channel.connect(address) as link:
        ask = channel.methods(link, log_service_pb2.DESCRIPTOR.services_by_name["LogService"])["ReadEvents"]
        request = log_service_pb2.ReadEventsRequest(after_position=0, limit=1000)
        answer = await channel.call(ask, request, timeout=10, token=signer.sign(follower("other")))
    return list(answer.events)


async def test_every_change_is_told_and_listed_without_a_name(
    run_gateway: Any, nats_server: Any, tmp_path: Any
) -> None:
    broker = await nats.connect(nats_server.url)
    got: list[Any] = []

    async def keep(message: Any) -> None:
        got.append(message)

    await broker.subscribe(subject_of("gateway"), cb=keep)
    signer = Signer(tmp_path / "other.key.json", service="other")
    async with run_gateway() as gateway:
        publish_keys(signer, gateway.config.service_jwks / "other.json")
        owner, first = await gateway.owner()
        await everything(await gateway.operator(), owner, first["user_id"])
        events = await listed(gateway.config.listen, signer)
        await eventually(lambda: len(got) >= len(events))
    await broker.close()
    assert {event.type for event in events} == KINDS
    told = [(int(one.headers["Showfloor-Position"]), one.headers["ce-type"], one.data) for one in got]
    assert told == [(event.position, event.type, event.body) for event in events]
    assert not [name for name in NAMES for event in events if name.encode() in event.body]

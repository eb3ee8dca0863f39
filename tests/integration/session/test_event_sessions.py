"""The sessions of LIVE events on real servers: what the events service tells is done once, whenever it is heard."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from google.protobuf.message import Message

from showfloor.api.common.v1 import operator_service_pb2
from showfloor.api.events.v1 import events_events_pb2 as told
from showfloor.api.session.v1 import analytics_service_pb2 as ana
from showfloor.api.session.v1 import bag_service_pb2 as bag_pb
from showfloor.api.session.v1 import catalogue_service_pb2 as cat
from showfloor.api.session.v1 import product_pb2
from showfloor.api.session.v1 import session_pb2 as pb
from showfloor.api.session.v1 import session_service_pb2 as ses
from showfloor.kernel.refusal import Refusal
from showfloor.messaging.bus import StreamSpec
from showfloor.messaging.nats_bus import NatsBus
from showfloor.messaging.public import PublicEvent, PublicMessage, stream_of, subject_of, to_outgoing
from showfloor.rpc.fields import stamp
from showfloor.testing.nats import NatsServer
from showfloor.testing.ports import free_port
from showfloor.testing.waiting import until

pytestmark = pytest.mark.parametrize("service", [{"events_address": f"127.0.0.1:{free_port()}"}], indirect=True)
SHOP = str(UUID(int=1))
NOW = datetime.now(UTC).replace(microsecond=0)
START, END = NOW + timedelta(days=1), NOW + timedelta(days=1, hours=2)


class Events:
    """What the events service would publish, of one event of an account."""

    def __init__(self, bus: NatsBus, account_id: str) -> None:
        self.bus, self.history, self._position = bus, [], 0  # type: tuple[NatsBus, list[Message], int]
        self.first, self.second = str(uuid4()), str(uuid4())
        self.me = {"event_id": str(uuid4()), "account_id": account_id}

    async def tell(self, *messages: Message) -> None:
        """Publish messages, each after the one before."""
        for message in messages:
            event = PublicEvent(
                message.DESCRIPTOR.full_name, message.event_id, message.SerializeToString(), NOW  # type: ignore[attr-defined]
            )  # fmt: skip
            one = PublicMessage("events", self._position + 1, self._position, event)
            await self.bus.publish(to_outgoing(one))
            self._position += 1
            self.history.append(message)

    async def scheduled(self, **more: Any) -> None:
        said = {"title": "Mugs", "start_time": stamp(START), "end_time": stamp(END), "session_id": self.first}
        await self.tell(told.EventScheduled(**{**self.me, **said, "time": stamp(NOW), **more}))

    async def updated(self, title: str, start: datetime, sequence: int) -> None:
        said = {"title": title, "start_time": stamp(start), "session_id": self.first, "sequence": sequence}
        await self.tell(told.EventUpdated(**self.me, **said, time=stamp(NOW)))  # type: ignore[arg-type]

    async def paused(self, **more: Any) -> None:
        said = {"title": "Pots", "ended_session_id": self.first, "next_session_id": self.second, **more}
        await self.tell(told.EventPaused(**self.me, **said, end_time=stamp(END), time=stamp(START)))

    async def heard(self, host: Any) -> None:
        """Return once all that was told is handled: so is one more event."""
        last = str(uuid4())
        await self.scheduled(event_id=str(uuid4()), session_id=last)
        await opened(host, last)


@pytest.fixture
async def events(service: Any, nats_server: NatsServer) -> AsyncIterator[Events]:
    bus = await NatsBus.connect(nats_server.url, name="test")
    await bus.ensure_stream(StreamSpec(name=stream_of("events"), subjects=(subject_of("events"),), max_bytes=2**20))
    yield Events(bus, service.account)
    await bus.close()


async def opened(host: Any, session_id: str) -> pb.Session:
    """Return a session once it is there."""
    found: list[pb.Session] = []

    async def look() -> bool:
        try:
            found.append((await host.GetSession(ses.GetSessionRequest(session_id=session_id))).session)
        except Refusal as refusal:
            assert refusal.reason == "SESSION_NOT_FOUND"
        return bool(found)

    await until(look, f"session {session_id} is there")
    return found[0]


async def filled(service: Any, host: Any, session_id: str) -> list[str]:
    """Put two products from the showcase into a bag, and one from a set."""
    ids = await service.catalogue(host, 3)
    chosen = cat.SaveProductSetRequest(request_id=uuid4().hex, shop_id=SHOP, name="Set", product_ids=ids[2:])
    made = (await host.SaveProductSet(chosen)).product_set.product_set_id
    for source, references in (
        (product_pb2.PRODUCT_SOURCE_SHOWCASE, ids[:2]),
        (product_pb2.PRODUCT_SOURCE_SET, [made]),
    ):
        await host.AddToBag(
            bag_pb.AddToBagRequest(request_id=uuid4().hex, session_id=session_id, source=source, references=references)
        )
    return ids


async def bag_of(host: Any, session_id: str) -> list[tuple[str, int]]:
    items = (await host.ListBag(bag_pb.ListBagRequest(session_id=session_id))).items
    return [(item.product.product_id, item.source) for item in items]


@pytest.mark.requirement("R65", "R90", "R95", "R111", "R112")
async def test_sessions_follow_their_event_and_nothing_happens_twice(
    service: Any, events: Events, refused: Any, rid: Any
) -> None:
    host, first, second = service.user(), {"session_id": events.first}, {"session_id": events.second}
    await events.scheduled()
    session = await opened(host, events.first)
    planned = (session.title, session.currency, session.event_id, session.not_before_time, session.open_time)
    assert planned == ("Mugs", "USD", events.me["event_id"], stamp(START), stamp(NOW))
    ids = await filled(service, host, events.first)
    await host.StartPractice(ses.StartPracticeRequest(request_id=rid(), **first))
    early = await refused(host.GoLive(ses.GoLiveRequest(request_id=rid(), **first)), "TOO_EARLY")
    assert early.metadata == {"session_id": events.first, "not_before_time": START.isoformat()}
    await refused(host.DeleteSession(ses.DeleteSessionRequest(request_id=rid(), **first)), "BELONGS_TO_EVENT")

    later = START + timedelta(minutes=5)
    await events.updated("Pots", later, 2)
    await events.updated("Cups", START, 1)  # heard late
    await events.heard(host)
    session = (await host.GetSession(ses.GetSessionRequest(**first))).session
    assert (session.title, session.not_before_time) == ("Pots", stamp(later))
    service.now.ahead = timedelta(days=1, minutes=6)
    await host.GoLive(ses.GoLiveRequest(request_id=rid(), **first))
    await host.PinProduct(bag_pb.PinProductRequest(request_id=rid(), product_id=ids[0], **first))
    await host.ArchiveProduct(cat.ArchiveProductRequest(request_id=rid(), product_id=ids[1]))
    ended = await host.EndSession(ses.EndSessionRequest(request_id=rid(), **first))
    kept = [(one, source) for one, source in await bag_of(host, events.first) if one != ids[1]]

    await events.paused()
    session = await opened(host, events.second)
    assert (session.title, session.not_before_time, session.bag_size) == ("Pots", stamp(later), 2)
    assert await bag_of(host, events.second) == kept
    assert [source for _, source in kept] == [product_pb2.PRODUCT_SOURCE_SHOWCASE, product_pb2.PRODUCT_SOURCE_SET]
    await host.RemoveFromBag(bag_pb.RemoveFromBagRequest(request_id=rid(), product_id=ids[0], **second))
    done = await host.StartPractice(ses.StartPracticeRequest(request_id=rid(), **second))
    listed = ana.ListSessionsRequest(
        event_id=events.me["event_id"], metrics=["products_featured"], min_position=done.position
    )
    rows = {row.session.session_id: row for row in (await host.ListSessions(listed)).sessions}
    assert rows.keys() == {events.first, events.second} and ended.position
    assert rows[events.first].session.event_id == events.me["event_id"]
    assert [one.value for one in rows[events.first].readings] == [1]

    states = [await host.GetSession(ses.GetSessionRequest(**one)) for one in (first, second)]
    await events.tell(*events.history)  # all of it again, as after a restore
    await events.heard(host)
    assert [await host.GetSession(ses.GetSessionRequest(**one)) for one in (first, second)] == states

    over = told.EventEnded(session_id=events.second, sessions=1, time=stamp(END), **events.me)
    await events.tell(over, over)
    await events.heard(host)
    await refused(host.GetSession(ses.GetSessionRequest(**second)), "SESSION_NOT_FOUND")
    await events.paused()
    await events.heard(host)
    await refused(host.GetSession(ses.GetSessionRequest(**second)), "SESSION_NOT_FOUND")
    assert (await host.GetSession(ses.GetSessionRequest(**first))).session.state == pb.SESSION_STATE_ENDED


@pytest.mark.requirement("R65")
async def test_the_next_session_waits_for_a_start_moved_on_air(
    service: Any, events: Events, refused: Any, rid: Any
) -> None:
    host = service.user()
    await events.scheduled(start_time=stamp(NOW))
    await opened(host, events.first)
    await host.GoLive(ses.GoLiveRequest(request_id=rid(), session_id=events.first))
    await events.updated("Pots", START, 1)  # what is on air already does not follow
    await host.EndSession(ses.EndSessionRequest(request_id=rid(), session_id=events.first))
    await events.paused(start_time=stamp(START), sequence=1)
    assert (await opened(host, events.second)).not_before_time == stamp(START)
    await refused(host.GoLive(ses.GoLiveRequest(request_id=rid(), session_id=events.second)), "TOO_EARLY")
    letters = await service.operator().ListDeadLetters(operator_service_pb2.ListDeadLettersRequest())
    assert not letters.dead_letters


@pytest.mark.requirement("D20")
async def test_viewers_learn_name_and_start_of_what_is_announced(
    service: Any, events: Events, refused: Any, rid: Any
) -> None:
    host, first = service.user(), {"session_id": events.first}
    await events.scheduled()
    await opened(host, events.first)
    ids = await filled(service, host, events.first)
    await host.UpdateSession(ses.UpdateSessionRequest(request_id=rid(), title="Rehearsal", **first))
    await host.StartPractice(ses.StartPracticeRequest(request_id=rid(), **first))
    expected = ses.WatchSessionResponse(
        session=pb.Session(
            title="Mugs", state=pb.SESSION_STATE_PREPARED, event_id=events.me["event_id"],
            not_before_time=stamp(START), **first,
        )
    )  # fmt: skip
    for who in (service.viewer(events.first), service.foreigner(), host):
        assert await who.WatchSession(ses.WatchSessionRequest(**first)) == expected
    hidden = ses.WatchProductRequest(product_id=ids[0], **first)
    await refused(service.viewer(events.first).WatchProduct(hidden), "SESSION_NOT_FOUND")
    alone = ses.WatchSessionRequest(session_id=(await service.opened(host)).session_id)
    await refused(service.viewer(alone.session_id).WatchSession(alone), "SESSION_NOT_FOUND")
    await events.tell(told.EventDeleted(session_id=events.first, time=stamp(NOW), **events.me))
    await events.heard(host)
    await refused(service.viewer(events.first).WatchSession(ses.WatchSessionRequest(**first)), "SESSION_NOT_FOUND")


async def test_an_unknown_account_holds_up_nobody(service: Any, events: Events) -> None:
    host = service.user()
    await events.scheduled(account_id=str(UUID(int=99)), session_id=str(uuid4()))
    await events.tell(told.EventUpdated(**events.me, session_id=str(uuid4()), time=stamp(NOW)))
    await events.heard(host)
    letters = await service.operator().ListDeadLetters(operator_service_pb2.ListDeadLettersRequest())
    assert not letters.dead_letters

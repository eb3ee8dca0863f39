"""A LIVE that nobody runs any more: shown as such, ended where it really ended, and not on air for ever."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from google.protobuf.timestamp_pb2 import Timestamp

from showfloor.api.session.v1 import activity_service_pb2 as act
from showfloor.api.session.v1 import analytics_service_pb2 as analytics_pb
from showfloor.api.session.v1 import board_service_pb2 as board
from showfloor.api.session.v1 import comment_service_pb2 as comment_pb
from showfloor.api.session.v1 import order_pb2, viewer_pb2
from showfloor.api.session.v1 import order_service_pb2 as order_pb
from showfloor.api.session.v1 import session_pb2 as pb
from showfloor.api.session.v1 import session_service_pb2 as ses
from showfloor.api.session.v1 import signal_service_pb2 as sig
from showfloor.testing.waiting import until

HOUR = timedelta(hours=1)


def stamp(moment: datetime) -> Timestamp:
    message = Timestamp()
    message.FromDatetime(moment)
    return message


def moment(message: Timestamp) -> datetime:
    return message.ToDatetime(UTC)


def likes(session: pb.Session, at: datetime) -> sig.IngestSignalsRequest:
    batch = sig.SignalBatch(
        batch_id=uuid4().hex, session_id=session.session_id, viewers=bytes([1, *[0] * 7]), offset_ms=bytes(4),
        viewer=bytes(2), product=bytes(2), channel=bytes(1), kind=bytes([sig.SIGNAL_KIND_LIKE]), base_time=stamp(at),
    )  # fmt: skip
    return sig.IngestSignalsRequest(batch=batch)


def comment(session: pb.Session, **more: Any) -> comment_pb.PostCommentRequest:
    who = viewer_pb2.ViewerIdentity(viewer_ref="v1")
    return comment_pb.PostCommentRequest(
        request_id=uuid4().hex, session_id=session.session_id, viewer=who, text="Hi", **more
    )


def end(session: pb.Session, at: datetime | None = None) -> ses.EndSessionRequest:
    return ses.EndSessionRequest(
        request_id=uuid4().hex, session_id=session.session_id, end_time=None if at is None else stamp(at)
    )


async def shown(host: Any, session: pb.Session) -> pb.Session:
    return (await host.GetBoard(board.GetBoardRequest(session_id=session.session_id))).session  # type: ignore[no-any-return]


async def recorded(service: Any, host: Any, start: datetime) -> pb.Session:
    """A recording that is being played."""
    asked = ses.OpenSessionRequest(request_id=uuid4().hex, account_id=service.account, title="Played")
    asked.recording.start_time.CopyFrom(stamp(start))
    session = (await host.OpenSession(asked)).session
    return (await host.GoLive(ses.GoLiveRequest(request_id="live", session_id=session.session_id))).session  # type: ignore[no-any-return]


async def test_a_crashed_live_ends_at_its_last_sign_of_life(service: Any, refused: Any) -> None:
    host, connector = service.user(), service.connector()
    session, _ = await service.on_air(host)
    service.now.ahead = HOUR
    said = service.now()
    await connector.PostComment(comment(session, time=stamp(said)))
    service.now.ahead = 2 * HOUR
    early = await refused(host.EndSession(end(session, said - timedelta(seconds=1))), "END_TOO_EARLY")
    assert datetime.fromisoformat(early.metadata["earliest_end_time"]) == moment(stamp(said))
    await refused(host.EndSession(end(session, service.now() + HOUR)), "IN_THE_FUTURE")
    done = await host.EndSession(end(session, said))
    assert moment(done.session.end_time) == moment(stamp(said))
    recap = await host.GetRecap(analytics_pb.GetRecapRequest(session_id=session.session_id, min_position=done.position))
    assert recap.duration_s == int((said - moment(session.start_time)).total_seconds())


async def test_a_signal_of_a_viewer_is_a_sign_of_life(service: Any, refused: Any) -> None:
    host, connector = service.user(), service.connector()
    session, _ = await service.on_air(host)
    service.now.ahead = HOUR
    liked = service.now().replace(microsecond=0)
    await connector.IngestSignals(likes(session, liked))
    service.now.ahead = 2 * HOUR
    early = await refused(host.EndSession(end(session, liked - timedelta(seconds=1))), "END_TOO_EARLY")
    assert datetime.fromisoformat(early.metadata["earliest_end_time"]) == liked
    assert moment((await host.EndSession(end(session, liked))).session.end_time) == liked


async def test_a_payment_elsewhere_is_no_sign_that_somebody_is_there(service: Any) -> None:
    host, connector = service.user(), service.connector()
    session, ids = await service.on_air(host)
    start = moment(session.start_time)
    item = order_pb2.OrderItem(product_id=ids[0], quantity=1)
    item.unit_price.minor, item.unit_price.currency = 999, "USD"
    outside = order_pb.PlaceOrderRequest(
        request_id="o", session_id=session.session_id, reference="o", outside_room=True, items=[item],
        viewer=viewer_pb2.ViewerIdentity(viewer_ref="v1"),
    )  # fmt: skip
    service.now.ahead = HOUR
    order = (await connector.PlaceOrder(outside)).order
    paying = order_pb.PayOrderRequest(request_id="p", session_id=session.session_id, order_id=order.order_id)
    await connector.PayOrder(paying)
    crashed = start + timedelta(minutes=1)
    assert moment((await host.EndSession(end(session, crashed))).session.end_time) == crashed


async def test_a_quiet_live_is_shown_as_such_until_something_happens(service: Any) -> None:
    host = service.user()
    session, _ = await service.on_air(host)
    assert not (await shown(host, session)).HasField("no_sign_of_life_since")
    service.now.ahead = timedelta(minutes=11)

    async def is_quiet() -> bool:
        return (await shown(host, session)).HasField("no_sign_of_life_since")

    await until(is_quiet)
    quiet = await shown(host, session)
    assert moment(quiet.no_sign_of_life_since) == moment(session.start_time)
    (row,) = (await host.ListSessions(analytics_pb.ListSessionsRequest())).sessions
    assert row.session.no_sign_of_life_since == quiet.no_sign_of_life_since
    said = await service.connector().PostComment(comment(session))
    since = board.GetBoardRequest(session_id=session.session_id, min_position=said.position)
    assert not (await host.GetBoard(since)).session.HasField("no_sign_of_life_since")
    service.now.ahead = timedelta(minutes=22)
    assert await is_quiet()
    title = ses.UpdateSessionRequest(request_id="t", session_id=session.session_id, title="Still here")
    told = await host.UpdateSession(title)
    since.min_position = told.position
    assert not (await host.GetBoard(since)).session.HasField("no_sign_of_life_since")


async def test_a_live_without_a_sign_of_life_ends_at_the_last_one(service: Any) -> None:
    host, connector = service.user(), service.connector()
    session, _ = await service.on_air(host)
    said = await connector.PostComment(comment(session))
    line = act.ListActivityRequest(session_id=session.session_id, min_position=said.position)
    last = (await host.ListActivity(line)).activities[-1].time
    service.now.ahead = timedelta(hours=6, minutes=1)
    other = await service.opened(host)  # what is due is looked at when something happens

    async def over() -> bool:
        return (await shown(host, session)).state == pb.SESSION_STATE_ENDED

    await until(over)
    ended = await shown(host, session)
    assert (ended.end_time, ended.ended_for_silence) == (last, True)
    (told,) = await service.public("SessionEnded")
    assert told.end_time == last
    asked = ses.GoLiveRequest(request_id="live", session_id=other.session_id)
    assert (await host.GoLive(asked)).session.state == pb.SESSION_STATE_LIVE  # the account's slot is free


async def test_a_live_that_is_alive_goes_on_and_is_looked_at_again(service: Any) -> None:
    host, connector = service.user(), service.connector()
    session, _ = await service.on_air(host)
    service.now.ahead = 5 * HOUR
    said = await connector.PostComment(comment(session))
    line = act.ListActivityRequest(session_id=session.session_id, min_position=said.position)
    last = (await host.ListActivity(line)).activities[-1].time
    service.now.ahead = timedelta(hours=6, minutes=1)
    await service.opened(host)
    service.now.ahead = timedelta(hours=10, minutes=59)
    await service.opened(host)
    assert (await shown(host, session)).state == pb.SESSION_STATE_LIVE
    service.now.ahead = timedelta(hours=11, minutes=1)
    await service.opened(host)

    async def over() -> bool:
        return (await shown(host, session)).state == pb.SESSION_STATE_ENDED

    await until(over)
    assert (await shown(host, session)).end_time == last


async def test_an_abandoned_recording_ends_where_it_had_got_to(service: Any) -> None:
    host, connector = service.user(), service.connector()
    start = service.now() - 10 * HOUR
    session = await recorded(service, host, start)
    assert not (await shown(host, session)).HasField("no_sign_of_life_since"), "it was recorded long ago, and plays now"
    reached = start + HOUR
    said = await connector.PostComment(comment(session, time=stamp(reached)))
    since = board.GetBoardRequest(session_id=session.session_id, min_position=said.position)
    assert not (await host.GetBoard(since)).session.HasField("no_sign_of_life_since")
    service.now.ahead = timedelta(minutes=11)
    assert (await shown(host, session)).HasField("no_sign_of_life_since")
    service.now.ahead = timedelta(hours=6, minutes=1)
    await service.opened(host)

    async def over() -> bool:
        return (await shown(host, session)).state == pb.SESSION_STATE_ENDED

    await until(over)
    assert moment((await shown(host, session)).end_time) == moment(stamp(reached))


async def test_a_recording_ended_by_hand_ends_where_it_has_got_to(service: Any) -> None:
    host, connector = service.user(), service.connector()
    start = service.now() - 10 * HOUR
    session = await recorded(service, host, start)
    reached = (start + HOUR).replace(microsecond=0)
    await connector.IngestSignals(likes(session, reached))
    assert moment((await host.EndSession(end(session))).session.end_time) == reached

"""The whole service lets a session's details go, by a clock that is moved on (D9, D6)."""

import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest

from showfloor.api.session.v1 import activity_service_pb2 as act
from showfloor.api.session.v1 import analytics_service_pb2 as analytics_pb
from showfloor.api.session.v1 import board_service_pb2 as board
from showfloor.api.session.v1 import comment_service_pb2 as comment_pb
from showfloor.api.session.v1 import session_service_pb2 as ses
from showfloor.api.session.v1 import signal_service_pb2 as sig
from showfloor.api.session.v1 import viewer_pb2
from showfloor.metrics.vocabulary import Channel
from showfloor.testing.waiting import until


@pytest.mark.requirement("D9", "D6", "D20")
async def test_after_three_months_only_the_day_is_left(
    service: Any, database: str, refused: Any, tmp_path: Path
) -> None:
    host, connector = service.user(), service.connector()
    session, _ = await service.on_air(host)
    me = {"session_id": session.session_id}
    said = comment_pb.PostCommentRequest(
        request_id="c", viewer=viewer_pb2.ViewerIdentity(viewer_ref="v1", display_name="Mira"), text="hello", **me
    )
    await connector.RecordActivity(act.RecordActivityRequest(facts=[act.ActivityFact(comment=said)], **me))
    await host.IngestSignals(sig.IngestSignalsRequest(batch=one_enter(session)))
    await host.EndSession(ses.EndSessionRequest(request_id="e", **me))

    async def totals() -> list[Any]:
        return list((await host.ListDailyTotals(analytics_pb.ListDailyTotalsRequest())).days)

    async def forgotten() -> bool:
        async with await psycopg.AsyncConnection.connect(database) as connection:
            sql = "SELECT (SELECT count(*) FROM signals.session) + (SELECT count(*) FROM viewer_name)"
            return (await (await connection.execute(sql)).fetchone() or (1,))[0] == 0

    await until(totals)
    assert not await forgotten()
    assert keys_of(tmp_path, session.session_id, "viewer_name") == 2
    assert (await host.GetBoard(board.GetBoardRequest(**me))).core
    service.now.ahead = timedelta(days=94)
    await host.EndSession(ses.EndSessionRequest(request_id="f", session_id=(await service.on_air(host))[0].session_id))

    await until(forgotten)

    async def destroyed() -> bool:
        return keys_of(tmp_path, session.session_id, "viewer_name") == 0

    await until(destroyed)
    await refused(host.GetBoard(board.GetBoardRequest(**me)), "DETAIL_EXPIRED")
    await refused(host.ListComments(comment_pb.ListCommentsRequest(**me)), "DETAIL_EXPIRED")
    (day,) = await totals()
    known = {one.metric: one.value for one in day.readings if one.HasField("value")}
    assert (day.sessions, known["views"], known["comments"]) == (1, 1, 1)
    assert (await host.GetSession(ses.GetSessionRequest(**me))).session.session_id == session.session_id


def keys_of(folder: Path, *scopes: str) -> int:
    """Return how many keys of what people wrote there are."""
    with closing(sqlite3.connect(folder / "keyring.sqlite")) as keys:
        marks = ", ".join("?" * len(scopes))
        return int(keys.execute(f"SELECT count(*) FROM sealing_key WHERE scope IN ({marks})", scopes).fetchone()[0])


def one_enter(session: Any) -> sig.SignalBatch:
    """One viewer who enters when the LIVE starts."""
    batch = sig.SignalBatch(session_id=session.session_id, batch_id="b.1")
    batch.base_time.CopyFrom(session.start_time)
    batch.offset_ms = (0).to_bytes(4, "little")
    batch.kind, batch.channel = bytes([sig.SIGNAL_KIND_ENTER]), bytes([Channel.FEED])
    batch.viewer = batch.product = bytes(2)
    batch.viewers = bytes(range(8))
    return batch

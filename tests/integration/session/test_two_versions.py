"""A rolling deploy: two versions of the service as processes on one database, under commands all the while."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from session_process import NOWHERE

from showfloor.access.tokens import Signer, publish_keys
from showfloor.api.common.v1.operator_service_pb2 import GetStatusRequest, RebuildViewRequest
from showfloor.api.session.v1 import activity_service_pb2 as act
from showfloor.api.session.v1 import board_service_pb2 as board
from showfloor.api.session.v1 import comment_service_pb2 as comment_pb
from showfloor.api.session.v1 import session_pb2 as pb
from showfloor.api.session.v1 import viewer_pb2
from showfloor.eventstore.migrations import migrate
from showfloor.kernel.refusal import Refusal
from showfloor.session.analytics.views import facts
from showfloor.session.service import MIGRATIONS
from showfloor.testing.ports import free_port
from showfloor.testing.service import own_key
from showfloor.testing.waiting import eventually

NEXT = str(Path(__file__).with_name("next_version.py"))
WORDS = 2_500  # comments before the deploy: more than one page of a build
START = 60.0  # seconds that a process may take on a busy machine


class Process:
    """One version of the service, started with `at`."""

    def __init__(self, words: list[str], env: dict[str, str], log: Path) -> None:
        self.grpc, self.http = free_port(), free_port()
        own = {"LISTEN": f"127.0.0.1:{self.grpc}", "HTTP_LISTEN": f"127.0.0.1:{self.http}"}
        env = {**os.environ, **env, **{f"SHOWFLOOR_{name}": value for name, value in own.items()}}
        self.log = log
        with log.open("wb") as output:
            self.child = subprocess.Popen([sys.executable, *words], env=env, stdout=output, stderr=output)

    def unready(self) -> str:
        """Return why it is not ready; "" when it is."""
        assert self.child.poll() is None, self.log.read_text()[-3000:]
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.http}/readyz", timeout=5):
                return ""
        except urllib.error.HTTPError as error:
            return error.read().decode()
        except OSError as error:
            return str(error)

    def errors(self) -> list[str]:
        """Return what it said of errors."""
        lines = [line for line in self.log.read_text().splitlines() if line.startswith("{")]
        return [line for line in lines if json.loads(line).get("level") in ("error", "critical")]


@pytest.fixture
def environment(database: str, nats_server: Any, tmp_path: Path) -> dict[str, str]:
    migrate(database, MIGRATIONS.folder)
    publish_keys(Signer(tmp_path / "key.json"), tmp_path / "jwks.json")
    values = {
        "DATABASE_URL": database, "NATS_URL": nats_server.url, "INTERNAL_JWKS": str(tmp_path / "jwks.json"),
        "DATA": str(tmp_path), "KEEP_VIEWS_S": "2", "KEYRING": str(tmp_path / "keyring.sqlite"),
        "GATEWAY_ADDRESS": NOWHERE, **{name.upper(): str(path) for name, path in own_key(tmp_path).items()},
    }  # fmt: skip
    own = {"NEXT_VERSION_GATE": str(tmp_path / "gate")}
    return own | {f"SHOWFLOOR_{name}": value for name, value in values.items()}


@asynccontextmanager
async def running(words: list[str], env: dict[str, str], log: Path) -> AsyncIterator[Process]:
    process = Process(words, env, log)
    try:
        yield process
    finally:
        process.child.kill()
        await asyncio.to_thread(process.child.wait)


class Room:
    """A LIVE that both versions take comments for and are asked about. Everybody keeps count."""

    def __init__(self, old: Any, session: pb.Session) -> None:
        self._old, self._me = old, {"session_id": session.session_id}
        self.new: Any = None
        self._said = self._position = 0
        self.asked = {"right": 0, "refused": 0}

    async def say(self, count: int, *, to_new: bool = False) -> None:
        """Have comments taken by one version."""
        numbers = range(self._said, self._said + count)
        words = [
            comment_pb.PostCommentRequest(
                request_id=f"c{n}",
                viewer=viewer_pb2.ViewerIdentity(viewer_ref="v1", display_name="Ann"),
                text="How much?",
            )
            for n in numbers
        ]
        for first in range(0, count, 500):
            page = [act.ActivityFact(comment=one) for one in words[first : first + 500]]
            request = act.RecordActivityRequest(facts=page, **self._me)
            told = await (self.new if to_new else self._old).connector().RecordActivity(request)
            assert {one.refused_reason for one in told.outcomes} == {""}
            self._position = told.position
        self._said += count

    async def ask(self, *, of_new: bool = False) -> bool:
        """Ask one version for the board: the right number, or, of the new one, NOT_YET. Tell whether it answered."""
        request = board.GetBoardRequest(min_position=self._position, **self._me)
        try:
            answer = await (self.new if of_new else self._old).user().GetBoard(request)
        except Refusal as refusal:
            assert of_new and refusal.reason == "NOT_YET", repr(refusal)
            self.asked["refused"] += 1
            return False
        (comments,) = [one for one in answer.core if one.metric == "comments"]
        assert comments.value == self._said, f"{self._said} said, {comments}"
        self.asked["right"] += 1
        return True


async def test_two_versions_serve_side_by_side_and_nobody_dies(
    environment: dict[str, str], database: str, tmp_path: Path, service_at: Callable[..., Any]
) -> None:
    signer = Signer(tmp_path / "key.json")
    async with running(["-m", "showfloor.session"], environment, tmp_path / "old.log") as old:
        await eventually(lambda: not old.unready(), "the old one to be ready", START)
        first = service_at(f"127.0.0.1:{old.grpc}", signer)
        session, _ = await first.on_air(first.user(), 1)
        room = Room(first, session)
        await room.say(WORDS)
        async with running([NEXT], environment, tmp_path / "new.log") as new:
            room.new = second = service_at(f"127.0.0.1:{new.grpc}", signer)
            await eventually(lambda: "view facts is being built" in new.unready(), "the build to begin", START)
            for turn in range(3):
                await room.say(20, to_new=turn % 2 == 1)  # both take commands meanwhile
                assert await room.ask()
                assert not await room.ask(of_new=True), "no part of the numbers is an answer"
            parts = (await second.operator().GetStatus(GetStatusRequest())).parts
            assert [(one.name, one.state) for one in parts if one.state == "catching_up"] == [("facts", "catching_up")]
            assert not old.unready()
            (tmp_path / "gate").touch()
            await eventually(lambda: not new.unready(), "the new one to be ready", START)
            for turn in range(4):
                await room.say(20, to_new=turn % 2 == 1)
                assert await room.ask() and await room.ask(of_new=True)
            for one in (first, second):
                steps = one.operator().stream("RebuildView", RebuildViewRequest(view="facts", compare=True))
                (step,) = [step async for step in steps if step.swapped]
                assert step.fingerprint == step.replaced
            assert len(schemas(database)) == 2
            old.child.send_signal(signal.SIGTERM)
            assert await asyncio.to_thread(old.child.wait, 10) == 0
            await room.say(20, to_new=True)
            assert await room.ask(of_new=True)
            await eventually(lambda: facts.VIEW.schema not in schemas(database), "the old tables to go", START)
            assert len(schemas(database)) == 1
            assert await room.ask(of_new=True)
            assert not new.unready()
            assert not old.errors() and not new.errors()


def schemas(database: str) -> list[str]:
    with psycopg.connect(database) as connection:
        rows = connection.execute("SELECT nspname FROM pg_namespace WHERE nspname LIKE 'view\\_facts\\_%'").fetchall()
    return [str(name) for (name,) in rows]

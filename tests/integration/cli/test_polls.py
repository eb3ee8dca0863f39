"""The example service as a process beside the others: what a new service gets by being put together like them."""

import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from hosted import HEALED_WITHIN, Hosted, wait_for

import showfloor.api
from showfloor.access.actor import Actor, ActorKind, Role, follower
from showfloor.access.tokens import Signer
from showfloor.api.common.v1 import log_service_pb2
from showfloor.api.session.v1 import session_service_pb2 as ses
from showfloor.cli.operators import addresses
from showfloor.cli.sign_in import api_token, own_shop
from showfloor.embedded.folder import DataFolder
from showfloor.embedded.postgres import Postgres
from showfloor.kernel.refusal import Refusal, RefusalKind
from showfloor.rpc.channel import call
from showfloor.testing.members import Home, Somebody, somebody
from showfloor.testing.service import Served
from showfloor.testing.system import Rest
from showfloor.testing.waiting import until

EXAMPLE = Path(__file__).parents[2] / "example"
PROTOS = Path(__file__).parents[3] / "protos"  # of what routes are said with
SHOWFLOOR = str(Path(sys.executable).with_name("showfloor"))
SHOP, ACCOUNT = str(UUID(int=1)), str(UUID(int=2))


def host(role: Role = Role.HOST, account: str = ACCOUNT) -> Somebody:
    homes = {ACCOUNT: Home(shop=SHOP, currency="USD")}
    return somebody(f"user:{role.value}:{account}", accounts={account: role}, homes=homes)


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The folder with the module that is made from the example's proto."""
    folder = tmp_path_factory.mktemp("generated")
    protoc = [sys.executable, "-m", "grpc_tools.protoc", f"-I{EXAMPLE}", f"-I{PROTOS}", f"--python_out={folder}"]
    subprocess.run([*protoc, "showfloor/api/polls/v1/polls_service.proto"], check=True)
    for package in ("polls", "polls/v1"):
        (folder / "showfloor/api" / package / "__init__.py").touch()
    showfloor.api.__path__.append(str(folder / "showfloor/api"))
    yield folder
    showfloor.api.__path__.remove(str(folder / "showfloor/api"))


@pytest.fixture(scope="module")
def hosted(generated: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hosted]:
    """Showfloor with one service more."""
    folder = DataFolder(tmp_path_factory.mktemp("polls") / "data")
    hosted = Hosted(folder, (), "host_polls.py", EXAMPLE, generated)
    yield hosted
    hosted.stop()


@pytest.fixture
async def polls(hosted: Hosted) -> AsyncIterator["Polls"]:
    polls = Polls(hosted.folder)
    yield polls
    await polls.service.close()
    await polls.sessions.close()


class Polls:
    """The example service, and the session service beside it."""

    def __init__(self, folder: DataFolder) -> None:
        from showfloor.api.polls.v1 import polls_service_pb2 as pb  # generated a moment ago

        self.pb, found, signer = pb, addresses(folder), Signer(folder.signing_key)
        dsn = {name: Postgres(folder).url(name, f"{name}_app") for name in ("polls", "session")}
        self.service = Served(found["polls"], signer, pb, database=dsn["polls"])
        self.sessions = Served(found["session"], signer, ses, database=dsn["session"])

    async def ask(self, question: str, session_id: str = "", seconds: int = 3_600, **more: Any) -> Any:
        """Open a poll; return what the service answers."""
        request = self.pb.OpenPollRequest(
            account_id=ACCOUNT, session_id=session_id, question=question, seconds=seconds,
            **{"request_id": uuid4().hex, **more},
        )  # fmt: skip
        return await self.service.caller(host()).OpenPoll(request)

    async def shown(self, session_id: str, position: int = 0) -> dict[str, bool]:
        """Return the polls of a session and whether each is open."""
        request = self.pb.ListPollsRequest(account_id=ACCOUNT, session_id=session_id, min_position=position)
        return dict((await self.service.caller(host()).ListPolls(request)).polls)

    async def closed(self, session_id: str, question: str) -> None:
        """Return once a poll is closed."""

        async def look() -> bool:
            try:
                return (await self.shown(session_id)).get(question) is False
            except Refusal as refusal:  # the process was killed a moment ago
                assert refusal.kind is RefusalKind.UNAVAILABLE, refusal
                return False

        await until(look, f"{question} is closed")


def command_line(folder: DataFolder, *words: str) -> str:
    command = [SHOWFLOOR, *words, "--data", str(folder.root)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False, env=WIDE)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


WIDE = {**os.environ, "COLUMNS": "200"}


async def test_commands_views_and_policies(polls: Polls) -> None:
    session_id = str(uuid4())
    first = await polls.ask("Red or blue?", session_id, request_id="one")
    assert await polls.ask("Red or blue?", session_id, request_id="one") == first  # a resend
    assert await polls.shown(session_id, first.position) == {"Red or blue?": True}
    request = polls.pb.ListPollsRequest(account_id=ACCOUNT, session_id=session_id)
    with pytest.raises(Refusal) as denied:
        await polls.service.caller(host(Role.ANALYST)).ListPolls(request)
    assert denied.value.reason == "PERMISSION"
    with pytest.raises(Refusal) as foreign:
        await polls.service.caller(host(account=SHOP)).ListPolls(request)
    assert foreign.value.reason == "ACCOUNT_NOT_FOUND"


async def test_a_deadline_fires_also_when_the_process_was_killed(hosted: Hosted, polls: Polls) -> None:
    session_id, before = str(uuid4()), hosted.described("polls")["pid"]
    opened = await polls.ask("In time?", session_id, seconds=2)
    assert await polls.shown(session_id, opened.position)
    os.kill(before, signal.SIGKILL)
    await polls.closed(session_id, "In time?")
    wait_for(lambda: hosted.described("polls")["status"] == "running", HEALED_WITHIN)
    assert hosted.described("polls")["pid"] != before


async def test_a_poll_closes_with_its_live(polls: Polls) -> None:
    me = polls.sessions.caller(host())
    opened = await me.OpenSession(ses.OpenSessionRequest(request_id=uuid4().hex, account_id=ACCOUNT, title="Mugs"))
    session_id = opened.session.session_id
    await me.GoLive(ses.GoLiveRequest(request_id="live", session_id=session_id))
    await polls.ask("Who stays?", session_id)
    await me.EndSession(ses.EndSessionRequest(request_id="end", session_id=session_id))
    await polls.closed(session_id, "Who stays?")


async def test_it_reads_the_log_of_the_other_with_a_key_of_its_own(hosted: Hosted, polls: Polls) -> None:
    signer = Signer(hosted.folder.services / "polls" / "service.key.json", service="polls")
    request = log_service_pb2.ReadEventsRequest(limit=1)
    remote = polls.sessions.methods
    await call(remote["ReadEvents"], request, timeout=10, token=signer.sign(follower("polls")))
    operator = Actor(subject="operator", kind=ActorKind.OPERATOR)
    with pytest.raises(Refusal) as refused:
        await call(remote["ReadEvents"], request, timeout=10, token=signer.sign(operator))
    assert refused.value.reason == "UNAUTHENTICATED"


async def test_the_command_line_shows_and_rebuilds_it(hosted: Hosted, polls: Polls) -> None:
    await polls.ask("Still here?", str(uuid4()))
    told = command_line(hosted.folder, "status")
    (line,) = (line for line in told.splitlines() if "session>polls" in line)
    assert line.split()[:2] == ["polls", "subscription"]
    rebuilt = command_line(hosted.folder, "rebuild", "all", "--service", "polls", "--compare")
    assert rebuilt.count(", as the old") == 2  # its view, and its deadlines


def test_the_gateway_routes_it_without_a_line_of_its_own(hosted: Hosted) -> None:
    url, (owner_id, shop_id) = hosted.folder.state()["url"], own_shop(hosted.folder, "Polls", "USD")
    owner = Rest(url, api_token(hosted.folder, owner_id))
    account_id = owner.post("/accounts", {"name": "Polls", "shop_id": shop_id})["account_id"]

    def member(role: str = "") -> Rest:
        body = {"name": "M", "email": f"{uuid4().hex}@example.com", "shop_id": shop_id}
        user_id = owner.post("/users", body)["user_id"]
        if role:
            owner.put(f"/accounts/{account_id}/members/{user_id}", {"role": role})
        return Rest(url, api_token(hosted.folder, user_id))

    host, path = member("host"), f"/accounts/{account_id}/polls"
    body = {"session_id": str(uuid4()), "question": "Red or blue?", "seconds": 3_600}
    opened = host.post(path, body, key="one")
    assert host.post(path, body, key="one") == opened and UUID(opened["poll_id"])
    host.refused(422, "IDEMPOTENCY_KEY_REUSED", "POST", path, {**body, "question": "Blue?"}, key="one")
    host.refused(400, "INVALID_FIELD", "POST", path, {**body, "colour": "red"})
    host.refused(405, "METHOD_NOT_ALLOWED", "GET", path)  # to list polls is an RPC without a route
    member("analyst").refused(403, "PERMISSION", "POST", path, body)
    member().refused(404, "ACCOUNT_NOT_FOUND", "POST", path, body)
    Rest(url).refused(401, "UNAUTHENTICATED", "POST", path, body)
    described = httpx.get(f"{url}/openapi.json").json()["paths"]
    assert described["/v1/accounts/{account_id}/polls"]["post"]["operationId"] == "openPoll"
    assert described["/v1/sessions"]["post"]["operationId"] == "openSession"


def test_a_gateway_starts_without_a_service_of_its_contracts(
    generated: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = DataFolder(tmp_path_factory.mktemp("no-polls") / "data")
    hosted = Hosted(folder, (), "host_showfloor.py", generated)
    try:
        url, (owner_id, _) = folder.state()["url"], own_shop(folder, "Polls", "USD")
        headers = {"Authorization": f"Bearer {api_token(folder, owner_id)}", "Idempotency-Key": "one"}
        answer = httpx.post(f"{url}/v1/accounts/{ACCOUNT}/polls", json={"question": "Who?"}, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (503, "UNAVAILABLE")
        assert "not part of this installation" in answer.json()["detail"]
        assert "/v1/accounts/{account_id}/polls" in httpx.get(f"{url}/openapi.json").json()["paths"]
    finally:
        hosted.stop()

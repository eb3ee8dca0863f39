"""What a service says of the gateway's own token is not said to whoever asked."""

from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

from showfloor.api.session.v1 import session_service_pb2 as pb
from showfloor.gateway.http import clients as module
from showfloor.gateway.http.clients import Clients
from showfloor.kernel.refusal import Refusal, RefusalKind
from showfloor.platform.startup_error import StartupError

REQUEST = pb.GetSessionRequest()


@pytest.fixture
async def clients() -> AsyncIterator[Clients]:
    made = Clients({"session": "127.0.0.1:1"})
    yield made
    await made.close()


def refusing(kind: RefusalKind) -> tuple[Callable[..., Any], Callable[..., Any]]:
    refusal = Refusal(kind, kind.name, "no")

    async def call(*_: object, **__: object) -> None:
        raise refusal

    async def stream(*_: object, **__: object) -> AsyncIterator[None]:
        raise refusal
        yield

    return call, stream


@pytest.mark.parametrize("kind", RefusalKind)
async def test_a_refused_internal_token_is_an_outage_and_no_sign_out(
    clients: Clients, monkeypatch: pytest.MonkeyPatch, kind: RefusalKind
) -> None:
    call, stream = refusing(kind)
    monkeypatch.setattr(module, "call", call)
    monkeypatch.setattr(module, "stream", stream)
    wanted = RefusalKind.UNAVAILABLE if kind is RefusalKind.UNAUTHENTICATED else kind
    with pytest.raises(Refusal) as asked:
        await clients.ask("GetSession", REQUEST, "token")
    with pytest.raises(Refusal) as read:
        [one async for one in clients.read("ExportComments", REQUEST, "token")]
    assert [one.value.kind for one in (asked, read)] == [wanted] * 2


async def test_a_service_that_is_not_installed_is_unavailable() -> None:
    clients = Clients({})
    with pytest.raises(Refusal) as asked:
        await clients.ask("GetSession", REQUEST, "token")
    with pytest.raises(Refusal) as read:
        [one async for one in clients.read("ExportComments", REQUEST, "token")]
    assert [one.value.kind for one in (asked, read)] == [RefusalKind.UNAVAILABLE] * 2


async def test_a_service_that_must_be_there_is_named(clients: Clients) -> None:
    assert clients.channel("session")
    with pytest.raises(StartupError, match="where polls answers"):
        clients.channel("polls")

"""What a mail server answers, and what comes of it: the fault of one mail is not that of all, nor the reverse."""

import sys
from collections.abc import AsyncIterator
from email.message import EmailMessage
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from mail_server import HANG_UP, MailServer, mail_server

from showfloor.events.invitations.edges.posting import Post, to_server
from showfloor.events.invitations.processes.outbox import MailPutOff, MailServerAway
from showfloor.testing.ports import free_port


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture
def post(port: int) -> Post:
    return to_server(f"smtp://127.0.0.1:{port}")


@pytest.fixture
async def server(port: int) -> AsyncIterator[MailServer]:
    async with mail_server(port) as one:
        yield one


def mail() -> EmailMessage:
    made = EmailMessage()
    made["From"], made["To"] = "live@shop.example", "ana@example.com"
    return made


@pytest.mark.parametrize("said", ["530 Authentication required", "550 Quota exceeded", "451 Later"])
async def test_a_refused_sender_throws_no_mail_away(post: Post, server: MailServer, said: str) -> None:
    server.sender = said
    with pytest.raises(MailServerAway, match=said[:3]):
        await post("event/mail", mail())
    server.sender = "250 OK"
    assert await post("event/mail", mail())


async def test_a_server_that_hangs_up_on_a_mail_is_not_away(post: Post, server: MailServer) -> None:
    server.answer = lambda _address: HANG_UP
    with pytest.raises(MailPutOff):
        await post("event/mail", mail())


async def test_a_server_that_does_not_answer_is_away(post: Post) -> None:
    with pytest.raises(MailServerAway):
        await post("event/mail", mail())

"""A mail server of a test's own, which takes mails, or refuses them, as it is told."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any, Final, cast

from aiosmtpd.smtp import SMTP

HANG_UP: Final = "421 Gone"  # an answer to a recipient: nothing is said, and nothing more is heard


class MailServer:
    """What came, and what is answered: `answer(address)` to a recipient, "" for yes."""

    def __init__(self) -> None:
        self.came: list[EmailMessage] = []
        self.raw: list[bytes] = []
        self.sender = "250 OK"  # what is answered to every sender
        self.answer: Callable[[str], str] = lambda _address: ""
        self.asked: list[str] = []
        self.hold = asyncio.Event()  # set: answers at once
        self.hold.set()

    async def handle_MAIL(self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:
        envelope.mail_from = address
        return self.sender

    async def handle_RCPT(self, server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:
        self.asked.append(address)
        said = self.answer(address)
        if said == HANG_UP:
            server.transport.abort()
        if said:
            return said
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        self.raw.append(envelope.content)
        self.came.append(cast(EmailMessage, message_from_bytes(envelope.content, policy=default)))
        await self.hold.wait()
        return "250 OK"

    def subjects(self, address: str = "") -> list[str]:
        """Return the first words of the subjects of mails to an address, in order."""
        return [str(m["Subject"]).partition(":")[0] for m in self.came if address in str(m["To"])]


@asynccontextmanager
async def mail_server(port: int) -> AsyncIterator[MailServer]:
    """Listen while the block runs."""
    handler = MailServer()
    server = await asyncio.get_running_loop().create_server(
        lambda: SMTP(handler, hostname="localhost", enable_SMTPUTF8=True), "127.0.0.1", port
    )
    try:
        yield handler
    finally:
        server.close()


def text_of(mail: EmailMessage) -> str:
    """Return the text of a mail."""
    body = mail.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def calendar_of(mail: EmailMessage) -> bytes:
    """Return the calendar file of a mail."""
    (file,) = (part for part in mail.iter_attachments() if part.get_content_type() == "text/calendar")
    content = file.get_content()
    return content if isinstance(content, bytes) else str(content).encode()

"""Where mails go: to a mail server, or, without one, into a folder, one file each. This module alone speaks SMTP."""

import asyncio
import logging
import os
from collections.abc import Awaitable, Callable
from email.message import EmailMessage
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit

import aiosmtplib

from showfloor.events.invitations.processes.outbox import MailPutOff, MailServerAway

HERE: Final = ("localhost", "127.0.0.1", "::1")
TIMEOUT: Final = 20.0  # seconds for each step with a server
_FOR_GOOD: Final = 500  # answers of a server from here on are final

Post = Callable[[str, EmailMessage], Awaitable[bool]]
"""(EVENT/MAIL, message) -> whether it was taken; False: refused for good. Raises MailServerAway, MailPutOff."""

_log = logging.getLogger(__name__)


def into_folder(folder: Path) -> Post:
    """Return what writes each mail into a file of its name, in a folder of its event: twice is once."""

    def write(name: str, message: EmailMessage) -> None:
        file = folder / f"{name}.eml"
        new = file.with_name(f".{file.name}.new")
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as output:
            output.write(message.as_bytes())
            output.flush()
            os.fsync(output.fileno())
        new.replace(file)

    async def post(name: str, message: EmailMessage) -> bool:
        try:
            await asyncio.to_thread(write, name, message)
        except OSError as error:
            raise MailServerAway(f"{folder}: {error.strerror}") from error
        return True

    return post


def checked_server(url: str) -> str:
    """Return the address of a mail server, or nothing. Raises ValueError."""
    parts = urlsplit(url)  # raises ValueError, too, and so does its port
    if url and not (parts.scheme in ("smtp", "smtps") and parts.hostname and parts.port != 0 and not parts.password):
        raise ValueError("it must begin with smtp:// or smtps://, name a host, and hold no password: that has a file")
    return url


def to_server(url: str, password: str | None = None) -> Post:
    """Return what hands each mail to a server: `smtp://[user@]host[:port]`, or `smtps://` for TLS from the start.

    With `smtp` TLS is used when the server offers it, and needed for a user. A server of this machine is spoken to in
    clear when there is no user: its certificate proves nothing.
    """
    parts = urlsplit(url)
    secure = parts.scheme == "smtps"
    host, port = parts.hostname or "localhost", parts.port or (465 if secure else 25)
    user = unquote(parts.username) if parts.username else None
    start = True if user else False if host in HERE else None

    async def post(name: str, message: EmailMessage) -> bool:
        server = aiosmtplib.SMTP(
            hostname=host, port=port, use_tls=secure, start_tls=None if secure else start, timeout=TIMEOUT,
            username=user, password=password,
        )  # fmt: skip
        reached = False
        try:
            async with server:  # to connect, with TLS and login as they are wanted
                await _greeted(server)
                reached = True
                await server.send_message(message)
        except aiosmtplib.SMTPRecipientsRefused as refused:
            return _judged(name, max(one.code for one in refused.recipients), "the address")
        except aiosmtplib.SMTPSenderRefused as refused:  # so would it be with every other mail
            raise MailServerAway(f"{host}:{port} answered {refused.code} to the sender") from refused
        except aiosmtplib.SMTPDataError as refused:
            return _judged(name, refused.code, "the mail")
        except (aiosmtplib.SMTPException, OSError) as error:
            problem = f"{host}:{port}: {type(error).__name__}"
            raise (MailPutOff(problem) if reached else MailServerAway(problem)) from error
        return True

    return post


async def _greeted(server: aiosmtplib.SMTP) -> None:
    """Say hello, unless that was needed before: from then on what fails may be the fault of a mail."""
    if not server.is_ehlo_or_helo_needed:
        return
    try:
        await server.ehlo()
    except aiosmtplib.SMTPHeloError:  # an old server
        await server.helo()


def _judged(name: str, code: int, what: str) -> bool:
    """Return False for a refusal for good. What the server said may hold the address: it is not logged."""
    if code < _FOR_GOOD:
        raise MailPutOff(f"the server answered {code}")
    _log.warning("the mail server refused %s of mail %s for good: %s", what, name, code)
    return False

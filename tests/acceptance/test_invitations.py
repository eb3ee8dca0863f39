"""The public page of an event, and the mails of who registers there, up to the last one."""

import io
import os
import re
import signal
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any, cast
from uuid import uuid4

import httpx
import icalendar
import pytest
import zxingcpp
from PIL import Image

from showfloor.testing.canaries import found_in
from showfloor.testing.hosts import Host
from showfloor.testing.system import System, soon

TITLE = 'Tea & <b>"mugs"</b>'


class Guest:
    """Somebody with a browser and a mailbox."""

    def __init__(self, system: System, name: str) -> None:
        self.http = httpx.Client(base_url=system.url, timeout=60)
        self.address = f"{name}-{uuid4().hex[:8]}@example.com"
        self._mails = system.folder.services / "events" / "mail"

    def register(self, event_id: str) -> httpx.Response:
        """Send the form of the page."""
        return self.http.post(f"/e/{event_id}", data={"email": self.address})

    def mails(self) -> list[EmailMessage]:
        """Return the mails to this address, the first one first."""
        found = [cast(EmailMessage, message_from_bytes(_read(file), policy=default)) for file in _files(self._mails)]
        return sorted((m for m in found if m["To"] == self.address), key=lambda m: m["Date"].datetime)

    def mail(self, subject: str) -> EmailMessage:
        """Return the one mail whose subject begins so, once it is there."""

        def such() -> list[EmailMessage]:
            return [mail for mail in self.mails() if str(mail["Subject"]).startswith(subject)]

        (mail,) = soon(such)
        return mail

    def open(self, mail: EmailMessage, act: str) -> str:
        """Open a link of a mail; return its path. Nothing is done by that."""
        body = mail.get_body(("plain",))
        assert body is not None
        found = re.search(rf"http://[^/]+(/e/\S+/{act}\?code=\S+)", str(body.get_content()))
        assert found, body
        assert self.http.get(found[1]).status_code == 200
        return found[1]


def _files(folder: Path) -> list[Path]:
    return sorted(folder.glob("*/*.eml"))


def _read(file: Path) -> bytes:
    return file.read_bytes()


def calendar_of(mail: EmailMessage) -> Any:
    (file,) = (part for part in mail.iter_attachments() if part.get_content_type() == "text/calendar")
    content = file.get_content()
    (entry,) = icalendar.Calendar.from_ical(content).walk("VEVENT")
    return entry


def at(day: int, clock: str = "20:00") -> dict[str, Any]:
    date = (datetime.now(UTC) + timedelta(days=day)).date()
    return {"local_start": f"{date}T{clock}", "time_zone": "Europe/Berlin", "duration_minutes": 90}


@pytest.fixture
def guest(system: System) -> Callable[[str], Guest]:
    return lambda name: Guest(system, name)


@pytest.fixture
def event_id(host: Host) -> str:
    """An event in five days."""
    body = {"account_id": host.account, "title": TITLE, "description": "Line\n<script>alert(1)</script>", "time": at(5)}
    return str(host.api.post("/events", body)["event"]["event_id"])


@pytest.mark.requirement("R103")
def test_a_guest_is_told_of_an_event_until_they_end_it(host: Host, event_id: str, guest: Any) -> None:
    ana, bob = guest("ana"), guest("bob")
    for who in (ana, bob):
        first, again = who.register(event_id), who.register(event_id)
        assert (first.status_code, first.text) == (200, again.text)
        assert "a mail with a link to confirm is on its way" in first.text
    link = ana.open(ana.mail("Please confirm"), "confirm")
    counts = host.api.get(f"/events/{event_id}/registrations")
    assert (counts["confirmed"], counts["promote_now"]) == (0, False)  # looking at a link does nothing
    assert "You are registered" in ana.http.post(link).text
    before = calendar_of(ana.mail("You are registered"))
    listed = soon(lambda: host.api.get(f"/events/{event_id}/registrations"), lambda seen: seen["confirmed"] == 1)
    assert listed["asked"] == 1
    assert sorted(one["masked_email"] for one in listed["invitations"]) == ["a…@e….com", "b…@e….com"]
    host.api.send("PATCH", f"/events/{event_id}", {"time": at(6)}).raise_for_status()
    after = calendar_of(ana.mail("Changed"))
    assert (before["uid"], before["sequence"]) == (after["uid"], 0)
    assert (after["sequence"], after.decoded("dtstart") - before.decoded("dtstart")) == (1, timedelta(days=1))
    mail = ana.mail("Changed")
    stop = re.fullmatch(r"<http://[^/]+(/\S+)>", mail["List-Unsubscribe"])
    assert stop and mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    done = ana.http.post(stop[1], data={"List-Unsubscribe": "One-Click"})
    assert done.status_code == 200 and "The mails are ended" in done.text
    host.api.delete(f"/events/{event_id}")
    cleo = guest("cleo")
    assert cleo.register(event_id).status_code == 409
    assert "This LIVE is cancelled." in cleo.http.get(f"/e/{event_id}").text
    assert [str(one["Subject"]).partition(":")[0] for one in ana.mails()] == [
        "Please confirm", "You are registered", "Changed",
    ]  # fmt: skip
    assert len(bob.mails()) == 1 and not cleo.mails()


@pytest.mark.requirement("R98", "R99", "R103")
def test_the_page_needs_no_script_and_tells_other_sites(system: System, host: Host, event_id: str, guest: Any) -> None:
    ana, teaser = guest("ana"), "https://videos.example.com/watch?v=1&t=2"
    host.api.send("PATCH", f"/events/{event_id}", {"teasers": {"urls": [teaser]}}).raise_for_status()
    soon(lambda: ana.http.get(f"/v1/events/{event_id}/page").json()["page"]["teaser_urls"])
    answer = ana.http.get(f"/e/{event_id}")
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    policy = answer.headers["content-security-policy"]
    assert "default-src 'self'" in policy and "unsafe" not in policy and "form-action 'self'" in policy
    page = answer.text
    assert "Tea &amp; &lt;b&gt;" in page and "&lt;script&gt;alert" in page and "<b>" not in page
    assert f'<meta property="og:url" content="{system.url}/e/{event_id}">' in page
    assert '<meta property="og:title" content="Tea &amp; ' in page
    assert f"A LIVE of {host.name}" in page
    assert "20:00 (Europe/Berlin), " in page and " UTC</time>" in page
    assert re.findall(r"<script[^>]*>", page) == ['<script src="time.js" defer>']
    assert f'<a href="{teaser.replace("&", "&amp;")}" rel="noopener noreferrer nofollow">' in page
    for name in ("style.css", "time.js"):
        assert ana.http.get(f"/e/{name}").status_code == 200
    (session,) = re.findall(r'href="\.\./watch/([0-9a-f-]{36})"', page)
    assert session
    (entry,) = icalendar.Calendar.from_ical(ana.http.get(f"/v1/events/{event_id}/calendar.ics").text).walk("VEVENT")
    assert str(entry["summary"]) == TITLE
    for bad in ("", "ana", "ana@example.com\r\nBcc: bob@example.com", "<script>@example.com"):
        refused = ana.http.post(f"/e/{event_id}", data={"email": bad})
        assert refused.status_code == 400 and 'role="alert"' in refused.text and "<script>@" not in refused.text
    assert ana.http.post(f"/e/{event_id}", json={"email": ana.address}).status_code == 415
    assert ana.http.get(f"/e/{uuid4()}").status_code == ana.http.get("/e/nothing").status_code == 404
    assert ana.http.get(f"/e/{event_id}/confirm?code=x").status_code == 200
    assert ana.http.post(f"/e/{event_id}/confirm?code=x").status_code == 404


@pytest.mark.requirement("R100", "R102")
def test_the_qr_code_leads_to_the_page(system: System, event_id: str, guest: Any) -> None:
    anyone = guest("anyone").http
    picture = anyone.get(f"/v1/events/{event_id}/qr.png")
    assert picture.headers["content-type"] == "image/png"
    (code,) = zxingcpp.read_barcodes(Image.open(io.BytesIO(picture.content)).convert("L"))
    assert code.text == f"{system.url}/e/{event_id}" == anyone.get(f"/v1/events/{event_id}/page").json()["page"]["url"]
    assert anyone.get(code.text).status_code == 200
    drawing = anyone.get(f"/v1/events/{event_id}/qr.svg")
    assert drawing.headers["content-type"].startswith("image/svg+xml") and "<svg" in drawing.text


@pytest.mark.requirement("R103", "D20")
def test_no_mail_is_lost_by_kill_and_no_address_is_kept_in_clear(system: System, event_id: str, guest: Any) -> None:
    guests = [guest(f"canary{number}") for number in range(12)]
    killed = system.process("events")["pid"]
    for number, one in enumerate(guests):
        assert one.register(event_id).status_code == 200
        if number == len(guests) - 1:
            os.kill(killed, signal.SIGKILL)  # while mails are under way
    for one in guests:
        one.mail("Please confirm")
    addresses = [one.address for one in guests]
    kept = " in data/services/events/mail/"
    found = found_in(system.folder.root.parent, *addresses)
    assert found and [place for place in found if kept not in place] == []
    for one in guests:
        assert len(one.mails()) == 1

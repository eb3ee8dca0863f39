"""A LIVE event from its plan to its past, as a host and a guest see it, on the running system."""

import io
import re
from datetime import datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any, cast
from zoneinfo import ZoneInfo

import icalendar
import pytest
import zxingcpp
from people import PHONE, People, connected, go_live
from PIL import Image
from playwright.sync_api import Page, expect

from showfloor.testing.hosts import Host
from showfloor.testing.system import soon

BERLIN = ZoneInfo("Europe/Berlin")  # the zone of the browsers here
UNTIL_IT_STARTS = 120_000  # ms; events start at whole minutes
GUEST = "kim@example.com"


def schedule(page: Page, host: Host, start: datetime) -> Any:
    """Plan an event in the calendar; return its panel."""
    page.locator(f'[data-cell="{start.date()}/{start.hour}"]').focus()
    page.keyboard.press("n")
    sheet = page.get_by_role("dialog", name="Schedule an event")
    sheet.get_by_label("Name of the event").fill("Tea at eight")
    account = sheet.get_by_role("button", name=re.compile("Account$"))
    if account.count():
        account.click()
        page.get_by_role("option", name=host.name).click()
    set_time(page, sheet, start)
    sheet.get_by_role("button", name="Schedule", exact=True).click()
    return page.get_by_role("dialog", name="Tea at eight")


def set_time(page: Page, form: Any, start: datetime) -> None:
    """Write hour and minute."""
    for name, number in (("hour", start.hour), ("minute", start.minute)):
        form.get_by_role("spinbutton", name=re.compile(f"^{name}, ")).focus()
        page.keyboard.type(f"{number:02}")


def mail(people: People, event_id: str, subject: str) -> EmailMessage:
    """Return the guest's mail whose subject begins so, once the system's folder of mails has it."""
    folder: Path = people.system.folder.services / "events" / "mail" / event_id

    def such() -> list[EmailMessage]:
        read = [message_from_bytes(file.read_bytes(), policy=default) for file in folder.glob("*.eml")]
        return [cast(EmailMessage, one) for one in read if str(one["Subject"]).startswith(subject)]

    (found,) = soon(such)
    return found


def sequence(letter: EmailMessage) -> int:
    """Return the SEQUENCE of the calendar file that comes with a mail."""
    (file,) = (one for one in letter.iter_attachments() if one.get_content_type() == "text/calendar")
    (entry,) = icalendar.Calendar.from_ical(file.get_content()).walk("VEVENT")
    return int(entry["sequence"])


def register(people: People, address: str, event_id: str) -> None:
    """Sign up on a phone, without any script, and confirm by the mail's link."""
    phone = people.profiles(**PHONE, java_script_enabled=False).new_page()
    phone.goto(address)
    expect(phone.get_by_role("heading", name="Tea at eight")).to_be_visible()
    phone.get_by_label(re.compile("e-mail", re.IGNORECASE)).fill(GUEST)
    phone.get_by_role("button", name=re.compile("Register|Sign up")).click()
    expect(phone.get_by_text("a mail with a link to confirm is on its way")).to_be_visible()
    body = mail(people, event_id, "Please confirm").get_body(("plain",))
    assert body is not None
    link = re.search(r"http\S+/confirm\?code=\S+", str(body.get_content()))
    assert link
    phone.goto(link[0])
    phone.get_by_role("button").first.click()
    expect(phone.get_by_text("You are registered")).to_be_visible()


@pytest.mark.requirement("R64", "R65", "R90", "R100", "R102", "R103", "R109", "R111")
def test_an_event_from_its_plan_to_its_past(people: People) -> None:
    host = people.host()
    start = datetime.now(BERLIN) + timedelta(minutes=40)
    page = people.window(f"live/calendar?view=day&day={start.date()}", script="window.open = () => null")
    panel = schedule(page, host, start)
    expect(panel.get_by_text("Scheduled", exact=True)).to_be_visible()
    code = page.request.get(f"{people.system.url}/{panel.get_by_role('link', name='PNG').get_attribute('href')}")
    (read,) = zxingcpp.read_barcodes(Image.open(io.BytesIO(code.body())))
    event_id = read.text.rpartition("/")[2]
    assert read.text == f"{people.system.url}/e/{event_id}"
    register(people, read.text, event_id)
    assert sequence(mail(people, event_id, "You are registered")) == 0

    panel.get_by_role("link", name="View console").click()
    connected(page)
    room = page.url
    page.get_by_role("button", name=re.compile("^Go LIVE from ")).click()
    expect(page.get_by_role("alert")).to_contain_text("Until then you can practise")
    page.get_by_role("button", name="Practise").click()
    expect(page.locator(".screen")).to_contain_text("Practice mode is on.")
    page.get_by_role("button", name="End practice").click()

    page.goto(f"{people.system.url}/live/calendar?view=day&day={start.date()}&event={event_id}")
    panel.get_by_role("button", name="Move").click()
    form = page.get_by_role("dialog", name="Move “Tea at eight”")
    soonest = (datetime.now(BERLIN) + timedelta(seconds=75)).replace(second=0)
    set_time(page, form, soonest)
    form.get_by_role("button", name="Move", exact=True).click()
    expect(page.get_by_text(re.compile("^“Tea at eight” now takes place"))).to_be_visible()
    assert sequence(mail(people, event_id, "Changed")) == 1

    page.goto(room)
    expect(page.locator(".screen")).to_contain_text("Ready. You may go LIVE until", timeout=UNTIL_IT_STARTS)
    go_live(page)
    page.get_by_role("button", name="End LIVE").click()
    page.get_by_role("dialog").get_by_role("button", name="End LIVE").click()
    page.get_by_role("link", name="Go LIVE again").click()
    page.get_by_role("button", name="Go LIVE again").click()
    page.get_by_role("dialog").get_by_role("button", name="Go LIVE anyway").click()
    page.get_by_role("button", name="End LIVE").click()
    page.get_by_role("dialog").get_by_role("button", name="End LIVE").click()
    expect(page.get_by_role("link", name="Go LIVE again")).to_be_visible()
    page.goto(f"{people.system.url}/live/calendar?view=day&day={start.date()}&event={event_id}")
    expect(panel.get_by_role("link", name="Analytics")).to_have_count(2)

"""A buyer's phone on the running system: from before the LIVE, where nobody sees practice, to after its end."""

import re
import time
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest
from looking import findings
from people import PHONE, People, connected, until
from playwright.sync_api import Page, Route, expect

from showfloor.testing.hosts import Live
from showfloor.testing.system import soon

BUY = re.compile("^Buy ")
STREAM = "https://video.example.com/show/live.m3u8"
COLOUR = Path(__file__).parent / "streams/colour.mpegts"
SECONDS = 2  # that it lasts


class Sender:
    """A stream of another system: a live playlist whose newest four parts are the same colours again and again."""

    def __init__(self, page: Page) -> None:
        self.begun, self.away = time.monotonic(), False
        page.context.route("https://video.example.com/**", self.answer)

    def answer(self, route: Route) -> None:
        headers = {"Access-Control-Allow-Origin": "*", "Cache-Control": "no-store"}
        if self.away:
            route.abort()
        elif route.request.url == STREAM:
            first = int((time.monotonic() - self.begun) / SECONDS)
            parts = (f"#EXT-X-DISCONTINUITY\n#EXTINF:{SECONDS}.0,\npart-{first + n}.ts" for n in range(4))
            head = f"#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:{SECONDS}\n#EXT-X-MEDIA-SEQUENCE:{first}\n"
            head += f"#EXT-X-DISCONTINUITY-SEQUENCE:{first}\n"
            route.fulfill(
                body=head + "\n".join(parts) + "\n", content_type="application/vnd.apple.mpegurl", headers=headers
            )
        else:
            route.fulfill(path=COLOUR, content_type="video/mp2t", headers=headers)


def plays(page: Page) -> None:
    """Wait until the picture moves on: its time, and frames that were decoded."""
    seen = "const seen = document.querySelector('video');"
    page.wait_for_function(f"() => {{ {seen} return seen && seen.readyState >= 3 && seen.currentTime > 0; }}")
    at, frames = page.evaluate(
        f"() => {{ {seen} return [seen.currentTime, seen.getVideoPlaybackQuality().totalVideoFrames]; }}"
    )
    moved = "seen.currentTime > at + 1 && seen.getVideoPlaybackQuality().totalVideoFrames > frames"
    page.wait_for_function(
        f"([at, frames]) => {{ {seen} return seen && ({moved} || seen.currentTime < at); }}", arg=[at, frames]
    )


@pytest.mark.requirement("R14", "R15", "R77", "R79", "R83", "R84", "R89", "D16")
def test_a_phone_waits_watches_asks_buys_and_gives_back(people: People) -> None:
    live = people.open(2)
    fill_with_sizes(live)
    phone = people.profiles(**PHONE).new_page()
    gone = phone.get_by_text("This LIVE is not on air")
    phone.goto(f"{people.system.url}/watch/{live.id}")
    expect(gone).to_be_visible()
    live.post("practice")
    phone.reload()
    expect(gone).to_be_visible()
    phone.goto(f"{people.system.url}/watch")
    expect(phone.get_by_role("heading", name="LIVE now")).to_be_visible()
    expect(phone.locator(f"a[href*='{live.id}']")).to_have_count(0)
    phone.goto(f"{people.system.url}/watch/{live.id}")
    expect(gone).to_be_visible()

    live.delete("practice")
    live.post("live")
    phone.get_by_label("Your name (optional)").fill("Kim")
    phone.get_by_role("button", name="Join").tap()
    connected(phone)
    live.wait(viewers_now=1, views=1)
    live.put(f"bag/{live.products[1]}/pin")
    shown = phone.get_by_role("region", name="Shown now")
    expect(shown).to_contain_text("Teapot 2")
    shown.get_by_role("button", name="Ask about Teapot 2").tap()
    write = phone.get_by_label("Write a comment")
    expect(write).to_be_focused()
    write.fill("Is it for green tea?")
    phone.get_by_role("button", name="Send", exact=True).tap()
    chat = phone.get_by_role("list", name="Chat")
    mine = chat.locator(".comment", has_text="Is it for green tea?")
    expect(mine).to_have_count(1)
    expect(mine).to_contain_text("Kim")
    expect(mine).to_contain_text("Teapot 2")
    asked = soon(lambda: live.get("comments")["comments"])[0]
    assert (asked["text"], asked["product_id"]) == ("Is it for green tea?", live.products[1])
    live.post("replies", {"comment_id": asked["comment_id"], "text": "It is!"})
    expect(chat.locator(".comment-host")).to_contain_text("It is!")
    live.put(f"comments/{asked['comment_id']}/pin")
    expect(phone.locator(".comment-pinned")).to_contain_text("Kim Is it for green tea?")
    expect(mine).to_have_count(1)  # what the stream tells is what was shown at once

    shown.get_by_role("button", name=BUY).tap()
    sheet = phone.get_by_role("dialog")
    sheet.get_by_role("button", name="One more").tap()
    sheet.get_by_role("button", name="Place order").tap()
    expect(sheet).to_contain_text("Your order is reserved until")
    expect(sheet.get_by_role("button", name=re.compile("Pay"))).to_have_count(0)
    (order,) = soon(lambda: live.get("orders")["orders"])
    assert (order["state"], order["items"][0]["quantity"]) == ("placed", 2)
    expect(sheet).to_contain_text(f"No. {order['reference'][-8:].upper()}")
    sheet.get_by_role("button", name="Keep watching").tap()
    phone.reload()  # who comes back is let in, and what was reserved is still there
    connected(phone)
    phone.get_by_role("button", name=re.compile("^Bag, 3 products")).tap()
    sheet.get_by_role("region", name="Your orders").get_by_role("button").tap()
    sheet.get_by_role("button", name="Give it back").tap()
    expect(sheet).to_have_count(0)
    phone.get_by_role("button", name=re.compile("^Bag, 3 products")).tap()
    expect(sheet.get_by_role("region", name="Your orders")).to_contain_text("Cancelled")
    sheet.get_by_role("button", name="Close").tap()
    soon(lambda: live.get("orders")["orders"][0]["state"] == "cancelled")
    live.wait(viewers_now=1, unique_viewers=1, orders=0, gmv=0)

    choose_a_size(people, live, phone)
    live.post("end")
    expect(phone.get_by_text("This LIVE has ended.")).to_be_visible()
    for name in ("Follow", "Like", "Join", "Send", BUY):
        expect(phone.get_by_role("button", name=name)).to_have_count(0)


def fill_with_sizes(live: Live) -> None:
    """Put a product into the bag that comes in three sizes: many, few and none are left."""
    money = live.host.money
    sizes = [
        {"reference": f"C-{size}", "values": [size], "price": money(minor), "stock": stock}
        for size, minor, stock in (("Small", 1500, 30), ("Large", 2100, 3), ("Huge", 2500, 0))
    ]
    live.fill(live.host.products(1, "Cosy", price=money(1500), options=[{"name": "Size"}], variants=sizes))


def choose_a_size(people: People, live: Live, phone: Page) -> None:
    """Order one of several forms by touch and keys; the control room reads which one."""
    sheet = phone.get_by_role("dialog")
    phone.get_by_role("button", name=re.compile("^Bag, 3 products")).tap()
    sheet.get_by_role("button", name="Buy Cosy 1").tap()
    size = sheet.get_by_role("group", name="Size")
    waits = sheet.get_by_role("button", name="Choose: Size")
    expect(waits).to_be_disabled()
    expect(sheet.get_by_role("radio", name="Huge")).to_be_disabled()
    assert size.locator(".choice").first.bounding_box()["height"] >= 44  # type: ignore[index]
    size.locator(".choice", has_text="Small").tap()
    expect(sheet.locator(".total")).to_contain_text("€15.00")
    phone.keyboard.press("ArrowDown")  # past what is sold out, round to the first again
    expect(sheet.locator(".total")).to_contain_text("€21.00")
    expect(sheet.locator(".close-up")).to_contain_text("Only 3 left")
    sheet.get_by_role("button", name="Place order").tap()
    expect(sheet).to_contain_text("Cosy 1 (Large)")
    (chosen,) = soon(lambda: [one for one in live.get("orders")["orders"] if one["state"] == "placed"])
    assert (chosen["items"][0]["variant_reference"], chosen["total"]["minor"]) == ("C-Large", 2100)
    sheet.get_by_role("button", name="Keep watching").tap()
    room = people.desk(live)
    expect(room.get_by_text("Cosy 1 (Large) x 1").first).to_be_visible()


@pytest.mark.requirement("R14", "R125")
def test_staff_find_back_and_a_closed_page_has_left(people: People) -> None:
    live = people.open(1)
    live.post("live")
    staff = people.window("live")
    expect(staff.get_by_role("heading", name="LIVE sessions")).to_be_visible()
    until(staff, "localStorage.getItem('showfloor.works-here') !== null")  # the console knows who is here
    staff.goto(f"{people.system.url}/watch/{live.id}")
    viewer = people.viewer(live, "Lee", **PHONE)
    expect(viewer.get_by_role("link", name="Control room")).to_have_count(0)
    viewer.get_by_role("button", name="Like").tap()
    viewer.get_by_role("button", name="Follow").tap()
    expect(viewer.get_by_role("button", name="Following")).to_be_visible()
    live.wait(viewers_now=1, likes=1, new_followers=1)
    viewer.close()
    live.wait(viewers_now=0, views=1)
    staff.get_by_role("link", name="Control room").click()
    expect(staff).to_have_url(re.compile(f"/live/{live.id}/"))


@pytest.mark.requirement("R14", "R151")
def test_a_stream_plays_and_comes_back_after_it_stopped(people: People) -> None:
    live = people.open(1)
    live.put("playback", {"kind": "hls", "url": STREAM})
    live.post("live")
    phone = people.profiles(**PHONE).new_page()
    sender = Sender(phone)
    phone.goto(f"{people.system.url}/watch/{live.id}")
    stream = phone.locator(".stream")
    expect(stream).to_have_attribute("data-shown", "playing")
    plays(phone)
    size = phone.evaluate(
        "() => [document.querySelector('video').videoWidth, document.querySelector('video').videoHeight]"
    )
    assert size == [96, 160]
    sender.away = True
    expect(phone.get_by_text("Back in a moment")).to_be_visible()
    sender.away = False
    expect(stream).to_have_attribute("data-shown", "playing")
    plays(phone)


@pytest.mark.requirement("R101", "R103")
def test_a_guest_registers_on_a_phone_without_script(people: People) -> None:
    host = people.host()
    date = (datetime.now(UTC) + timedelta(days=5)).date()
    time_of = {"local_start": f"{date}T20:00", "time_zone": "Europe/Berlin", "duration_minutes": 60}
    body = {"account_id": host.account, "title": "Autumn tea", "time": time_of}
    event = people.api.post("/events", body)["event"]["event_id"]
    for scripts in (True, False):
        phone = people.profiles(**PHONE, java_script_enabled=scripts, timezone_id="America/New_York").new_page()
        phone.goto(f"{people.system.url}/e/{event}")
        expect(phone.get_by_role("heading", name="Autumn tea")).to_be_visible()
        expect(phone.get_by_text("20:00 (Europe/Berlin)")).to_be_visible()
        if scripts:
            expect(phone.get_by_text("On your clock: ")).to_contain_text(re.compile("1[345]:00"))
            assert findings(phone) == []
        else:
            expect(phone.get_by_text("On your clock: ")).to_be_hidden()
    address = f"guest-{event}@example.com"
    phone.get_by_label("Your e-mail address").fill(address)
    phone.get_by_role("button", name="Register").click()
    expect(phone.get_by_role("status")).to_contain_text("is on its way")
    mails = people.system.folder.services / "events/mail" / event
    (mail,) = soon(lambda: list(mails.glob("*.eml")))
    text = message_from_bytes(mail.read_bytes(), policy=default).get_body()  # type: ignore[attr-defined]
    link = re.search(r"http://\S+/confirm\?code=\S+", text.get_content())
    assert link, text
    phone.goto(link[0])
    phone.get_by_role("button", name="Confirm").click()
    expect(phone.get_by_role("heading", name="You are registered")).to_be_visible()
    soon(lambda: people.api.get(f"/events/{event}/registrations")["confirmed"] == 1)

"""The LIVE feed in the centre of the session page: camera and microphone, practice, going on air, and other windows.

All on the running system; the browser has cameras that show a test picture."""

import re

import pytest
from people import PHONE, People, go_live, until
from playwright.sync_api import Locator, Page, expect

# Adds a camera that no machine has to the browser's own, and keeps what was asked of getUserMedia.
OBS = """
    const media = navigator.mediaDevices;
    const list = media.enumerateDevices.bind(media), get = media.getUserMedia.bind(media);
    const obs = { deviceId: "obs", groupId: "obs", kind: "videoinput", label: "OBS Virtual Camera" };
    media.enumerateDevices = async () => [...(await list()), obs];
    window.asked = [];
    media.getUserMedia = (wanted) => {
      window.asked.push(wanted);
      const virtual = wanted.video?.deviceId?.exact === "obs";
      return get(virtual ? { ...wanted, video: true } : wanted);
    };
"""
REFUSING = "navigator.mediaDevices.getUserMedia = async () => { throw new DOMException('no', '%s'); };"
NO_DEVICES = "navigator.mediaDevices.enumerateDevices = async () => [];"
NO_WINDOWS = "window.open = () => null;"


def feed_of(page: Page) -> Locator:
    return page.get_by_role("region", name="LIVE feed")


def turn_on(feed: Locator) -> None:
    feed.get_by_role("button", name="Turn camera on").click()
    expect(feed.get_by_label("What your camera sees")).to_be_visible()


def plays(feed: Locator) -> bool:
    """Whether pictures arrive."""
    frame = "v => new Promise(done => v.requestVideoFrameCallback(() => done(v.videoWidth > 0)))"
    return bool(feed.locator("video").evaluate(frame))


@pytest.mark.requirement("R17", "R66", "R70", "R81")
def test_the_screen_is_off_until_camera_and_microphone_are_on(people: People) -> None:
    page = people.desk(people.open(0))
    feed = feed_of(page)
    feed.get_by_role("button", name="Practise").click()
    expect(feed.locator(".screen")).to_contain_text("Practice mode is on.")
    expect(feed).to_contain_text("The screen is off.")
    expect(feed.locator("video")).to_have_count(0)
    turn_on(feed)
    assert plays(feed)
    until(page, "document.querySelector('.live-feed meter').value > 0.02")
    for label in ("Camera", "Microphone"):
        expect(feed.get_by_role("button", name=re.compile(label)).last).to_be_visible()
    feed.get_by_role("button", name=re.compile("Microphone")).click()
    page.get_by_role("option").last.click()
    chosen = feed.get_by_role("button", name=re.compile("Microphone")).inner_text()
    assert plays(feed)
    page.reload()
    expect(feed).to_contain_text("The screen is off.")
    expect(feed.get_by_role("button", name=re.compile("Microphone"))).to_contain_text(chosen)


@pytest.mark.requirement("R67", "R69", "R70", "R71", "R81")
def test_obs_is_chosen_by_itself_or_another_camera_by_hand(people: People) -> None:
    page = people.desk(people.open(0), script=OBS)
    feed = feed_of(page)
    feed.get_by_role("button", name="Practise").click()
    turn_on(feed)
    camera = feed.get_by_role("button", name=re.compile("Camera$|Camera .*device|OBS Virtual Camera")).last
    expect(camera).to_contain_text("OBS Virtual Camera")
    asked = page.evaluate("window.asked.at(-1)")
    assert asked["video"] == {"deviceId": {"exact": "obs"}}
    assert asked["audio"]["deviceId"]["exact"] != "obs"
    for note in (
        "needs no stream key",
        "give no audio: choose a microphone",
        "test both in practice",
        "outside support",
    ):
        expect(feed).to_contain_text(note)
    camera.click()
    page.get_by_role("option").first.click()
    expect(feed.locator(".select-button").first).not_to_contain_text("OBS")
    until(page, "window.asked.at(-1).video.deviceId.exact !== 'obs'")
    assert plays(feed)


@pytest.mark.requirement("R66")
@pytest.mark.parametrize(
    ("script", "sentence"),
    [
        (REFUSING % "NotAllowedError", "was not allowed to use the camera"),
        (REFUSING % "NotReadableError", "in use by another program"),
        (NO_DEVICES, "No camera or microphone was found"),
    ],
    ids=["denied", "busy", "none"],
)
def test_without_a_camera_it_says_why_and_the_rest_works(people: People, script: str, sentence: str) -> None:
    page = people.desk(people.open(2), script=script)
    feed = feed_of(page)
    feed.get_by_role("button", name="Turn camera on").click()
    expect(feed.get_by_role("alert")).to_contain_text(sentence)
    feed.get_by_role("button", name="Practise").click()
    expect(feed).to_contain_text("Practice mode is on.")
    page.get_by_role("button", name="Move Teapot 1 down").click()
    expect(page.locator(".bag-title")).to_have_text(["Teapot 2", "Teapot 1"])


@pytest.mark.requirement("R80", "R82")
def test_practice_is_labelled_and_the_power_button_ends_it(people: People) -> None:
    live = people.open(0)
    feed = feed_of(people.desk(live))
    turn_on(feed)
    feed.get_by_role("button", name="Practise").click()
    expect(feed.locator(".screen")).to_contain_text("Practice mode is on.")
    power = feed.get_by_role("button", name="End practice")
    expect(power.locator(".icon-power")).to_be_visible()
    power.click()
    expect(feed.locator(".screen")).not_to_contain_text("Practice mode is on.")
    assert live.get()["session"]["state"] == "prepared"


@pytest.mark.requirement("R64", "R76", "R82", "R77")
def test_going_live_opens_a_window_that_takes_the_camera(people: People) -> None:
    live = people.open(0)
    live.post("practice")
    page = people.desk(live)
    feed = feed_of(page)
    turn_on(feed)
    with page.context.expect_page() as opened:
        go_live(page)
    own = opened.value
    theirs = feed_of(own)
    expect(theirs.get_by_label("What your camera sees")).to_be_visible()
    expect(theirs.locator(".screen")).to_contain_text("On air")
    expect(own.get_by_role("navigation")).to_have_count(0)
    own.get_by_role("button", name="Full screen").click()
    until(own, "document.fullscreenElement !== null")
    expect(page.get_by_role("dialog", name="Another window has taken over")).to_be_visible()
    expect(page.locator(".screen")).to_contain_text("On air from another window or device.")
    expect(page.locator("video")).to_have_count(0)
    assert live.get()["session"]["state"] == "live"
    theirs.get_by_role("button", name="End LIVE").click()
    own.get_by_role("dialog").get_by_role("button", name="End LIVE").click()
    expect(own.get_by_text("This LIVE has ended", exact=True)).to_be_visible()


def test_a_blocked_window_is_told_and_the_live_stays_here(people: People) -> None:
    page = people.desk(people.open(0), script=NO_WINDOWS)
    feed = feed_of(page)
    turn_on(feed)
    go_live(page)
    expect(feed.get_by_role("alert")).to_contain_text("blocked")
    expect(feed.get_by_label("What your camera sees")).to_be_visible()
    expect(feed.get_by_role("button", name="Open in its own window")).to_be_visible()


@pytest.mark.requirement("R73", "R75", "R77")
def test_a_phone_starts_and_ends_what_the_desktop_shows(people: People) -> None:
    live = people.open(2)
    desktop, phone = people.desk(live), people.desk(live, script=NO_WINDOWS, **PHONE)
    feed = feed_of(desktop)
    expect(feed.locator(".screen")).to_contain_text("The screen is off.")
    go_live(phone)
    expect(feed.locator(".screen")).to_contain_text("On air from another window or device.")
    turn_on(feed)
    expect(feed.get_by_role("button", name="End LIVE")).to_be_visible()
    phone.get_by_role("button", name="Products", exact=True).click()
    phone.get_by_role("button", name="Pin Teapot 2").click()
    expect(desktop.get_by_role("button", name="Unpin Teapot 2")).to_be_visible()
    phone.get_by_role("button", name="LIVE", exact=True).click()
    power = feed_of(phone).get_by_role("button", name="End LIVE")
    expect(power.locator(".icon-power")).to_be_visible()
    power.click()
    phone.get_by_role("dialog").get_by_role("button", name="End LIVE").click()
    expect(desktop.get_by_text("Everything here is read-only.")).to_be_visible()
    expect(desktop.get_by_text("This LIVE has ended", exact=True)).to_be_visible()
    expect(desktop.locator("video")).to_have_count(0)


@pytest.mark.requirement("R74")
def test_a_second_live_is_refused_with_a_way_to_the_running_one(people: People) -> None:
    first = people.open(0, title="On the desktop")
    first.post("live")
    phone = people.desk(people.open(0, first.host, "On the phone"), **PHONE)
    feed = feed_of(phone)
    go_live(phone)
    expect(feed.get_by_role("alert")).to_contain_text("already streaming a LIVE of this account. End that one first.")
    feed.get_by_role("link", name="Go to the LIVE that is running").click()
    expect(phone.get_by_role("heading", name="On the desktop")).to_be_visible()
    expect(feed.get_by_role("button", name="End LIVE")).to_be_visible()

"""The LIVE feed in the centre of the session page: camera and microphone, practice, going on air, and other windows."""

import re

import pytest
import shop
from backend import Served
from playwright.sync_api import Locator, Page, expect

from showfloor.testing.system import soon

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


def prepared(served: Served, state: str = "prepared") -> None:
    served.state.sessions[shop.NEW] = shop.session(shop.NEW, "Night market", state, start_time=None)


def open_feed(page: Page, served: Served, session_id: str = shop.NEW) -> Locator:
    page.goto(f"{served.url}#/session/{session_id}")
    feed = page.get_by_role("region", name="LIVE feed")
    expect(feed).to_be_visible()
    return feed


def turn_on(feed: Locator) -> None:
    feed.get_by_role("button", name="Turn camera on").click()
    expect(feed.get_by_label("What your camera sees")).to_be_visible()


def plays(feed: Locator) -> bool:
    """Whether pictures arrive."""
    video = feed.locator("video")
    return bool(
        video.evaluate(
            "v => new Promise(done => v.requestVideoFrameCallback(() => done(v.videoWidth > 0)))", timeout=4000
        )
    )


def changed(served: Served, session_id: str, state: str) -> None:
    """Let another device change the session's state."""
    of = served.state.sessions[session_id]
    of |= {"state": state, "version": of["version"] + 1, "start_time": of["open_time"]}
    served.state.happen()


@pytest.mark.requirement("R17", "R66", "R81")
def test_the_screen_is_off_until_a_camera_and_a_microphone_are_turned_on(page: Page, served: Served) -> None:
    prepared(served)
    feed = open_feed(page, served)
    expect(feed).to_contain_text("The screen is off.")
    expect(feed.locator("video")).to_have_count(0)
    turn_on(feed)
    assert plays(feed)
    soon(lambda: feed.locator("meter").evaluate("meter => meter.value"), lambda level: level > 0.02)
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
def test_obs_is_chosen_by_itself_or_another_camera_by_hand(page: Page, served: Served) -> None:
    page.add_init_script(OBS)
    prepared(served)
    feed = open_feed(page, served)
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
    soon(lambda: page.evaluate("window.asked.at(-1).video.deviceId.exact"), lambda camera: camera != "obs")
    assert plays(feed)


@pytest.mark.requirement("R66")
@pytest.mark.parametrize(
    ("script", "sentence"),
    [
        (REFUSING % "NotAllowedError", "was not allowed to use the camera"),
        (REFUSING % "NotReadableError", "in use by another program"),
        (NO_DEVICES, "No camera or microphone was found"),
    ],
)
def test_without_a_camera_it_says_why_and_the_rest_works(
    page: Page, served: Served, script: str, sentence: str
) -> None:
    page.add_init_script(script)
    prepared(served)
    feed = open_feed(page, served)
    feed.get_by_role("button", name="Turn camera on").click()
    expect(feed.get_by_role("alert")).to_contain_text(sentence)
    feed.get_by_role("button", name="Practise").click()
    expect(feed).to_contain_text("Practice mode is on.")
    page.get_by_role("button", name="Move Linen overshirt, sand down").click()
    expect(page.locator(".bag-title").nth(1)).to_have_text("Linen overshirt, sand")


@pytest.mark.requirement("R80", "R82")
def test_practice_is_labelled_and_the_power_button_ends_it(page: Page, served: Served) -> None:
    prepared(served)
    feed = open_feed(page, served)
    turn_on(feed)
    feed.get_by_role("button", name="Practise").click()
    expect(feed.locator(".screen")).to_contain_text("Practice mode is on.")
    power = feed.get_by_role("button", name="End practice")
    expect(power.locator(".icon-power")).to_be_visible()
    power.click()
    expect(feed.locator(".screen")).not_to_contain_text("Practice mode is on.")
    assert served.state.sessions[shop.NEW]["state"] == "prepared"


@pytest.mark.requirement("R76", "R82", "R75", "R77")
def test_going_live_opens_a_window_of_its_own_which_takes_the_camera(page: Page, served: Served) -> None:
    prepared(served, "practice")
    feed = open_feed(page, served)
    turn_on(feed)
    with page.context.expect_page() as opened:
        feed.get_by_role("button", name="Go LIVE").click()
    own = opened.value
    theirs = own.get_by_role("region", name="LIVE feed")
    expect(theirs.get_by_label("What your camera sees")).to_be_visible()
    expect(theirs.locator(".screen")).to_contain_text("On air")
    expect(own.get_by_role("navigation")).to_have_count(0)
    own.get_by_role("button", name="Full screen").click()
    soon(lambda: own.evaluate("document.fullscreenElement !== null"))
    expect(feed.locator(".screen")).to_contain_text("On air from another window or device.")
    expect(feed.locator("video")).to_have_count(0)
    assert served.state.sessions[shop.NEW]["state"] == "live"
    theirs.get_by_role("button", name="End LIVE").click()
    own.get_by_role("dialog").get_by_role("button", name="End LIVE").click()
    expect(own.get_by_role("heading", name="Recap")).to_be_visible()


@pytest.mark.requirement("R76")
def test_a_blocked_window_is_told_and_the_live_stays_here(page: Page, served: Served) -> None:
    page.add_init_script(NO_WINDOWS)
    prepared(served)
    feed = open_feed(page, served)
    turn_on(feed)
    feed.get_by_role("button", name="Go LIVE").click()
    expect(feed.get_by_role("alert")).to_contain_text("blocked")
    expect(feed.get_by_label("What your camera sees")).to_be_visible()
    expect(feed.get_by_role("button", name="Open in its own window")).to_be_visible()


@pytest.mark.requirement("R75", "R77")
def test_follows_a_start_and_an_end_by_another_device(page: Page, served: Served) -> None:
    prepared(served)
    feed = open_feed(page, served)
    expect(page.get_by_text("Connected")).to_be_visible()
    changed(served, shop.NEW, "live")
    expect(feed.locator(".screen")).to_contain_text("On air from another window or device.")
    turn_on(feed)
    expect(feed.get_by_role("button", name="End LIVE")).to_be_visible()
    changed(served, shop.NEW, "ended")
    expect(page.get_by_text("This LIVE is over. Everything here is read-only.")).to_be_visible()
    expect(page.get_by_role("heading", name="Recap")).to_be_visible()
    expect(page.locator("video")).to_have_count(0)


@pytest.mark.requirement("R74")
def test_a_second_live_is_refused_with_a_way_to_the_running_one(page: Page, served: Served) -> None:
    prepared(served)
    served.state.running_elsewhere = shop.LIVE
    feed = open_feed(page, served)
    feed.get_by_role("button", name="Go LIVE").click()
    expect(feed.get_by_role("alert")).to_contain_text("already streaming a LIVE of this account. End that one first.")
    feed.get_by_role("link", name="Go to the LIVE that is running").click()
    expect(page.get_by_role("heading", name="Autumn drop: home & audio")).to_be_visible()
    expect(feed.get_by_role("button", name="End LIVE")).to_be_visible()

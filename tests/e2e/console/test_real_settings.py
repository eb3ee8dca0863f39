"""Who works at a shop, who from outside may look in, and which programs report to it, on the running system."""

import re
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest
from looking import WIDE, findings
from people import PHONE, People
from playwright.sync_api import Page, expect

from showfloor.testing.hosts import Host, Live
from showfloor.testing.system import Rest, soon


@dataclass
class Someone:
    """A person with a window and the API."""

    id: str
    email: str
    page: Page
    api: Rest


def signed_in(people: People, user: str, email: str, **profile: Any) -> Someone:
    """Let a person in by a link."""
    page = people.profiles(reduced_motion="reduce", **profile).new_page()  # axe reads colours that do not fade
    page.goto(f"{people.system.url}/sign-in#link={people.code(user)}")
    expect(page).not_to_have_url(re.compile("sign-in"))
    token = Rest(people.system.url).post("/sign-in", {"code": people.code(user)})["token"]
    return Someone(user, email, page, Rest(people.system.url, token))


def owner_of(people: People, host: Host) -> Someone:
    """Somebody who owns this shop alone."""
    user, email = people.member(host.shop)
    people.api.put(f"/shops/{host.shop}/members/{user}", {"role": "owner"})
    return signed_in(people, user, email)


def choose(page: Page, field: str, choice: str) -> None:
    page.get_by_role("button", name=re.compile(f"{field}$")).click()
    page.get_by_role("option", name=re.compile(f"^{choice}")).click()


def sound(page: Page) -> None:
    """Nothing that axe finds serious, nothing wider than the window."""
    assert not page.evaluate(WIDE)
    assert findings(page) == []


@pytest.mark.requirement("R4")
def test_an_owner_adds_changes_and_removes_people(people: People) -> None:
    live = people.open(products=0)
    owner = owner_of(people, live.host)
    page = owner.page
    page.goto(f"{people.system.url}/settings/team")
    sound(page)
    page.get_by_role("button", name="Add a person").click()
    page.get_by_label("Name").fill("Kim Sample")
    page.get_by_label("E-mail").fill(f"{uuid4().hex}@example.com")
    expect(page.get_by_text("Looks after the comments.")).to_be_visible()
    sound(page)
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_role("heading", name="Kim Sample is on the team")).to_be_visible()
    page.get_by_role("button", name="Done").click()
    row = page.get_by_role("row", name=re.compile("Kim Sample"))
    expect(row).to_contain_text(f"Moderator · {live.host.name}")
    expect(row).to_contain_text("Accounts only")

    found = people.api.get("/users", shop_id=live.host.shop)["users"]
    kim = signed_in(people, next(one["user_id"] for one in found if one["name"] == "Kim Sample"), "", **PHONE)
    kim.page.goto(f"{people.system.url}/settings/team")
    expect(kim.page.get_by_text("You see who works on your accounts.")).to_be_visible()
    expect(kim.page.get_by_role("button", name="Add a person")).to_have_count(0)
    expect(kim.page.get_by_role("row", name=re.compile("Kim Sample"))).to_contain_text("You")
    sound(kim.page)
    kim.page.goto(f"{people.system.url}/settings/integrations")
    expect(kim.page.get_by_text("Only owners see and change integrations.")).to_be_visible()
    kim.api.refused(403, "PERMISSION", "POST", f"/sessions/{live.id}/live", {})

    page.get_by_role("button", name="Change Kim Sample").click()
    sound(page)
    choose(page, live.host.name, "Assistant")
    expect(page.get_by_text("Kim Sample has a new role.")).to_be_visible()
    members = people.api.get(f"/accounts/{live.host.account}/members")["members"]
    assert {"user_id": kim.id, "name": "Kim Sample", "role": "assistant"} in members
    page.get_by_role("button", name="Remove Kim Sample").click()
    expect(page.get_by_role("dialog", name="Remove Kim Sample")).to_contain_text(f"Assistant · {live.host.name}")
    page.get_by_role("button", name="Remove", exact=True).click()
    expect(page.get_by_text("Kim Sample no longer works here.")).to_be_visible()
    expect(row).to_contain_text("No role yet")
    soon(lambda: kim.api.send("GET", f"/sessions/{live.id}").status_code, lambda code: code == 404)

    # The system's own user leaves, then the last owner may not.
    people.api.delete(f"/shops/{live.host.shop}/members/{_me(people.api)}")
    page.reload()
    page.get_by_role("button", name=re.compile("^Change Robin")).first.click()
    choose(page, "Role in the shop", "Staff")
    expect(page.get_by_role("alert")).to_have_text("This is the only owner. Make somebody else owner first.")


@pytest.mark.requirement("R4")
def test_access_from_outside_is_given_used_and_taken_back(people: People) -> None:
    live = people.open(products=0)
    owner, guest = owner_of(people, live.host), owner_of(people, people.host())
    guest.page.goto(f"{people.system.url}/settings/grants")
    guest.page.get_by_role("tab", name="Received").click()
    expect(guest.page.get_by_text("Nobody has given you access")).to_be_visible()
    expect(guest.page.get_by_text(guest.id)).to_be_visible()

    page = owner.page
    page.goto(f"{people.system.url}/settings/grants")
    expect(page.get_by_text("Nobody from outside has access.")).to_be_visible()
    page.get_by_role("button", name="Give access").click()
    page.get_by_label("Their id").fill(guest.id)
    page.get_by_role("radio", name=re.compile("^Look and moderate")).check(force=True)
    sound(page)
    page.get_by_role("button", name="Give access").last.click()
    row = page.get_by_role("row", name=re.compile(f"Person {guest.id[:8]}"))
    expect(row).to_contain_text("Active")
    expect(row).to_contain_text("Look and moderate")
    expect(row).to_contain_text("31 days left")

    soon(lambda: guest.api.send("GET", f"/sessions/{live.id}").status_code, lambda code: code == 200)
    guest.page.reload()
    guest.page.get_by_role("tab", name="Received").click()
    expect(guest.page.get_by_role("row", name=re.compile(live.host.name))).to_contain_text("Look and moderate")
    row.get_by_role("button", name=re.compile("^Uses by")).click()
    uses = page.get_by_role("dialog", name="What was done with it")
    expect(uses).to_contain_text(re.compile("Opened a LIVE.*Person|Saw the account"))
    sound(page)
    page.keyboard.press("Escape")
    row.get_by_role("button", name=re.compile("^Take back")).click()
    page.get_by_role("dialog").get_by_role("button", name="Take back").click()
    expect(row).to_contain_text("Taken back")
    soon(lambda: guest.api.send("GET", f"/sessions/{live.id}").status_code, lambda code: code == 404)


@pytest.mark.requirement("R4")
def test_a_connector_gets_a_credential_that_can_be_renewed(people: People) -> None:
    live = people.open(products=0)
    page = owner_of(people, live.host).page
    page.goto(f"{people.system.url}/settings/integrations")
    expect(page.get_by_text("No program reports to you yet.")).to_be_visible()
    page.get_by_role("button", name="Add a connector").click()
    page.get_by_label("Name").fill("Till")
    sound(page)
    page.get_by_role("button", name="Add and make its credential").click()
    first = _credential(page)
    soon(lambda: _sees(people, first, live), lambda code: code == 200)
    row = page.get_by_role("row", name=re.compile("Till"))
    expect(row).to_contain_text(live.host.name)
    expect(row).to_contain_text("Made")
    row.get_by_role("button").click()
    sound(page)
    page.get_by_role("button", name="Make a new credential").click()
    expect(page.get_by_text("The one before is refused")).to_be_visible()
    page.get_by_role("button", name="Make a new credential").last.click()
    second = _credential(page)
    assert _sees(people, first, live) == 401
    soon(lambda: _sees(people, second, live), lambda code: code == 200)
    page.locator("label", has=page.get_by_role("switch", name=live.host.name)).click()
    soon(lambda: _sees(people, second, live), lambda code: code == 404)
    page.get_by_role("button", name="Remove Till").click()
    page.get_by_role("dialog", name="Remove Till?").get_by_role("button", name="Remove").click()
    expect(page.get_by_text("No program reports to you yet.")).to_be_visible()
    assert _sees(people, second, live) == 401


@pytest.mark.requirement("R4")
def test_an_agency_sees_the_lives_of_those_who_work_with_it(people: People) -> None:
    live = people.open(products=1)
    live.post("live")
    live.host.open("Next evening")
    user, email = people.member(live.host.shop)
    named = {"name": f"Agency {uuid4().hex[:6]}", "owner_user_id": user}
    agency = people.operator.post("/partners", named)["partner_id"]
    someone = signed_in(people, user, email)
    creator = people.operator.post("/creators", {"name": "Ana Sample", "owner_user_id": _me(people.api)})["creator_id"]
    for place, field, whose in (("shops", "shop_id", live.host.shop), ("creators", "creator_id", creator)):
        binding = someone.api.post(f"/partners/{agency}/{place}", {field: whose})["binding_id"]
        people.api.post(f"/bindings/{binding}/accept", {})
    people.host().open("Of somebody else")
    page = someone.page
    page.goto(f"{people.system.url}/?for=partner:{agency}")
    expect(page.get_by_role("heading", name="Sessions", exact=True)).to_be_visible()
    rows = page.locator("tbody tr")
    expect(rows).to_have_count(2)
    expect(rows.filter(has_text="Tea time")).to_contain_text("LIVE")
    expect(page.get_by_role("button", name="New LIVE")).to_have_count(0)
    page.get_by_role("link", name="Creators", exact=True).click()
    expect(rows).to_have_count(2)
    expect(rows.first).to_contain_text(live.host.name)
    expect(rows.first).to_contain_text("Next evening")
    expect(rows.last).to_contain_text(re.compile("Ana Sample.*Not on air.*None yet.*Nothing planned"))
    sound(page)
    rows.first.get_by_role("link", name="Tea time").click()
    expect(page.get_by_role("heading", name="Tea time")).to_be_visible()
    expect(page).to_have_url(re.compile("/board$"))


def _credential(page: Page) -> str:
    """Read the credential that is shown this once, and go on."""
    dialog = page.get_by_role("dialog", name="The new credential")
    told = dialog.locator("code").inner_text()
    dialog.get_by_role("button", name="I have it").click()
    return told


def _sees(people: People, credential: str, live: Live) -> int:
    return Rest(people.system.url, credential).send("GET", f"/sessions/{live.id}").status_code


def _me(api: Rest) -> str:
    return str(api.get("/me")["user"]["user_id"])

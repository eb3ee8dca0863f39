"""Windows of people at the running system: who hosts, who helps, who watches."""

import re
from collections.abc import Callable
from functools import cached_property
from typing import Any
from uuid import uuid4

from playwright.sync_api import BrowserContext, Page, expect

from showfloor.testing.hosts import Host, Live
from showfloor.testing.system import Rest, System, soon

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True}


class People:
    """Opens windows of a running system, each in a profile of its own."""

    def __init__(self, profiles: Callable[..., BrowserContext], system: System, api: Rest, owner: Any) -> None:
        self.profiles, self.system, self.api, self.owner = profiles, system, api, owner

    @cached_property
    def operator(self) -> Rest:
        """Whoever runs the system."""
        return Rest(self.system.url, self.system.folder.operator_key.read_text().strip())

    def host(self) -> Host:
        """A new shop and account of the system's own user."""
        return Host(self.api)

    def open(self, products: int = 4, host: Host | None = None, title: str = "Tea time") -> Live:
        """A LIVE that is not on air, with teapots in its bag."""
        host = host or self.host()
        live = host.open(title)
        if products:
            live.fill(host.products(products, "Teapot"))
        return live

    def member(self, shop: str) -> tuple[str, str]:
        """Make a user whom a shop knows; return the id and the e-mail address."""
        email = f"{uuid4().hex}@example.com"
        user = self.operator.post("/users", {"name": "Robin", "email": email, "shop_id": shop})
        return str(user["user_id"]), email

    def code(self, user: str) -> str:
        """Return the code of a sign-in link that works once."""
        return str(self.operator.post("/operator/sign-in-links", {"user_id": user})["code"])

    def window(self, path: str = "", *, script: str = "", deaf: bool = False, **profile: Any) -> Page:
        """Open a page as the system's own user. `script` runs before the page's own; a deaf one hears no stream."""
        page = self.profiles(storage_state=self.owner, **profile).new_page()
        if script:
            page.add_init_script(script)
        if deaf:
            page.route("**/v1/stream**", lambda route: route.abort())
        page.goto(f"{self.system.url}/{path}")
        return page

    def desk(self, live: Live, **more: Any) -> Page:
        """Open the desk of a LIVE once its bag is there, and the stream unless it is a deaf one."""
        page = self.window(f"live/{live.id}/air", **more)
        expect(page.locator(".show-list")).to_be_attached()
        if not more.get("deaf"):
            connected(page)
        return page

    def helper(self, live: Live, role: str) -> Page:
        """Open the desk for a new person who has this role on the account."""
        user, _ = self.member(live.host.shop)
        self.api.put(f"/accounts/{live.host.account}/members/{user}", {"role": role})
        page = self.profiles().new_page()
        page.goto(f"{self.system.url}/sign-in#link={self.code(user)}")
        expect(page.get_by_role("heading", name="Home")).to_be_visible()
        page.goto(f"{self.system.url}/live/{live.id}/air")
        connected(page)
        return page

    def viewer(self, live: Live, name: str, **profile: Any) -> Page:
        """Join a LIVE as somebody who has not signed in."""
        page = self.profiles(**profile).new_page()
        page.goto(f"{self.system.url}/watch/{live.id}")
        page.get_by_label("Your name (optional)").fill(name)
        page.get_by_role("button", name="Join").click()
        connected(page)
        return page


def connected(page: Page) -> None:
    expect(page.get_by_text("Connected", exact=True)).to_be_visible()


def until(page: Page, holds: str) -> None:
    """Wait until an expression holds. The page's own security policy forbids Playwright's `wait_for_function`."""
    soon(lambda: page.evaluate(holds))


def titles(page: Page) -> list[str]:
    return page.locator(".bag-title").all_inner_texts()


def fact(page: Page, name: str) -> Any:
    """Return a number of the top panel."""
    return page.locator(".fact", has=page.get_by_text(name, exact=True)).locator("dd")


def stream(page: Page, *kinds: str) -> Any:
    """Let the stream show these kinds alone, or all of them; return the stream."""
    side = page.get_by_role("region", name="Stream", exact=True)
    for chip in side.get_by_role("toolbar").get_by_role("button").all():
        if (chip.get_attribute("aria-pressed") == "true") != chip.inner_text().startswith(kinds or ("-",)):
            chip.click()
    return side


def attention(page: Page, tab: str) -> Any:
    """Open a tab of what waits for the host; return the part."""
    part = page.get_by_role("region", name="For you")
    part.get_by_role("tab", name=re.compile(f"^{tab}")).click()
    return part


def deal(page: Page, total: str, action: str) -> Any:
    """Choose what is done with an order of this total; return the question that follows."""
    page.get_by_role("button", name=f"What to do with the order of {total}").first.click()
    page.get_by_role("menuitem", name=action, exact=True).click()
    return page.get_by_role("dialog", name=action)


def go_live(page: Page) -> None:
    """Go on air although something is missing, which is told first."""
    page.get_by_role("button", name="Go LIVE", exact=True).click()
    page.get_by_role("dialog").get_by_role("button", name="Go LIVE anyway").click()

"""The host's desk on the running system: its five parts, the bag, and what viewers do arriving at it."""

import re

import pytest
from people import PHONE, People, attention, connected, deal, fact, go_live, stream, until
from playwright.sync_api import Page, expect

SIZE = "box => getComputedStyle(box).fontSize"


def add(page: Page, source: str, name: str = "", links: str = "", products: int = 1) -> None:
    """Add products from one of the four sources."""
    page.get_by_role("button", name="Add products", exact=True).click()
    dialog = page.get_by_role("dialog", name="Add products")
    dialog.get_by_role("tab", name=source, exact=True).click()
    if links:
        dialog.get_by_label("Product links, one per line").fill(links)
    else:
        dialog.get_by_role("option", name=re.compile(f"^{name}")).click()
    dialog.get_by_role("button", name=f"Add {products}", exact=True).click()
    expect(dialog).to_be_hidden()


@pytest.mark.requirement("R13", "R15", "R19", "R20", "R22", "R119", "R148")
def test_the_desk_has_five_parts_and_its_tools_at_the_top_right(people: People) -> None:
    live = people.open()
    live.post("live")
    page = people.desk(live)
    metrics = page.get_by_role("region", name="Metrics")
    for name in ("gmv", "viewers_now", "orders"):
        expect(metrics.locator(f"[data-metric={name}] .tile-value")).to_be_visible()
    expect(page.get_by_role("region", name="Run of show and script")).to_be_visible()
    expect(page.get_by_role("region", name="LIVE feed")).to_contain_text("Audio & Video settings")
    for name in ("Date", "Start", "Duration", "Viewers now", "GMV"):
        expect(page.get_by_role("banner").locator("dt", has_text=name)).to_have_count(1)
    expect(fact(page, "Start")).to_have_text(re.compile(r"\d\d:\d\d CES?T"))
    before = fact(page, "Duration").inner_text()
    expect(fact(page, "Duration")).not_to_have_text(before)

    side = page.get_by_role("region", name="LIVE Prompter")
    text = side.locator(".feed-scroll")
    small = text.evaluate(SIZE)
    side.get_by_role("button", name="Larger text").click()
    expect(text).not_to_have_css("font-size", small)
    large = text.evaluate(SIZE)

    tools = page.get_by_role("group", name="Tools")
    theme = page.locator("html").get_attribute("data-theme")
    tools.get_by_role("button", name=re.compile("^Switch to ")).click()
    expect(page.locator("html")).not_to_have_attribute("data-theme", str(theme))
    tools.get_by_role("button", name="Full screen").click()
    until(page, "document.fullscreenElement !== null")
    tools.get_by_role("button", name="Full screen").click()
    until(page, "document.fullscreenElement === null")
    with page.context.expect_page() as opened:
        tools.get_by_role("button", name="Open LIVE Board").click()
    expect(opened.value.get_by_role("heading", name="Timeline")).to_be_visible()
    expect(opened.value).to_have_url(re.compile(f"live/{live.id}/board"))
    page.reload()
    expect(page.locator("html")).not_to_have_attribute("data-theme", str(theme))
    expect(text).to_have_css("font-size", large)


@pytest.mark.requirement("R16", "R24", "R31", "R33", "R34", "R35")
def test_products_come_into_the_bag_from_every_source(people: People) -> None:
    host = people.host()
    host.products(2, "Teapot", label="bestseller")
    link = "https://shop.example/cup"
    host.products(1, "Cup", link=link, in_showcase=False)
    host.products(1, "Tray", collab_invite="invite-1", in_showcase=False)
    teas = {"name": "Teas", "product_ids": host.products(2, "Tin", in_showcase=False)}
    host.api.post(f"/shops/{host.shop}/product-sets", teas)
    page = people.desk(people.open(0, host))
    tip = page.get_by_text("Tip: prepare more than one product before you go LIVE.")
    expect(tip).to_be_visible()
    page.get_by_role("button", name="Add products", exact=True).click()
    dialog = page.get_by_role("dialog", name="Add products")
    expect(dialog.get_by_role("option", name=re.compile("^Teapot [12].*Bestseller"))).to_have_count(2)
    dialog.get_by_role("button", name="Cancel").click()
    add(page, "Showcase", "Teapot 1")
    expect(page.locator(".bag-title")).to_have_text(["Teapot 1"])
    expect(page.locator(".cue .badge")).to_have_text(["Bestseller"])
    expect(tip).to_be_visible()
    add(page, "Sets", "Teas", products=2)
    add(page, "Links", links=link)
    add(page, "Collab invites", "Tray 1")
    expect(page.locator(".bag-title")).to_have_text(["Teapot 1", "Tin 1", "Tin 2", "Cup 1", "Tray 1"])
    expect(page.locator(".bag-source")).to_have_text(
        ["Showcase", "Product set", "Product set", "Link", "Collab invite"]
    )
    expect(tip).to_have_count(0)
    page.get_by_role("button", name="Add products", exact=True).click()
    dialog.get_by_role("tab", name="Showcase", exact=True).click()
    expect(dialog.get_by_role("option", name=re.compile("^Teapot 1.*In the bag"))).to_be_disabled()


@pytest.mark.requirement("R25", "R26", "R27", "R28", "R29")
def test_the_bag_is_searched_ordered_refreshed_and_emptied(people: People) -> None:
    live = people.open()
    page = people.desk(live, deaf=True)
    shown = page.locator(".bag-title")
    expect(shown).to_have_text(["Teapot 1", "Teapot 2", "Teapot 3", "Teapot 4"])
    search = page.get_by_role("searchbox", name="Search in the bag")
    search.fill("Teapot 3")
    expect(shown).to_have_text(["Teapot 3"])
    number = page.get_by_label("Order number of Teapot 3")
    number.fill("1")
    number.press("Enter")
    expect(number).to_have_value("1")
    search.fill("")
    expect(shown).to_have_text(["Teapot 3", "Teapot 1", "Teapot 2", "Teapot 4"])
    page.get_by_role("button", name="Move Teapot 4 to the top").click()
    expect(shown).to_have_text(["Teapot 4", "Teapot 3", "Teapot 1", "Teapot 2"])
    page.get_by_role("button", name="Remove Teapot 1").click()
    expect(shown).to_have_text(["Teapot 4", "Teapot 3", "Teapot 2"])
    live.fill(live.host.products(1, "Cup"))  # nothing tells this window
    with page.expect_response(re.compile("/bag$")):
        page.get_by_role("button", name="Refresh", exact=True).click()
    expect(shown).to_have_text(["Teapot 4", "Teapot 3", "Teapot 2", "Cup 1"])


@pytest.mark.requirement("R14", "R15", "R18", "R21", "R83", "R84", "R85", "R89", "D16")
def test_viewers_reach_the_desk_and_the_host_reaches_viewers(people: People) -> None:
    live = people.open(2)
    live.post("live")
    desk = people.desk(live)
    kim = people.viewer(live, "Kim", **PHONE)
    expect(fact(desk, "Viewers now")).to_have_text("1")
    desk.get_by_role("button", name="Pin Teapot 2").click()
    expect(kim.locator(".goods-pinned .bag-title")).to_have_text("Teapot 2")

    bag = kim.get_by_role("button", name=re.compile("^Bag, "))
    bag.click()
    kim.get_by_role("button", name="Ask about Teapot 1").click()
    kim.get_by_label("Write a comment").fill("Is it for green tea?")
    kim.get_by_role("button", name="Send").click()
    expect(kim.get_by_label("Write a comment")).to_have_value("")
    kim.get_by_label("Write a comment").fill("Hello from Porto")
    kim.get_by_role("button", name="Send").click()
    waiting = attention(desk, "Needs you").get_by_role("listitem")
    expect(waiting).to_have_count(1)
    expect(waiting).to_contain_text("Is it for green tea?")
    side = stream(desk, "Questions")
    asked = side.get_by_role("region", name="What happens").locator(".comment")
    expect(asked).to_have_count(1)
    expect(asked).to_contain_text("Is it for green tea?")
    expect(asked.locator(".comment-product")).to_have_text("Teapot 1")
    side.get_by_role("button", name="Pin to top: comment of Kim").click()
    expect(kim.locator(".comment-pinned")).to_contain_text("Is it for green tea?")
    waiting.get_by_role("button", name="Answer Kim").click()
    expect(side.locator(".reply-to")).to_contain_text("Replying to Kim: Is it for green tea?")
    side.get_by_label("Write to everyone").fill("It is!")
    side.get_by_role("button", name="Send").click()
    chat = kim.get_by_role("list", name="Chat")
    expect(chat.locator(".comment-host")).to_contain_text("It is!")
    expect(waiting).to_have_count(0)
    side = stream(desk, "Comments")
    general = side.get_by_role("region", name="What happens").locator(".comment")
    expect(general.filter(has_text="Hello from Porto")).to_have_count(1)
    expect(general.filter(has=desk.get_by_text("Is it for green tea?", exact=True))).to_have_count(0)
    expect(general.filter(has_text="It is!")).to_contain_text("to Kim: Is it for green tea?")

    kim.get_by_role("button", name="Like", exact=True).click()
    kim.get_by_role("button", name="Follow", exact=True).click()
    expect(kim.get_by_role("button", name="Following")).to_be_visible()
    bag.click()
    kim.get_by_role("button", name="Buy Teapot 1").click()
    kim.get_by_role("button", name="Place order").click()
    checkout = kim.get_by_role("dialog")
    expect(checkout).to_contain_text("Your order is reserved until")
    expect(checkout.get_by_role("button", name=re.compile("Pay"))).to_have_count(0)
    side = stream(desk, "Orders")
    sold = side.locator(".order")
    expect(sold).to_have_count(1)
    for part in ("Placed", "1 × Teapot 1", "Kim", "No. ", "€10.00"):
        expect(sold).to_contain_text(part)
    expect(fact(desk, "GMV")).to_have_text("€0.00")
    deal(desk, "€10.00", "Mark as paid").get_by_role("button", name="Mark as paid").click()
    expect(sold).to_contain_text("Paid")
    expect(sold).to_contain_text("by hand")
    expect(fact(desk, "GMV")).to_have_text("€10.00")
    lines = side.locator(".feed-line")
    for kind, words in (("Follows", "followed the account"), ("Orders", "€10.00")):
        stream(desk, kind)
        told = lines if kind == "Follows" else sold
        expect(told.first).to_contain_text(words)
        expect(told.filter(has_not_text=words)).to_have_count(0)


@pytest.mark.requirement("R4", "R84")
def test_an_assistant_and_a_moderator_work_beside_the_host(people: People) -> None:
    live = people.open()
    live.post("live")
    host = people.desk(live)
    assistant, moderator = people.helper(live, "assistant"), people.helper(live, "moderator")
    assistant.get_by_role("button", name="Pin Teapot 3").click()
    for page in (host, moderator):
        expect(page.get_by_role("button", name="Unpin Teapot 3")).to_be_visible()
    moderator.get_by_label("Write to everyone").fill("Be kind, please.")
    moderator.keyboard.press("Enter")
    for page in (host, assistant):
        expect(page.locator(".comment", has_text="Be kind, please.")).to_be_visible()
    assistant.get_by_role("button", name="Pin to top: comment of Host").click()
    for page in (host, moderator):
        expect(page.locator(".comment-pinned")).to_contain_text("Be kind, please.")


@pytest.mark.requirement("R3")
def test_a_tablet_runs_a_live_and_scrolls_nothing_sideways(people: People) -> None:
    live = people.open()
    past = people.open(title="Yesterday")
    past.post("live")
    past.post("end")
    sizes = {"viewport": {"width": 820, "height": 1180}, "has_touch": True}
    tablet = people.desk(live, script="window.open = () => null", **sizes)
    feed = tablet.get_by_role("region", name="LIVE feed")
    feed.get_by_role("button", name="Practise").tap()
    expect(feed.locator(".screen")).to_contain_text("Practice mode is on.")
    go_live(tablet)
    expect(feed.locator(".screen")).to_contain_text("On air")
    tablet.get_by_role("button", name="Pin Teapot 1").tap()
    expect(tablet.get_by_role("button", name="Unpin Teapot 1")).to_be_visible()
    stream(tablet, "Orders")
    for path, ready in (
        (f"live/{live.id}", "Add products"),
        (f"live/{live.id}/air?own=true&camera=true", "Full screen"),
        ("live", "New LIVE"),
        (f"live/{live.id}/board", "Activity"),
        (f"live/{past.id}/board", "Activity"),
        ("analytics/sessions", "Columns 6"),
        (f"live/{past.id}/review", "Open LIVE Board"),
        (f"watch/{live.id}", "Join"),
        ("sign-in", "Sign in"),
    ):
        tablet.goto(f"{people.system.url}/{path}")
        shown = [tablet.get_by_role(role, name=ready, exact=True) for role in ("button", "link")]
        expect(shown[0].or_(shown[1])).to_be_visible()
        expect(tablet.locator(".skeleton")).to_have_count(0)
        assert tablet.evaluate("document.documentElement.scrollWidth") <= 820, path
    tablet.goto(f"{people.system.url}/live/{live.id}/air")
    connected(tablet)
    feed.get_by_role("button", name="End LIVE").tap()
    tablet.get_by_role("dialog").get_by_role("button", name="End LIVE").tap()
    expect(tablet.get_by_text("Everything here is read-only.")).to_be_visible()

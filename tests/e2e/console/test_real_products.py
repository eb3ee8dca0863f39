"""The catalogue on the running system: from an empty shop to products that are changed, archived and restored."""

import json
import re
from pathlib import Path
from typing import Any

from looking import findings
from people import People
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from showfloor.testing.system import soon

WIDTHS = (1440, 1024, 768, 390)


def catalogue(people: People, products: int = 0, **more: Any) -> tuple[Any, Page]:
    """Open the catalogue of a new shop; return who runs it, and the page."""
    host = people.host()
    if products:
        host.products(products, "Teapot")
    seat = json.dumps(f"shop:{host.shop}")
    page = people.window("products", script=f"localStorage.setItem('showfloor.seat', {json.dumps(seat)})", **more)
    return host, page


def row(page: Page, title: str) -> Locator:
    return page.get_by_role("row").filter(has=page.get_by_role("button", name=f"Open {title}", exact=True))


def fits(page: Page) -> None:
    """At every width the page scrolls downwards alone, and axe finds nothing serious in either theme."""
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
        assert findings(page) == []
    page.set_viewport_size({"width": 1440, "height": 900})


def test_an_empty_shop_gets_its_first_product_by_form(people: People, tmp_path: Path) -> None:
    _, page = catalogue(people)
    expect(page.get_by_role("heading", name="Fill your catalogue")).to_be_visible()
    fits(page)
    page.get_by_role("button", name="Add product", exact=True).click()
    form = page.get_by_role("dialog", name="New product")
    form.get_by_role("button", name="Add", exact=True).click()
    expect(form.get_by_text("Needed.")).to_have_count(3)
    picture = tmp_path / "teapot.png"
    Image.new("RGB", (640, 480), (190, 120, 90)).save(picture)
    form.locator("input[type=file]").set_input_files(picture)
    expect(form.get_by_role("button", name="Remove")).to_be_visible()
    for label, text in (("Title", "Stoneware teapot"), ("Reference (SKU)", "T-1"), ("Price", "34.50"), ("Stock", "12")):
        form.get_by_label(label, exact=True).fill(text)
    form.get_by_label("Category").fill("Kitchen")
    fits(page)
    form.get_by_role("button", name="Add", exact=True).click()
    expect(form).to_be_hidden()
    added = row(page, "Stoneware teapot")
    expect(added).to_contain_text("T-1")
    expect(added).to_contain_text("€34.50")
    expect(added.locator("img")).to_have_js_property("naturalWidth", 96)

    page.get_by_role("button", name="Add product", exact=True).click()
    for label, text in (("Title", "Another"), ("Reference (SKU)", "T-1"), ("Price", "1")):
        form.get_by_label(label, exact=True).fill(text)
    form.get_by_role("button", name="Add", exact=True).click()
    expect(form.get_by_role("alert")).to_contain_text("Another product has this reference already")


def test_values_change_in_place_and_a_conflict_is_shown(people: People) -> None:
    host, page = catalogue(people, 2)
    teapot = row(page, "Teapot 1")
    teapot.get_by_role("button", name=re.compile("^Price of Teapot 1")).press("Enter")
    page.get_by_label("Price", exact=True).fill("15")
    page.get_by_label("Price", exact=True).press("Enter")
    expect(teapot.get_by_role("button", name="Price of Teapot 1: €15.00. Change")).to_be_focused()
    teapot.get_by_role("button", name=re.compile("^Stock of")).click()
    page.get_by_label("Stock", exact=True).fill("3")
    page.get_by_role("heading", name="Catalogue").click()
    expect(teapot.get_by_role("button", name="Stock of Teapot 1: 3. Change")).to_be_visible()
    teapot.get_by_role("button", name=re.compile("^Label of")).click()
    page.get_by_role("menuitem", name="Bestseller").click()
    expect(teapot).to_contain_text("Bestseller")

    listed = host.api.get(f"/shops/{host.shop}/products")["products"]
    product = next(one["product_id"] for one in listed if one["title"] == "Teapot 1")
    teapot.get_by_role("button", name=re.compile("^Category of")).click()
    page.get_by_label("Category", exact=True).fill("Kitchen")
    assert host.api.send("PATCH", f"/products/{product}", {"category": "Table", "stock": 7}).status_code == 200
    page.get_by_label("Category", exact=True).press("Enter")
    question = page.get_by_role("dialog", name="Somebody else changed this meanwhile")
    expect(question.get_by_role("row", name="Category")).to_contain_text(re.compile("Table.*Kitchen"))
    question.get_by_role("button", name="Use mine").click()
    expect(teapot).to_contain_text("Kitchen")
    expect(teapot).to_contain_text("7")
    kept = host.api.get(f"/products/{product}")["product"]
    assert (kept["category"], kept["stock"], kept["price"]["minor"]) == ("Kitchen", 7, 1500)


def test_products_are_found_archived_and_restored(people: People) -> None:
    _, page = catalogue(people, 3)
    expect(page.get_by_text("3 products")).to_be_visible()
    fits(page)
    page.get_by_role("button", name="Title", exact=True).click()
    expect(page.locator(".product-title").first).to_have_text("Teapot 3")
    page.get_by_label("Search title, category or reference").fill("teapot 2")
    expect(page.locator(".product-title")).to_have_text(["Teapot 2"])
    page.get_by_label("Search title, category or reference").fill("cup")
    page.get_by_role("button", name="Clear filters").click()

    for name in ("Select Teapot 1", "Select Teapot 2"):
        page.get_by_role("checkbox", name=name).check(force=True)
    tools = page.get_by_role("toolbar", name="Selected products")
    tools.get_by_role("button", name="Add to set").click()
    dialog = page.get_by_role("dialog", name="Add to set")
    dialog.get_by_label("Name of the set").fill("Evening")
    dialog.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_text("Evening now has 2 products.")).to_be_visible()

    page.get_by_role("checkbox", name="Select Teapot 3").check(force=True)
    tools.get_by_role("button", name="Archive").click()
    expect(page.locator(".product-title")).to_have_count(2)
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".product-title")).to_have_count(3)
    row(page, "Teapot 3").get_by_role("button", name="More for Teapot 3").click()
    page.get_by_role("menuitem", name="Archive").click()
    expect(page.locator(".product-title")).to_have_count(2)
    page.get_by_role("button", name="Archived", exact=True).click()
    row(page, "Teapot 3").get_by_role("button", name="More for Teapot 3").click()
    page.get_by_role("menuitem", name="Restore").click()
    expect(page.get_by_text("Nothing is archived.")).to_be_visible()


def test_a_set_is_made_ordered_renamed_and_deleted(people: People) -> None:
    host, page = catalogue(people, 4)
    page.get_by_role("link", name="Sets", exact=True).click()
    expect(page.get_by_text("No sets yet")).to_be_visible()
    page.get_by_role("button", name="New set").click()
    form = page.get_by_role("dialog", name="New set")
    form.get_by_label("Name", exact=True).fill("Evening")
    for number in (3, 1):
        form.get_by_role("option", name=f"Teapot {number}").click()
    fits(page)
    form.get_by_role("button", name="Create with 2 products").click()
    expect(page.get_by_role("heading", name="Evening")).to_be_visible()
    shown = page.locator(".set-row .pick-title")
    expect(shown).to_have_text(["Teapot 3", "Teapot 1"])
    page.get_by_role("button", name="Add products", exact=True).click()
    more = page.get_by_role("dialog", name="Add products")
    expect(more.get_by_role("option", name=re.compile("^Teapot 1.*In the set"))).to_be_disabled()
    more.get_by_role("option", name="Teapot 2").click()
    more.get_by_role("button", name="Add 1", exact=True).click()
    expect(shown).to_have_text(["Teapot 3", "Teapot 1", "Teapot 2"])
    fits(page)

    page.get_by_role("button", name="Move Teapot 2 up").click()
    expect(shown).to_have_text(["Teapot 3", "Teapot 2", "Teapot 1"])
    page.get_by_role("button", name="Drag Teapot 3").press("Enter")
    expect(page.locator("[aria-label='Insert between Teapot 2 and Teapot 1']")).to_be_focused()
    page.keyboard.press("Enter")
    expect(shown).to_have_text(["Teapot 2", "Teapot 3", "Teapot 1"])
    grip, last = page.get_by_role("button", name="Drag Teapot 2").bounding_box(), shown.last.bounding_box()
    assert grip and last
    page.mouse.move(grip["x"] + 8, grip["y"] + 8)
    page.mouse.down()
    page.mouse.move(last["x"] + 20, last["y"] + 40, steps=12)
    page.mouse.up()
    expect(shown).to_have_text(["Teapot 3", "Teapot 1", "Teapot 2"])
    page.get_by_role("button", name="Remove Teapot 1").click()
    expect(shown).to_have_text(["Teapot 3", "Teapot 2"])
    page.get_by_role("button", name="Undo").click()
    expect(shown).to_have_text(["Teapot 3", "Teapot 1", "Teapot 2"])

    page.get_by_role("button", name="More for Evening").click()
    page.get_by_role("menuitem", name="Rename").click()
    page.get_by_label("Name", exact=True).fill("Night")
    page.get_by_label("Name", exact=True).press("Enter")
    expect(page.get_by_role("heading", name="Night")).to_be_visible()
    kept = soon(
        lambda: host.api.get(f"/shops/{host.shop}/product-sets")["product_sets"],
        lambda sets: sets[0]["name"] == "Night",
    )
    assert len(kept[0]["product_ids"]) == 3
    page.get_by_role("button", name="More for Night").click()
    page.get_by_role("menuitem", name="Delete set").click()
    page.get_by_role("dialog", name="Delete Night?").get_by_role("button", name="Delete set").click()
    expect(page.get_by_text("No sets yet")).to_be_visible()


def test_creators_are_asked_and_products_offered_to_them(people: People) -> None:
    host, page = catalogue(people, 2)
    creator = host.api.post("/creators", {"name": "Mai Tran", "shop_id": host.shop})
    page.get_by_role("link", name="Collabs", exact=True).click()
    expect(page.get_by_text("No collabs yet")).to_be_visible()
    page.get_by_role("button", name="Ask a creator").click()
    form = page.get_by_role("dialog", name="Ask a creator")
    expect(form).to_contain_text(host.shop)
    form.get_by_label("The creator’s id").fill(creator["creator_id"])
    form.get_by_role("button", name="Send").click()
    partners = page.locator(".panel", has=page.get_by_role("heading", name="Creators", exact=True))
    expect(partners).to_contain_text("Waits for them")
    partners.get_by_role("button", name="Take back").click()
    expect(partners).to_contain_text("Ended")

    page.get_by_role("button", name="Offer products").click()
    offer = page.get_by_role("dialog", name="Offer products")
    offer.get_by_role("option", name="Teapot 1").click()
    offer.get_by_label("Commission").fill("12.5")
    fits(page)
    offer.get_by_role("button", name="Offer 1 product").click()
    line = page.get_by_role("row").filter(has_text="Teapot 1")
    expect(line).to_contain_text("12.5%")
    invite = line.locator("code").last.inner_text()
    fits(page)
    live = people.open(0, host)
    live.api.post(f"/sessions/{live.id}/bag", {"source": "collab", "references": [invite]})
    line.get_by_role("button", name="Take back the invite of Teapot 1").click()
    page.get_by_role("dialog").get_by_role("button", name="Take back").click()
    expect(page.get_by_text("No product is offered yet")).to_be_visible()
    refused = live.api.send("POST", f"/sessions/{live.id}/bag", {"source": "collab", "references": [invite]})
    assert refused.json()["code"] == "PRODUCT_NOT_FOUND"


def test_a_list_that_fails_says_so_and_is_tried_again(people: People) -> None:
    _, page = catalogue(people, 1)
    expect(row(page, "Teapot 1")).to_be_visible()
    page.route("**/v1/shops/*/products?*", lambda route: route.fulfill(status=500, body="{}"))
    page.reload()
    expect(page.get_by_role("alert")).to_be_visible()
    page.unroute("**/v1/shops/*/products?*")
    page.get_by_role("button", name="Try again").click()
    expect(row(page, "Teapot 1")).to_be_visible()


def send(page: Page, name: str, *lines: str) -> None:
    """Drop a table on the page of imports."""
    file = {"name": name, "mimeType": "text/csv", "buffer": "\r\n".join([*lines, ""]).encode()}
    page.locator("input[type=file]").set_input_files(file)  # type: ignore[arg-type]


def test_a_file_is_checked_shown_and_imported_in_the_browser(people: People) -> None:
    host, page = catalogue(people)
    with page.expect_download() as sample:
        page.get_by_role("button", name="Download sample").click()
    rows = Path(sample.value.path()).read_text(encoding="utf-8").splitlines()
    page.get_by_role("link", name="Import", exact=True).click()
    expect(page.get_by_text("No file has been imported")).to_be_visible()
    fits(page)
    send(page, "wrong.csv", rows[0], "A-1,Pot,Kitchen,12.00,10", "A-2,Cup,Kitchen,much,10")
    expect(page.get_by_text("1 problem in this file. Nothing was kept.")).to_be_visible()
    line = page.get_by_role("row").filter(has_text="much")
    expect(line).to_contain_text("price_eur")
    fits(page)

    page.get_by_role("link", name="Import another file").click()
    send(page, "catalogue.csv", *rows)
    expect(page.get_by_role("button", name="Import 3 products")).to_be_visible()
    page.reload()
    expect(page.get_by_role("group", name="New")).to_contain_text("3")
    page.get_by_role("button", name="Import 3 products").click()
    expect(page.get_by_text("3 products are in the catalogue.")).to_be_visible()

    page.get_by_role("link", name="Import another file").click()
    expect(page.get_by_role("listitem").filter(has_text="catalogue.csv")).to_contain_text("Imported")
    send(
        page,
        "again.csv",
        rows[0] + ",colour",
        *(f"{row},red" for row in [rows[1].replace("34.00", "31.00"), *rows[2:]]),
    )
    expect(page.get_by_text("1 thing is left out")).to_be_visible()
    expect(page.get_by_role("row").filter(has_text="SKU-1")).to_contain_text(re.compile("34.00.*31.00"))
    fits(page)
    page.get_by_role("button", name="Discard").click()
    expect(page.get_by_text("The import was discarded. Nothing was kept.")).to_be_visible()
    page.get_by_role("link", name="Catalogue").last.click()
    expect(row(page, "Stoneware teapot, 0.8 l")).to_contain_text("€34.00")
    assert host.api.get(f"/shops/{host.shop}/products")["total_count"] == 3


SHOPIFY = (
    "Handle,Title,Vendor,Type,Option1 Name,Option1 Value,Variant SKU,Variant Inventory Tracker,Variant Inventory Qty,"
    "Variant Price,Variant Compare At Price,Image Src,Status",
    "linen-apron,Linen apron,Northway,Kitchen,Size,S,AP-S,shopify,4,19.90,24.90,https://cdn.example/apron.jpg,active",
    "linen-apron,,,,,M,AP-M,shopify,0,21.90,,,active",
    "oak-board,Oak board,Northway,Kitchen,Title,Default Title,OB-1,,,34.00,,,active",
)


def test_an_export_is_recognised_mapped_and_kept_with_variants(people: People) -> None:
    host, page = catalogue(people)
    page.goto(page.url.replace("/products", "/products/import"))
    send(page, "products_export.csv", *SHOPIFY)
    expect(page.get_by_text("Shopify export")).to_be_visible()
    columns = page.get_by_role("region", name="Which column is what")
    expect(columns.get_by_role("row").filter(has_text="Variant Price")).to_contain_text("19.90")
    page.get_by_role("button", name="Show 2 columns that are left out").click()
    category = columns.get_by_role("row").filter(has_text="Vendor").get_by_role("button")
    category.press("Enter")  # by keyboard alone
    page.get_by_role("option", name="Category", exact=True).press("Enter")
    expect(columns.get_by_role("row").filter(has_text="Type")).to_contain_text("Left out")
    fits(page)
    page.get_by_role("button", name="Check with these columns").click()
    page.get_by_role("button", name="Import 2 products").click()
    expect(page.get_by_text("2 products are in the catalogue.")).to_be_visible()

    page.get_by_role("link", name="See the catalogue").click()
    apron = row(page, "Linen apron")
    for text in ("2 variants", "from €19.90", "Northway", "4"):
        expect(apron).to_contain_text(text)
    apron.get_by_role("button", name="Open Linen apron").click()
    sheet = page.get_by_role("dialog", name="Linen apron")
    expect(sheet.get_by_role("row").filter(has_text="AP-M")).to_contain_text(re.compile("M.*€21.90.*Sold out"))
    expect(sheet.get_by_label("Price", exact=True)).to_have_count(0)
    fits(page)
    sheet.get_by_role("button", name="Cancel").click()

    page.get_by_role("link", name="Import", exact=True).click()
    send(
        page, "again.csv", *(line.replace("19.90,24.90", "17.90,24.90").replace("M,AP-M", "L,AP-L") for line in SHOPIFY)
    )
    page.get_by_role("button", name="See what changes").click()
    changes = page.get_by_role("region", name="What changes")
    expect(changes.get_by_role("row").filter(has_text="AP-S")).to_contain_text(re.compile("Changed.*19.90.*17.90"))
    expect(changes.get_by_role("row").filter(has_text="AP-L")).to_contain_text("New")
    expect(changes.get_by_role("row").filter(has_text="AP-M")).to_contain_text("Goes")
    fits(page)
    page.get_by_role("button", name="Discard").click()

    page.get_by_role("link", name="Import another file").click()
    send(page, "own.csv", "Artikel,Name,Preis", "A1,Tasse,9.50")
    expect(page.get_by_text("Still needed: Product reference, Price")).to_be_visible()
    own = page.get_by_role("region", name="Which column is what")
    for column, field in (("Artikel", "Product reference"), ("Name", "Title"), ("Preis", "Price")):
        own.get_by_role("row").filter(has=page.get_by_text(column, exact=True)).get_by_role("button").click()
        page.get_by_role("option", name=field, exact=True).click()
    page.get_by_role("button", name="Check with these columns").click()
    expect(page.get_by_role("button", name="Import 1 product")).to_be_visible()
    listed = host.api.get(f"/shops/{host.shop}/products")
    assert [(one["reference"], one.get("variant_count", 0)) for one in listed["products"]] == [
        ("linen-apron", 2), ("oak-board", 0),
    ]  # fmt: skip

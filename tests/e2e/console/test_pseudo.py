"""Every route in the pseudo-locale: each word comes from a catalogue, and words 40 % longer fit."""

import re
from typing import Any

import pytest
import shop
from backend import Served
from playwright.sync_api import Page, Response, expect

ROUTES = [
    "",
    "live",
    "live/calendar",
    "live/calendar?view=month",
    f"live/{shop.LIVE}/plan",
    f"live/{shop.LIVE}/air",
    f"live/{shop.LIVE}/board",
    f"live/{shop.ENDED}/review",
    f"live/{shop.ENDED}/review/comments",
    f"live/{shop.ENDED}/review/exports",
    "analytics",
    "analytics/sessions",
    "analytics/products",
    "products",
    "products/import",
    f"agency/creators?for=partner:{shop.AGENCY}",
    "settings/team",
    "settings/grants",
    "settings/integrations",
    "watch",
    f"watch/{shop.LIVE}",
    "sign-in",
]

SEEN = """() => {
  const found = new Set();
  const attributes = ["aria-label", "title", "placeholder", "alt"];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
  for (let node = walk.nextNode(); node; node = walk.nextNode()) {
    const element = node instanceof Element ? node : node.parentElement;
    if (element.closest("script, noscript, [translate=no], [data-text]")) continue;
    if (node instanceof Text) found.add(node.data.trim());
    else for (const name of attributes) if (node.getAttribute(name)) found.add(node.getAttribute(name).trim());
  }
  return [...found];
}"""

DEVICES = "async () => (await navigator.mediaDevices.enumerateDevices()).map((one) => one.label)"
WORD = "[A-Za-z]{2}"
WIDE = "() => document.documentElement.scrollWidth > document.documentElement.clientWidth"

# What Intl writes, names that are the same everywhere, and words of react-aria, which brings its own languages.
SAME = re.compile(
    r"\b(Click to start dragging|DropZone|Show suggestions|Showfloor|Europe/Berlin|CES?T|GMT|EUR|USD|CSV|JSON|https"
    r"|(?:Mon|Tue|Tues|Wed|Wednes|Thu|Thurs|Fri|Sat|Satur|Sun)(?:day)?"
    r"|January|February|March|April|August|September|October|November|December"
    r"|Jan|Feb|Mar|Apr|May|June?|July?|Aug|Sept?|Oct|Nov|Dec)\b"
)


def strings(answer: Any) -> set[str]:
    """Collect every text in an answer of the API: data, not words of the console."""
    if isinstance(answer, dict):
        return set().union(*(strings(one) for one in answer.values()))
    if isinstance(answer, list):
        return set().union(*(strings(one) for one in answer))
    return {answer} if isinstance(answer, str) else set()


def foreign(seen: list[str], data: set[str]) -> list[str]:
    """Tell which texts have a plain word that is neither data nor the same in every language."""
    found = []
    for text in seen:
        if (not text.isascii() and re.search(r"[à-ž]", text)) or not re.search(WORD, SAME.sub(" ", text)):
            continue
        rest = text
        for one in sorted(data, key=len, reverse=True):
            rest = rest.replace(one, " ") if len(one) > 1 else rest
        if re.search(WORD, SAME.sub(" ", rest)):
            found.append(text)
    return sorted(found)


def test_a_word_outside_the_catalogues_is_found() -> None:
    assert foreign(["Šéàŕçĥ", "Search", "Teapot", "3 Nov 2026"], {"Teapot"}) == ["Search"]
    assert foreign(["Click to start dragging.", "Click to"], {"to"}) == ["Click to"]


@pytest.mark.parametrize("route", ROUTES)
def test_every_word_is_translated_and_longer_words_fit(page: Page, served: Served, route: str) -> None:
    data: set[str] = set()

    def answered(response: Response) -> None:
        if "/v1/" in response.url and "application/json" in response.headers.get("content-type", ""):
            data.update(strings(response.json()))

    page.on("requestfinished", lambda request: answered(request.response()))
    served.state.directory = shop.agency() if "partner" in route else {}
    page.goto(f"{served.url}{route}{'&' if '?' in route else '?'}locale=en-XA")
    expect(page.locator("html")).to_have_attribute("lang", "en-XA")
    expect(page.get_by_text(re.compile("[à-ž]")).first).to_be_attached()
    expect(page.locator(".skeleton")).to_have_count(0)
    data.update(page.evaluate(DEVICES))
    assert foreign(page.evaluate(SEEN), data) == []
    wide = []
    for width in (1440, 390):
        page.set_viewport_size({"width": width, "height": 900})
        if page.evaluate(WIDE):
            wide.append(width)
    assert wide == []

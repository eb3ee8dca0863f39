"""How soon a person at the desk of a LIVE sees what another one does there, in milliseconds.

Two browsers' pages, two people, one LIVE: in turn each does something, and the other one's page is looked
at in every frame that it paints. A latency counts from the answer to whoever did it; the note has it from the click.
There is no peer. Checked in the same run: of two texts sent with one version one is kept and the other refused (412),
and in the end both pages and the API show the same.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, NamedTuple

from playwright.sync_api import Browser, Page, expect, sync_playwright

from bench.harness import Result, Target, percentiles
from bench.services import LiveSession, Services
from showfloor.testing.browser import find_chromium, flags
from showfloor.testing.system import Rest, soon

PRODUCTS, TIMES, RACES = 5, 20, 5
BOUND = Target(ours_max=1_000)
PATIENCE_MS = 15_000
DOUBLE_CLICK_MS = 600  # a second click at one place is taken for the first until then
# Pages share one clock: the moment a page began, and what has passed since.
NOTING = """
    window.now = () => performance.timeOrigin + performance.now();
    const ask = window.fetch;
    window.answered = 0;
    window.fetch = async (...asked) => {
      const answer = await ask(...asked);
      if ((asked[1]?.method ?? "GET") !== "GET") window.answered = window.now();
      return answer;
    };
    window.addEventListener("click", () => (window.clicked = window.now()), { capture: true });
"""
SHOWN = {
    "pinned": "text => document.querySelector('.cue-pinned .bag-title')?.innerText === text",
    "unpinned": "text => !document.querySelector('.cue-pinned')",
    "first": "text => document.querySelector('.bag-title')?.innerText === text",
    "title": "text => document.querySelector('h1')?.innerText === text",
    "said": """text => [...document.querySelectorAll('.comment-host .comment-text')]
        .some(one => one.innerText === text)""",
    "script": "text => document.querySelector('.script-form textarea')?.value === text",
}
WAIT = """text => {
    const shown = %s;
    window.answered = 0;
    window.seen = new Promise(done => {
      const look = () => (shown(text) ? done(window.now()) : requestAnimationFrame(look));
      look();
    });
}"""


class Change(NamedTuple):
    """Something that a person does: its name, how it is done, and how another page shows it."""

    name: str
    shown: str
    act: Callable[[Page, str], None]


class Took(NamedTuple):
    """One change's way to the other page, in seconds."""

    from_answer: float
    from_click: float


def _named(words: str) -> Callable[[Page, str], None]:
    def press(page: Page, title: str) -> None:
        page.wait_for_timeout(DOUBLE_CLICK_MS)
        page.get_by_role("button", name=words.format(title), exact=True).click()

    return press


def _rename(page: Page, title: str) -> None:
    page.get_by_role("button", name="Rename").click()
    page.get_by_label("Name of the LIVE").fill(title)
    page.locator(".title-form").get_by_role("button", name="Save").click()


def _say(page: Page, text: str) -> None:
    page.get_by_label("Write to everyone").fill(text)
    page.get_by_role("button", name="Send").click()


def _write(page: Page, text: str) -> None:
    page.locator(".script-form textarea").fill(text)
    page.locator(".script-form").get_by_role("button", name="Save").click()


CHANGES = (
    Change("pin", "pinned", _named("Pin {}")),
    Change("unpin", "unpinned", _named("Unpin {}")),
    Change("move of a product", "first", _named("Move {} to the top")),
    Change("title", "title", _rename),
    Change("host's comment", "said", _say),
)
SCRIPT = Change("script", "script", _write)


def live_session(services: Services) -> tuple[LiveSession, list[str]]:
    """Start a LIVE with some products in its bag; return it, and the tokens of two who work on it."""
    made = services.live_session()
    owner = Rest(services.url, made.token)
    shop = owner.get("/shops")["shops"][0]
    price = {"minor": 1999, "currency": shop["currency"]}
    more = [
        {"reference": f"m{n}", "title": f"Teapot {n}", "category": "home", "price": price, "in_showcase": True}
        for n in range(1, PRODUCTS)
    ]
    added = owner.post(f"/shops/{shop['shop_id']}/products", {"products": more})["product_ids"]
    owner.post(f"/sessions/{made.session}/bag", {"source": "showcase", "references": added})
    return made, [made.token, *services.hosts(made.account, 1)]


@contextmanager
def desks(services: Services, session: str, tokens: list[str]) -> Iterator[list[Page]]:
    """Open the desk for each token, in profiles of their own."""
    program, why = find_chromium()
    if program is None:
        raise RuntimeError(f"no browser: {why}")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(program), args=flags())
        try:
            yield [_desk(browser, services.url, session, token) for token in tokens]
        finally:
            browser.close()


def _desk(browser: Browser, url: str, session: str, token: str) -> Page:
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="en-GB")
    context.set_default_timeout(PATIENCE_MS)
    context.add_cookies([{"name": "showfloor_session", "value": token, "url": url}])
    context.add_init_script(NOTING)
    page = context.new_page()
    page.goto(f"{url}/live/{session}/air")
    expect(page.get_by_text("Connected")).to_be_visible(timeout=PATIENCE_MS)
    expect(page.locator(".bag-title")).to_have_count(PRODUCTS)
    return page


def measure(change: Change, actor: Page, other: Page, text: str) -> Took:
    """Let one do it, and return how long it took until the other saw it."""
    other.evaluate(WAIT % SHOWN[change.shown], text)
    actor.evaluate("window.answered = 0")
    change.act(actor, text)
    seen = float(other.evaluate("window.seen"))
    answered = soon(lambda: float(actor.evaluate("window.answered")))
    clicked = float(actor.evaluate("window.clicked"))
    return Took(max(0.0, seen - answered) / 1_000, (seen - clicked) / 1_000)


def work(pages: list[Page], numbers: range) -> dict[str, list[Took]]:
    """Do everything once for each number, each time by the other one of the two."""
    took: dict[str, list[Took]] = {change.name: [] for change in (*CHANGES, SCRIPT)}
    _open(pages, "Run of show")
    for number in numbers:
        actor, other = pages if number % 2 == 0 else reversed(pages)
        last = actor.locator(".bag-title").last.inner_text()
        texts = {"pin": last, "unpin": last, "move of a product": last}
        for change in CHANGES:
            text = texts.get(change.name, f"{change.name} {number}")
            took[change.name].append(measure(change, actor, other, text))
    _open(pages, "Script")
    for number in numbers:
        actor, other = pages if number % 2 == 0 else reversed(pages)
        took[SCRIPT.name].append(measure(SCRIPT, actor, other, f"First the tea.\nThen cup {number}."))
    return took


def _open(pages: list[Page], tab: str) -> None:
    for page in pages:
        page.get_by_role("region", name="Run of show and script").get_by_role("tab", name=tab).click()


def race(services: Services, session: str, tokens: list[str]) -> str:
    """Let both send a text with the same version, at the same time. Returns the text that holds."""
    people = [Rest(services.url, token) for token in tokens]
    path = f"/sessions/{session}"
    text = ""
    for number in range(RACES):
        version = people[0].get(path)["session"]["version"]

        def send(who: int, version: int = version, number: int = number) -> int:
            body, seen = {"script": f"race {number} of {who}"}, {"If-Match": f'"{version}"'}
            return people[who].send("PUT", f"{path}/script", body, headers=seen).status_code

        with ThreadPoolExecutor(len(people)) as pool:
            codes = list(pool.map(send, range(len(people))))
        if sorted(codes) != [200, 412]:
            raise RuntimeError(f"two texts of one version were answered {codes}")
        text = f"race {number} of {codes.index(200)}"
        if (kept := people[0].get(path)["session"]["script"]) != text:
            raise RuntimeError(f"acknowledged {text!r}, kept {kept!r}")
    return text


def check(services: Services, session: str, token: str, pages: list[Page], script: str) -> None:
    """Raise unless both pages come to show the same, and what the API says."""
    rest = Rest(services.url, token)
    for page in pages:
        expect(page.locator(".script-form textarea")).to_have_value(script, timeout=PATIENCE_MS)
    _open(pages, "Run of show")
    for page in pages:
        expect(page.locator(".bag-title")).to_have_count(PRODUCTS)
    bag = [item["product"]["title"] for item in rest.get(f"/sessions/{session}/bag")["items"]]
    said = [one["text"] for one in rest.get(f"/sessions/{session}/comments", page_size=200)["comments"]]
    title = rest.get(f"/sessions/{session}")["session"]["title"]
    told: dict[str, Any] = {"bag": bag, "newest": said[0], "title": title}
    for page in pages:
        shown = {
            "bag": page.locator(".bag-title").all_inner_texts(),
            "newest": page.locator(".comment-host .comment-text", has_text=said[0]).first.inner_text(),
            "title": page.locator("h1").inner_text(),
        }
        if shown != told:
            raise RuntimeError(f"the API says {told}, a desk shows {shown}")
    if len(set(said)) != len(said):
        raise RuntimeError("a comment was kept twice")


def main(quick: bool) -> list[Result]:
    """Measure every kind of change."""
    with Services() as services:
        made, tokens = live_session(services)
        with desks(services, made.session, tokens) as pages:
            work(pages, range(1))  # the first time reads code and makes connections
            took = work(pages, range(1, 3 if quick else TIMES + 1))
            check(services, made.session, tokens[0], pages, race(services, made.session, tokens))
    return [_result(name, all_of) for name, all_of in took.items()]


def _result(name: str, took: list[Took]) -> Result:
    answer = percentiles(one.from_answer for one in took)
    click = percentiles(one.from_click for one in took)
    longest = max(one.from_answer for one in took) * 1_000
    return Result(
        f"{name}, until the other desk shows it, longest",
        "ms",
        longest,
        target=BOUND,
        ours_latency=answer,
        note=f"{len(took)} times; from the click {click}",
    )

"""Where a page lives: real paths behind any prefix, the addresses of before."""

import gzip
import re
from pathlib import Path

import pytest
import shop
from backend import PREFIX, Served
from playwright.sync_api import Page, expect


def test_a_lives_address_leads_to_the_step_that_fits(page: Page, served: Served) -> None:
    served.state.sessions[shop.NEW] = shop.session(shop.NEW, "Next week", "prepared", start_time=None)
    for session, step in ((shop.NEW, "plan"), (shop.LIVE, "air"), (shop.ENDED, "review")):
        page.goto(f"{served.url}live/{session}")
        expect(page).to_have_url(f"{served.url}live/{session}/{step}")


@pytest.mark.parametrize("prefix", ["", f"{PREFIX[1:]}/"])
def test_every_address_of_before_leads_to_its_path(page: Page, served: Served, prefix: str) -> None:
    home = served.url + prefix
    for old, new in (
        (f"#/session/{shop.LIVE}", f"live/{shop.LIVE}/air"),
        (f"#/session/{shop.LIVE}?own=true&camera=false", f"live/{shop.LIVE}/air?own=true"),
        (f"#/board/{shop.LIVE}", f"live/{shop.LIVE}/board"),
        ("#/analytics", "analytics/sessions"),
        (f"#/analytics/{shop.ENDED}", f"live/{shop.ENDED}/review"),
        ("#/sign-in", "sign-in"),
        (f"#/watch/{shop.LIVE}?channel=share", f"watch/{shop.LIVE}?channel=share"),
        ("#/watch", "watch"),
    ):
        page.goto("about:blank")
        page.goto(home + old)
        expect(page).to_have_url(re.compile(re.escape(home + new)))
        expect(page.get_by_role("heading").first).to_be_visible()
    page.goto(f"{home}live")
    page.goto(f"{home}live#/board/{shop.LIVE}")
    expect(page).to_have_url(f"{home}live/{shop.LIVE}/board")


def test_a_folder_of_its_own_is_all_the_console_needs(page: Page, served: Served) -> None:
    home = f"{served.url}{PREFIX[1:]}/"
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    served.state.signed_in = False
    page.goto(f"{home}live/{shop.ENDED}/review")
    expect(page).to_have_url(re.compile(f"{home}sign-in"))
    page.get_by_label("E-mail").fill("host@example.com")
    page.get_by_label("Password").fill("correct horse")
    page.get_by_role("button", name="Sign in").click()
    expect(page).to_have_url(f"{home}live/{shop.ENDED}/review")
    expect(page.get_by_role("heading", name="Sunday slow living")).to_be_visible()
    page.goto(f"{home}watch")
    page.get_by_role("link", name="Autumn drop").click()
    expect(page.get_by_role("button", name="Join")).to_be_visible()
    expect(page).to_have_url(f"{home}watch/{shop.LIVE}")
    assert [url for url in asked if not url.startswith(home)] == []


def test_every_asset_worth_it_is_compressed_at_build(built: Path) -> None:
    for file in (built / "assets").glob("*.js"):
        if file.stat().st_size >= 1024:
            assert gzip.decompress(file.with_name(f"{file.name}.gz").read_bytes()) == file.read_bytes()
            assert file.with_name(f"{file.name}.br").stat().st_size < file.stat().st_size


def initial(built: Path, page: str) -> int:
    """Count the bytes of JavaScript, as gzip sends them, that a page names: what it needs before it shows anything."""
    names = re.findall(r'(?:src|href)="\./(assets/[^"]+\.js)"', (built / page).read_text())
    assert names
    return sum(len(gzip.compress((built / name).read_bytes(), 9)) for name in names)


def test_a_buyers_phone_loads_less_than_100_kb_of_code(built: Path) -> None:
    assert initial(built, "watch.html") < 100_000

"""Each part of `/design`, light and dark, beside the picture of it that is kept in the repository.

Pictures are kept at a quarter of their size, so that how one machine smooths the edges of letters does not count and a
colour, a size or a place does. `make design-pictures` takes them anew."""

import io
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from backend import Served
from PIL import Image, ImageChops
from playwright.sync_api import BrowserContext, expect

KEPT = Path(__file__).parent / "design"
TAKE = bool(os.environ.get("SHOWFLOOR_TAKE_PICTURES"))
SMALLER = 4
# A pixel differs when one of its colours is further off than this, of 255; so many of a thousand may.
FAR, MOST_PER_MILLE = 48, 4
ROUNDING = 1  # pixels that a height may differ by


def small(png: bytes) -> Image.Image:
    return Image.open(io.BytesIO(png)).convert("RGB").reduce(SMALLER)


def difference(one: Image.Image, other: Image.Image) -> float:
    """Return how many of a thousand pixels differ; all of them when the sizes do."""
    if any(abs(a - b) > ROUNDING for a, b in zip(one.size, other.size, strict=True)):
        return 1000
    width, height = (min(sizes) for sizes in zip(one.size, other.size, strict=True))
    area = (0, 0, width, height)
    apart = ImageChops.difference(one.crop(area), other.crop(area))
    red, green, blue = apart.split()
    far = sum(ImageChops.lighter(ImageChops.lighter(red, green), blue).histogram()[FAR + 1 :])
    return 1000 * far / (width * height)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_part_looks_as_it_did(profiles: Callable[..., BrowserContext], served: Served, scheme: Any) -> None:
    page = profiles(color_scheme=scheme, reduced_motion="reduce", viewport={"width": 1024, "height": 900}).new_page()
    page.goto(f"{served.url}design")
    parts = page.locator(".design-parts > *")
    expect(parts.last).to_be_visible()
    page.evaluate("document.fonts.ready")
    page.wait_for_load_state("networkidle")
    differ: dict[str, float] = {}
    for place in range(parts.count()):
        name = f"{scheme}-{place + 1}"
        picture = small(parts.nth(place).screenshot(animations="disabled", caret="hide"))
        kept = KEPT / f"{name}.png"
        if TAKE:
            KEPT.mkdir(exist_ok=True)
            picture.quantize(64).save(kept, optimize=True)
        elif (apart := difference(picture, Image.open(kept).convert("RGB"))) > MOST_PER_MILLE:
            differ[name] = apart
    assert differ == {}


def test_a_colour_or_a_size_is_noticed_and_an_edge_is_not() -> None:
    white = Image.new("RGB", (100, 100), "white")
    button, edge = white.copy(), white.copy()
    button.paste((0, 107, 94), (10, 10, 30, 20))
    edge.paste((225, 225, 225), (10, 10, 30, 20))
    assert difference(white, button) > MOST_PER_MILLE
    assert difference(white, edge) == 0
    assert difference(white, Image.new("RGB", (100, 110), "white")) == 1000

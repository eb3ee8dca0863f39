"""What is wrong with a page as it is drawn: too wide, texts over each other, what axe finds."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

AXE = Path(__file__).parents[3] / "services/gateway/console/node_modules/axe-core/axe.min.js"
WIDE = "() => document.documentElement.scrollWidth > document.documentElement.clientWidth"

# Two texts overlap where both are drawn in one place and nothing opaque lies between them.
OVERLAPS = """() => {
  const opaque = (element) => {
    const [, , , alpha = "1"] = getComputedStyle(element).backgroundColor.match(/[\\d.]+/g) ?? [];
    return Number(alpha) > 0.9;
  };
  const texts = [];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walk.nextNode(); node; node = walk.nextNode()) {
    const element = node.parentElement;
    if (!node.data.trim() || !element.checkVisibility({ opacityProperty: true, visibilityProperty: true })) continue;
    if (element.closest("svg, script, [aria-hidden=true]")) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    for (const box of range.getClientRects())
      if (box.width > 2 && box.height > 2 && box.top >= 0 && box.bottom <= innerHeight)
        texts.push({ element, box, words: node.data.trim() });
  }
  const found = [];
  texts.forEach((one, at) => {
    for (const other of texts.slice(at + 1)) {
      if (one.element === other.element) continue;
      const left = Math.max(one.box.left, other.box.left), right = Math.min(one.box.right, other.box.right);
      const top = Math.max(one.box.top, other.box.top), bottom = Math.min(one.box.bottom, other.box.bottom);
      if (right - left < 3 || bottom - top < 5) continue;
      const stack = document.elementsFromPoint((left + right) / 2, (top + bottom) / 2);
      const places = [stack.indexOf(one.element), stack.indexOf(other.element)];
      if (places.includes(-1)) continue;
      if (!stack.slice(0, Math.max(...places)).some(opaque)) found.push(`${one.words} / ${other.words}`);
    }
  });
  return found;
}"""


def findings(page: Page) -> list[dict[str, Any]]:
    """What axe finds that is serious or critical, each with the elements. What was read out goes by itself."""
    if not AXE.exists():
        pytest.skip("axe-core is not installed: run npm ci in services/gateway/console")
    page.evaluate(AXE.read_text())  # not as a script of the page, which its policy would refuse
    answer = page.evaluate("axe.run({ exclude: ['[data-live-announcer]'] }, { resultTypes: ['violations'] })")
    return [
        {"id": one["id"], "nodes": [{"html": node["html"], "why": node["failureSummary"]} for node in one["nodes"]][:3]}
        for one in answer["violations"]
        if one["impact"] in ("serious", "critical")
    ]

"""The routes of Home, answered with what an account that has done some things would get."""

from datetime import UTC, datetime, timedelta
from typing import Any

import shop

Json = dict[str, Any]
DONE = ("schedule_event", "go_live", "show_products", "pin_product")
OPEN = ("promote_event", "stay_on_air", "answer_viewers")
GUIDES = (
    ("choose-products", "tutorial", "product_selection", "Choose what you show"),
    ("shape-the-hour", "tutorial", "content_structure", "Give your LIVE a shape"),
    ("say-why-to-buy", "tutorial", "sales_pitch", "Say why to buy, and why now"),
    ("keep-out-of-trouble", "tutorial", "violation_risk", "Keep out of trouble"),
    ("two-products-one-hour", "example", "product_selection", "One hour, two products"),
)


def home() -> Json:
    """Return what GetHome answers."""
    now = datetime.now(UTC)
    sunday = shop.stamp(now + timedelta(days=4))
    checklist = [{"deed": deed, "done": True, "last_time": shop.stamp(now - timedelta(days=3))} for deed in DONE]
    task = {"minutes": 30, "period_start_time": shop.stamp(now - timedelta(days=3)), "period_end_time": sunday}
    return {
        "checklist": [*checklist, *({"deed": deed, "done": False} for deed in OPEN)],
        "checklist_days": 28,
        "tasks": [
            {"task": "week-2", "title": "Two LIVEs this week", "reward": "Badge “On the air”", "goal": 2, "lives": 2,
             "completed": True, **task},
            {"task": "week-4", "title": "Four LIVEs this week", "reward": "Badge “Steady host”", "goal": 4, "lives": 2,
             "completed": False, **task},
        ],
        "rewards": [
            {"task": "week-2", "title": "Two LIVEs this week", "reward": "Badge “On the air”",
             "time": shop.stamp(now - timedelta(days=1)), "period_start_time": shop.stamp(now - timedelta(days=3))},
        ],
        "promote": [],
        "guides": [_guide(*one) for one in GUIDES],
    }  # fmt: skip


def _guide(slug: str, kind: str, topic: str, title: str) -> Json:
    summary = "A short list with one clear star sells more than a long one that nobody remembers."
    return {"slug": slug, "kind": kind, "topic": topic, "title": title, "summary": summary, "minutes": 3}


def reads(state: Json, path: list[str]) -> Json | None:
    """Answer a GET, or None for a path that is not known. `state` is what GetHome answers."""
    match path:
        case ["home"]:
            return state
        case ["guides", slug]:
            found = next((one for one in state["guides"] if one["slug"] == slug), None)
            blocks = [
                {"kind": "paragraph", "text": "Viewers decide within seconds whether a LIVE is for them."},
                {"kind": "heading", "text": "Build the list around one star"},
                {"kind": "item", "text": "Pick one product that most of your viewers could want tonight."},
                {"kind": "item", "text": "Add two or three companions that make sense beside it."},
            ]
            return {"guide": found, "blocks": blocks} if found else None
    return None

"""The checklist, the reminder to promote, and what a guide may be."""

from datetime import UTC, datetime, timedelta

import pytest

from showfloor.events.home.domain.checklist import DEEDS, checklist
from showfloor.events.home.domain.guides import BadGuide, Block, read_guide
from showfloor.events.home.domain.promoting import is_to_promote

NOW = datetime(2026, 5, 4, 18, tzinfo=UTC)
LATELY = timedelta(days=28)
HEAD = "---\ntitle: A title\ntopic: sales_pitch\nsummary: One sentence.\nminutes: 3\norder: 1\n---\n"


@pytest.mark.requirement("R5")
def test_a_checklist_says_what_was_done_of_late_and_what_never() -> None:
    last = {"go_live": NOW - timedelta(days=2), "pin_product": NOW - timedelta(days=29)}
    found = {item.deed: (item.done, item.last_at) for item in checklist(last, {"promote_event"}, NOW, LATELY)}
    assert list(found) == list(DEEDS)
    assert found["go_live"] == (True, NOW - timedelta(days=2))
    assert found["pin_product"] == (False, NOW - timedelta(days=29))
    assert found["schedule_event"] == (False, None)
    assert found["promote_event"] == (True, None)


@pytest.mark.requirement("R104")
@pytest.mark.parametrize(
    ("ahead", "promoted", "reminded"),
    [(73, False, False), (72, False, True), (48, False, True), (1, False, True), (0, False, False), (60, True, False)],
)
def test_a_host_is_reminded_from_three_days_before(ahead: int, promoted: bool, reminded: bool) -> None:
    assert is_to_promote(NOW + timedelta(hours=ahead), NOW, promoted=promoted) is reminded


def test_a_guide_is_read_into_plain_blocks() -> None:
    guide = read_guide("a-title", "tutorial", HEAD + "One\nline.\n\n## Head\n- item\nAfter it.\n")
    assert (guide.head.title, guide.head.minutes) == ("A title", 3)
    assert guide.blocks == (
        Block("paragraph", "One line."),
        Block("heading", "Head"),
        Block("item", "item"),
        Block("paragraph", "After it."),
    )


@pytest.mark.parametrize(
    "text",
    [
        "no front matter",
        HEAD,
        HEAD + "<b>bold</b>",
        HEAD + "# One mark",
        HEAD.replace("sales_pitch", "weather") + "Text.",
        HEAD.replace("minutes: 3", "minutes: many") + "Text.",
        HEAD.replace("order: 1", "order: 1\nauthor: me") + "Text.",
        HEAD.replace("title: ", "title ") + "Text.",
    ],
)
def test_what_is_no_guide_is_refused_with_its_name(text: str) -> None:
    with pytest.raises(BadGuide, match=r"^a-title: "):
        read_guide("a-title", "tutorial", text)

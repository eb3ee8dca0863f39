"""Guides and LIVE tasks as files: those that are shipped, and those of whoever runs Showfloor."""

from pathlib import Path

import pytest

from showfloor.events.home.edges.content import load_content
from showfloor.platform.startup_error import StartupError

GUIDE = "---\ntitle: {0}\ntopic: sales_pitch\nsummary: Ours.\nminutes: 1\norder: 0\n---\nText.\n"
TASK = '[[task]]\nkey = "{0}"\ntitle = "Once"\nperiod = "{1}"\ngoal = {2}\nminutes = 5\nreward = "Tea"\n'


def test_what_is_shipped_is_whole() -> None:
    content = load_content(None)
    kinds = [guide.kind for guide in content.guides.values()]
    assert (kinds.count("tutorial"), kinds.count("example")) == (4, 3)
    assert all(len(guide.blocks) >= 8 for guide in content.guides.values())
    assert [task.period for task in content.tasks] == ["week", "week", "month"]


def test_own_files_take_the_place_of_ours_and_are_added(tmp_path: Path) -> None:
    (tmp_path / "tutorials").mkdir()
    for slug, title in (("choose-products", "Choose ours"), ("our-rules", "Our rules")):
        (tmp_path / "tutorials" / f"{slug}.md").write_text(GUIDE.format(title))
    (tmp_path / "tutorials" / "notes.txt").write_text("no guide")
    (tmp_path / "tasks.toml").write_text(TASK.format("once", "week", 1))
    content, shipped = load_content(tmp_path), load_content(None)
    assert set(content.guides) == {*shipped.guides, "our-rules"}
    assert content.guides["choose-products"].head.title == "Choose ours"
    assert [task.key for task in content.tasks] == ["once"]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("tutorials/bad.md", "no front matter"),
        ("tasks.toml", "[[task"),
        ("tasks.toml", TASK.format("a", "day", 1)),
        ("tasks.toml", TASK.format("a", "week", 0)),
        ("tasks.toml", TASK.format("a", "week", 1) * 2),
        ("tasks.toml", TASK.format("a", "week", 1) + "more = 1\n"),
    ],
)
def test_a_broken_file_stops_the_start_and_is_named(tmp_path: Path, name: str, text: str) -> None:
    file = tmp_path / name
    file.parent.mkdir(exist_ok=True)
    file.write_text(text)
    with pytest.raises(StartupError) as error:
        load_content(tmp_path)
    assert error.value.place == str(file)

"""Nobody keeps what people write, are called, or can be reached by without saying so: the inventory is whole."""

import sys
from pathlib import Path
from typing import Any, ClassVar, Literal
from uuid import UUID

import msgspec
import pytest

sys.path.insert(0, str(Path(__file__).parent))

import personal_data

from showfloor.kernel.event import Event

SECURITY = Path(__file__).parents[3] / "docs/security.md"
KINDS = {"plain", "pseudonym", "secret", "sealed"}


class Item(msgspec.Struct):
    """Something with a word in it."""

    word: str


class Noted(Event, frozen=True, kw_only=True):
    """An event with every kind of field."""

    TOPIC: ClassVar[str] = "thing.noted"

    thing_id: UUID
    text: str | None = None
    items: tuple[Item, ...] = ()
    side: Literal["left", "right"] = "left"
    count: int = 0


@pytest.mark.requirement("D20")
def test_every_text_that_is_kept_is_declared(postgres_server: Any) -> None:
    kept = {*personal_data.fields(), *personal_data.columns(postgres_server.dsn("postgres"))}
    declared = personal_data.inventory()
    assert kept - declared.keys() == set(), (
        f"say in {personal_data.INVENTORY.name} what these are, and seal what is personal"
    )
    assert declared.keys() - kept == set(), "these are kept no more"
    assert set(declared.values()) == KINDS


@pytest.mark.requirement("D20")
def test_what_is_declared_sealed_of_events_is_sealed() -> None:
    declared = {place for place, kind in personal_data.inventory().items() if kind == "sealed"}
    for service, found in personal_data.events().items():
        for topic, event in found.items():
            for name in event.PERSONAL:
                assert f"{service} {topic} {name}" in declared
                declared.discard(f"{service} {topic} {name}")
    topics = {f"{service} {topic}" for service, found in personal_data.events().items() for topic in found}
    assert not [place for place in declared if place.rpartition(" ")[0] in topics]


def test_the_docs_list_all_that_is_sealed() -> None:
    text = SECURITY.read_text()
    sealed = [place.split() for place, kind in personal_data.inventory().items() if kind == "sealed"]
    missing = [f"{table}.{column}" for _, table, column in sealed if f"`{table}.{column}`" not in text]
    assert missing == []


def test_a_field_that_can_hold_text_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(personal_data, "events", lambda: {"things": {"thing.noted": Noted}})
    found = [one for one in personal_data.fields() if one.startswith("things")]
    assert found == ["things thing.noted text", "things thing.noted items"]

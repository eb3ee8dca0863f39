"""Golden histories: every event ever stored by any service is read by today's code, and means what it meant.

`tests/contract/SERVICE/histories/<topic>-<version>.json` holds one stored event as it lies in the log, and what the
stream's state was after it. A file is written once and never edited. For a new event or version:

    python tests/contract/project/test_histories.py

writes the files that are missing and leaves the others alone.
"""

import importlib
import sys
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID

import msgspec
import pytest

from showfloor.cli.services import services
from showfloor.eventstore.mapper import Mapper
from showfloor.kernel.decider import Decider
from showfloor.kernel.event import Event, Meta
from showfloor.session.activity.domain.gift import GiftGrown, GiftSent
from showfloor.session.activity.domain.order import OrderEvent, OrderPaid, OrderPlaced
from showfloor.session.catalogue.domain.product import (
    ProductArchived,
    ProductCreated,
    ProductRestored,
    ProductUpdated,
)
from showfloor.session.show.domain.session_events import (
    AddedToBag,
    SessionCorrected,
    SessionEvent,
    SessionImported,
    SessionOpened,
)
from showfloor.testing.samples import made

CONTRACT = Path(__file__).parents[1]
# What a service writes is what its `service.py` opens the store with.
DECIDERS = {one.name: tuple(importlib.import_module(f"{one.module}.service").DECIDERS) for one in services()}


class Kind(NamedTuple):
    """A kind of event, and whose it is."""

    service: str
    decider: Decider[Any]
    event: type[Event]

    @property
    def golden(self) -> Path:
        return CONTRACT / self.service / "histories" / f"{self.event.TOPIC}-{self.event.VERSION}.json"


KINDS = [
    Kind(service, decider, event)
    for service, deciders in DECIDERS.items()
    for decider in deciders
    for event in decider.events
]
FILES = [(service, file) for service in DECIDERS for file in sorted((CONTRACT / service / "histories").glob("*.json"))]


def kept_of(now: Any, then: Any) -> Any:
    """Return the part of today's state that there was then: fields added later are free."""
    if isinstance(now, dict) and isinstance(then, dict):
        return {name: kept_of(value, then[name]) for name, value in now.items() if name in then}
    if isinstance(now, list) and isinstance(then, list) and len(now) == len(then):
        return [kept_of(one, other) for one, other in zip(now, then, strict=True)]
    return now


def stored(service: str, topic: str, state: str) -> Event:
    row = (1, UUID(int=1), 1, topic, state.encode())
    return Mapper(DECIDERS[service]).decode(row).event


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: f"{kind.service}-{kind.event.TOPIC}")
def test_every_event_has_its_golden_history(kind: Kind) -> None:
    assert kind.golden.exists(), (
        f"run `.venv/bin/python {Path(__file__).relative_to(CONTRACT.parents[1])}` and commit {kind.golden.name}"
    )


@pytest.mark.parametrize(("service", "file"), FILES, ids=lambda value: getattr(value, "stem", value))
def test_history_is_read_by_todays_code(service: str, file: Path) -> None:
    history = msgspec.json.decode(file.read_bytes())
    by_name = {decider.name: decider for decider in DECIDERS[service]}
    decider = by_name[history["decider"]]
    state = decider.initial()
    for one in history["events"]:
        state = decider.evolve(state, stored(service, one["topic"], one["state"]))
    now = msgspec.json.decode(msgspec.json.encode(state))
    assert kept_of(now, history["after"]) == history["after"]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: f"{kind.service}-{kind.event.TOPIC}")
def test_what_is_written_today_is_the_golden_shape(kind: Kind) -> None:
    """A renamed or removed field would be lost silently in old events."""
    history = msgspec.json.decode(kind.golden.read_bytes())
    _, fields = msgspec.json.decode(history["events"][-1]["state"])
    assert set(fields) <= {field.name for field in msgspec.structs.fields(kind.event)}


def history_of(kind: Kind) -> list[Event]:
    """Return a short history that ends with the event and that a decider can follow."""
    if kind.service == "session":
        return history_of_session(kind)
    begins = kind.decider.events[0]  # the one that begins a stream stands first
    return [made(one) for one in ([kind.event] if kind.event is begins else [begins, kind.event])]


def history_of_session(kind: Kind) -> list[Event]:
    """Do the same where an event needs more than a beginning."""
    event = kind.event
    before: list[type[Event]] = []
    if event is SessionCorrected:
        before = [SessionImported]
    elif issubclass(event, SessionEvent) and event not in (SessionOpened, SessionImported):
        before = [SessionOpened]
        if ("product" in event.TOPIC or event.TOPIC.endswith("_bag")) and event is not AddedToBag:
            before.append(AddedToBag)
        if event.TOPIC == "session.product_unpinned":
            before.append(next(one for one in kind.decider.events if one.TOPIC == "session.product_pinned"))
    if issubclass(event, OrderEvent) and event is not OrderPlaced:
        before = [OrderPlaced] + ([OrderPaid] if event.TOPIC == "order.refunded" else [])
    if event is GiftGrown:
        before = [GiftSent]
    if event in (ProductUpdated, ProductArchived, ProductRestored):
        before = [ProductCreated] + ([ProductArchived] if event is ProductRestored else [])
    events = [made(one) for one in [*before, event]]
    if event.TOPIC in ("session.removed_from_bag", "session.moved_in_bag"):
        (added,) = (one for one in events if isinstance(one, AddedToBag))
        events[-1] = msgspec.structs.replace(events[-1], bag=added.product_ids)  # type: ignore[call-arg]
    return events


def test_the_first_event_of_a_new_service_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.modules[__name__], "CONTRACT", tmp_path)
    monkeypatch.setattr(sys.modules[__name__], "KINDS", KINDS[:1])
    write_missing()
    assert KINDS[0].golden.is_file() and KINDS[0].golden.is_relative_to(tmp_path)


def write_missing() -> None:
    for kind in KINDS:
        if kind.golden.exists():
            continue
        mapper, state, lines = Mapper(DECIDERS[kind.service]), kind.decider.initial(), []
        for one in history_of(kind):
            topic, encoded = mapper.encode(one, Meta(actor="user:1", request_id="r-1", traceparent="00-1-2-01"))
            lines.append({"topic": topic, "state": encoded.decode()})
            as_it_lies_there = stored(kind.service, topic, encoded.decode())
            state = kind.decider.evolve(state, as_it_lies_there)
        history = {"decider": kind.decider.name, "events": lines, "after": msgspec.to_builtins(state, str_keys=True)}
        kind.golden.parent.mkdir(parents=True, exist_ok=True)
        kind.golden.write_bytes(msgspec.json.format(msgspec.json.encode(history), indent=1) + b"\n")
        sys.stdout.write(f"wrote {kind.golden.relative_to(CONTRACT)}\n")


if __name__ == "__main__":
    write_missing()

"""Golden histories: every event ever stored is read by today's code, and means what it meant.

`histories/<topic>-<version>.json` holds one stored event as it lies in the log, and what the stream's state
was after it. A file is written once and never edited. For a new event or version:

    python tests/contract/session/test_histories.py

writes the files that are missing and leaves the others alone.
"""

import sys
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
import pytest

from showfloor.eventstore.mapper import Mapper
from showfloor.kernel.decider import Decider
from showfloor.kernel.event import Event, Meta
from showfloor.session.domain.deciders import DECIDERS
from showfloor.session.domain.gift import GiftGrown, GiftSent
from showfloor.session.domain.order import OrderEvent, OrderPaid, OrderPlaced
from showfloor.session.domain.session_events import (
    ProductsAdded,
    SessionCorrected,
    SessionEvent,
    SessionImported,
    SessionOpened,
)
from showfloor.testing.samples import made

FOLDER = Path(__file__).parent / "histories"
EVENTS = [(decider, event) for decider in DECIDERS for event in decider.events]


def golden(event: type[Event]) -> Path:
    return FOLDER / f"{event.TOPIC}-{event.VERSION}.json"


def kept_of(now: Any, then: Any) -> Any:
    """Return the part of today's state that there was then: fields added later are free."""
    if isinstance(now, dict) and isinstance(then, dict):
        return {name: kept_of(value, then[name]) for name, value in now.items() if name in then}
    if isinstance(now, list) and isinstance(then, list) and len(now) == len(then):
        return [kept_of(one, other) for one, other in zip(now, then, strict=True)]
    return now


def stored(topic: str, state: str) -> Event:
    row = (1, UUID(int=1), 1, topic, state.encode())
    return Mapper(DECIDERS).decode(row).event


@pytest.mark.parametrize(("decider", "event"), EVENTS, ids=lambda value: getattr(value, "TOPIC", ""))
def test_every_event_has_its_golden_history(decider: Decider[Any], event: type[Event]) -> None:
    assert golden(event).exists(), f"run `python {Path(__file__).name}` and commit {golden(event).name}"


@pytest.mark.parametrize("file", sorted(FOLDER.glob("*.json")), ids=lambda file: file.stem)
def test_history_is_read_by_todays_code(file: Path) -> None:
    history = msgspec.json.decode(file.read_bytes())
    by_name = {decider.name: decider for decider in DECIDERS}
    decider = by_name[history["decider"]]
    state = decider.initial()
    for one in history["events"]:
        state = decider.evolve(state, stored(one["topic"], one["state"]))
    now = msgspec.json.decode(msgspec.json.encode(state))
    assert kept_of(now, history["after"]) == history["after"]


@pytest.mark.parametrize(("decider", "event"), EVENTS, ids=lambda value: getattr(value, "TOPIC", ""))
def test_what_is_written_today_is_the_golden_shape(decider: Decider[Any], event: type[Event]) -> None:
    """A renamed or removed field would be lost silently in old events."""
    history = msgspec.json.decode(golden(event).read_bytes())
    _, fields = msgspec.json.decode(history["events"][-1]["state"])
    assert set(fields) <= {field.name for field in msgspec.structs.fields(event)}


def history_of(event: type[Event]) -> list[Event]:
    """Return a short history that ends with the event and that a decider can follow."""
    before: list[type[Event]] = []
    if event is SessionCorrected:
        before = [SessionImported]
    elif issubclass(event, SessionEvent) and event not in (SessionOpened, SessionImported):
        before = [SessionOpened]
        if "product" in event.TOPIC and event is not ProductsAdded:
            before.append(ProductsAdded)
        if event.TOPIC == "session.product_unpinned":
            before.append(next(one for _, one in EVENTS if one.TOPIC == "session.product_pinned"))
    if issubclass(event, OrderEvent) and event is not OrderPlaced:
        before = [OrderPlaced] + ([OrderPaid] if event.TOPIC == "order.refunded" else [])
    if event is GiftGrown:
        before = [GiftSent]
    events = [made(one) for one in [*before, event]]
    if event.TOPIC in ("session.product_removed", "session.product_moved"):
        (added,) = (one for one in events if isinstance(one, ProductsAdded))
        events[-1] = msgspec.structs.replace(events[-1], bag=added.product_ids)  # type: ignore[call-arg]
    return events


def write_missing() -> None:
    mapper = Mapper(DECIDERS)
    for decider, event in EVENTS:
        if golden(event).exists():
            continue
        state = decider.initial()
        lines = []
        for one in history_of(event):
            topic, encoded = mapper.encode(one, Meta(actor="user:1", request_id="r-1", traceparent="00-1-2-01"))
            lines.append({"topic": topic, "state": encoded.decode()})
            state = decider.evolve(state, one)
        history = {"decider": decider.name, "events": lines, "after": msgspec.to_builtins(state)}
        golden(event).write_bytes(msgspec.json.format(msgspec.json.encode(history), indent=1) + b"\n")
        sys.stdout.write(f"wrote {golden(event).name}\n")


if __name__ == "__main__":
    write_missing()

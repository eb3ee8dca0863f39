"""The version that a view shows is the stream's own, whatever the last event was: no view forgets an event."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import msgspec
import pytest

from showfloor.cli.services import services
from showfloor.embedded.service import Service
from showfloor.eventstore.mapper import Mapper
from showfloor.eventstore.runtime import Runtime, open_store
from showfloor.eventstore.view import View
from showfloor.kernel.decider import Decider
from showfloor.kernel.event import Event
from showfloor.session.analytics.views import session_list
from showfloor.session.show.domain.session import SESSION
from showfloor.session.show.domain.session_events import BagShown, SessionDeleted, SessionEvent
from showfloor.testing.held import held
from showfloor.testing.samples import made
from showfloor.testing.waiting import PATIENCE

CONTRACTS = Path(__file__).parents[1]
GONE = {SessionDeleted.TOPIC}  # what is deleted is in no view any more
_TABLES = """
SELECT t.table_name AS name, k.column_name AS key FROM information_schema.columns t
JOIN information_schema.columns k USING (table_schema, table_name)
WHERE table_schema = %s AND t.column_name = 'version' AND k.ordinal_position = 1"""


def history(deciders: Iterable[Decider[Any]], event: type[Event]) -> list[Event]:
    """Return the golden history that ends with an event; without one, an instance of it."""
    golden = next(CONTRACTS.glob(f"*/histories/{event.TOPIC}-{event.VERSION}.json"), None)
    if golden is None:
        return [made(event)]
    mapper = Mapper(deciders)
    stored = msgspec.json.decode(golden.read_bytes())["events"]
    return [mapper.decode((1, UUID(int=1), 1, one["topic"], one["state"].encode())).event for one in stored]


def moved(value: Any, by: int) -> Any:
    """Return an event, or a part of one, about other things: every id is another one."""
    if isinstance(value, UUID):
        return UUID(int=value.int + (by << 64))
    if isinstance(value, msgspec.Struct):
        return type(value)(**{name: moved(getattr(value, name), by) for name in value.__struct_fields__})
    return tuple(moved(one, by) for one in value) if isinstance(value, tuple) else value


async def disagreements(runtime: Runtime, deciders: Sequence[Decider[Any]], views: Sequence[View]) -> list[str]:
    """Write every event of every decider, each to a stream of its own; say where a view has another version."""
    streams: dict[UUID, tuple[str, str, int]] = {}
    position = 0
    for at, (decider, event) in enumerate((one, event) for one in deciders for event in one.events):
        events = [moved(one, at + 1) for one in history(deciders, event)]
        stream = getattr(events[-1], f"{decider.name}_id", None) or uuid4()
        done = await runtime.store.execute(decider, stream, lambda _s, _f, events=events: list(events), None)
        position = done.position
        loaded = await runtime.store.load(decider, stream)
        assert loaded.version == getattr(loaded.state, "version", loaded.version) == len(events), event.TOPIC
        streams[stream] = (decider.name, event.TOPIC, loaded.version)
    await runtime.views.wait_for([view.name for view in views], position, timeout=PATIENCE)
    return [told for view in views for told in await _told(runtime, view, streams)]


async def _told(runtime: Runtime, view: View, streams: dict[UUID, tuple[str, str, int]]) -> list[str]:
    told = []
    for table in await runtime.database.fetch(_TABLES, (view.schema,)):
        rows = await runtime.database.fetch(f"SELECT {table['key']} AS stream, version FROM {table['name']}", ())
        shown = {row["stream"]: row["version"] for row in rows}
        kinds = {streams[stream][0] for stream in shown}
        for stream, (kind, topic, version) in streams.items():
            wanted = None if topic in GONE else version
            if kind in kinds and shown.get(stream) != wanted:
                told.append(f"{view.name}: {shown.get(stream)} after {topic}, the stream says {wanted}")
    return told


@pytest.mark.parametrize("service", services(), ids=lambda service: service.name)
async def test_every_view_has_the_version_of_the_stream(service: Service, database: str) -> None:
    deciders, views = held(service.module, Decider), held(service.module, View)
    assert deciders and views
    async with open_store(database, deciders, views) as runtime:
        assert await disagreements(runtime, deciders, views) == []


async def test_an_event_that_a_view_forgets_is_told(database: str) -> None:
    events = tuple(one for one in SessionEvent.__subclasses__() if one is not BagShown)
    forgetful = replace(session_list.VIEW, handles=events)
    async with open_store(database, [SESSION], [forgetful]) as runtime:
        told = await disagreements(runtime, [SESSION], [forgetful])
    assert told == ["session_list: 1 after session.bag_shown, the stream says 2"]

"""Which LIVE events are there? One row per event, kept also when it is deleted: its id still says whose it was."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, Final

from showfloor.events.schedule.domain.schedule_events import (
    EventDeleted,
    EventEnded,
    EventScheduled,
    EventSessionEnded,
    EventSessionStarted,
    EventUpdated,
    OfEvent,
)
from showfloor.eventstore.statements import Change
from showfloor.eventstore.upsert import insert, keyed
from showfloor.eventstore.view import View
from showfloor.kernel.event import Recorded

_DDL = """
CREATE TABLE live_event (
    event_id uuid PRIMARY KEY,
    account_id uuid NOT NULL,
    shop_id uuid NOT NULL,
    title text NOT NULL,
    description text NOT NULL,
    start_at timestamptz NOT NULL,
    end_at timestamptz NOT NULL,
    time_zone text NOT NULL,
    origin text NOT NULL,
    recommend_on_videos boolean NOT NULL,
    teaser_urls text[] NOT NULL,
    sequence integer NOT NULL,
    changes bigint NOT NULL, -- what expected_version is compared with
    made_at timestamptz NOT NULL,
    on_air boolean NOT NULL,
    over_at timestamptz,
    deleted boolean NOT NULL
);
CREATE INDEX live_event_account ON live_event (account_id, start_at, event_id) WHERE NOT deleted;
CREATE INDEX live_event_shop ON live_event (shop_id, start_at, event_id) WHERE NOT deleted;
CREATE INDEX live_event_order ON live_event (start_at, event_id) WHERE NOT deleted; -- for those who see very many
"""

_SCHEDULED: Final = """
INSERT INTO live_event
SELECT event_id, account_id, shop_id, title, description, start_at, end_at, time_zone, origin, false, '{}', 0, 1,
    made_at, false, NULL, false
FROM unnest(%s::uuid[], %s::uuid[], %s::uuid[], %s::text[], %s::text[], %s::timestamptz[], %s::timestamptz[],
    %s::text[], %s::text[], %s::timestamptz[])
AS v (event_id, account_id, shop_id, title, description, start_at, end_at, time_zone, origin, made_at)"""
# Teasers come as one text, since an array of arrays needs rows of one length; no address holds a line's end.
_UPDATED: Final = """
UPDATE live_event AS e SET title = v.title, description = v.description, start_at = v.start_at, end_at = v.end_at,
    time_zone = v.time_zone, recommend_on_videos = v.recommend, sequence = v.sequence, changes = v.changes,
    teaser_urls = string_to_array(v.teasers, E'\\n')
FROM unnest(%s::uuid[], %s::text[], %s::text[], %s::timestamptz[], %s::timestamptz[], %s::text[], %s::boolean[],
    %s::integer[], %s::bigint[], %s::text[])
AS v (event_id, title, description, start_at, end_at, time_zone, recommend, sequence, changes, teasers)
WHERE e.event_id = v.event_id"""


def _set(column: str, kind: str, value: str = "") -> str:
    return (
        f"UPDATE live_event AS e SET {column} = {value or f'v.{column}'} FROM unnest(%s::uuid[], %s::{kind}[])"  # noqa: S608
        f" AS v (event_id, {column}) WHERE e.event_id = v.event_id"
    )


_CHANGES: Final = {
    "updated": _UPDATED,
    "on_air": _set("on_air", "boolean"),
    "over": _set("over_at", "timestamptz"),
    "deleted": _set("deleted", "boolean"),
    "sequence": _set("sequence", "integer", "greatest(e.sequence, v.sequence)"),
}


def evolve(page: Sequence[Recorded]) -> Iterable[Change]:
    """Return new events first, then each kind of change once: the last one of the page for each event."""
    scheduled: list[tuple[Any, ...]] = []
    changes: dict[str, dict[Any, tuple[Any, ...]]] = defaultdict(dict)
    for recorded in page:
        event = recorded.event
        assert isinstance(event, OfEvent)
        if isinstance(event, EventScheduled):
            scheduled.append(_new(event))
        for change, values in _changed(event):
            changes[change][event.event_id] = (event.event_id, *values)
    yield from insert(_SCHEDULED, scheduled)
    for change, sql in _CHANGES.items():
        yield from keyed(sql, changes[change])


def _new(event: EventScheduled) -> tuple[Any, ...]:
    return (
        event.event_id, event.account_id, event.shop_id, event.title, event.description, event.start_at, event.end_at,
        event.time_zone, event.origin, event.at,
    )  # fmt: skip


def _changed(event: OfEvent) -> list[tuple[str, tuple[Any, ...]]]:
    match event:
        case EventUpdated():
            values = (
                event.title, event.description, event.start_at, event.end_at, event.time_zone,
                event.recommend_on_videos, event.sequence, event.change, "\n".join(event.teaser_urls),
            )  # fmt: skip
            return [("updated", values)]
        case EventSessionStarted():
            return [("on_air", (True,)), ("over", (None,)), ("deleted", (False,)), ("sequence", (event.sequence,))]
        case EventSessionEnded():
            return [("on_air", (False,))]
        case EventEnded():
            return [("over", (event.at,))]
        case EventDeleted():
            return [("deleted", (True,))]
        case _:
            return []


VIEW = View(
    name="live_event",
    ddl=_DDL,
    handles=(EventScheduled, EventUpdated, EventDeleted, EventSessionStarted, EventSessionEnded, EventEnded),
    evolve=evolve,
    version=2,
)

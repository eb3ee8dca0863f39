"""Which sessions are there? One row per session, and the totals of those that were imported."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, Final
from uuid import UUID

from showfloor.eventstore.statements import Statement
from showfloor.eventstore.upsert import insert, keyed
from showfloor.eventstore.view import View
from showfloor.kernel.event import Recorded
from showfloor.session.catalogue.domain.searching import search_key
from showfloor.session.show.domain.session_events import (
    AddedToBag,
    CommentPinned,
    CommentUnpinned,
    MovedInBag,
    PracticeEnded,
    PracticeStarted,
    ProductPinned,
    ProductUnpinned,
    RemovedFromBag,
    SessionCorrected,
    SessionDeleted,
    SessionDetailsExpired,
    SessionEnded,
    SessionEvent,
    SessionImported,
    SessionOpened,
    SessionRescheduled,
    SessionUpdated,
    WentLive,
)
from showfloor.session.show.domain.totals import Totals, totals_of

_DDL = """
CREATE TABLE session_row (
    session_id uuid PRIMARY KEY,
    account_id uuid NOT NULL,
    shop_id uuid NOT NULL,
    currency text NOT NULL,
    title text NOT NULL,
    title_key text NOT NULL, -- what a search compares
    state text NOT NULL,
    source text NOT NULL,
    simulated boolean NOT NULL,
    opened_at timestamptz NOT NULL,
    started_at timestamptz,
    ended_at timestamptz,
    sort_at timestamptz NOT NULL, -- started, or opened while it has not
    affiliate boolean, -- a creator's account, which earns commissions; NULL: not known
    pinned_product uuid,
    pinned_comment uuid,
    bag_size integer NOT NULL,
    version bigint NOT NULL,
    over_at timestamptz, -- the end on the real clock
    expired boolean NOT NULL, -- its details are no longer kept
    went_at timestamptz, -- on air, by the real clock
    touched_at timestamptz, -- the newest change of the session itself
    for_silence boolean NOT NULL, -- ended by policy
    event_id uuid, -- the LIVE event that it was prepared for
    not_before timestamptz -- that event's scheduled start
);
CREATE INDEX session_row_account ON session_row (account_id, sort_at DESC, session_id DESC);
CREATE INDEX session_row_shop ON session_row (shop_id, sort_at DESC, session_id DESC);
CREATE INDEX session_row_order ON session_row (sort_at DESC, session_id DESC); -- for those who see very many
CREATE INDEX session_row_state ON session_row (state, sort_at DESC, session_id DESC); -- for them, too
CREATE INDEX session_row_event ON session_row (event_id) WHERE event_id IS NOT NULL;
CREATE TABLE session_import ( -- what the source told last
    session_id uuid PRIMARY KEY,
    shop_id uuid NOT NULL,
    account_id uuid NOT NULL,
    reference text NOT NULL,
    views bigint,
    pcu bigint,
    acu bigint,
    average_stay bigint,
    likes bigint,
    gifts bigint,
    new_followers bigint,
    products bigint,
    units_sold bigint,
    gmv bigint
);
CREATE INDEX session_import_reference ON session_import (shop_id, reference);
"""

_OPENED = """
INSERT INTO session_row SELECT session_id, account_id, shop_id, currency, title, title_key, state, source, simulated,
    opened_at, started_at, ended_at, sort_at, affiliate, NULL, NULL, 0, 1, NULL, false, NULL, NULL, false, event_id,
    not_before
FROM unnest(
    %s::uuid[], %s::uuid[], %s::uuid[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::boolean[],
    %s::timestamptz[], %s::timestamptz[], %s::timestamptz[], %s::timestamptz[], %s::boolean[], %s::uuid[],
    %s::timestamptz[]
) AS one (session_id, account_id, shop_id, currency, title, title_key, state, source, simulated, opened_at, started_at,
    ended_at, sort_at, affiliate, event_id, not_before)"""
_TOTALS = (
    "views", "pcu", "acu", "average_stay", "likes", "gifts", "new_followers", "products", "units_sold", "gmv",
)  # fmt: skip
_IMPORTED = f"""
INSERT INTO session_import SELECT * FROM unnest(
    %s::uuid[], %s::uuid[], %s::uuid[], %s::text[]{", %s::bigint[]" * len(_TOTALS)})"""  # noqa: S608 - constants
_CORRECTED = f"""
UPDATE session_import SET {", ".join(f"{name} = v.{name}" for name in _TOTALS)}
FROM unnest(%s::uuid[]{", %s::bigint[]" * len(_TOTALS)}) AS v (id, {", ".join(_TOTALS)}) WHERE session_id = v.id"""  # noqa: S608

# Safe: an event says so, and nothing of a session comes back after it.
_DELETED: Final = "DELETE FROM session_row USING unnest(%s::uuid[]) AS gone (id) WHERE session_id = gone.id"


def _set(columns: dict[str, str], assign: str = "") -> str:
    names = ", ".join(columns)
    arrays = ", ".join(f"%s::{kind}[]" for kind in columns.values())
    assign = assign or ", ".join(f"{name} = v.{name}" for name in columns)
    return (
        f"UPDATE session_row SET {assign} FROM unnest(%s::uuid[], {arrays}) AS v (id, {names})"  # noqa: S608
        " WHERE session_id = v.id"
    )


# What can change: the columns, and the statement that sets them for many sessions at once.
_CHANGES = {
    "title": _set({"title": "text", "title_key": "text"}),
    "not_before": _set({"not_before": "timestamptz"}),
    "state": _set({"state": "text"}),
    "started": _set(
        {"started_at": "timestamptz", "went_at": "timestamptz"},
        "started_at = v.started_at, sort_at = v.started_at, went_at = v.went_at",
    ),
    "ended": _set({"ended_at": "timestamptz", "over_at": "timestamptz", "for_silence": "boolean"}),
    "corrected": _set(
        {"title": "text", "title_key": "text", "started_at": "timestamptz", "ended_at": "timestamptz"},
        "title = v.title, title_key = v.title_key, started_at = v.started_at, ended_at = v.ended_at,"
        " sort_at = v.started_at",
    ),
    "expired": _set({"expired": "boolean"}),
    "pinned_product": _set({"pinned_product": "uuid"}),
    "pinned_comment": _set({"pinned_comment": "uuid"}),
    "bag_size": _set({"bag_size": "integer"}),
    "version": _set({"version": "bigint", "touched_at": "timestamptz"}),
}


def evolve(page: Sequence[Recorded]) -> Iterable[Statement]:
    """Return new sessions first, then each kind of change once: the last one of the page for each session."""
    opened: list[tuple[Any, ...]] = []
    imported: list[tuple[Any, ...]] = []
    corrected: dict[Any, tuple[Any, ...]] = {}
    deleted: list[UUID] = []
    changes: dict[str, dict[Any, tuple[Any, ...]]] = defaultdict(dict)
    for recorded in page:
        event = recorded.event
        assert isinstance(event, SessionEvent)
        if isinstance(event, SessionOpened | SessionImported):
            opened.append(_new(event))
            if isinstance(event, SessionImported):
                about = (event.session_id, event.shop_id, event.account_id, event.reference)
                imported.append((*about, *_totals(totals_of(event))))
            continue
        if isinstance(event, SessionDeleted):
            deleted.append(event.session_id)
        if isinstance(event, SessionCorrected):
            corrected[event.session_id] = (event.session_id, *_totals(event.after))
        changes["version"][event.session_id] = (event.session_id, recorded.version, event.at)
        for change, values in _changed(event):
            changes[change][event.session_id] = (event.session_id, *values)
    yield from insert(_OPENED, opened)
    yield from insert(_IMPORTED, imported)
    yield from keyed(_CORRECTED, corrected)
    for change, sql in _CHANGES.items():
        yield from keyed(sql, changes[change])
    if deleted:
        yield Statement(_DELETED, columns=[deleted])


def _new(event: SessionOpened | SessionImported) -> tuple[Any, ...]:
    past = isinstance(event, SessionImported)
    started = event.started_at if isinstance(event, SessionImported) else None
    ended = event.ended_at if isinstance(event, SessionImported) else None
    return (
        event.session_id, event.account_id, event.shop_id, event.currency, event.title, search_key(event.title),
        "ended" if past else "prepared",
        "import" if isinstance(event, SessionImported) else event.source,
        False if isinstance(event, SessionImported) else event.simulated,
        event.at, started, ended, started or event.at,
        *((None, None, None) if isinstance(event, SessionImported) else
          (event.affiliate, event.event_id, event.not_before)),
    )  # fmt: skip


def _totals(told: Totals) -> tuple[Any, ...]:
    return (
        told.views, told.peak_viewers, told.average_viewers, told.average_stay_s, told.likes, told.gifts,
        told.new_followers, told.products, told.units_sold, told.gmv_minor,
    )  # fmt: skip


def _changed(event: SessionEvent) -> list[tuple[str, tuple[Any, ...]]]:  # noqa: PLR0911, PLR0912 - one per event
    match event:
        case PracticeStarted():
            return [("state", ("practice",))]
        case PracticeEnded():
            return [("state", ("prepared",))]
        case WentLive():
            return [("state", ("live",)), ("started", (event.at, event.went_at or event.at))]
        case SessionEnded():
            return [("state", ("ended",)), ("ended", (event.at, event.recorded_at, event.for_silence))]
        case SessionCorrected(after=after):
            return [("corrected", (after.title, search_key(after.title), after.started_at, after.ended_at))]
        case SessionDetailsExpired():
            return [("expired", (True,))]
        case SessionUpdated():
            return [("title", (event.title, search_key(event.title)))]
        case SessionRescheduled():
            return [("not_before", (event.not_before,))]
        case AddedToBag() | RemovedFromBag() | MovedInBag():
            return [("bag_size", (len(event.bag),))]
        case ProductPinned():
            return [("pinned_product", (event.product_id,))]
        case ProductUnpinned():
            return [("pinned_product", (None,))]
        case CommentPinned():
            return [("pinned_comment", (event.comment_id,))]
        case CommentUnpinned():
            return [("pinned_comment", (None,))]
        case _:
            return []  # a script, a replay and others: only the version changes


VIEW = View(
    name="session_list",
    ddl=_DDL,
    handles=(SessionEvent,),  # all of them: each one changes the version
    evolve=evolve,
    version=3,
)

"""A LIVE session with its shopping bag and pins: what is remembered."""

from datetime import datetime
from typing import Literal, assert_never
from uuid import UUID

import msgspec

from showfloor.kernel.decider import Decider
from showfloor.kernel.event import Event
from showfloor.session.show.domain.bag_times import InBag, joined, left
from showfloor.session.show.domain.session_events import (
    AddedToBag,
    BagEvent,
    BagShown,
    CommentPinned,
    CommentUnpinned,
    Lifecycle,
    MovedInBag,
    PlaybackKind,
    PlaybackSet,
    PracticeEnded,
    PracticeStarted,
    ProductPinned,
    ProductSource,
    ProductUnpinned,
    RemovedFromBag,
    ReplayRecorded,
    ScriptSet,
    SessionCorrected,
    SessionDeleted,
    SessionDetailsExpired,
    SessionEnded,
    SessionEvent,
    SessionImported,
    SessionOpened,
    SessionRescheduled,
    SessionUpdated,
    SignalsForgotten,
    Source,
    WentLive,
)
from showfloor.session.show.domain.totals import Totals, totals_of

Status = Literal["none", "prepared", "practice", "live", "ended", "deleted"]


class BagEntry(msgspec.Struct, frozen=True):
    """A product in the bag and how it came in."""

    product_id: UUID
    source: ProductSource


class Plan(msgspec.Struct, frozen=True):
    """What the session's LIVE event says of it."""

    event_id: UUID
    title: str  # the event's; the session's own may differ
    not_before: datetime | None  # the scheduled start; None: nobody said
    sequence: int  # how often the event had been renamed or moved


class Pin(msgspec.Struct, frozen=True):
    """The time for which a product was pinned; no end while it still is."""

    product_id: UUID
    start: datetime
    end: datetime | None = None


class Playback(msgspec.Struct, frozen=True):
    """Where viewers see the show, and a picture to show without it."""

    kind: PlaybackKind = ""
    url: str = ""
    poster_url: str = ""


class Session(msgspec.Struct, frozen=True):
    """The state of a session. `version` counts its events: it is what `expected_version` is compared with."""

    session_id: UUID = UUID(int=0)
    account_id: UUID = UUID(int=0)
    shop_id: UUID = UUID(int=0)
    currency: str = ""
    title: str = ""
    source: Source = "live"
    simulated: bool = False
    affiliate: bool | None = None
    plan: Plan | None = None  # of one that was prepared for a LIVE event
    status: Status = "none"
    opened_at: datetime | None = None
    recorded_start: datetime | None = None
    started_at: datetime | None = None
    ended_at: datetime | None = None
    went_at: datetime | None = None  # on air, by the real clock
    touched_at: datetime | None = None  # while on air: the newest change of the session itself
    for_silence: bool = False
    over_at: datetime | None = None  # the end on the real clock, from which details are kept; imported: none
    details: Literal["kept", "expired", "forgotten"] = "kept"  # forgotten: the signals' counts are gone, too
    script: str = ""
    bag: tuple[BagEntry, ...] = ()
    in_bag: tuple[InBag, ...] = ()  # of what is in the bag, and of what left it a while ago
    pins: tuple[Pin, ...] = ()
    pinned_comment: UUID | None = None
    playback: Playback = Playback()
    replay_url: str = ""
    replay_expires_at: datetime | None = None
    totals: Totals | None = None  # those of an imported session, as they were last put right
    version: int = 0

    @property
    def announced(self) -> Plan | None:
        """What everybody may know before it is on air: what its LIVE event tells."""
        return self.plan if self.status in ("prepared", "practice") else None

    @property
    def pinned(self) -> Pin | None:
        """The pin that is open now."""
        return self.pins[-1] if self.pins and self.pins[-1].end is None else None

    def holds(self, product_id: UUID) -> bool:
        """True when the product is in the bag."""
        return any(entry.product_id == product_id for entry in self.bag)


def evolve(state: Session, event: Event) -> Session:
    """Return the session after the event."""
    assert isinstance(event, SessionEvent)
    if isinstance(event, BagEvent):
        changed = _evolve_bag(state, event)
    else:
        assert isinstance(event, Lifecycle)
        changed = _evolve_lifecycle(state, event)
    touched = max(event.at, state.touched_at or event.at) if changed.status == "live" else state.touched_at
    return msgspec.structs.replace(changed, version=state.version + 1, touched_at=touched)


def _evolve_lifecycle(state: Session, event: Lifecycle) -> Session:  # noqa: PLR0911, PLR0912 - one per event
    replace = msgspec.structs.replace
    match event:
        case SessionOpened():
            return Session(
                session_id=event.session_id, account_id=event.account_id, shop_id=event.shop_id,
                currency=event.currency, title=event.title, source=event.source, simulated=event.simulated,
                status="prepared", opened_at=event.at, recorded_start=event.recorded_start, affiliate=event.affiliate,
                plan=_plan(event.event_id, event) if event.event_id else None,
            )  # fmt: skip
        case SessionImported():
            return Session(
                session_id=event.session_id, account_id=event.account_id, shop_id=event.shop_id,
                currency=event.currency, title=event.title, source="import", status="ended",
                opened_at=event.at, started_at=event.started_at, ended_at=event.ended_at, totals=totals_of(event),
            )  # fmt: skip
        case SessionCorrected(after=after):
            return replace(state, title=after.title, started_at=after.started_at, ended_at=after.ended_at, totals=after)
        case PracticeStarted():
            return replace(state, status="practice")
        case PracticeEnded():
            return replace(state, status="prepared")
        case WentLive():
            return replace(state, status="live", started_at=event.at, went_at=event.went_at or event.at)
        case SessionEnded():
            return replace(
                state, status="ended", ended_at=event.at, over_at=event.recorded_at, for_silence=event.for_silence
            )
        case SessionUpdated():
            return replace(state, title=event.title)
        case SessionRescheduled():
            assert state.plan is not None, "only what belongs to an event is moved with it"
            return replace(state, plan=_plan(state.plan.event_id, event))
        case ScriptSet():
            return replace(state, script=event.script)
        case PlaybackSet():
            return replace(state, playback=Playback(event.kind, event.url, event.poster_url))
        case ReplayRecorded():
            return replace(state, replay_url=event.url, replay_expires_at=event.expires_at)
        case SessionDeleted():  # what was written in practice goes as details do
            return replace(state, status="deleted", details="expired")
        case SessionDetailsExpired():
            return replace(state, details="expired")
        case SignalsForgotten():
            return replace(state, details="forgotten")
        case _:
            assert_never(event)


def _plan(event_id: UUID, event: SessionOpened | SessionRescheduled) -> Plan:
    return Plan(event_id, event.title, event.not_before, event.event_sequence)


def _evolve_bag(state: Session, event: BagEvent) -> Session:  # noqa: PLR0911 - one per event
    replace = msgspec.structs.replace
    match event:
        case AddedToBag():
            new = tuple(BagEntry(product_id, event.source) for product_id in event.product_ids)
            times = joined(state.in_bag, event.product_ids, event.at)
            return replace(state, bag=state.bag + new, in_bag=times)
        case RemovedFromBag() | MovedInBag():
            entries = {entry.product_id: entry for entry in state.bag}
            times = state.in_bag
            if isinstance(event, RemovedFromBag):
                times = left(times, event.product_id, event.at)
            return replace(state, bag=tuple(entries[product_id] for product_id in event.bag), in_bag=times)
        case BagShown():
            return state
        case ProductPinned():
            return replace(state, pins=(*state.pins, Pin(event.product_id, event.at)))
        case ProductUnpinned():
            closed = replace(state.pins[-1], end=event.at)
            return replace(state, pins=(*state.pins[:-1], closed))
        case CommentPinned():
            return replace(state, pinned_comment=event.comment_id)
        case CommentUnpinned():
            return replace(state, pinned_comment=None)
        case _:
            assert_never(event)


SESSION: Decider[Session] = Decider(
    name="session",
    state_type=Session,
    initial=Session,
    evolve=evolve,
    events=(
        SessionOpened, SessionImported, SessionCorrected, PracticeStarted, PracticeEnded, WentLive, SessionEnded,
        SessionUpdated, ScriptSet, AddedToBag, RemovedFromBag, MovedInBag, BagShown, ProductPinned,
        ProductUnpinned, CommentPinned, CommentUnpinned, ReplayRecorded, SessionDetailsExpired, SignalsForgotten,
        SessionDeleted, PlaybackSet, SessionRescheduled,
    ),
)  # fmt: skip

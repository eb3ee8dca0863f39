"""A LIVE session with its shopping bag and pins: what is remembered."""

from datetime import datetime
from typing import ClassVar, Literal, assert_never
from uuid import UUID

import msgspec

from showfloor.kernel.decider import Decider
from showfloor.kernel.event import Event
from showfloor.session.domain.bag_times import InBag, joined, left
from showfloor.session.domain.totals import Totals, totals_of

Source = Literal["live", "replay", "import"]
"""Run on the real clock; a recording played in (facts carry recorded times); a row of history (totals only)."""

Status = Literal["none", "prepared", "practice", "live", "ended"]

ProductSource = Literal["set", "showcase", "link", "collab"]

REMEMBERED_REQUESTS = 256  # a resend among this many later changes is recognised


class SessionEvent(Event, frozen=True, kw_only=True):
    """What every event of a session carries, so that no reader has to look anything up."""

    session_id: UUID
    account_id: UUID
    shop_id: UUID
    currency: str
    request_id: str = ""  # recognises a command that is sent again
    content: str = ""  # what that command asked for; the same id with other content is refused


class SessionOpened(SessionEvent, frozen=True, kw_only=True):
    """A console was opened. Nothing is on air."""

    TOPIC: ClassVar[str] = "session.opened"

    title: str
    source: Source
    simulated: bool = False
    recorded_start: datetime | None = None  # for a recording: when the recorded LIVE is taken to start
    affiliate: bool | None = None  # a creator's account, which earns commissions; None: not known


class SessionImported(SessionEvent, frozen=True, kw_only=True):
    """A past session came in as totals. None means not known, never zero. `at` is the time of import."""

    TOPIC: ClassVar[str] = "session.imported"

    reference: str
    title: str
    started_at: datetime
    ended_at: datetime
    views: int | None = None
    peak_viewers: int | None = None
    average_viewers: int | None = None
    average_stay_s: int | None = None
    likes: int | None = None
    gifts: int | None = None
    new_followers: int | None = None
    products: int | None = None
    units_sold: int | None = None
    gmv_minor: int | None = None


class SessionCorrected(SessionEvent, frozen=True, kw_only=True):
    """The totals of an imported session were put right: as they were until now, and as they are from now on."""

    TOPIC: ClassVar[str] = "session.corrected"

    reference: str
    before: Totals
    after: Totals


class PracticeStarted(SessionEvent, frozen=True, kw_only=True):
    """A stream started that no viewer can see."""

    TOPIC: ClassVar[str] = "session.practice_started"


class PracticeEnded(SessionEvent, frozen=True, kw_only=True):
    """Practice stopped; the console stays open."""

    TOPIC: ClassVar[str] = "session.practice_ended"


class LiveStarted(SessionEvent, frozen=True, kw_only=True):
    """The session went on air. `at` is the start; for a recording, the recorded start."""

    TOPIC: ClassVar[str] = "session.live_started"

    title: str
    source: Source
    simulated: bool = False
    went_at: datetime | None = None  # on the real clock; None: from before this was recorded


class SessionEnded(SessionEvent, frozen=True, kw_only=True):
    """The session is over. `at` is the end; for a recording, the recorded end."""

    TOPIC: ClassVar[str] = "session.ended"

    title: str
    source: Source
    simulated: bool = False
    started_at: datetime
    recorded_at: datetime  # on the real clock; the final report is due a while after this
    for_silence: bool = False  # nobody ended it: there was no sign of life for long, and `at` is the last one


class SessionRetitled(SessionEvent, frozen=True, kw_only=True):
    """The title changed."""

    TOPIC: ClassVar[str] = "session.retitled"

    title: str


class ScriptWritten(SessionEvent, frozen=True, kw_only=True):
    """The host's script changed. Empty: there is none."""

    TOPIC: ClassVar[str] = "session.script_written"

    script: str


class ProductsAdded(SessionEvent, frozen=True, kw_only=True):
    """Products joined the bag at its end."""

    TOPIC: ClassVar[str] = "session.products_added"

    source: ProductSource
    product_ids: tuple[UUID, ...]  # those that were not in the bag before
    bag: tuple[UUID, ...]  # the whole bag afterwards, in order
    on_air: bool = False  # before, a bag is nobody else's business


class ProductRemoved(SessionEvent, frozen=True, kw_only=True):
    """A product left the bag."""

    TOPIC: ClassVar[str] = "session.product_removed"

    product_id: UUID
    bag: tuple[UUID, ...]  # the whole bag afterwards, in order
    on_air: bool = False


class ProductMoved(SessionEvent, frozen=True, kw_only=True):
    """A product got another order number."""

    TOPIC: ClassVar[str] = "session.product_moved"

    product_id: UUID
    number: int  # from 1
    bag: tuple[UUID, ...]  # the whole bag afterwards, in order
    on_air: bool = False


class BagShown(SessionEvent, frozen=True, kw_only=True):
    """The bag as the viewers find it when the session goes on air."""

    TOPIC: ClassVar[str] = "session.bag_shown"

    bag: tuple[UUID, ...]


class ProductPinned(SessionEvent, frozen=True, kw_only=True):
    """A product is shown to the viewers from `at` on. The one before was unpinned by its own event."""

    TOPIC: ClassVar[str] = "session.product_pinned"

    product_id: UUID


class ProductUnpinned(SessionEvent, frozen=True, kw_only=True):
    """The pinned product is no longer shown: unpinned, replaced, removed, or the session ended."""

    TOPIC: ClassVar[str] = "session.product_unpinned"

    product_id: UUID
    pinned_at: datetime
    replaced_by: UUID | None = None  # the product pinned in the same moment


class CommentPinned(SessionEvent, frozen=True, kw_only=True):
    """A comment stands at the top of the feed, in place of the one before."""

    TOPIC: ClassVar[str] = "session.comment_pinned"

    comment_id: UUID


class CommentUnpinned(SessionEvent, frozen=True, kw_only=True):
    """The pinned comment was taken down."""

    TOPIC: ClassVar[str] = "session.comment_unpinned"

    comment_id: UUID


class ReplayRecorded(SessionEvent, frozen=True, kw_only=True):
    """The recording of an ended session can be watched at `url` until `expires_at`."""

    TOPIC: ClassVar[str] = "session.replay_recorded"

    url: str
    expires_at: datetime


class SessionDetailsExpired(SessionEvent, frozen=True, kw_only=True):
    """Comments, orders and metrics of the session are no longer kept; the totals of its day are. `at`: when due."""

    TOPIC: ClassVar[str] = "session.details_expired"


class SignalsForgotten(SessionEvent, frozen=True, kw_only=True):
    """What was counted from the session's signals is deleted: it lies outside the log."""

    TOPIC: ClassVar[str] = "session.signals_forgotten"


class BagEntry(msgspec.Struct, frozen=True):
    """A product in the bag and how it came in."""

    product_id: UUID
    source: ProductSource


class Pin(msgspec.Struct, frozen=True):
    """The time for which a product was pinned; no end while it still is."""

    product_id: UUID
    start: datetime
    end: datetime | None = None


class Answered(msgspec.Struct, frozen=True):
    """A command that has been carried out."""

    request_id: str
    content: str
    added: tuple[UUID, ...] = ()


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
    replay_url: str = ""
    replay_expires_at: datetime | None = None
    imported: str = ""  # fingerprint of the totals of an imported session, as they first came in
    totals: Totals | None = None  # those of an imported session, as they were last put right
    version: int = 0
    answered: tuple[Answered, ...] = ()

    @property
    def pinned(self) -> Pin | None:
        """The pin that is open now."""
        return self.pins[-1] if self.pins and self.pins[-1].end is None else None

    def holds(self, product_id: UUID) -> bool:
        """True when the product is in the bag."""
        return any(entry.product_id == product_id for entry in self.bag)

    def answer_to(self, request_id: str) -> Answered | None:
        """What this request did, when it was carried out before."""
        return next((answered for answered in self.answered if answered.request_id == request_id), None)


Lifecycle = (
    SessionOpened | SessionImported | SessionCorrected | PracticeStarted | PracticeEnded | LiveStarted | SessionEnded
    | SessionRetitled | ScriptWritten | ReplayRecorded | SessionDetailsExpired | SignalsForgotten
)  # fmt: skip
BagEvent = (
    ProductsAdded | ProductRemoved | ProductMoved | BagShown | ProductPinned | ProductUnpinned
    | CommentPinned | CommentUnpinned
)  # fmt: skip


def evolve(state: Session, event: Event) -> Session:
    """Return the session after the event."""
    assert isinstance(event, SessionEvent)
    if isinstance(event, BagEvent):
        changed = _evolve_bag(state, event)
    else:
        assert isinstance(event, Lifecycle)
        changed = _evolve_lifecycle(state, event)
    touched = max(event.at, state.touched_at or event.at) if changed.status == "live" else state.touched_at
    return msgspec.structs.replace(
        changed, version=state.version + 1, answered=_remember(state, event), touched_at=touched
    )


def _evolve_lifecycle(state: Session, event: Lifecycle) -> Session:  # noqa: PLR0911, PLR0912 - one per event
    replace = msgspec.structs.replace
    match event:
        case SessionOpened():
            return Session(
                session_id=event.session_id, account_id=event.account_id, shop_id=event.shop_id,
                currency=event.currency, title=event.title, source=event.source, simulated=event.simulated,
                status="prepared", opened_at=event.at, recorded_start=event.recorded_start, affiliate=event.affiliate,
            )  # fmt: skip
        case SessionImported():
            return Session(
                session_id=event.session_id, account_id=event.account_id, shop_id=event.shop_id,
                currency=event.currency, title=event.title, source="import", status="ended",
                opened_at=event.at, started_at=event.started_at, ended_at=event.ended_at,
                imported=event.content, totals=totals_of(event),
            )  # fmt: skip
        case SessionCorrected(after=after):
            return replace(state, title=after.title, started_at=after.started_at, ended_at=after.ended_at, totals=after)
        case PracticeStarted():
            return replace(state, status="practice")
        case PracticeEnded():
            return replace(state, status="prepared")
        case LiveStarted():
            return replace(state, status="live", started_at=event.at, went_at=event.went_at or event.at)
        case SessionEnded():
            return replace(
                state, status="ended", ended_at=event.at, over_at=event.recorded_at, for_silence=event.for_silence
            )
        case SessionRetitled():
            return replace(state, title=event.title)
        case ScriptWritten():
            return replace(state, script=event.script)
        case ReplayRecorded():
            return replace(state, replay_url=event.url, replay_expires_at=event.expires_at)
        case SessionDetailsExpired():
            return replace(state, details="expired")
        case SignalsForgotten():
            return replace(state, details="forgotten")
        case _:
            assert_never(event)


def _evolve_bag(state: Session, event: BagEvent) -> Session:  # noqa: PLR0911 - one per event
    replace = msgspec.structs.replace
    match event:
        case ProductsAdded():
            new = tuple(BagEntry(product_id, event.source) for product_id in event.product_ids)
            times = joined(state.in_bag, event.product_ids, event.at)
            return replace(state, bag=state.bag + new, in_bag=times)
        case ProductRemoved() | ProductMoved():
            entries = {entry.product_id: entry for entry in state.bag}
            times = state.in_bag
            if isinstance(event, ProductRemoved):
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


def _remember(state: Session, event: SessionEvent) -> tuple[Answered, ...]:
    if not event.request_id or state.answer_to(event.request_id):
        return state.answered
    added = event.product_ids if isinstance(event, ProductsAdded) else ()
    answered = Answered(event.request_id, event.content, added)
    return (*state.answered, answered)[-REMEMBERED_REQUESTS:]


SESSION: Decider[Session] = Decider(
    name="session",
    state_type=Session,
    initial=Session,
    evolve=evolve,
    events=(
        SessionOpened, SessionImported, SessionCorrected, PracticeStarted, PracticeEnded, LiveStarted, SessionEnded,
        SessionRetitled, ScriptWritten, ProductsAdded, ProductRemoved, ProductMoved, BagShown, ProductPinned,
        ProductUnpinned, CommentPinned, CommentUnpinned, ReplayRecorded, SessionDetailsExpired, SignalsForgotten,
    ),
)  # fmt: skip

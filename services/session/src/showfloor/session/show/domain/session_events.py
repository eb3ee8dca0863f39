"""What happens to a LIVE session, its shopping bag and its pins: the events."""

from datetime import datetime
from typing import ClassVar, Literal
from uuid import UUID

from showfloor.kernel.event import Event
from showfloor.session.show.domain.totals import Totals

Source = Literal["live", "replay", "import"]
"""Run on the real clock; a recording played in (facts carry recorded times); a row of history (totals only)."""

PlaybackKind = Literal["", "hls", "whep"]

ProductSource = Literal["set", "showcase", "link", "collab"]


class SessionEvent(Event, frozen=True, kw_only=True):
    """What every event of a session carries, so that no reader has to look anything up."""

    session_id: UUID
    account_id: UUID
    shop_id: UUID
    currency: str


class SessionOpened(SessionEvent, frozen=True, kw_only=True):
    """A console was opened. Nothing is on air."""

    TOPIC: ClassVar[str] = "session.opened"

    title: str
    source: Source
    simulated: bool = False
    recorded_start: datetime | None = None  # for a recording: when the recorded LIVE is taken to start
    affiliate: bool | None = None  # a creator's account, which earns commissions; None: not known
    event_id: UUID | None = None  # the LIVE event that it was prepared for
    not_before: datetime | None = None  # that event's scheduled start
    event_sequence: int = 0  # how often that event had been renamed or moved by then


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


class WentLive(SessionEvent, frozen=True, kw_only=True):
    """The session went on air. `at` is the start; for a recording, the recorded start."""

    TOPIC: ClassVar[str] = "session.went_live"

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


class SessionUpdated(SessionEvent, frozen=True, kw_only=True):
    """The title changed."""

    TOPIC: ClassVar[str] = "session.updated"

    title: str


class SessionRescheduled(SessionEvent, frozen=True, kw_only=True):
    """The LIVE event that the session was prepared for got another name or start. `title` is the event's."""

    TOPIC: ClassVar[str] = "session.rescheduled"

    title: str
    not_before: datetime
    event_sequence: int  # of the change: those before it are old


class ScriptSet(SessionEvent, frozen=True, kw_only=True):
    """The host's script changed. Empty: there is none."""

    TOPIC: ClassVar[str] = "session.script_set"

    script: str


class AddedToBag(SessionEvent, frozen=True, kw_only=True):
    """Products joined the bag at its end."""

    TOPIC: ClassVar[str] = "session.added_to_bag"

    source: ProductSource
    product_ids: tuple[UUID, ...]  # those that were not in the bag before
    bag: tuple[UUID, ...]  # the whole bag afterwards, in order
    on_air: bool = False  # before, a bag is nobody else's business


class RemovedFromBag(SessionEvent, frozen=True, kw_only=True):
    """A product left the bag."""

    TOPIC: ClassVar[str] = "session.removed_from_bag"

    product_id: UUID
    bag: tuple[UUID, ...]  # the whole bag afterwards, in order
    on_air: bool = False


class MovedInBag(SessionEvent, frozen=True, kw_only=True):
    """A product got another order number."""

    TOPIC: ClassVar[str] = "session.moved_in_bag"

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


class PlaybackSet(SessionEvent, frozen=True, kw_only=True):
    """Viewers see the show at `url` from now on. Empty: nowhere."""

    TOPIC: ClassVar[str] = "session.playback_set"

    kind: PlaybackKind
    url: str
    poster_url: str


class ReplayRecorded(SessionEvent, frozen=True, kw_only=True):
    """The recording of an ended session can be watched at `url` until `expires_at`."""

    TOPIC: ClassVar[str] = "session.replay_recorded"

    url: str
    expires_at: datetime


class SessionDeleted(SessionEvent, frozen=True, kw_only=True):
    """A session that never went on air was deleted, with all that was prepared or practised in it."""

    TOPIC: ClassVar[str] = "session.deleted"


class SessionDetailsExpired(SessionEvent, frozen=True, kw_only=True):
    """Comments, orders and metrics of the session are no longer kept; the totals of its day are. `at`: when due."""

    TOPIC: ClassVar[str] = "session.details_expired"


class SignalsForgotten(SessionEvent, frozen=True, kw_only=True):
    """What was counted from the session's signals is deleted: it lies outside the log."""

    TOPIC: ClassVar[str] = "session.signals_forgotten"


Lifecycle = (
    SessionOpened | SessionImported | SessionCorrected | PracticeStarted | PracticeEnded | WentLive | SessionEnded
    | SessionUpdated | SessionRescheduled | ScriptSet | PlaybackSet | ReplayRecorded | SessionDeleted
    | SessionDetailsExpired | SignalsForgotten
)  # fmt: skip
BagEvent = (
    AddedToBag | RemovedFromBag | MovedInBag | BagShown | ProductPinned | ProductUnpinned
    | CommentPinned | CommentUnpinned
)  # fmt: skip

"""What the service remembers, as protobuf messages."""

from collections.abc import Mapping
from typing import Final
from uuid import UUID

from showfloor.api.session.v1 import product_pb2
from showfloor.api.session.v1 import session_pb2 as pb
from showfloor.api.session.v1.import_service_pb2 import PastSession
from showfloor.kernel.currencies import EXPONENTS
from showfloor.rpc.fields import stamp, text
from showfloor.rpc.money import money_message
from showfloor.session.catalogue.domain.product import ProductDetails
from showfloor.session.catalogue.edges.messages import product_message
from showfloor.session.show.domain.session import Pin, Plan, Playback, Session
from showfloor.session.show.domain.session_events import PlaybackKind
from showfloor.session.show.domain.totals import Totals

STATES = {
    "prepared": pb.SESSION_STATE_PREPARED,
    "practice": pb.SESSION_STATE_PRACTICE,
    "live": pb.SESSION_STATE_LIVE,
    "ended": pb.SESSION_STATE_ENDED,
}
SOURCES = {
    "live": pb.SESSION_SOURCE_LIVE,
    "replay": pb.SESSION_SOURCE_REPLAY,
    "import": pb.SESSION_SOURCE_IMPORT,
}
PRODUCT_SOURCES = {
    "set": product_pb2.PRODUCT_SOURCE_SET,
    "showcase": product_pb2.PRODUCT_SOURCE_SHOWCASE,
    "link": product_pb2.PRODUCT_SOURCE_LINK,
    "collab": product_pb2.PRODUCT_SOURCE_COLLAB,
}


PLAYBACKS: Final[Mapping[PlaybackKind, "pb.PlaybackKind.ValueType"]] = {
    "": pb.PLAYBACK_KIND_UNSPECIFIED,
    "hls": pb.PLAYBACK_KIND_HLS,
    "whep": pb.PLAYBACK_KIND_WHEP,
}


def session_message(session: Session, *, for_viewers: bool = False) -> pb.Session:
    """Return a session. Viewers get neither script nor version."""
    return pb.Session(
        session_id=str(session.session_id),
        account_id=str(session.account_id),
        shop_id=str(session.shop_id),
        title=session.title,
        state=STATES[session.status],
        source=SOURCES[session.source],
        currency=session.currency,
        currency_exponent=EXPONENTS[session.currency],
        open_time=stamp(session.opened_at),
        start_time=stamp(session.started_at),
        end_time=stamp(session.ended_at),
        script="" if for_viewers else session.script,
        simulated=session.simulated,
        pinned_comment_id=text(session.pinned_comment),
        pinned_product_id=text(session.pinned.product_id if session.pinned else None),
        version=0 if for_viewers else session.version,
        bag_size=len(session.bag),
        ended_for_silence=session.for_silence,
        playback=playback_message(session.playback),
        event_id=text(session.plan.event_id if session.plan else None),
        not_before_time=stamp(session.plan.not_before if session.plan else None),
    )


def announced_message(session: Session, plan: Plan) -> pb.Session:
    """Return what everybody may see of a session that is not yet on air: what its LIVE event tells, and no more."""
    return pb.Session(
        session_id=str(session.session_id),
        title=plan.title,
        state=pb.SESSION_STATE_PREPARED,
        event_id=str(plan.event_id),
        not_before_time=stamp(plan.not_before),
    )


def playback_message(playback: Playback) -> pb.Playback | None:
    """Return where viewers see a show; None when nothing was set."""
    if playback == Playback():
        return None
    return pb.Playback(kind=PLAYBACKS[playback.kind], url=playback.url, poster_url=playback.poster_url)


def past_message(reference: str, totals: Totals, currency: str) -> PastSession:
    """Return the totals of an imported session; what is not known stays absent."""
    names = ("views", "peak_viewers", "average_viewers", "average_stay_s", "likes", "gifts", "new_followers",
             "products", "units_sold")  # fmt: skip
    gmv = None if totals.gmv_minor is None else money_message(totals.gmv_minor, currency)
    return PastSession(
        reference=reference,
        title=totals.title,
        start_time=stamp(totals.started_at),
        duration_s=round((totals.ended_at - totals.started_at).total_seconds()),
        gmv=gmv,
        **{name: getattr(totals, name) for name in names},
    )


def bag_items(
    session: Session, products: Mapping[UUID, ProductDetails], *, for_viewers: bool = False
) -> list[pb.BagItem]:
    """Return the bag in order, each product as it is in the catalogue now."""
    pinned = session.pinned.product_id if session.pinned else None
    return [
        pb.BagItem(
            product=product_message(products[entry.product_id], for_viewers=for_viewers),
            number=number,
            source=PRODUCT_SOURCES[entry.source],
            pinned=entry.product_id == pinned,
        )
        for number, entry in enumerate(session.bag, start=1)
    ]


def pin_message(pin: Pin) -> pb.PinInterval:
    """Return the time for which a product was pinned."""
    return pb.PinInterval(product_id=str(pin.product_id), start_time=stamp(pin.start), end_time=stamp(pin.end))

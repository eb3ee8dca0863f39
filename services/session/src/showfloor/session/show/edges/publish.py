"""What the others learn of a show. Practice, scripts and prepared bags stay private."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final
from uuid import UUID

from google.protobuf.message import Message

from showfloor.api.session.v1 import session_events_pb2 as public
from showfloor.kernel.event import Event
from showfloor.rpc.fields import stamp
from showfloor.service.publishing import Translation
from showfloor.session.show.domain import session_events
from showfloor.session.show.domain.totals import totals_of
from showfloor.session.show.edges.messages import SOURCES, past_message


def _went_live(event: session_events.WentLive) -> Message:
    return public.WentLive(
        session_id=str(event.session_id),
        account_id=str(event.account_id),
        shop_id=str(event.shop_id),
        title=event.title,
        start_time=stamp(event.at),
        source=SOURCES[event.source],
        simulated=event.simulated,
        currency=event.currency,
    )


def _session_ended(event: session_events.SessionEnded) -> Message:
    return public.SessionEnded(
        session_id=str(event.session_id), account_id=str(event.account_id), end_time=stamp(event.at)
    )


def _imported(event: session_events.SessionImported) -> Message:
    return public.SessionImported(
        session_id=str(event.session_id),
        account_id=str(event.account_id),
        shop_id=str(event.shop_id),
        totals=past_message(event.reference, totals_of(event), event.currency),
        time=stamp(event.at),
    )


def _corrected(event: session_events.SessionCorrected) -> Message:
    return public.SessionCorrected(
        session_id=str(event.session_id),
        account_id=str(event.account_id),
        shop_id=str(event.shop_id),
        before=past_message(event.reference, event.before, event.currency),
        after=past_message(event.reference, event.after, event.currency),
        time=stamp(event.at),
    )


def _bag_changed(
    event: session_events.AddedToBag | session_events.RemovedFromBag | session_events.MovedInBag,
) -> Message | None:
    return _bag(event.session_id, event.bag, event.at) if event.on_air else None


def _bag_shown(event: session_events.BagShown) -> Message:
    return _bag(event.session_id, event.bag, event.at)


def _bag(session_id: UUID, bag: tuple[UUID, ...], at: datetime) -> Message:
    return public.BagChanged(session_id=str(session_id), product_ids=map(str, bag), time=stamp(at))


def _pinned(event: session_events.ProductPinned) -> Message:
    return public.ProductPinChanged(
        session_id=str(event.session_id), product_id=str(event.product_id), time=stamp(event.at)
    )


def _unpinned(event: session_events.ProductUnpinned) -> Message | None:
    if event.replaced_by is not None:
        return None  # the pin that takes its place says so
    return public.ProductPinChanged(session_id=str(event.session_id), product_id="", time=stamp(event.at))


TELLS: Final[Mapping[type[Event], Translation]] = {
    session_events.WentLive: Translation(public.WentLive, _went_live),
    session_events.SessionEnded: Translation(public.SessionEnded, _session_ended),
    session_events.SessionImported: Translation(public.SessionImported, _imported),
    session_events.SessionCorrected: Translation(public.SessionCorrected, _corrected),
    session_events.AddedToBag: Translation(public.BagChanged, _bag_changed),
    session_events.RemovedFromBag: Translation(public.BagChanged, _bag_changed),
    session_events.MovedInBag: Translation(public.BagChanged, _bag_changed),
    session_events.BagShown: Translation(public.BagChanged, _bag_shown),
    session_events.ProductPinned: Translation(public.ProductPinChanged, _pinned),
    session_events.ProductUnpinned: Translation(public.ProductPinChanged, _unpinned),
}

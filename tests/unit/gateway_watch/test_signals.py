"""Many small signals become few batches, and each sender learns what became of theirs."""

import asyncio
import string
import struct
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest

from showfloor.api.session.v1.signal_service_pb2 import IngestSignalsResponse, SignalKind
from showfloor.gateway.access.viewers import Traits, ViewerToken
from showfloor.gateway.watch import signals
from showfloor.gateway.watch.signals import SignalBatcher
from showfloor.kernel.refusal import Refusal, RefusalKind
from showfloor.session.signals.domain.columns import Columns
from showfloor.session.signals.edges.batch import read

SESSION, OTHER = str(uuid4()), str(uuid4())
NOW = datetime(2026, 1, 2, 20, 0, tzinfo=UTC)
CLICK, LIKE, ENTER = (
    SignalKind.SIGNAL_KIND_PRODUCT_CLICK,
    SignalKind.SIGNAL_KIND_LIKE,
    SignalKind.SIGNAL_KIND_ENTER,
)


class Service:
    """Takes batches as the session service does: checks them as a whole."""

    def __init__(self) -> None:
        self.batches: list[Columns] = []
        self.refuse: Refusal | None = None
        self.gone: set[str] = set()  # products that are not in the bag

    async def store(self, request: Any) -> IngestSignalsResponse:
        await asyncio.sleep(0.001)
        if self.refuse:
            raise self.refuse
        self.batches.append(read(request.batch))
        kept = [
            number == 0 or request.batch.products[number - 1] not in self.gone
            for number in self.batches[-1].product.tolist()
        ]
        return IngestSignalsResponse(not_in_bag=[row for row, here in enumerate(kept) if not here])


@pytest.fixture
def service() -> Service:
    return Service()


@pytest.fixture
def batcher(service: Service) -> SignalBatcher:
    return SignalBatcher(service.store, b"secret", lambda: NOW)


def viewer(number: int = 0, session_id: str = SESSION, **more: Any) -> ViewerToken:
    return ViewerToken(exp=0, session_id=session_id, viewer_ref=f"v-{number}", **more)


async def test_many_clicks_are_few_batches_each_answered_once_stored(service: Service, batcher: SignalBatcher) -> None:
    product = str(uuid4())
    stored_when_answered: list[int] = []

    async def click(number: int) -> None:
        await batcher.add(viewer(number), CLICK, (product,))
        stored_when_answered.append(sum(batch.rows for batch in service.batches))

    await asyncio.gather(*(click(number) for number in range(2_500)))
    assert [batch.rows for batch in service.batches] == [1_000, 1_000, 500]
    assert len(stored_when_answered) == 2_500 and min(stored_when_answered) >= 1_000
    assert sum(len(set(batch.viewers.tolist())) for batch in service.batches) == 2_500
    assert all([str(one) for one in batch.products] == [product] for batch in service.batches)


async def test_each_sender_learns_which_products_are_not_in_the_bag(service: Service, batcher: SignalBatcher) -> None:
    here, gone = str(uuid4()), str(uuid4())
    service.gone = {gone}
    sent = ((here,), (gone, here), (here, here), (gone,))
    answers = await asyncio.gather(*(batcher.add(viewer(at), CLICK, products) for at, products in enumerate(sent)))
    assert answers == [[], [gone], [], [gone]]
    assert len(service.batches) == 1


async def test_sessions_do_not_share_batches(service: Service, batcher: SignalBatcher) -> None:
    await asyncio.gather(batcher.add(viewer(1), LIKE), batcher.add(viewer(1, OTHER), LIKE))
    assert {str(batch.session_id) for batch in service.batches} == {SESSION, OTHER}


async def test_a_refusal_reaches_everybody_in_its_batch_alone(service: Service, batcher: SignalBatcher) -> None:
    service.refuse = Refusal(RefusalKind.WRONG_STATE, "SESSION_NOT_LIVE", "over")
    answers = await asyncio.gather(*(batcher.add(viewer(number), LIKE) for number in range(20)), return_exceptions=True)
    assert {getattr(answer, "reason", "") for answer in answers} == {"SESSION_NOT_LIVE"}
    service.refuse = None
    await batcher.add(viewer(), LIKE)
    assert len(service.batches) == 1


async def test_what_is_known_of_a_viewer_goes_along(service: Service, batcher: SignalBatcher) -> None:
    known = Traits(gender="female", age_band="25-34", region="DE", follower=True)
    await asyncio.gather(
        batcher.add(viewer(1, traits=known, channel="search"), ENTER), batcher.add(viewer(2), LIKE, ("",) * 3)
    )
    (batch,) = service.batches
    assert batch.rows == 4 and batch.kind.tolist() == [ENTER, LIKE, LIKE, LIKE]
    assert batch.traits.tolist() == [1 | 2 << 2 | 2 << 5, 0]
    assert batch.region.tolist() == [1, 0] and batch.regions == ("DE",)
    assert batch.channel.tolist() == [4, 0, 0, 0]


async def test_viewers_of_very_many_regions_refuse_nobodys_signals(service: Service, batcher: SignalBatcher) -> None:
    made_up = [first + second for first in string.ascii_uppercase for second in string.ascii_uppercase]
    viewers = [viewer(at, traits=Traits(region=region)) for at, region in enumerate(made_up)]
    await asyncio.gather(*(batcher.add(viewer, LIKE) for viewer in viewers))
    assert sum(batch.rows for batch in service.batches) == len(made_up)


async def test_a_viewer_has_the_same_hash_always_and_it_is_keyed(service: Service) -> None:
    hashes = []
    for key in (b"one", b"one", b"two"):
        await SignalBatcher(service.store, key, lambda: NOW).add(viewer(), LIKE)
        hashes.append(service.batches[-1].viewers.tolist())
    assert hashes[0] == hashes[1] != hashes[2]
    assert struct.pack("<Q", *hashes[0]) not in b"v-0"


async def test_too_many_waiting_are_refused_at_once(
    service: Service, batcher: SignalBatcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(signals, "MAX_WAITING", 10)
    waiting = asyncio.create_task(batcher.add(viewer(), LIKE, ("",) * 10))
    await asyncio.sleep(0)
    with pytest.raises(Refusal) as refused:
        await batcher.add(viewer(), LIKE)
    assert refused.value.reason == "RATE_LIMITED"
    await waiting
    await batcher.add(viewer(), LIKE)  # there is room again


async def test_a_sender_who_leaves_takes_nobody_along(service: Service, batcher: SignalBatcher) -> None:
    leaving = asyncio.create_task(batcher.add(viewer(1), LIKE))
    staying = asyncio.create_task(batcher.add(viewer(2), LIKE))
    await asyncio.sleep(0)
    leaving.cancel()
    await staying
    assert service.batches[0].rows == 2


async def test_signs_of_life_are_one_batch_each_row_as_old_as_it_is(service: Service, batcher: SignalBatcher) -> None:
    tokens = [viewer(number, channel="search") for number in range(3)]
    marks, channels = zip(*map(batcher.mark, tokens), strict=True)
    await batcher.still_here(SESSION, b"".join(marks), bytes(channels), (0, 16_000, 500))
    (batch,) = service.batches
    assert batch.base_ms + batch.offset_ms.astype(int) == pytest.approx(
        [NOW.timestamp() * 1000 - age for age in (0, 16_000, 500)]
    )
    assert batch.kind.tolist() == [SignalKind.SIGNAL_KIND_PRESENCE] * 3 and batch.evidence
    assert batch.channel.tolist() == [4, 4, 4] and batch.viewer.tolist() == [0, 1, 2]
    await asyncio.gather(*(batcher.add(one, LIKE) for one in tokens))
    assert service.batches[1].viewers.tolist() == batch.viewers.tolist()  # they are the same people


async def test_signs_of_life_without_room_are_refused_and_leave_room(
    service: Service, batcher: SignalBatcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(signals, "MAX_WAITING", 2)
    with pytest.raises(Refusal) as refused:
        await batcher.still_here(SESSION, bytes(24), bytes(3), (0, 0, 0))
    assert refused.value.reason == "RATE_LIMITED"
    service.refuse = Refusal(RefusalKind.UNAVAILABLE, "UNAVAILABLE", "away")
    with pytest.raises(Refusal):
        await batcher.still_here(SESSION, bytes(16), bytes(2), (0, 0))
    service.refuse = None
    await batcher.add(viewer(), LIKE)


async def test_flush_stores_what_is_waiting(service: Service, batcher: SignalBatcher) -> None:
    later = asyncio.create_task(batcher.add(viewer(), LIKE))
    await asyncio.sleep(0)
    await batcher.flush()
    assert (service.batches and later.done()) or await later is None

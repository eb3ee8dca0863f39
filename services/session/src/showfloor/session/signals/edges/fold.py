"""Follows the stream and folds batches into rollups: counts, distinct viewers and position in one transaction.

Killed anywhere, it goes on from the position that was committed with the counts. A message that comes twice
is passed over by its position, a batch that was sent twice by its id.
"""

import asyncio
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

from showfloor.eventstore.outage import is_outage
from showfloor.eventstore.query import Database
from showfloor.eventstore.statements import run_async
from showfloor.kernel.refusal import Refusal
from showfloor.kernel.tracking import StreamPosition
from showfloor.messaging.bus import StreamInfo
from showfloor.messaging.signals import SignalMessage, SignalPage, SignalPages, SignalStream
from showfloor.observability.logging import get_logger
from showfloor.observability.metrics import counter, histogram
from showfloor.session.signals.domain.columns import Columns, check
from showfloor.session.signals.domain.rows import InvalidBatch
from showfloor.session.signals.domain.sketch import EMPTY, Sketch
from showfloor.session.signals.domain.tally import SketchKey, Tally, add_up, gather
from showfloor.session.signals.edges.batch import parse
from showfloor.session.signals.edges.ingest import NOT_COUNTED
from showfloor.session.signals.views import rollups, rooms
from showfloor.session.signals.views.rooms import Cache, Outcome, Rooms

log = get_logger(__name__)
FOLDED = counter("signals_folded_total", "Signals counted in committed rollups.")
DUPLICATES = counter("signal_batches_duplicate_total", "Batches passed over because they were counted before.")
UNREADABLE = counter("signal_batches_unreadable_total", "Batches set aside because no fold can read them.")
SECONDS = histogram("signal_fold_seconds", "Time to fold and commit one page of batches.")

CACHE_BYTES: Final = 64 * 1024 * 1024
PAGE_SIZE: Final = 1_024  # batches
LINGER: Final = 0.1  # seconds
TRIM_EVERY: Final = 5.0  # seconds
FORGET_EVERY: Final = 3_600.0  # seconds

OnFolded = Callable[[Mapping[UUID, datetime]], None]
"""Called in the event loop after a commit: the sessions that changed and the newest signal of each page."""


class Fold:
    """One page per database at a time: a second fold waits for the lock and then finds the work done."""

    def __init__(self, signal_stream: SignalStream, database: Database, on_folded: OnFolded | None = None) -> None:
        self._signal_stream = signal_stream
        self._database = database
        self._on_folded = on_folded
        self._sketches: Cache[SketchKey, Sketch] = Cache(CACHE_BYTES)
        self._rooms = Rooms(CACHE_BYTES // 2)
        self._stream_positions: dict[int, StreamPosition] = {}
        self._following: SignalPages | None = None
        self._trimmed = self._forgotten = float("-inf")  # the first page tidies up

    async def behind(self, stream: StreamInfo) -> int:
        """Return how many batches of the stream, as it stands in `stream`, are not folded yet, at most.

        The database is asked: another process may have folded and trimmed what this one never saw.
        """
        positions = rollups.stream_positions_of(await self._database.fetch(rollups.POSITIONS)).values()
        folded = max((one.sequence for one in positions if one.created == stream.created), default=0)
        return max(0, stream.last_sequence - max(folded, stream.first_sequence - 1))

    def alive(self) -> bool:
        """Tell whether signals are folded: nothing that was started has ended by itself."""
        return self._following is None or self._following.alive()

    async def start(self) -> None:
        """Go on where the last commit stands."""
        self._stream_positions = rollups.stream_positions_of(await self._database.fetch(rollups.POSITIONS))
        await self._signal_stream.ensure()
        self._following = await self._signal_stream.follow(
            self._stream_positions, self.fold, page_size=PAGE_SIZE, linger=LINGER
        )

    async def close(self) -> None:
        """Stop after the page in hand. What is not folded stays in the stream."""
        following, self._following = self._following, None
        if following is not None:
            await following.close()

    async def fold(self, page: SignalPage) -> None:
        """Fold one page and commit. Raises when the database is away; the stream then sends it again.

        What else goes wrong lies in the batches: then each is folded alone, and the one at fault is set aside.
        """
        try:
            await self._fold(page)
        except Exception as error:
            if is_outage(error):
                raise
            log.warning("folding one by one", batches=len(page.messages), error=type(error).__name__)
            for message in page.messages:
                await self._fold_alone(SignalPage(page.created, (message,)))

    async def _fold_alone(self, page: SignalPage) -> None:
        try:
            await self._fold(page)
        except Exception as error:
            if is_outage(error):
                raise
            [message] = page.messages
            log.error("signal batch set aside", shard=message.shard, sequence=message.sequence, exc_info=True)
            await self._commit(page, [], [(message, f"defect: {type(error).__name__}")])
            UNREADABLE.inc()

    async def _fold(self, page: SignalPage) -> None:
        started = time.monotonic()
        read, broken = await asyncio.to_thread(_decode, page, False)
        try:
            try:
                tally = await self._commit(page, read, broken)
            except InvalidBatch:
                read, broken = await asyncio.to_thread(_decode, page, True)
                tally = await self._commit(page, read, broken)
        except BaseException:
            self._forget()  # what is at hand may never have been committed
            raise
        UNREADABLE.inc(len(broken))
        SECONDS.observe(time.monotonic() - started)
        FOLDED.inc(tally.signals)
        if self._on_folded is not None and tally.newest:
            newest = {name: datetime.fromtimestamp(ms / 1000, UTC) for name, ms in tally.newest.items()}
            self._on_folded(newest)
        await self._trim(page)

    async def _commit(self, page: SignalPage, read: "list[_Read]", broken: list[tuple[SignalMessage, str]]) -> Tally:
        async with self._database.transaction() as connection:
            await connection.execute(rollups.LOCK)
            stored = rollups.stream_positions_of(await (await connection.execute(rollups.POSITIONS)).fetchall())
            if stored != self._stream_positions:  # somebody else folded since: what we remember is old
                self._forget()
            positions = {**stored, **_reached(page, stored)}
            fresh = [columns for message, columns in read if not _passed(message, page.created, stored)]
            batches = {(columns.session_id, columns.batch_id): columns for columns in reversed(fresh)}
            ids = list(zip(*batches, strict=True)) or [(), ()]
            cursor = await connection.execute(rollups.KNOWN_BATCHES, [list(column) for column in ids])
            for row in await cursor.fetchall():
                del batches[row["session_id"], row["batch_id"]]
            DUPLICATES.inc(len(fresh) - len(batches))
            gathered = await asyncio.to_thread(gather, list(batches.values()))
            outcome = Outcome()
            if gathered is not None:
                at_hand = await self._rooms.load(connection, gathered)
                outcome = await asyncio.to_thread(self._rooms.advance, gathered, *at_hand)
            tally = await asyncio.to_thread(add_up, gathered, outcome.counted)
            changed = await self._merge(connection, tally)
            aside = [(message, page.created, error) for message, error in broken]
            statements = [
                *rollups.counts(tally),
                *outcome.statements(),
                *rollups.viewers(changed),
                *rollups.batches(batches),
                *rollups.unreadable(aside),
                rollups.store_positions(positions),
            ]
            await run_async(connection, statements)
        self._stream_positions = positions
        for reason, count in outcome.dropped.items():
            NOT_COUNTED.labels(reason).inc(count)
        return tally

    def _forget(self) -> None:
        self._sketches.clear()
        self._rooms.clear()

    async def _merge(self, connection: Any, tally: Tally) -> dict[SketchKey, Sketch]:
        """Join the tally's viewers to the sketches; return those that changed."""
        missing = [key for key in tally.viewers if key not in self._sketches]
        if missing:
            sessions, scopes, keys = zip(*missing, strict=True)
            command = [list(sessions), [int(scope) for scope in scopes], list(keys)]
            found = rollups.sketches_of(await (await connection.execute(rollups.SKETCHES, command)).fetchall())
        else:
            found = {}
        return await asyncio.to_thread(self._join, tally, found)

    def _join(self, tally: Tally, found: Mapping[SketchKey, Sketch]) -> dict[SketchKey, Sketch]:
        changed = {}
        # All looked up before the first is put: putting one may push another out.
        befores = [self._sketches.get(key) or found.get(key, EMPTY) for key in tally.viewers]
        for (key, values), before in zip(tally.viewers.items(), befores, strict=True):
            after = before.with_values(values)
            self._sketches.put(key, after)
            if after is not before:
                changed[key] = after
        return changed

    async def _trim(self, page: SignalPage) -> None:
        """Now and then let the stream forget what is folded, and forget the ids of batches long gone from it."""
        now = time.monotonic()
        try:
            if now - self._trimmed >= TRIM_EVERY:
                self._trimmed = now
                await self._signal_stream.trim(page.stream_position)
            if now - self._forgotten >= FORGET_EVERY:
                self._forgotten = now
                async with self._database.transaction() as connection:
                    for sql in (rollups.FORGET_BATCHES, *rooms.FORGET):
                        await connection.execute(sql)
        except Exception:
            log.warning("signals not tidied up; it is tried again", exc_info=True)


_Read = tuple[SignalMessage, Columns]


def _decode(page: SignalPage, strictly: bool) -> tuple[list[_Read], list[tuple[SignalMessage, str]]]:
    """Return the batches of a page, and the messages that are none. Strictly: every value of every batch is checked."""
    read: list[_Read] = []
    broken: list[tuple[SignalMessage, str]] = []
    for message in page.messages:
        try:
            columns = parse(message.body)
            if strictly:
                check(columns)
            read.append((message, columns))
        except Refusal as refusal:
            broken.append((message, repr(refusal)))
            log.error("signal batch set aside", shard=message.shard, sequence=message.sequence)
    return read, broken


def _passed(message: SignalMessage, created: datetime | None, stored: Mapping[int, StreamPosition]) -> bool:
    """True when the fold has been past this message, in this life of the stream."""
    last = stored.get(message.shard)
    return last is not None and last.created == created and message.sequence <= last.sequence


def _reached(page: SignalPage, stored: Mapping[int, StreamPosition]) -> dict[int, StreamPosition]:
    """Return where each shard stands after the page."""
    reached: dict[int, StreamPosition] = {}
    for message in page.messages:
        if not _passed(message, page.created, stored):
            reached[message.shard] = StreamPosition(page.created, message.sequence)
    return reached

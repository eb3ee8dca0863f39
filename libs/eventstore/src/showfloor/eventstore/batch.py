"""Deciding many commands: each against the newest state, including the commands before it."""

import asyncio
import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from showfloor.eventstore.keyring import Keyring, KeyringAway, KeysDestroyed
from showfloor.eventstore.log import Done, LogUnavailable, NewRow, Quiet, Request, VersionConflict
from showfloor.eventstore.mapper import Mapper
from showfloor.eventstore.streams import Loaded, Outcome, Streams
from showfloor.kernel.decider import Decider
from showfloor.kernel.event import Event, Meta
from showfloor.kernel.refusal import Refusal, RefusalKind

MAX_EVENTS = 1_000  # per command, and per commit of the writer
MAX_STATE_BYTES = 1_048_576  # of one stored event
_READ = 1_000  # streams of one question to the log


@dataclass(slots=True, eq=False)
class Pending:
    """A command to be decided, and what came of it."""

    decider: Decider[Any]
    stream: UUID
    rule: Callable[[Any, Any], Sequence[Event]]
    command: object
    meta: Meta
    request_id: str = ""  # under which the stream remembers it; empty: it is not remembered
    place: str = ""  # "#2": the second command of its request on this stream
    digest: bytes = b""
    new: bool = False  # the stream most likely does not exist: not worth a look before the commit finds out
    expected: int | None = None  # the version that the stream must have
    deadline: float = math.inf  # of time.monotonic(): not begun after it
    future: "asyncio.Future[Outcome[Any] | Done]" = field(init=False)  # of the caller, if one waits; set in its loop
    answer: Outcome[Any] | Done | Exception | None = None  # Done: it was done before
    twin: "Pending | None" = None  # the same command, before this one in the batch
    before: tuple[Any, int] = (None, 0)  # state and version that it met
    events: tuple[Event, ...] = ()
    state: Any = None
    version: int = 0
    position: int = 0
    row: int = -1

    @property
    def request(self) -> Request:
        """What names it in the log."""
        return self.stream, self.request_id + self.place

    def recognised(self, earlier: "Done | Pending | None") -> bool:
        """Answer a command that was done before, or is done by the batch already; False: it is to be decided."""
        self.twin = None
        if earlier is None or (isinstance(earlier, Pending) and earlier.answer is not None):
            return False
        self.answer = None
        if earlier.digest != self.digest:
            self.answer = reused(self.request_id)
        elif isinstance(earlier, Pending):
            self.twin = earlier
        else:
            self.answer = earlier
        return True

    def committed(self, positions: Sequence[int]) -> None:
        """Answer with the noted outcome, unless the command was refused or done before."""
        if self.twin is not None:
            self.answer = self.twin.answer
        elif self.answer is None:
            position = self.position if self.row < 0 else positions[self.row]
            self.answer = Outcome(position, self.version, self.events, self.state)


@dataclass(slots=True)
class Draft:
    """A stream inside a batch. `row` is the batch's index of its last new event, -1 when there is none.

    `decider` is its kind, whatever is asked of it; None until a command begins it.
    """

    decider: Decider[Any] | None = None
    state: Any = None
    version: int = 0
    position: int = 0
    row: int = -1

    def is_other(self, decider: Decider[Any]) -> bool:
        """Tell whether the stream is of another kind than this."""
        return self.decider is not None and self.decider is not decider

    def seen_as(self, decider: Decider[Any]) -> "Draft":
        """Return the stream as this kind: a stream of another kind is no such stream."""
        return self if self.decider is decider else Draft(None, decider.initial())


@dataclass(slots=True)
class Plan:
    """A decided batch: the rows to append, the streams they change, the commands that did not fit."""

    commands: list[Pending]
    rows: list[NewRow] = field(default_factory=list)
    quiet: list[Quiet] = field(default_factory=list)
    unchanged: dict[UUID, int] = field(default_factory=dict)  # streams that quiet commands were decided on
    done: dict[Request, Done] = field(default_factory=dict)  # what is remembered once the batch is committed
    drafts: dict[UUID, Draft] = field(default_factory=dict)
    failed: dict[UUID, Exception] = field(default_factory=dict)  # streams that cannot be told
    left: list[Pending] = field(default_factory=list)

    def note(self, pending: Pending, draft: Draft, rows: list[NewRow], events: tuple[Event, ...], state: Any) -> None:
        """Take up what a command does, and what is remembered of it. It stands once the batch is committed."""
        if rows:
            draft.state, draft.version, draft.decider = state, rows[-1].version, pending.decider
        if pending.request_id and (rows or not draft.is_other(pending.decider)):
            done = self.done[pending.request] = Done(pending.digest, len(rows), draft.version)
            if rows:
                rows[-1] = NewRow(*rows[-1][:4], pending.request[1], done)
            else:
                self.quiet.append(Quiet(*pending.request, done))
                if draft.row < 0:
                    self.unchanged[pending.stream] = draft.version
        if rows:
            self.rows += rows
            draft.row = len(self.rows) - 1
        after = draft.seen_as(pending.decider)
        pending.answer, pending.events = None, events
        pending.state, pending.version = after.state, after.version
        pending.position, pending.row = after.position, after.row

    def only_read(self) -> dict[UUID, int]:
        """Return the streams that were answered about and not changed, with the version seen."""
        return {
            pending.stream: draft.version
            for pending in self.commands
            if (draft := self.drafts[pending.stream]).row < 0
            and pending.stream not in self.failed
            and not isinstance(pending.answer, Done)
            and not draft.is_other(pending.decider)
        }


def decide(
    commands: list[Pending],
    streams: Streams,
    mapper: Mapper,
    remembered: Callable[[Request], Done | None],
    *,
    max_events: int = MAX_EVENTS,
    cached: bool = True,
    breath: float = 0.0,
) -> Plan:
    """Decide every command that was not done before; what goes wrong in one is its own answer, not the others'.

    Without `cached` all streams are read, past the cache. `breath`: seconds of rest after some commands.
    Raises LogUnavailable.
    """
    plan = Plan(commands)
    named: dict[Request, Pending] = {}
    _open(plan, streams, cached)
    for index, pending in enumerate(commands):
        if breath and index % 64 == 63:
            time.sleep(breath)
        request = pending.request
        if pending.request_id and pending.recognised(remembered(request) or named.get(request)):
            continue
        draft = plan.drafts[pending.stream]
        try:
            if pending.stream in plan.failed and not draft.is_other(pending.decider):
                raise plan.failed[pending.stream]
            rows, events, state = _decide_one(pending, draft, mapper)
        except Exception as answer:  # a refusal or a defect: this caller's alone
            pending.answer = answer
            continue
        if len(plan.rows) + len(rows) > max_events:
            plan.commands, plan.left = commands[:index], commands[index:]
            break
        plan.note(pending, draft, rows, events, state)
        named[request] = pending
    return plan


def verify(plan: Plan, streams: Streams) -> None:
    """Check that commands which change nothing were decided on the newest state: a cached one may be old.

    The commit itself checks the streams that it changes, and those of quiet commands. Raises LogUnavailable,
    VersionConflict.
    """
    seen = {stream: version for stream, version in plan.only_read().items() if stream not in plan.unchanged}
    for stream, known in (streams.refresh(seen) if seen else {}).items():
        if isinstance(known.newest, Loaded) and known.newest.version > seen[stream]:
            raise VersionConflict(f"stream {stream} grew past version {seen[stream]}")


def reused(request_id: str) -> Refusal:
    """Return the refusal of a command whose id names another. What that one is, is not told."""
    text = "This id was used before for something else: choose a new one."
    return Refusal(RefusalKind.CONFLICT, "REQUEST_ID_REUSED", text, {"request_id": request_id.rpartition(":")[2]})


def keep_keys(keyring: Keyring) -> None:
    """Have keys on the disk before what was sealed with them. Raises VersionConflict (decide again), LogUnavailable."""
    try:
        keyring.keep()
    except KeysDestroyed as destroyed:
        raise VersionConflict("keys were destroyed meanwhile") from destroyed
    except KeyringAway as away:
        raise LogUnavailable(str(away)) from away


def _open(plan: Plan, streams: Streams, cached: bool) -> None:
    """Draft the batch's streams, the cold ones loaded with few questions."""
    cold: list[UUID] = []
    for pending in plan.commands:
        stream = pending.stream
        if stream in plan.drafts:
            continue
        known = streams.cache.get(stream) if cached else None
        if known is not None:
            plan.drafts[stream] = Draft(known[0], known[1].state, known[1].version, known[1].position)
            continue
        plan.drafts[stream] = Draft()
        if not pending.new:
            cold.append(stream)
    for start in range(0, len(cold), _READ):
        for stream, (kind, loaded) in streams.refresh(cold[start : start + _READ], keep=cached).items():
            if isinstance(loaded, Loaded):
                plan.drafts[stream] = Draft(kind, loaded.state, loaded.version, loaded.position)
            else:
                plan.drafts[stream], plan.failed[stream] = Draft(kind), loaded


def _decide_one(pending: Pending, draft: Draft, mapper: Mapper) -> tuple[list[NewRow], tuple[Event, ...], Any]:
    """Return the rows and events of one command, and the state after it.

    A stream of another kind is no such stream: it is neither seen nor touched. Raises what the rule raises, LIMIT, and
    CONFLICT for another version than expected, and for what would begin under such a stream's id.
    """
    seen = draft.seen_as(pending.decider)
    pending.before = seen.state, seen.version
    if pending.expected not in (None, seen.version):
        details = {"expected_version": str(pending.expected), "version": str(seen.version)}
        raise Refusal(RefusalKind.CONFLICT, "VERSION_CONFLICT", "somebody changed it first", details)
    events = tuple(pending.rule(seen.state, pending.command))
    if events and draft.is_other(pending.decider):
        raise reused(pending.meta.request_id)
    if len(events) > MAX_EVENTS:
        raise _limit("TOO_MANY_EVENTS", f"one command may record {MAX_EVENTS} events, not {len(events)}")
    state = seen.state
    rows: list[NewRow] = []
    for version, event in enumerate(events, seen.version + 1):
        topic, stored = mapper.encode(event, pending.meta)
        if mapper.owner(topic) is not pending.decider:  # by its first event a stream tells its kind
            raise TypeError(f"{topic} is no event of a {pending.decider.name}")
        if len(stored) > MAX_STATE_BYTES:
            raise _limit("EVENT_TOO_LARGE", f"{topic} of {len(stored)} bytes exceeds {MAX_STATE_BYTES}")
        state = pending.decider.evolve(state, event)
        rows.append(NewRow(pending.stream, version, topic, stored))
    return rows, events, state


def _limit(reason: str, message: str) -> Refusal:
    return Refusal(RefusalKind.LIMIT, reason, message)

"""Deciding a batch of commands: each against the newest state, including the commands before it."""

import asyncio
from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol
from uuid import UUID

from showfloor.eventstore.keyring import Keyring, KeyringAway, KeysDestroyed
from showfloor.eventstore.log import Done, LogUnavailable, NewRow, Quiet, Request, VersionConflict
from showfloor.eventstore.mapper import Mapper
from showfloor.eventstore.resends import Memory, reused
from showfloor.eventstore.streams import Loaded, Outcome, Streams
from showfloor.kernel.decider import Decider
from showfloor.kernel.event import Event, Meta
from showfloor.kernel.refusal import Refusal, RefusalKind

MAX_EVENTS = 1_000  # per commit and per command
MAX_STATE_BYTES = 1_048_576  # of one stored event


@dataclass(slots=True, eq=False)
class Command:
    """A command waiting for its outcome. `future` belongs to `loop` and is only set there."""

    decider: Decider[Any]
    stream: UUID
    rule: Callable[[Any, Any], Sequence[Event]]
    facts: object
    meta: Meta
    deadline: float  # of loop.time(), which is time.monotonic(): not begun after it
    new: bool = False  # the stream most likely does not exist: not worth a look before the commit finds out
    request_id: str = ""  # under which the stream remembers it; empty: it is not remembered
    digest: bytes = b""
    loop: asyncio.AbstractEventLoop = field(default_factory=asyncio.get_running_loop)
    future: asyncio.Future[Outcome[Any] | Done] = field(init=False)
    answer: Outcome[Any] | Done | Exception | None = None  # Done: it was done before
    twin: "Command | None" = None  # the same command, before this one in the batch
    events: tuple[Event, ...] = ()
    state: Any = None
    version: int = 0
    position: int = 0
    row: int = -1

    def __post_init__(self) -> None:
        self.future = self.loop.create_future()

    def recognised(self, before: "Done | Command | None") -> bool:
        """Answer a command that was done before, or is done by the batch already; False: it is to be decided."""
        self.twin = None
        if before is None or (isinstance(before, Command) and before.answer is not None):
            return False
        self.answer = None
        if before.digest != self.digest:
            self.answer = reused(self.request_id)
        elif isinstance(before, Command):
            self.twin = before
        else:
            self.answer = before
        return True

    def decided(self, events: tuple[Event, ...], draft: "Draft") -> None:
        """Note the outcome as of `draft`; it stands once the batch is committed."""
        self.answer = None
        self.events = events
        self.state, self.version = draft.state, draft.version
        self.position, self.row = draft.position, draft.row

    def committed(self, positions: Sequence[int]) -> None:
        """Turn the noted outcome into the answer, unless the command was refused or done before."""
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

    decider: Decider[Any] | None
    state: Any
    version: int
    position: int
    row: int = -1

    def is_other(self, decider: Decider[Any]) -> bool:
        """Tell whether the stream is of another kind than this."""
        return self.decider is not None and self.decider is not decider

    def seen_as(self, decider: Decider[Any]) -> "Draft":
        """Return what somebody sees who asks for this kind: of another kind is no such stream."""
        return self if self.decider is decider else Draft(None, decider.initial(), 0, 0)


@dataclass(slots=True)
class Plan:
    """A decided batch: the rows to append, the streams they change, the commands that did not fit."""

    commands: list[Command]
    rows: list[NewRow] = field(default_factory=list)
    quiet: list[Quiet] = field(default_factory=list)
    unchanged: dict[UUID, int] = field(default_factory=dict)  # streams that quiet commands were decided on
    done: dict[Request, Done] = field(default_factory=dict)  # what is remembered once the batch is committed
    drafts: dict[UUID, Draft] = field(default_factory=dict)
    left: list[Command] = field(default_factory=list)

    def noted(self, command: Command, draft: Draft, rows: list[NewRow]) -> None:
        """Take up what a command does, and what is remembered of it."""
        name = command.request_id
        if name and (rows or not draft.is_other(command.decider)):
            done = self.done[command.stream, name] = Done(command.digest, len(rows), draft.version)
            if rows:
                rows[-1] = NewRow(*rows[-1][:4], name, done)
            else:
                self.quiet.append(Quiet(command.stream, name, done))
                if draft.row < 0:
                    self.unchanged[command.stream] = draft.version
        if rows:
            self.rows += rows
            draft.row = len(self.rows) - 1


def decide(commands: list[Command], streams: Streams, mapper: Mapper, memory: Memory) -> Plan:
    """Decide every command of a batch that was not done before; what goes wrong in one is its own answer, not the
    others'.

    Raises LogUnavailable, and VersionConflict when a command that changes nothing was decided on a
    state, cached or taken to be new, that is not the newest (one that does change something finds out by itself).
    """
    plan = Plan(commands)
    named: dict[Request, Command] = {}
    failed = _open(plan, streams)
    for index, command in enumerate(commands):
        request = (command.stream, command.request_id)
        if command.request_id and command.recognised(memory.get(request) or named.get(request)):
            continue
        draft = plan.drafts[command.stream]
        try:
            if command.stream in failed and not draft.is_other(command.decider):
                raise failed[command.stream]
            rows, events, state = decide_one(command, draft, mapper, command.meta)
        except Exception as answer:  # a refusal or a defect: this caller's alone
            command.answer = answer
            continue
        if len(plan.rows) + len(rows) > MAX_EVENTS:
            plan.commands, plan.left = commands[:index], commands[index:]
            break
        if rows:
            draft.state, draft.version, draft.decider = state, rows[-1].version, command.decider
        plan.noted(command, draft, rows)
        named[request] = command
        command.decided(events, draft.seen_as(command.decider))
    _verify_unchanged(plan, failed, streams)
    return plan


def _open(plan: Plan, streams: Streams) -> dict[UUID, Exception]:
    """Draft the batch's streams, the cold ones loaded in one query; return those that cannot be told."""
    failed: dict[UUID, Exception] = {}
    cold: list[UUID] = []
    for command in plan.commands:
        stream = command.stream
        if stream in plan.drafts:
            continue
        known = streams.cache.get(stream)
        if known is None:
            plan.drafts[stream] = Draft(None, None, 0, 0)
            if not command.new:
                cold.append(stream)
        else:
            decider, newest = known
            plan.drafts[stream] = Draft(decider, newest.state, newest.version, newest.position)
    for stream, (kind, loaded) in (streams.refresh(cold) if cold else {}).items():
        if isinstance(loaded, Loaded):
            plan.drafts[stream] = Draft(kind, loaded.state, loaded.version, loaded.position)
        else:
            plan.drafts[stream] = Draft(kind, None, 0, 0)
            failed[stream] = loaded
    return failed


def keep_keys(keyring: Keyring) -> None:
    """Have keys on the disk before what was sealed with them. Raises VersionConflict (decide again), LogUnavailable."""
    try:
        keyring.keep()
    except KeysDestroyed as destroyed:
        raise VersionConflict("keys were destroyed meanwhile") from destroyed
    except KeyringAway as away:
        raise LogUnavailable(str(away)) from away


class Decidable(Protocol):
    """A command, however it came: waiting for its own outcome, or as a part of a group."""

    @property
    def decider(self) -> Decider[Any]: ...
    @property
    def stream(self) -> UUID: ...
    @property
    def rule(self) -> Callable[[Any, Any], Sequence[Event]]: ...
    @property
    def facts(self) -> object: ...


def decide_one(
    command: Decidable, draft: Draft, mapper: Mapper, meta: Meta
) -> tuple[list[NewRow], tuple[Event, ...], Any]:
    """Return the rows and events of one command, and the state after it.

    A stream of another kind is no such stream: it is neither seen nor touched. Raises what the rule raises, LIMIT, and
    CONFLICT for what would begin under such a stream's id.
    """
    seen = draft.seen_as(command.decider)
    events = tuple(command.rule(seen.state, command.facts))
    if events and draft.is_other(command.decider):
        raise reused(meta.request_id)
    if len(events) > MAX_EVENTS:
        raise _limit("TOO_MANY_EVENTS", f"one command may record {MAX_EVENTS} events, not {len(events)}")
    state = seen.state
    rows: list[NewRow] = []
    for version, event in enumerate(events, seen.version + 1):
        topic, stored = mapper.encode(event, meta)
        if mapper.owner(topic) is not command.decider:  # by its first event a stream tells its kind
            raise TypeError(f"{topic} is no event of a {command.decider.name}")
        if len(stored) > MAX_STATE_BYTES:
            raise _limit("EVENT_TOO_LARGE", f"{topic} of {len(stored)} bytes exceeds {MAX_STATE_BYTES}")
        state = command.decider.evolve(state, event)
        rows.append(NewRow(command.stream, version, topic, stored))
    return rows, events, state


def _verify_unchanged(plan: Plan, failed: Container[UUID], streams: Streams) -> None:
    """Ask the log for streams that were answered about and not changed: it may know more. What kind one is stays.

    Those of quiet commands are looked at when these are noted, and what was done before stays as it was.
    """
    quiet: dict[UUID, int] = {}
    for command in plan.commands:
        draft, stream = plan.drafts[command.stream], command.stream
        settled = stream in failed or stream in plan.unchanged or isinstance(command.answer, Done)
        if draft.row < 0 and not settled and not draft.is_other(command.decider):
            quiet[stream] = draft.version
    newest = streams.refresh(quiet) if quiet else {}
    for stream, known in newest.items():
        if isinstance(known.newest, Loaded) and known.newest.version > quiet[stream]:
            raise VersionConflict(f"stream {stream} grew past version {quiet[stream]}")


def _limit(reason: str, message: str) -> Refusal:
    return Refusal(RefusalKind.LIMIT, reason, message)

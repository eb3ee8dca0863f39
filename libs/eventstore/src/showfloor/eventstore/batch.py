"""Deciding a batch of commands: each against the newest state, including the commands before it."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, Protocol, TypeVar
from uuid import UUID

from showfloor.eventstore.log import NewRow, VersionConflict
from showfloor.eventstore.mapper import Mapper
from showfloor.eventstore.streams import Loaded, Streams
from showfloor.kernel.decider import Decider
from showfloor.kernel.event import Event, Meta
from showfloor.kernel.refusal import Refusal, RefusalKind

S = TypeVar("S")

MAX_EVENTS = 1_000  # per commit and per command
MAX_STATE_BYTES = 1_048_576  # of one stored event


@dataclass(frozen=True, slots=True)
class Outcome(Generic[S]):
    """What a command did: its events (none if it was already so), the stream's state and version after it.

    `position` is that of the stream's last event, so that a read which waits for it sees this command
    and, for a command that changed nothing, the earlier one that did.
    """

    position: int
    version: int
    events: tuple[Event, ...]
    state: S


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
    loop: asyncio.AbstractEventLoop = field(default_factory=asyncio.get_running_loop)
    future: asyncio.Future[Outcome[Any]] = field(init=False)
    answer: Outcome[Any] | Exception | None = None
    events: tuple[Event, ...] = ()
    state: Any = None
    version: int = 0
    position: int = 0
    row: int = -1

    def __post_init__(self) -> None:
        self.future = self.loop.create_future()

    def decided(self, events: tuple[Event, ...], draft: "Draft") -> None:
        """Note the outcome as of `draft`; it stands once the batch is committed."""
        self.answer = None
        self.events = events
        self.state, self.version = draft.state, draft.version
        self.position, self.row = draft.position, draft.row

    def committed(self, positions: Sequence[int]) -> None:
        """Turn the noted outcome into the answer, unless the command was refused."""
        if self.answer is None:
            position = self.position if self.row < 0 else positions[self.row]
            self.answer = Outcome(position, self.version, self.events, self.state)


@dataclass(slots=True)
class Draft:
    """A stream inside a batch. `row` is the batch's index of its last new event, -1 when there is none."""

    decider: Decider[Any]
    state: Any
    version: int
    position: int
    row: int = -1


@dataclass(slots=True)
class Plan:
    """A decided batch: the rows to append, the streams they change, the commands that did not fit."""

    commands: list[Command]
    rows: list[NewRow] = field(default_factory=list)
    drafts: dict[UUID, Draft] = field(default_factory=dict)
    left: list[Command] = field(default_factory=list)


def decide(commands: list[Command], streams: Streams, mapper: Mapper) -> Plan:
    """Decide every command of a batch; what goes wrong in one is its own answer, not the others'.

    Raises LogUnavailable, and VersionConflict when a command that changes nothing was decided on a
    state, cached or taken to be new, that the log has overtaken (one that does change something finds out by itself).
    """
    plan = Plan(commands)
    failed = _open(plan, streams)
    for index, command in enumerate(commands):
        draft = plan.drafts.get(command.stream)
        if draft is None or draft.decider is not command.decider:
            command.answer = failed.get(command.stream) or _mixed_up(command)
            continue
        try:
            rows, events, state = decide_one(command, draft, mapper, command.meta)
        except Exception as answer:  # a refusal or a defect: this caller's alone
            command.answer = answer
            continue
        if len(plan.rows) + len(rows) > MAX_EVENTS:
            plan.commands, plan.left = commands[:index], commands[index:]
            break
        if rows:
            plan.rows += rows
            draft.state, draft.version, draft.row = state, rows[-1].version, len(plan.rows) - 1
        command.decided(events, draft)
    _verify_unchanged(plan, streams)
    return plan


def _open(plan: Plan, streams: Streams) -> dict[UUID, Exception]:
    """Draft the batch's streams, the cold ones loaded in one query; return those that cannot be."""
    failed: dict[UUID, Exception] = {}
    cold: dict[UUID, Decider[Any]] = {}
    for command in plan.commands:
        stream = command.stream
        if stream in plan.drafts or stream in cold or stream in failed:
            continue
        try:
            known = streams.cache.get(command.decider, stream)
        except TypeError as error:
            failed[stream] = error
            continue
        if known is None and command.new:
            plan.drafts[stream] = Draft(command.decider, command.decider.initial(), 0, 0)
        elif known is None:
            cold[stream] = command.decider
        else:
            plan.drafts[stream] = Draft(command.decider, known.state, known.version, known.position)
    for stream, loaded in (streams.refresh(cold) if cold else {}).items():
        if isinstance(loaded, Loaded):
            plan.drafts[stream] = Draft(cold[stream], loaded.state, loaded.version, loaded.position)
        else:
            failed[stream] = loaded
    return failed


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
    """Return the rows and events of one command, and the state after it. Raises what the rule raises, and LIMIT."""
    events = tuple(command.rule(draft.state, command.facts))
    if len(events) > MAX_EVENTS:
        raise _limit("TOO_MANY_EVENTS", f"one command may record {MAX_EVENTS} events, not {len(events)}")
    state = draft.state
    rows: list[NewRow] = []
    for version, event in enumerate(events, draft.version + 1):
        topic, stored = mapper.encode(event, meta)
        if len(stored) > MAX_STATE_BYTES:
            raise _limit("EVENT_TOO_LARGE", f"{topic} of {len(stored)} bytes exceeds {MAX_STATE_BYTES}")
        state = command.decider.evolve(state, event)
        rows.append(NewRow(command.stream, version, topic, stored))
    return rows, events, state


def _verify_unchanged(plan: Plan, streams: Streams) -> None:
    quiet = {s: d for s, d in plan.drafts.items() if d.row < 0}
    if not quiet:
        return
    newest = streams.refresh({stream: draft.decider for stream, draft in quiet.items()})
    for stream, draft in quiet.items():
        known = newest[stream]
        if isinstance(known, Loaded) and known.version > draft.version:
            raise VersionConflict(f"stream {stream} grew past version {draft.version}")


def _limit(reason: str, message: str) -> Refusal:
    return Refusal(RefusalKind.LIMIT, reason, message)


def _mixed_up(command: Command) -> Exception:
    return TypeError(f"stream {command.stream} is not a {command.decider.name}: another decider owns it")

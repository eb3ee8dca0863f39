"""Groups: many commands on many streams, decided together and committed in one transaction, or none of them.

Everything else touches one stream at a time. An import cannot: half a file is worse than none, and nobody could say
which half. See docs/adr/0011-groups-of-commands.md for what that costs and why it stays the exception.
"""

import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from showfloor.eventstore.batch import Pending, Plan, decide, keep_keys
from showfloor.eventstore.log import Done, Log, LogUnavailable, Request, VersionConflict
from showfloor.eventstore.mapper import Mapper
from showfloor.eventstore.streams import Outcome, Streams
from showfloor.kernel.command import digest_of
from showfloor.kernel.decider import Decider
from showfloor.kernel.event import Event, Meta
from showfloor.kernel.refusal import Refusal, RefusalKind

MAX_STEPS = 20_000  # of one group, and events of one group: what holds up other writers for well under a second
MAX_ATTEMPTS = 3  # to decide a group when other writers keep being first
PATIENCE = 5.0  # seconds that a group waits for a database that is away
PAUSE = 0.05  # seconds between two attempts to reach it
READ = 1_000  # requests of one question to the log
BREATH = 0.0002  # seconds of rest after some steps: other threads of the process get their turn


@dataclass(frozen=True, slots=True)
class Step:
    """One command of a group."""

    decider: Decider[Any]
    stream: UUID
    rule: Callable[[Any, Any], Sequence[Event]]
    command: object
    expected: int | None = None  # the version that the stream must have; another one refuses the step


@dataclass(frozen=True, slots=True)
class Preview:
    """What a step would do: the state it meets, and its events or its refusal."""

    before: Any
    version: int  # of the stream before the step: 0 for a new one
    events: tuple[Event, ...] = ()
    refusal: Refusal | None = None


class GroupRefused(Exception):
    """One step at least was refused, so nothing was committed. `refusals` says which, by index, and why."""

    def __init__(self, refusals: Mapping[int, Refusal]) -> None:
        first = min(refusals)
        super().__init__(f"{len(refusals)} steps refused; the first, {first}: {refusals[first].message}")
        self.refusals = dict(refusals)


class Groups:
    """Decides and commits groups in one thread beside the writer's, as another replica would: commits wait for each
    other at the lock of writers, and a version conflict tells that a state was not the newest."""

    def __init__(
        self,
        log: Log,
        mapper: Mapper,
        streams: Streams,
        on_commit: Sequence[Callable[[int], None]],
        secret: bytes = b"",
    ) -> None:
        self._log, self._mapper, self._streams, self._on_commit = log, mapper, streams, on_commit
        self._secret = secret

    def preview(self, steps: Sequence[Step], meta: Meta) -> list[Preview]:
        """Return what each step would do now, blocking. Raises LogUnavailable, and defects of rules as they are."""
        plan = self._decide(steps, meta, "")
        return [
            Preview(*pending.before, pending.events, pending.answer if isinstance(pending.answer, Refusal) else None)
            for pending in plan.commands
        ]

    def commit(self, steps: Sequence[Step], meta: Meta, deadline: float, name: str) -> list[Outcome[Any]]:
        """Do all steps or none, blocking; not begun after `deadline` (time.monotonic()).

        `name`: under which its streams remember it; empty: they do not.

        Raises GroupRefused, Refusal (CONTENTION, DEADLINE_PASSED), LogUnavailable. After an outage that is `in_doubt`,
        and only then, the group may have been committed: send it again, and it is recognised.
        """
        conflicts, doubt, down_since = 0, None, 0.0
        while True:
            if time.monotonic() > deadline:
                if doubt is not None:
                    raise LogUnavailable("no time is left to learn the outcome", in_doubt=True)
                text = "no time is left to decide on all of it; nothing was changed"
                raise Refusal(RefusalKind.UNAVAILABLE, "DEADLINE_PASSED", text)
            try:
                if doubt is not None and doubt.rows and (found := self._log.find(doubt.rows)) is not None:
                    return self._done(doubt, found)
                plan = self._decide(steps, meta, name)
                answers = enumerate(pending.answer for pending in plan.commands)
                if refusals := {index: answer for index, answer in answers if isinstance(answer, Refusal)}:
                    raise GroupRefused(refusals)
                positions: Sequence[int] = ()
                if plan.rows or plan.quiet:
                    keep_keys(self._mapper.keyring)
                    positions = self._log.append(plan.rows, plan.only_read(), plan.quiet)
                return self._done(plan, positions)
            except VersionConflict:
                conflicts += 1
                if conflicts == MAX_ATTEMPTS:
                    text = "another writer kept being first; nothing was changed, try again"
                    raise Refusal(RefusalKind.UNAVAILABLE, "CONTENTION", text) from None
            except LogUnavailable as outage:
                if outage.in_doubt:
                    doubt = plan
                down_since = down_since or time.monotonic()
                if time.monotonic() - down_since > PATIENCE:
                    raise LogUnavailable(str(outage), in_doubt=doubt is not None) from outage
                time.sleep(PAUSE)

    def _decide(self, steps: Sequence[Step], meta: Meta, name: str) -> Plan:
        """Decide all steps past the cache: a large group must not push everybody else's streams out.

        Raises LogUnavailable, defects of rules as they are, and LIMIT (TOO_MANY_EVENTS).
        """
        commands = self._commands(steps, meta, name)
        known: dict[Request, Done] = {}
        for start in range(0, len(commands) if name else 0, READ):
            known |= self._log.requests([pending.request for pending in commands[start : start + READ]])
        plan = decide(
            commands, self._streams, self._mapper, known.get, max_events=MAX_STEPS, cached=False, breath=BREATH
        )
        for pending in plan.commands:
            if isinstance(pending.answer, Exception) and not isinstance(pending.answer, Refusal):
                raise pending.answer
        if plan.left:
            raise Refusal(RefusalKind.LIMIT, "TOO_MANY_EVENTS", f"a group may record {MAX_STEPS} events, not more")
        return plan

    def _commands(self, steps: Sequence[Step], meta: Meta, name: str) -> list[Pending]:
        """Name each step by the group's request, and by its place where the group has several on one stream."""
        places: Counter[UUID] = Counter()
        commands = []
        for step in steps:
            pending = Pending(step.decider, step.stream, step.rule, step.command, meta, expected=step.expected)
            if name:
                places[step.stream] += 1
                pending.request_id = name
                pending.place = "" if places[step.stream] == 1 else f"#{places[step.stream]}"
                pending.digest = digest_of(step.decider.name, step.rule.__name__, step.command, self._secret)
            commands.append(pending)
        return commands

    def _done(self, plan: Plan, positions: Sequence[int]) -> list[Outcome[Any]]:
        self._streams.cache.forget({row.stream for row in plan.rows})
        if positions:
            for listener in self._on_commit:
                listener(positions[-1])
        for pending in plan.commands:
            pending.committed(positions)
        before = [(c.decider, c.stream, c.answer) for c in plan.commands if isinstance(c.answer, Done)]
        recalled = iter(self._streams.recall(before))
        return [c.answer if isinstance(c.answer, Outcome) else next(recalled) for c in plan.commands]

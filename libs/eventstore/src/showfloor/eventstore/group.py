"""Groups: many commands on many streams, decided together and committed in one transaction, or none of them.

Everything else touches one stream at a time. An import cannot: half a file is worse than none, and nobody could say
which half. See docs/adr/0011-groups-of-commands.md for what that costs and why it stays the exception.
"""

import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from uuid import UUID

from showfloor.eventstore.batch import Draft, decide_one, keep_keys
from showfloor.eventstore.log import Done, Log, LogUnavailable, NewRow, Quiet, Request, VersionConflict
from showfloor.eventstore.mapper import Mapper
from showfloor.eventstore.resends import reused
from showfloor.eventstore.streams import Loaded, Outcome, Streams
from showfloor.kernel.command import digest_of
from showfloor.kernel.decider import Decider
from showfloor.kernel.event import Event, Meta
from showfloor.kernel.refusal import Refusal, RefusalKind

MAX_STEPS = 20_000  # of one group, and events of one group: what holds up other writers for well under a second
MAX_ATTEMPTS = 3  # to decide a group when other writers keep being first
PATIENCE = 5.0  # seconds that a group waits for a database that is away
PAUSE = 0.05  # seconds between two attempts to reach it
READ = 1_000  # streams of one question to the log
BREATH, BREATHS = 0.0002, 64  # seconds of rest after so many steps: other threads of the process get their turn


@dataclass(frozen=True, slots=True)
class Step:
    """One command of a group."""

    decider: Decider[Any]
    stream: UUID
    rule: Callable[[Any, Any], Sequence[Event]]
    facts: object
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


@dataclass(slots=True)
class _Decided:
    previews: list[Preview] = field(default_factory=list)
    rows: list[NewRow] = field(default_factory=list)
    quiet: list[Quiet] = field(default_factory=list)
    after: list[Draft | Done] = field(default_factory=list)  # of each step: its stream as the step leaves it
    seen: dict[UUID, Draft] = field(default_factory=dict)  # streams that were looked at, as they are now

    @property
    def unchanged(self) -> dict[UUID, int]:
        """Streams that nothing changes, with the version seen. What kind one is does not change: it is not among them
        when it was only asked for as another."""
        return {stream: draft.version for stream, draft in self.seen.items() if draft.row < 0}


class _Request(NamedTuple):
    """What names a step in the log, and what it says."""

    id: str
    digest: bytes


class Groups:
    """Decides and commits groups, one at a time. It writes like another replica would, beside the writer thread:
    commits wait for each other at the lock of writers, and whoever decided on an old state finds out by versions."""

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
        self._one = threading.Lock()

    def preview(self, steps: Sequence[Step], meta: Meta) -> list[Preview]:
        """Return what each step would do now, blocking. Raises LogUnavailable, and defects of rules as they are."""
        with self._one:
            return self._decide(steps, meta, "").previews

    def commit(self, steps: Sequence[Step], meta: Meta, deadline: float, name: str) -> list[Outcome[Any]]:
        """Do all steps or none, blocking; not begun after `deadline` (time.monotonic()).

        `name`: under which its streams remember it; empty: they do not.

        Raises GroupRefused, Refusal (CONTENTION, DEADLINE_PASSED), LogUnavailable. After an outage that is `in_doubt`,
        and only then, the group may have been committed: send it again, and it is recognised.
        """
        with self._one:
            return self._commit(steps, meta, deadline, name)

    def _commit(self, steps: Sequence[Step], meta: Meta, deadline: float, name: str) -> list[Outcome[Any]]:
        conflicts, doubt, down_since = 0, None, 0.0
        while True:
            if time.monotonic() > deadline:
                if doubt is not None:
                    raise LogUnavailable("no time is left to learn the outcome", in_doubt=True)
                text = "no time is left to decide on all of it; nothing was changed"
                raise Refusal(RefusalKind.UNAVAILABLE, "DEADLINE_PASSED", text)
            try:
                if doubt is not None and doubt.rows and (found := self._log.find(doubt.rows)) is not None:
                    return self._done(steps, doubt, found)
                decided = self._decide(steps, meta, name)
                if refusals := {i: p.refusal for i, p in enumerate(decided.previews) if p.refusal is not None}:
                    raise GroupRefused(refusals)
                positions: Sequence[int] = ()
                if decided.rows or decided.quiet:
                    keep_keys(self._mapper.keyring)
                    positions = self._log.append(decided.rows, decided.unchanged, decided.quiet)
                return self._done(steps, decided, positions)
            except VersionConflict:
                conflicts += 1
                if conflicts == MAX_ATTEMPTS:
                    text = "another writer kept being first; nothing was changed, try again"
                    raise Refusal(RefusalKind.UNAVAILABLE, "CONTENTION", text) from None
            except LogUnavailable as outage:
                if outage.in_doubt:
                    doubt = decided
                down_since = down_since or time.monotonic()
                if time.monotonic() - down_since > PATIENCE:
                    raise LogUnavailable(str(outage), in_doubt=doubt is not None) from outage
                time.sleep(PAUSE)

    def _decide(self, steps: Sequence[Step], meta: Meta, name: str) -> _Decided:
        requests = _requests(steps, name, self._secret)
        drafts, failed = self._load(steps)
        known = self._known(steps, requests)
        decided = _Decided()
        for number, step in enumerate(steps):
            request = requests[number] if requests else None
            done = known.get((step.stream, request.id)) if request else None
            if done is None:
                if step.stream in failed and not drafts[step.stream].is_other(step.decider):
                    raise failed[step.stream]
                self._decide_step(step, request, drafts, decided, meta)
            else:
                refusal = None if request and done.digest == request.digest else reused(name)
                decided.previews.append(Preview(None, 0, (), refusal))
                decided.after.append(done)
            if number % BREATHS == BREATHS - 1:
                time.sleep(BREATH)
        if len(decided.rows) > MAX_STEPS:
            text = f"a group may record {MAX_STEPS} events, not {len(decided.rows)}"
            raise Refusal(RefusalKind.LIMIT, "TOO_MANY_EVENTS", text)
        return decided

    def _decide_step(
        self, step: Step, request: _Request | None, drafts: dict[UUID, Draft], decided: _Decided, meta: Meta
    ) -> None:
        draft = drafts[step.stream]
        before = after = draft.seen_as(step.decider)
        refusal: Refusal | None = None
        rows: list[NewRow] = []
        events: tuple[Event, ...] = ()
        try:
            _must_be_as_expected(step, before)
            rows, events, state = decide_one(step, draft, self._mapper, meta)
        except Refusal as no:
            refusal = no
        if rows:
            after = Draft(step.decider, state, rows[-1].version, 0, len(decided.rows) + len(rows) - 1)
            drafts[step.stream] = after
        if request is not None and refusal is None:
            done = Done(request.digest, len(rows), after.version)
            if rows:
                rows[-1] = rows[-1]._replace(request_id=request.id, done=done)
            elif not draft.is_other(step.decider):
                decided.quiet.append(Quiet(step.stream, request.id, done))
        decided.rows += rows
        if not draft.is_other(step.decider):
            decided.seen[step.stream] = drafts[step.stream]
        decided.previews.append(Preview(before.state, before.version, events, refusal))
        decided.after.append(after)

    def _known(self, steps: Sequence[Step], requests: Sequence[_Request]) -> dict[Request, Done]:
        """Return what the log remembers of the steps: all of them, or none, unless another group shares some."""
        known: dict[Request, Done] = {}
        if not requests:
            return known
        wanted = [(step.stream, request.id) for step, request in zip(steps, requests, strict=True)]
        for start in range(0, len(wanted), READ):
            known |= self._log.requests(wanted[start : start + READ])
        return known

    def _load(self, steps: Sequence[Step]) -> tuple[dict[UUID, Draft], dict[UUID, Exception]]:
        """Load the streams of a group past the cache: a large group must not push everybody else's streams out."""
        drafts = {step.stream: Draft(None, None, 0, 0) for step in steps}
        failed: dict[UUID, Exception] = {}
        streams = list(drafts)
        for start in range(0, len(streams), READ):
            for stream, (kind, loaded) in self._streams.refresh(streams[start : start + READ], keep=False).items():
                if isinstance(loaded, Loaded):
                    drafts[stream] = Draft(kind, loaded.state, loaded.version, loaded.position)
                else:
                    drafts[stream], failed[stream] = Draft(kind, None, 0, 0), loaded
        return drafts, failed

    def _done(self, steps: Sequence[Step], decided: _Decided, positions: Sequence[int]) -> list[Outcome[Any]]:
        self._streams.cache.forget({row.stream for row in decided.rows})
        if positions:
            for listener in self._on_commit:
                listener(positions[-1])
        before = [(s.decider, s.stream, d) for s, d in zip(steps, decided.after, strict=True) if isinstance(d, Done)]
        recalled = iter(self._streams.recall(before))
        return [
            next(recalled)
            if isinstance(draft, Done)
            else Outcome(
                positions[draft.row] if draft.row >= 0 else draft.position, draft.version, step.events, draft.state
            )
            for draft, step in zip(decided.after, decided.previews, strict=True)
        ]


def _requests(steps: Sequence[Step], name: str, secret: bytes) -> list[_Request]:
    """Name each step by the group's request, and by its place where the group has several on one stream."""
    if not name:
        return []
    places: Counter[UUID] = Counter()
    named = []
    for step in steps:
        places[step.stream] += 1
        place = "" if places[step.stream] == 1 else f"#{places[step.stream]}"
        digest = digest_of(step.decider.name, step.rule.__name__, step.facts, secret)
        named.append(_Request(name + place, digest))
    return named


def _must_be_as_expected(step: Step, before: Draft) -> None:
    if step.expected is not None and step.expected != before.version:
        details = {"expected_version": str(step.expected), "version": str(before.version)}
        raise Refusal(RefusalKind.CONFLICT, "VERSION_CONFLICT", "somebody changed it first", details)

"""What may be done to a session: its life, its settings, its replay."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import TypedDict
from uuid import UUID

import msgspec

from showfloor.kernel.command import Aside
from showfloor.kernel.event import Event
from showfloor.session.catalogue.domain.refusals import version_conflict
from showfloor.session.show.domain import refusals
from showfloor.session.show.domain.policy import Policy
from showfloor.session.show.domain.session import Playback, Session
from showfloor.session.show.domain.session_events import (
    BagShown,
    CommentUnpinned,
    PlaybackKind,
    PlaybackSet,
    PracticeEnded,
    PracticeStarted,
    ProductUnpinned,
    ReplayRecorded,
    ScriptSet,
    SessionDeleted,
    SessionEnded,
    SessionOpened,
    SessionUpdated,
    WentLive,
)


class Command(msgspec.Struct, frozen=True, kw_only=True):
    """What comes with every command to a session."""

    session_id: UUID
    now: Aside[datetime]
    expected_version: Aside[int] = 0  # 0: whatever is there


class Signs(msgspec.Struct, frozen=True):
    """What shows that somebody is, or was, there: facts of the room and signals of viewers."""

    last: datetime | None = None  # the newest, on the real clock
    reached: datetime | None = None  # the newest in the session's own time: how far a recording has been played


SignsOf = Callable[[Session], Awaitable[Signs]]
"""When did a LIVE last show a sign of life? Once all facts and signals known by now are counted. Raises NOT_YET."""


class OpenSession(Command, frozen=True, kw_only=True):
    account_id: UUID
    shop_id: Aside[UUID]
    currency: Aside[str]
    title: str
    recorded_start: datetime | None = None
    simulated: bool = False
    affiliate: Aside[bool | None] = None


class StartPractice(Command, frozen=True, kw_only=True):
    pass


class EndPractice(Command, frozen=True, kw_only=True):
    pass


class GoLive(Command, frozen=True, kw_only=True):
    pass


class UpdateSession(Command, frozen=True, kw_only=True):
    title: str


class SetPlayback(Command, frozen=True, kw_only=True):
    kind: PlaybackKind = ""
    url: str = ""
    poster_url: str = ""


class DeleteSession(Command, frozen=True, kw_only=True):
    pass


class SetScript(Command, frozen=True, kw_only=True):
    script: str


class EndSession(Command, frozen=True, kw_only=True):
    """An end. `signs`: what is known of the session's life in the room, when the end is not now."""

    end_time: datetime | None = None
    signs: Aside[Signs] = msgspec.field(default_factory=Signs)
    for_silence: bool = False


class RecordReplay(Command, frozen=True, kw_only=True):
    url: str
    policy: Aside[Policy]


class About(TypedDict):
    """The fields that every event of a session repeats."""

    session_id: UUID
    account_id: UUID
    shop_id: UUID
    currency: str


def about(state: Session) -> About:
    """Return those fields for the events of a command."""
    return About(
        session_id=state.session_id,
        account_id=state.account_id,
        shop_id=state.shop_id,
        currency=state.currency,
    )


def must_be_open(state: Session, command: Command) -> None:
    """Refuse a change of what is read-only, or of a version not seen. An ended session stays as it is."""
    if state.source == "import":
        raise refusals.imported(state.session_id)
    if state.status == "ended":
        raise refusals.session_ended(state.session_id)
    if command.expected_version and command.expected_version != state.version:
        raise version_conflict(command.expected_version, state.version)


def must_exist(state: Session, command: Command) -> None:
    """Refuse a session that nobody opened, or that was deleted."""
    if state.status in ("none", "deleted"):
        raise refusals.session_not_found(command.session_id)


def open_session(state: Session, command: OpenSession) -> list[Event]:
    """Open a console. A recording starts at its recorded time, never in the future."""
    if state.status != "none":
        return []
    if command.recorded_start is not None and command.recorded_start > command.now:
        raise refusals.in_the_future("recording.start_time")
    opened = SessionOpened(
        at=command.now,
        session_id=command.session_id,
        account_id=command.account_id,
        shop_id=command.shop_id,
        currency=command.currency,
        title=command.title,
        source="live" if command.recorded_start is None else "replay",
        simulated=command.simulated,
        recorded_start=command.recorded_start,
        affiliate=command.affiliate,
    )
    return [opened]


def start_practice(state: Session, command: StartPractice) -> list[Event]:
    """Practise, unseen by any viewer."""
    must_exist(state, command)
    must_be_open(state, command)
    if state.status == "live":
        raise refusals.already_live(state.session_id)
    if state.status == "practice":
        return []
    return [PracticeStarted(at=command.now, **about(state))]


def end_practice(state: Session, command: EndPractice) -> list[Event]:
    """Stop practising; the console stays open."""
    must_exist(state, command)
    must_be_open(state, command)
    if state.status != "practice":
        raise refusals.not_practising(state.session_id, state.status)
    return [PracticeEnded(at=command.now, **about(state))]


def go_live(state: Session, command: GoLive) -> list[Event]:
    """Go on air, from the open console or out of practice. Needs the account's slot, see live_slot_rules."""
    must_exist(state, command)
    must_be_open(state, command)
    if state.status == "live":
        return []
    if state.plan is not None and state.plan.not_before is not None and command.now < state.plan.not_before:
        raise refusals.too_early(state.session_id, state.plan.not_before)
    fields = about(state)
    start = state.recorded_start or command.now
    events: list[Event] = [
        WentLive(
            at=start,
            title=state.title,
            source=state.source,
            simulated=state.simulated,
            went_at=command.now,
            **fields,
        )
    ]
    if state.bag:
        events.append(BagShown(at=start, bag=tuple(entry.product_id for entry in state.bag), **fields))
    if state.pinned_comment is not None:  # it was written in practice, which no viewer may see
        events.append(CommentUnpinned(at=start, comment_id=state.pinned_comment, **fields))
    return events


def end_session(state: Session, command: EndSession) -> list[Event]:
    """End a running LIVE; its open pin closes with it.

    An end in the past is not before the last sign of life. A recording without an end ends where it has got to.
    """
    must_exist(state, command)
    if state.source == "import":
        raise refusals.imported(state.session_id)
    if state.status != "live":
        raise refusals.session_not_live(state.session_id, state.status)
    end = _end_time(state, command)
    fields = about(state)
    events: list[Event] = []
    if state.pinned is not None:
        events.append(
            ProductUnpinned(at=end, product_id=state.pinned.product_id, pinned_at=state.pinned.start, **fields)
        )
    assert state.started_at is not None
    ended = SessionEnded(
        at=end,
        title=state.title,
        source=state.source,
        simulated=state.simulated,
        started_at=state.started_at,
        recorded_at=command.now,
        for_silence=command.for_silence,
        **fields,
    )
    return [*events, ended]


def _end_time(state: Session, command: EndSession) -> datetime:
    assert state.started_at is not None
    earliest = max([state.started_at, *(pin.end or pin.start for pin in state.pins[-1:])])
    if command.end_time is None:
        played = command.signs.reached or command.now
        return max(played if state.source == "replay" else command.now, earliest)
    if command.end_time > command.now:
        raise refusals.in_the_future("end_time")
    if state.source == "live":
        earliest = max(earliest, last_sign(state, command.signs))
        if command.end_time < earliest:
            raise refusals.end_too_early(earliest)
    if command.end_time < earliest:
        raise refusals.outside_session("end_time")
    return command.end_time


def last_sign(state: Session, signs: Signs) -> datetime:
    """Return when a running session last showed a sign of life, by the real clock.

    A change of the session itself is one, but not in a recording: those carry recorded times.
    """
    assert state.started_at is not None
    own = state.touched_at if state.source == "live" else state.went_at
    return max(own or state.started_at, signs.last or state.started_at)


def update_session(state: Session, command: UpdateSession) -> list[Event]:
    """Change the title."""
    must_exist(state, command)
    must_be_open(state, command)
    if command.title == state.title:
        return []
    return [SessionUpdated(at=command.now, title=command.title, **about(state))]


def set_playback(state: Session, command: SetPlayback) -> list[Event]:
    """Say where viewers see the show."""
    must_exist(state, command)
    must_be_open(state, command)
    if Playback(command.kind, command.url, command.poster_url) == state.playback:
        return []
    return [
        PlaybackSet(at=command.now, kind=command.kind, url=command.url, poster_url=command.poster_url, **about(state))
    ]


def delete_session(state: Session, command: DeleteSession) -> list[Event]:
    """Delete what never went on air. A LIVE stays for good, and what was prepared for an event goes with the event."""
    must_exist(state, command)
    must_be_open(state, command)
    if state.announced is not None:
        raise refusals.belongs_to_event(state.session_id, state.announced.event_id)
    if state.status != "prepared":
        raise refusals.session_not_prepared(state.session_id, state.status)
    return [SessionDeleted(at=command.now, **about(state))]


def set_script(state: Session, command: SetScript) -> list[Event]:
    """Write the script, or remove it with an empty one. Nothing forces the host to use it."""
    must_exist(state, command)
    must_be_open(state, command)
    if command.script == state.script:
        return []
    return [ScriptSet(at=command.now, script=command.script, **about(state))]


def record_replay(state: Session, command: RecordReplay) -> list[Event]:
    """Keep where the recording of an ended session is, until it expires."""
    must_exist(state, command)
    if state.source == "import":
        raise refusals.imported(state.session_id)
    if state.ended_at is None:
        raise refusals.session_running(state.session_id)
    expires_at = state.ended_at + command.policy.replay_kept
    if command.now >= expires_at:
        raise refusals.replay_expired(expires_at)
    if command.url == state.replay_url:
        return []
    return [ReplayRecorded(at=command.now, url=command.url, expires_at=expires_at, **about(state))]


def replay_of(state: Session, now: datetime) -> tuple[str, datetime]:
    """Return the replay's address and when it expires. Raises REPLAY_EXPIRED."""
    if state.replay_expires_at is None or now >= state.replay_expires_at:
        raise refusals.replay_expired(state.replay_expires_at)
    return state.replay_url, state.replay_expires_at

"""The numbers of a session that others may rely on: each closed minute, and the final report."""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

import msgspec

from showfloor.kernel.decider import Decider
from showfloor.kernel.event import Event
from showfloor.kernel.ids import derive_id


class Reading(msgspec.Struct, frozen=True):
    """A metric of the registry. No value: `missing` says why ("not_yet", "not_known", "no_denominator")."""

    metric: str
    value: float | None = None
    missing: str = ""
    currency: str = ""


class MinuteSummarised(Event, frozen=True, kw_only=True):
    """A minute of a session closed: its additive counts. `at` is the moment of the recording."""

    TOPIC: ClassVar[str] = "report.minute_summarised"

    session_id: UUID
    minute: datetime  # start of the minute
    readings: tuple[Reading, ...]


class SessionReported(Event, frozen=True, kw_only=True):
    """The final numbers of a session, taken once its last minute had closed."""

    TOPIC: ClassVar[str] = "report.session_reported"

    session_id: UUID
    account_id: UUID
    shop_id: UUID
    readings: tuple[Reading, ...]
    simulated: bool | None = None  # also by some of its payments; None: from before this was recorded


class SessionRestated(Event, frozen=True, kw_only=True):
    """What was told after the report changed the final numbers, such as an order that a platform attributes later."""

    TOPIC: ClassVar[str] = "report.session_restated"

    session_id: UUID
    account_id: UUID
    shop_id: UUID
    currency: str
    started_at: datetime
    revision: int  # 1 for the first
    readings: tuple[Reading, ...]
    before: tuple[Reading, ...]
    simulated: bool
    simulated_before: bool

    @property
    def changed(self) -> bool:
        """False when the report held what was told late already."""
        return (self.readings, self.simulated) != (self.before, self.simulated_before)


class Report(msgspec.Struct, frozen=True):
    """How far the reporting of a session has got."""

    last_minute: datetime | None = None
    reported: bool = False
    readings: tuple[Reading, ...] = ()
    simulated: bool = False
    revision: int = 0


def report_stream(session_id: UUID) -> UUID:
    """Return the stream of a session's reports."""
    return derive_id(session_id, "report")


def evolve(state: Report, event: Event) -> Report:
    """Return the reporting after the event."""
    if isinstance(event, MinuteSummarised):
        return msgspec.structs.replace(state, last_minute=event.minute)
    if isinstance(event, SessionRestated):
        return msgspec.structs.replace(
            state, readings=event.readings, simulated=event.simulated, revision=event.revision
        )
    assert isinstance(event, SessionReported)
    return msgspec.structs.replace(state, reported=True, readings=event.readings, simulated=bool(event.simulated))


REPORT: Decider[Report] = Decider(
    name="report",
    state_type=Report,
    initial=Report,
    evolve=evolve,
    events=(MinuteSummarised, SessionReported, SessionRestated),
)

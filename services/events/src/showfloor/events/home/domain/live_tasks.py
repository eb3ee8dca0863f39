"""LIVE tasks: so many LIVEs in a week or a month earn a reward. One stream per account remembers its LIVEs."""

from datetime import datetime, timedelta
from typing import ClassVar, Final
from uuid import UUID

import msgspec

from showfloor.events.home.domain.periods import PeriodKind
from showfloor.kernel.decider import Decider
from showfloor.kernel.event import Event
from showfloor.kernel.ids import derive_id

REMEMBERED: Final = timedelta(days=62)  # two of the longest periods
MOST_REWARDS: Final = 100  # the newest


class Task(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A task as the settings file defines it."""

    key: str  # its name for ever: a changed goal is another task
    title: str
    period: PeriodKind
    goal: int  # LIVEs in the period
    minutes: int  # that each of them is on air at least
    reward: str


class LiveBegun(Event, frozen=True, kw_only=True):
    """A LIVE of the account, with real viewers, went on air. `at` is the start."""

    TOPIC: ClassVar[str] = "task.live_begun"

    account_id: UUID
    session_id: UUID


class LiveNoted(Event, frozen=True, kw_only=True):
    """That LIVE ended. `at` is the end."""

    TOPIC: ClassVar[str] = "task.live_noted"

    account_id: UUID
    session_id: UUID
    started_at: datetime
    minutes: int  # whole ones on air


class TaskCompleted(Event, frozen=True, kw_only=True):
    """The account reached a goal. `at` is the end of the LIVE that did it. The reward is as it was promised then."""

    TOPIC: ClassVar[str] = "task.completed"

    account_id: UUID
    task: str
    title: str
    reward: str
    goal: int
    period_start: datetime
    period_end: datetime
    session_id: UUID


class Running(msgspec.Struct, frozen=True):
    """A LIVE on air."""

    session_id: UUID
    started_at: datetime


class Noted(msgspec.Struct, frozen=True):
    """A LIVE that is over."""

    session_id: UUID
    started_at: datetime
    minutes: int


class Reward(msgspec.Struct, frozen=True):
    """A goal that was reached."""

    task: str
    title: str
    reward: str
    goal: int
    period_start: datetime
    period_end: datetime
    completed_at: datetime


class LiveTasks(msgspec.Struct, frozen=True, kw_only=True):
    """What tasks know of an account. LIVEs and rewards of long ago are forgotten; the log has them."""

    running: tuple[Running, ...] = ()
    noted: tuple[Noted, ...] = ()
    rewards: tuple[Reward, ...] = ()

    def knows(self, session_id: UUID) -> bool:
        """Tell whether a LIVE was told before."""
        known = {one.session_id for one in self.running} | {one.session_id for one in self.noted}
        return session_id in known


def tasks_stream(account_id: UUID) -> UUID:
    """Return the stream of an account's tasks."""
    return derive_id(account_id, "tasks")


def evolve(state: LiveTasks, event: Event) -> LiveTasks:
    """Return the tasks after the event."""
    if isinstance(event, LiveBegun):
        begun = Running(event.session_id, event.at)
        recent = tuple(one for one in state.running if one.started_at > event.at - REMEMBERED)
        return msgspec.structs.replace(state, running=(*recent, begun))
    if isinstance(event, LiveNoted):
        noted = Noted(event.session_id, event.started_at, event.minutes)
        kept = tuple(one for one in state.noted if one.started_at > event.started_at - REMEMBERED)
        running = tuple(one for one in state.running if one.session_id != event.session_id)
        return msgspec.structs.replace(state, running=running, noted=(*kept, noted))
    assert isinstance(event, TaskCompleted)
    reward = Reward(
        event.task, event.title, event.reward, event.goal, event.period_start, event.period_end, event.at
    )  # fmt: skip
    return msgspec.structs.replace(state, rewards=(*state.rewards, reward)[-MOST_REWARDS:])


TASKS: Decider[LiveTasks] = Decider(
    name="task", state_type=LiveTasks, initial=LiveTasks, evolve=evolve, events=(LiveBegun, LiveNoted, TaskCompleted)
)

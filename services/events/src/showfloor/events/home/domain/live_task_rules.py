"""When a LIVE counts for a task, and when a goal is reached: each LIVE once, each goal once in its period."""

from datetime import datetime
from uuid import UUID

import msgspec

from showfloor.events.home.domain.live_tasks import (
    REMEMBERED,
    LiveBegun,
    LiveNoted,
    LiveTasks,
    Noted,
    Task,
    TaskCompleted,
)
from showfloor.events.home.domain.periods import Period, period_of
from showfloor.kernel.command import Aside
from showfloor.kernel.event import Event


class BeginLive(msgspec.Struct, frozen=True, kw_only=True):
    """A LIVE went on air."""

    account_id: UUID
    session_id: UUID
    at: datetime


class NoteLive(msgspec.Struct, frozen=True, kw_only=True):
    """A LIVE ended; `tasks` are those that are offered now."""

    account_id: UUID
    session_id: UUID
    at: datetime
    tasks: Aside[tuple[Task, ...]]


class Progress(msgspec.Struct, frozen=True):
    """How far an account is with a task in the current period."""

    task: Task
    period: Period
    lives: int
    completed: bool


def begin_live(state: LiveTasks, command: BeginLive) -> list[Event]:
    """Remember that a LIVE is on air. One that was told before, or is as old as what is forgotten, changes nothing."""
    newest = max((one.started_at for one in state.noted), default=command.at)
    if state.knows(command.session_id) or command.at <= newest - REMEMBERED:
        return []
    return [LiveBegun(at=command.at, account_id=command.account_id, session_id=command.session_id)]


def note_live(state: LiveTasks, command: NoteLive) -> list[Event]:
    """Count a LIVE that was on air, in the period in which it began, and record each goal that it reaches."""
    began = next((one.started_at for one in state.running if one.session_id == command.session_id), None)
    if began is None:
        return []
    minutes = max(0, int((command.at - began).total_seconds() // 60))
    noted = LiveNoted(
        at=command.at,
        account_id=command.account_id,
        session_id=command.session_id,
        started_at=began,
        minutes=minutes,
    )
    lives = (*state.noted, Noted(command.session_id, began, minutes))
    reached = (_completed(state, command, task, period_of(task.period, began), lives) for task in command.tasks)
    return [noted, *(one for one in reached if one is not None)]


def progress(state: LiveTasks, tasks: tuple[Task, ...], now: datetime) -> list[Progress]:
    """Return how far each task is in the period that runs now."""
    periods = [(task, period_of(task.period, now)) for task in tasks]
    return [
        Progress(task, period, _lives(task, period, state.noted), _is_rewarded(state, task, period))
        for task, period in periods
    ]


def _completed(
    state: LiveTasks, command: NoteLive, task: Task, period: Period, lives: tuple[Noted, ...]
) -> TaskCompleted | None:
    if _is_rewarded(state, task, period) or _lives(task, period, lives) < task.goal:
        return None
    return TaskCompleted(
        at=command.at,
        account_id=command.account_id,
        task=task.key,
        title=task.title,
        reward=task.reward,
        goal=task.goal,
        period_start=period.start,
        period_end=period.end,
        session_id=command.session_id,
    )


def _lives(task: Task, period: Period, lives: tuple[Noted, ...]) -> int:
    return sum(one.minutes >= task.minutes and period.holds(one.started_at) for one in lives)


def _is_rewarded(state: LiveTasks, task: Task, period: Period) -> bool:
    return any((one.task, one.period_start) == (task.key, period.start) for one in state.rewards)

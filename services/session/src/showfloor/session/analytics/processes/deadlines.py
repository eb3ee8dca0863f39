"""Every deadline of the service: what sets it, and the command it fires."""

from collections.abc import Awaitable, Callable, Iterable
from uuid import UUID

from showfloor.eventstore.deadlines import Cleared, Deadline, deadline_view
from showfloor.eventstore.store import Store
from showfloor.eventstore.view import View
from showfloor.kernel.clock import Clock
from showfloor.kernel.event import Recorded
from showfloor.session.activity.processes import reservations
from showfloor.session.analytics.processes import report, restating
from showfloor.session.analytics.processes.report import SessionNumbers
from showfloor.session.show.domain.policy import Policy
from showfloor.session.show.domain.session_rules import SignsOf
from showfloor.session.show.processes import expiry, going_live, silence
from showfloor.session.show.processes.expiry import ForgetSignals


def deadlines(policy: Policy) -> View:
    """Return the view that holds what is due. With another policy it is made anew at the next start."""

    def changes(recorded: Recorded) -> Iterable[Deadline | Cleared]:
        yield from going_live.changes(recorded, policy)
        yield from report.changes(recorded, policy)
        yield from expiry.changes(recorded, policy)
        yield from reservations.changes(recorded)
        yield from silence.changes(recorded, policy)
        yield from restating.changes(recorded, policy)

    processes = (going_live, report, expiry, reservations, silence, restating)
    handles = tuple(dict.fromkeys(event for process in processes for event in process.HANDLES))
    waits = (
        policy.finish_after, policy.report_after, policy.minutes_open, policy.detail_days, policy.end_quiet_after,
        policy.restate_every,
    )  # fmt: skip
    return deadline_view(handles, changes, version=5, settings=repr(waits))


def fire(
    store: Store,
    numbers: SessionNumbers,
    signs_of: SignsOf,
    forget_signals: ForgetSignals,
    policy: Policy,
    clock: Clock,
) -> Callable[[Deadline], Awaitable[object]]:
    """Return what a due deadline does. Each may run again: its command changes nothing the second time."""
    todo: dict[str, Callable[[UUID], Awaitable[object]]] = {
        going_live.FINISH: lambda session_id: going_live.finish(store, session_id, clock),
        going_live.RELEASE: lambda session_id: going_live.release(store, session_id, clock),
        report.MINUTES: lambda session_id: report.tell_minutes(store, numbers, session_id, clock, policy),
        report.FINAL: lambda session_id: report.tell_final(store, numbers, session_id, clock),
        expiry.EXPIRE: lambda session_id: expiry.expire(store, report.reports_in(store), session_id, clock, policy),
        expiry.FORGET: lambda session_id: expiry.forget(store, forget_signals, session_id, clock),
        restating.RESTATE: lambda session_id: restating.restate(store, numbers, session_id, clock),
        silence.SILENCE: lambda session_id: silence.end_if_quiet(store, signs_of, session_id, clock, policy),
        reservations.RUN_OUT: lambda order_id: reservations.run_out(store, order_id, clock),
    }

    async def run(deadline: Deadline) -> None:
        await todo[deadline.name](deadline.stream)

    return run

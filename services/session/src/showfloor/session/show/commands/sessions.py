"""Commands that run a session: its life, its settings, its replay."""

from contextlib import suppress
from uuid import UUID

from showfloor.eventstore.store import Store
from showfloor.eventstore.streams import Outcome
from showfloor.kernel.decider import Rule
from showfloor.kernel.event import Meta
from showfloor.kernel.refusal import Refusal, RefusalKind
from showfloor.session.show.domain import live_slot_rules, refusals, session_rules
from showfloor.session.show.domain.live_slot import LIVE_SLOT, LiveSlot, live_slot_id
from showfloor.session.show.domain.live_slot_rules import Slot
from showfloor.session.show.domain.session import SESSION, Session
from showfloor.session.show.domain.session_rules import Asked, End, KeepReplay, Open, Retitle, WriteScript


async def open_session(store: Store, asked: Open, meta: Meta) -> Outcome[Session]:
    """Open a console. Raises REQUEST_ID_REUSED, IN_THE_FUTURE."""
    return await store.execute(SESSION, asked.session_id, session_rules.open_session, asked, meta)


async def start_practice(store: Store, asked: Asked, meta: Meta) -> Outcome[Session]:
    """Start practising. Raises SESSION_NOT_FOUND, SESSION_ENDED, ALREADY_LIVE."""
    return await store.execute(SESSION, asked.session_id, session_rules.start_practice, asked, meta)


async def end_practice(store: Store, asked: Asked, meta: Meta) -> Outcome[Session]:
    """Stop practising. Raises SESSION_NOT_FOUND, SESSION_ENDED, NOT_PRACTISING."""
    return await store.execute(SESSION, asked.session_id, session_rules.end_practice, asked, meta)


async def go_live(store: Store, asked: Asked, meta: Meta) -> Outcome[Session]:
    """Take the account's slot, then go on air. Raises ANOTHER_LIVE_RUNNING, SESSION_ENDED.

    Two streams, two steps: when the process dies between them, `processes/going_live` does the second.
    """
    done = await store.done_before(SESSION, asked.session_id, session_rules.go_live, asked, meta)
    if done is not None:
        return done
    session = (await store.load(SESSION, asked.session_id)).state
    if session_rules.go_live(session, asked):
        await _take_slot(store, Slot(account_id=session.account_id, session_id=asked.session_id, now=asked.now), meta)
    try:
        return await store.execute(SESSION, asked.session_id, session_rules.go_live, asked, meta)
    except Refusal as refusal:
        if refusal.kind is RefusalKind.UNAVAILABLE:
            raise  # it may still happen: keep the slot, the process settles it
        await release_slot(store, session, asked, meta)
        raise


async def end_session(store: Store, asked: End, meta: Meta) -> Outcome[Session]:
    """End a running LIVE, then give the slot back. Raises SESSION_NOT_LIVE, OUTSIDE_SESSION, IN_THE_FUTURE."""
    outcome = await store.execute(SESSION, asked.session_id, session_rules.end_session, asked, meta)
    await release_slot(store, outcome.state, asked, meta)
    return outcome


async def release_slot(store: Store, session: Session, asked: Asked, meta: Meta) -> None:
    """Give the slot back unless the session is on air. It is another's already: nothing to do."""
    current = (await store.load(SESSION, asked.session_id)).state
    if current.status != "live":
        slot = Slot(account_id=session.account_id, session_id=asked.session_id, now=asked.now)
        await _slot(store, live_slot_rules.release_slot, slot, meta)


async def update_session(store: Store, asked: Retitle, meta: Meta) -> Outcome[Session]:
    """Change the title. Raises SESSION_NOT_FOUND, SESSION_ENDED, VERSION_CONFLICT."""
    return await store.execute(SESSION, asked.session_id, session_rules.retitle, asked, meta)


async def set_script(store: Store, asked: WriteScript, meta: Meta) -> Outcome[Session]:
    """Write the script. Raises SESSION_NOT_FOUND, SESSION_ENDED, VERSION_CONFLICT."""
    return await store.execute(SESSION, asked.session_id, session_rules.write_script, asked, meta)


async def record_replay(store: Store, asked: KeepReplay, meta: Meta) -> Outcome[Session]:
    """Keep where the recording is. Raises SESSION_NOT_FOUND, SESSION_RUNNING, REPLAY_EXPIRED."""
    return await store.execute(SESSION, asked.session_id, session_rules.record_replay, asked, meta)


async def _take_slot(store: Store, slot: Slot, meta: Meta) -> None:
    try:
        await _slot(store, live_slot_rules.take_slot, slot, meta)
        return
    except Refusal as refusal:
        if refusal.reason != "ANOTHER_LIVE_RUNNING":
            raise
        holder = UUID(refusal.metadata["running_session_id"])
    # The slot may be held by a session that ended while its process died: then it is free.
    if (await store.load(SESSION, holder)).state.status != "ended":
        raise refusals.another_live_running(holder)
    stale = Slot(account_id=slot.account_id, session_id=holder, now=slot.now)
    with suppress(Refusal):
        await _slot(store, live_slot_rules.release_slot, stale, meta)
    await _slot(store, live_slot_rules.take_slot, slot, meta)


async def _slot(store: Store, rule: Rule[LiveSlot, Slot], slot: Slot, meta: Meta) -> None:
    """Do something with a slot, which takes or gives back nothing twice: one request may do both."""
    await store.execute(LIVE_SLOT, live_slot_id(slot.account_id), rule, slot, meta, remember_as="")

"""Start windows of LIVE events: kill -9 of a service, of PostgreSQL or of NATS while events are about to begin.

Each round plans events for the next minute on accounts of their own, moves one there, moves one away, deletes one,
kills a process at a random moment around the start, while a guest registers for each, then lets hosts go LIVE, pause
and go LIVE again. Afterwards the logs are asked: what was to begin began once, with one session at a time and one mail
to its guest, and what was not to begin did not.
"""

import asyncio
import random
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from cluster import PROCESSES, Cluster
from load import Load, Refused

from showfloor.embedded.postgres import Postgres

LEAD: Final = 5.0  # seconds from the first plan of a round to the start
AROUND: Final = (0.0, 8.0)  # seconds after that plan at which a process is killed
PATIENCE: Final = 60.0  # seconds until the logs show what was acknowledged
ROUND_SECONDS: Final = 180.0  # that a round may take
PLAIN: Final = 4  # events of a round that are neither moved nor deleted
ONCE: Final = ("event.starting_soon", "event.ready")
_OF_EVENTS = """SELECT convert_from(state, 'UTF8')::jsonb -> 1 ->> 'event_id' AS event, split_part(topic, ':', 1),
                count(*) FROM stored_events WHERE topic LIKE 'event.%' GROUP BY 1, 2"""
_MAILS = """SELECT convert_from(state, 'UTF8')::jsonb -> 1 ->> 'event_id' AS event, 'mails', count(*)
            FROM stored_events WHERE topic LIKE 'invitation.mail_settled:%' GROUP BY 1, 2"""
_SESSIONS = """SELECT convert_from(state, 'UTF8')::jsonb -> 1 ->> 'event_id' AS event, 'sessions', count(*)
               FROM stored_events WHERE topic LIKE 'session.opened:%' GROUP BY 1, 2"""

Counts = dict[str, Counter[str]]
"""How often something was recorded of an event, by the event's id and the kind of what was recorded."""


@dataclass
class Wanted:
    """What must be recorded in the end: which events begin, which of them are paused, and which do not begin."""

    begins: list[str] = field(default_factory=list)
    paused: list[str] = field(default_factory=list)
    never: list[str] = field(default_factory=list)


def not_as_wanted(wanted: Wanted, counts: Counts) -> list[str]:
    """Say which events began never or twice, or have another number of sessions than they should."""
    found = []
    for event in wanted.begins:
        runs = 2 if event in wanted.paused else 1
        due = {
            **dict.fromkeys(ONCE, 1),
            "event.session_started": runs,
            "event.session_ended": runs,
            "sessions": runs + 1,
            "mails": 1,
        }
        have = counts.get(event, Counter())
        found += [f"{event}: {have[kind]} x {kind}, not {times}" for kind, times in due.items() if have[kind] != times]
    for event in wanted.never:
        have = counts.get(event, Counter())
        found += [
            f"{event}: {have[kind]} x {kind}, not 0" for kind in ("event.ready", "event.session_started") if have[kind]
        ]
    return found


async def run(seed: int, count: int) -> list[str]:
    """Let so many windows pass on one fresh system. Returns what is wrong."""
    with tempfile.TemporaryDirectory(prefix="windows") as root:
        cluster = Cluster(Path(root), random.Random(f"{seed}/noise"))
        try:
            await cluster.open()
            load = Load(cluster.url, await asyncio.to_thread(cluster.system.token), random.Random(f"{seed}/load"))
            shop = (await load.change("POST", "/shops", {"name": "Windows", "currency": "EUR"}))["shop_id"]
            for number in range(count):
                began = time.monotonic()
                try:
                    async with asyncio.timeout(ROUND_SECONDS):
                        wrong = await _round(cluster, load, shop, random.Random(f"{seed}/{number}"))
                except (AssertionError, TimeoutError, Refused) as error:
                    wrong = [f"the window did not pass: {error!r}"]
                sys.stdout.write(
                    f"seed {seed} window {number}: {wrong or 'all well'} ({time.monotonic() - began:.1f} s)\n"
                )
                sys.stdout.flush()
                if wrong:
                    sys.stdout.write(cluster.last_words())
                    return [f"seed {seed} window {number}: {one}" for one in wrong]
        finally:
            await cluster.close()
    return []


async def _round(cluster: Cluster, load: Load, shop: str, chance: random.Random) -> list[str]:
    accounts = [await _account(load, shop, number) for number in range(PLAIN + 3)]
    start = _next_minute(cluster)
    later = start + timedelta(hours=1)
    wanted = Wanted()
    planned = [await _plan(load, account, start) for account in accounts[:PLAIN]]
    moved_here, moved_away = await _plan(load, accounts[PLAIN], later), await _plan(load, accounts[PLAIN + 1], start)
    deleted = await _plan(load, accounts[PLAIN + 2], start)
    killing = asyncio.create_task(_kill(cluster, chance))
    moves = {moved_here["event_id"]: start, moved_away["event_id"]: later}
    in_time = [one for one, to in moves.items() if await _moved(load, one, to) and _now(cluster) < start]
    await load.change("DELETE", f"/events/{deleted['event_id']}", None)
    if _now(cluster) < start:
        wanted.never.append(deleted["event_id"])
    # What was changed when the minute had come already was refused, or had begun: of that nothing is asked.
    begin = [*planned, *(one for one in (moved_here,) if one["event_id"] in in_time)]
    wanted.never += [one["event_id"] for one in (moved_away,) if one["event_id"] in in_time]
    for event in begin:
        guest = {"email": f"{event['event_id']}@example.com"}
        await load.change("POST", f"/events/{event['event_id']}/registrations", guest)
    await killing
    await cluster.well()
    wanted.begins = [event["event_id"] for event in begin]
    wanted.paused = wanted.begins[::2]
    await asyncio.sleep(max(0.0, start.timestamp() - time.time() - cluster.ahead) + 0.2)
    await asyncio.gather(*(_host(load, event, event["event_id"] in wanted.paused) for event in begin))
    return await _settled(cluster, wanted)


async def _moved(load: Load, event_id: str, start: datetime) -> bool:
    """Move an event; False when its new start has passed while the system was away."""
    try:
        await load.change("PATCH", f"/events/{event_id}", {"time": _time(start)})
    except Refused as refused:
        if "start-in-the-past" not in str(refused):
            raise
        return False
    return True


async def _host(load: Load, event: Any, again: bool) -> None:
    """Go LIVE and end; once more when the event is paused and goes on."""
    session = await _next_session(load, event["event_id"])
    for _ in range(2 if again else 1):
        await load.change("POST", f"/sessions/{session}/live", {})
        await load.change("POST", f"/sessions/{session}/end", {})
        session = await _next_session(load, event["event_id"], session)


async def _next_session(load: Load, event_id: str, ended: str = "") -> str:
    """Return the session that is prepared, after one that ended, once it is opened for its time."""
    end = time.monotonic() + PATIENCE
    while True:
        event = (await load.read(f"/events/{event_id}"))["event"]
        last = event["sessions"][-1]["session_id"]
        if last != ended:
            found = [one["session"] for one in (await load.read("/sessions", event_id=event_id))["sessions"]]
            if (last, event["start_time"]) in [(one["session_id"], one.get("not_before_time")) for one in found]:
                return str(last)
        assert time.monotonic() < end, f"event {event_id} has no session after {ended}"
        await asyncio.sleep(0.2)


async def _settled(cluster: Cluster, wanted: Wanted) -> list[str]:
    """Look until nothing is wrong any more, or patience ends."""
    end = time.monotonic() + PATIENCE
    while (wrong := not_as_wanted(wanted, await asyncio.to_thread(_counts, cluster))) and time.monotonic() < end:
        await asyncio.sleep(0.2)
    return wrong


def _counts(cluster: Cluster) -> Counts:
    found: Counts = {}
    for database, sql in (("events", _OF_EVENTS), ("events", _MAILS), ("session", _SESSIONS)):
        for row in Postgres(cluster.folder).query(sql, database=database).splitlines():
            event, kind, times = row.split("|")
            found.setdefault(event, Counter())[kind] += int(times)
    return found


async def _kill(cluster: Cluster, chance: random.Random) -> None:
    await asyncio.sleep(chance.uniform(*AROUND))
    await cluster.kill(chance.choice(PROCESSES))


def _now(cluster: Cluster) -> datetime:
    """Return the time by the clocks of the services."""
    return datetime.fromtimestamp(time.time() + cluster.ahead, UTC)


def _next_minute(cluster: Cluster) -> datetime:
    """Set the clocks of the services so far ahead that a minute, at which events can start, begins in a moment."""
    now = time.time() + cluster.ahead
    cluster.step_clock((60 - LEAD - now % 60) % 60)
    now = time.time() + cluster.ahead
    return datetime.fromtimestamp(now - now % 60 + 60, UTC)


def _time(start: datetime) -> dict[str, Any]:
    return {"local_start": f"{start:%Y-%m-%dT%H:%M}", "time_zone": "UTC", "duration_minutes": 30}


async def _account(load: Load, shop: str, number: int) -> str:
    body = {"name": f"Host {number}", "shop_id": shop, "kind": "creator"}
    return str((await load.change("POST", "/accounts", body))["account_id"])


async def _plan(load: Load, account: str, start: datetime) -> Any:
    body = {"account_id": account, "title": "Window", "time": _time(start)}
    return (await load.change("POST", "/events", body))["event"]

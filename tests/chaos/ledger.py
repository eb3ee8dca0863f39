"""What a run has sent and had acknowledged, and what every check compares it with. Pure: tests break it on purpose."""

from collections import Counter
from dataclasses import dataclass, field

LINES = {"order": 2}  # in the feed, of one fact: an order is placed and paid
METRICS = ("gmv", "units_sold", "comments", "new_followers", "gifts", "likes", "views")


@dataclass
class Acknowledged:
    """What was acknowledged of one session: ids of facts, sums of the rest."""

    session: str
    facts: dict[str, str] = field(default_factory=dict)  # request id -> kind in the feed
    sums: Counter[str] = field(default_factory=Counter)

    def acknowledged(self, request_id: str, kind: str, **adds: int) -> None:
        """Note a fact. One acknowledged twice, after a resend, is one fact."""
        if request_id not in self.facts:
            self.facts[request_id] = kind
            self.sums.update(adds)


@dataclass
class Seen:
    """What the system shows of one session."""

    sums: dict[str, int]
    feed: list[tuple[int, str]]  # (position, kind), oldest first


@dataclass
class Transcript:
    """What a client of the stream was sent of one session's feed: where it began, and every position after that."""

    session: str
    start: int
    positions: list[int] = field(default_factory=list)


def lost_or_doubled(told: Acknowledged, seen: Seen) -> list[str]:
    """Every acknowledged fact and signal counts once: sums, and the number of lines of the feed by kind."""
    found = [
        f"{told.session}: {metric} is {seen.sums.get(metric, 0)}, acknowledged {told.sums[metric]}"
        for metric in METRICS
        if seen.sums.get(metric, 0) != told.sums[metric]
    ]
    shown = Counter(kind for _, kind in seen.feed)
    wanted = Counter(told.facts.values())
    for kind, lines in LINES.items():
        wanted[kind] *= lines
    found += [
        f"{told.session}: the feed has {shown[kind]} x {kind}, acknowledged {wanted[kind]}"
        for kind in sorted(wanted | shown)
        if shown[kind] != wanted[kind]
    ]
    positions = [position for position, _ in seen.feed]
    if positions != sorted(set(positions)):
        found.append(f"{told.session}: the feed repeats a position or is out of order")
    return found


def gap_or_repeat(transcript: Transcript, feed: list[tuple[int, str]]) -> list[str]:
    """A client that came back with its last id has every later line, once, in order."""
    wanted = [position for position, _ in feed if position > transcript.start]
    if transcript.positions == wanted:
        return []
    missing = sorted(set(wanted) - set(transcript.positions))
    twice = sorted(position for position, times in Counter(transcript.positions).items() if times > 1)
    order = "" if missing or twice else "; the order differs"
    return [f"{transcript.session}: stream lacks {missing[:5]}, repeats {twice[:5]}{order}"]


def views_differ(service: str, views: dict[str, tuple[str, str]]) -> list[str]:
    """Every view, built again from the log, has the same rows, byte for byte. Each with its live and new digest."""
    if not views:
        return [f"no views at all in {service}"]
    return [f"view {service}/{name}: {old} live, {new} rebuilt" for name, (old, new) in views.items() if old != new]


def left_over(definitions: list[str]) -> list[str]:
    """Each view has one definition with tables, once no other version runs. Each as `view digest`."""
    held = Counter(one.split()[0] for one in definitions)
    return [f"view {name} has tables of {times} definitions" for name, times in held.items() if times > 1]


def not_once(counts: dict[str, int], ended: list[str]) -> list[str]:
    """The final report of each ended session is there once: its deadline took effect, and not a second time."""
    return [f"{session}: {counts.get(session, 0)} final reports" for session in ended if counts.get(session, 0) != 1]


def hanging(calls: list[tuple[str, float]], limit: float) -> list[str]:
    """Every command is answered or refused within its deadline."""
    return [f"{what}: no answer after {seconds:.1f} s" for what, seconds in calls if seconds > limit]


def grown(level: dict[str, int], now: dict[str, int], room: int) -> list[str]:
    """Memory in bytes is back at its level: at most `room` above it."""
    return [
        f"{name}: {now[name] >> 20} MB, {level[name] >> 20} MB at the beginning"
        for name in level
        if now.get(name, 0) > level[name] + room
    ]

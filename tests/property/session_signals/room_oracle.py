"""The plainest possible way to tell from signals who was in a room, one viewer at a time."""

from collections import Counter, defaultdict
from collections.abc import Iterable

Sighting = tuple[int, int, bool]  # viewer, Unix milliseconds, a leave
EnterOrLeave = tuple[int, int, int]  # viewer, Unix milliseconds, 2 enter or 3 leave


def stays_of(times: Iterable[tuple[int, bool]]) -> list[tuple[int, int, bool]]:
    """Return first, last, and whether the last one was a leave and nothing else, of one viewer."""
    by_time: dict[int, bool] = {}
    for at, left in times:
        by_time[at] = by_time.get(at, True) and left
    stays: list[list[int]] = []
    for at in sorted(by_time):
        if stays and at - stays[-1][1] <= 75_000:
            stays[-1][1] = at
        else:
            stays.append([at, at])
    return [(first, last, by_time[last]) for first, last in stays]


def by_viewer(sightings: Iterable[Sighting]) -> dict[int, list[tuple[int, int, bool]]]:
    times = defaultdict(list)
    for viewer, at, left in sightings:
        times[viewer].append((at, left))
    return {viewer: stays_of(found) for viewer, found in times.items()}


def watched(sightings: Iterable[Sighting]) -> int:
    return sum(last - first for stays in by_viewer(sightings).values() for first, last, _ in stays)


def watched_in(sightings: Iterable[Sighting], slot: int) -> int:
    start, stop = slot * 15_000, (slot + 1) * 15_000
    stays = [stay for found in by_viewer(sightings).values() for stay in found]
    return sum(max(0, min(last, stop) - max(first, start)) for first, last, _ in stays)


def levels(sightings: Iterable[Sighting]) -> Counter[int]:
    """Return in each slot of 15 seconds how many viewers were present at any time of it."""
    found: Counter[int] = Counter()
    for stays in by_viewer(sightings).values():
        slots: set[int] = set()
        for first, last, left in stays:
            end = last if left else last + 75_000 - 1
            slots |= set(range(first // 15_000, end // 15_000 + 1))
        found.update(slots)
    return found


def present(sightings: Iterable[Sighting], now: int) -> int:
    """Return how many were seen in the 75 seconds up to this second, and have not left since."""
    stays = by_viewer(sightings).values()
    return sum(1 for found in stays if not found[-1][2] and now // 1000 - found[-1][1] // 1000 <= 75)


def pairs(told: Iterable[EnterOrLeave]) -> tuple[int, int, int]:
    """Return the leaves that ended a stay, how many are still inside, and leave times - enter times."""
    events = defaultdict(list)
    for viewer, at, kind in told:
        events[viewer].append((at, kind))
    ended = inside = stay = 0
    for mine in events.values():
        here = 0
        for at, kind in sorted(mine):
            if kind == 2:
                here, stay = here + 1, stay - at
            elif here:
                here, ended, stay = here - 1, ended + 1, stay + at
        inside += here
    return ended, inside, stay

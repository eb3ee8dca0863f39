"""Each check of the campaign fails on what it is there to find. Nothing runs here but the checks themselves."""

import asyncio
import random
from collections import Counter

import ledger
import pytest
from ledger import Acknowledged, Seen, Transcript
from windows import Wanted, not_as_wanted

from showfloor.testing.links import Fault, Link
from showfloor.testing.nats_noise import Noise
from showfloor.testing.ports import free_port


def told() -> Acknowledged:
    made = Acknowledged("s")
    made.acknowledged("o1", "order", units_sold=2, gmv=1_998)
    made.acknowledged("o1", "order", units_sold=2, gmv=1_998)  # the answer to a resend
    made.acknowledged("c1", "comment", comments=1)
    made.sums.update(likes=40, views=9)
    return made


def seen() -> Seen:
    sums = {"gmv": 1_998, "units_sold": 2, "comments": 1, "likes": 40, "views": 9}
    return Seen(sums, [(4, "order"), (5, "order"), (9, "comment")])


def test_what_is_as_acknowledged_passes() -> None:
    assert ledger.lost_or_doubled(told(), seen()) == []


@pytest.mark.parametrize(
    ("metric", "shown"), [("gmv", 0), ("gmv", 3_996), ("units_sold", 4), ("comments", 0), ("likes", 39), ("views", 18)]
)
def test_a_lost_and_a_doubled_sum_are_found(metric: str, shown: int) -> None:
    broken = seen()
    broken.sums[metric] = shown
    assert [one for one in ledger.lost_or_doubled(told(), broken) if metric in one]


@pytest.mark.parametrize(
    "feed",
    [
        [(4, "order"), (5, "order")],
        [(4, "order"), (5, "order"), (9, "comment"), (10, "comment")],
        [(4, "order"), (5, "order"), (5, "comment")],
        [(5, "order"), (4, "order"), (9, "comment")],
    ],
    ids=["lost", "doubled", "one position twice", "out of order"],
)
def test_a_wrong_feed_is_found(feed: list[tuple[int, str]]) -> None:
    broken = seen()
    broken.feed = feed
    assert ledger.lost_or_doubled(told(), broken)


@pytest.mark.parametrize(
    ("positions", "word"), [([4, 9], "lacks [5]"), ([4, 5, 5, 9], "repeats [5]"), ([5, 4, 9], "order differs")]
)
def test_a_gap_a_repeat_and_disorder_of_a_stream_are_found(positions: list[int], word: str) -> None:
    feed = seen().feed
    assert ledger.gap_or_repeat(Transcript("s", 3, [4, 5, 9]), feed) == []
    assert ledger.gap_or_repeat(Transcript("s", 4, [5, 9]), feed) == []
    assert word in ledger.gap_or_repeat(Transcript("s", 3, positions), feed)[0]


def test_a_view_with_one_row_changed_is_found() -> None:
    views = {"orders": ("ab12", "ab12"), "daily": ("cd34", "cd34")}
    assert ledger.views_differ("session", views) == []
    assert ledger.views_differ("session", {**views, "daily": ("ffff", "cd34")}) == [
        "view session/daily: ffff live, cd34 rebuilt"
    ]
    assert ledger.views_differ("session", {}) == ["no views at all in session"]


def test_tables_that_nobody_uses_are_found() -> None:
    assert ledger.left_over(["orders ab12", "daily cd34"]) == []
    assert ledger.left_over(["orders ab12", "orders ff00", "daily cd34"]) == ["view orders has tables of 2 definitions"]


def test_a_deadline_that_fired_twice_or_never_is_found() -> None:
    assert ledger.not_once({"a": 1, "b": 1}, ["a", "b"]) == []
    assert ledger.not_once({"a": 2}, ["a"])
    assert ledger.not_once({}, ["a"])


def test_a_call_that_hangs_and_a_process_that_grows_are_found() -> None:
    assert ledger.hanging([("GET board (200)", 0.1)], 15) == []
    assert ledger.hanging([("GET board (0)", 25.0)], 15)
    assert ledger.grown({"session": 100}, {"session": 150}, 50) == []
    assert ledger.grown({"session": 100}, {"session": 151}, 50)


class Echo:
    """A server that answers what it is sent, behind a link."""

    async def __aenter__(self) -> "Echo":
        async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            while data := await reader.read(1024):
                writer.write(data)

        self._server = await asyncio.start_server(answer, "127.0.0.1", 0)
        port, here = self._server.sockets[0].getsockname()[1], free_port()
        self.link = Link(f"127.0.0.1:{here}", lambda: f"127.0.0.1:{port}")
        await self.link.start()
        self.reader, self.writer = await asyncio.open_connection("127.0.0.1", here)
        return self

    async def __aexit__(self, *_: object) -> None:
        self.writer.close()
        await self.link.stop()
        self._server.close()

    async def ask(self, seconds: float = 5.0) -> bytes:
        self.writer.write(b"0123456789" * 20)
        async with asyncio.timeout(seconds):
            return await self.reader.readexactly(200)


async def test_every_fault_of_a_link_is_felt_and_ends() -> None:
    async with Echo() as echo:
        assert len(await echo.ask()) == 200
        echo.link.inject(Fault.LATENCY, 0.01)
        assert len(await echo.ask()) == 200
        echo.link.inject(Fault.DRIP)
        assert len(await echo.ask()) == 200
        echo.link.inject(Fault.BLACK_HOLE)
        with pytest.raises(TimeoutError):
            await echo.ask(0.2)
        echo.link.heal()
        with pytest.raises((asyncio.IncompleteReadError, ConnectionError)):  # what it swallowed went with it
            await echo.ask()


@pytest.mark.parametrize("fault", [Fault.RESET, Fault.HALF_CLOSE])
async def test_a_broken_answer_ends_the_connection(fault: Fault) -> None:
    async with Echo() as echo:
        echo.link.inject(fault)
        with pytest.raises((asyncio.IncompleteReadError, ConnectionError)):
            await echo.ask()


def test_noise_changes_messages_and_nothing_else() -> None:
    frames = [
        b"PING\r\n",
        b"MSG a.b 1 5\r\nhello\r\n",
        b"+OK\r\n",
        b"HMSG c 2 _INBOX.x 12 14\r\nNATS/1.0\r\n\r\nhi\r\n",
    ]
    stream = b"".join(frames * 50)
    noise = Noise(random.Random(3))
    quiet = noise.filters()()
    assert b"".join(quiet(stream[at : at + 7]) for at in range(0, len(stream), 7)) == stream
    noise.share = 0.5
    loud = noise.filters()()
    changed = b"".join(loud(stream[at : at + 7]) for at in range(0, len(stream), 7))
    assert all(noise.counts.values()), "twice, lost and later all happened"
    assert changed.count(b"PING\r\n") == stream.count(b"PING\r\n")
    messages = changed.count(b"MSG ")
    assert messages in (100 + noise.counts["twice"] - noise.counts["lost"] - held for held in (0, 1))


def begun(runs: int = 1) -> Counter[str]:
    """What is recorded of an event that began, and had so many sessions on air."""
    once = {"event.starting_soon": 1, "event.ready": 1, "mails": 1}
    return Counter({**once, "event.session_started": runs, "event.session_ended": runs, "sessions": runs + 1})


def test_events_that_began_as_they_should_pass() -> None:
    wanted = Wanted(begins=["a", "b"], paused=["b"], never=["c"])
    assert not_as_wanted(wanted, {"a": begun(), "b": begun(2), "c": Counter({"event.scheduled": 1})}) == []


@pytest.mark.parametrize(
    ("kind", "change"),
    [
        ("event.ready", -1),
        ("event.ready", 1),
        ("event.session_started", 1),
        ("sessions", 1),
        ("sessions", -1),
        ("mails", 1),
        ("mails", -1),
    ],
)
def test_an_event_that_began_never_or_twice_is_found(kind: str, change: int) -> None:
    counts = begun()
    counts[kind] += change
    assert [one for one in not_as_wanted(Wanted(begins=["a"]), {"a": counts}) if kind in one]


def test_an_event_that_should_not_have_begun_is_found() -> None:
    assert not_as_wanted(Wanted(never=["a"]), {"a": Counter({"event.ready": 1})})

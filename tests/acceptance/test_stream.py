"""The live stream: boards and activities arrive, and a reconnect has neither gap nor repeat."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest

from showfloor.testing.system import soon


class Listener:
    """A client of the stream: keeps (event, id, data) of everything that arrives."""

    def __init__(self, response: httpx.Response) -> None:
        self.seen: list[tuple[str, str, Any]] = []
        self._response = response
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def activities(self) -> list[int]:
        """Return the positions of the activities that arrived."""
        return [one["position"] for event, _, data in self.seen if event == "activity" for one in data["activities"]]

    def last_id(self) -> str:
        return next(id_ for event, id_, _ in reversed(self.seen) if event == "activity")

    def of(self, event: str) -> list[Any]:
        return [data for name, _, data in self.seen if name == event]

    def _read(self) -> None:
        fields: dict[str, str] = {}
        try:
            for line in self._response.iter_lines():
                if line:
                    name, _, value = line.partition(":")
                    fields[name] = value.strip()
                elif "data" in fields:
                    self.seen.append((fields.get("event", ""), fields.get("id", ""), json.loads(fields["data"])))
                    fields = {}
        except (httpx.HTTPError, httpx.StreamError):
            return


@contextmanager
def listening(api: Any, topics: str, last: str = "") -> Iterator[Listener]:
    """Open the stream; `last` is where an earlier one was left."""
    headers = {"Last-Event-ID": last} if last else {}
    with (
        httpx.Client(base_url=api.http.base_url, headers={**api.http.headers, **headers}, timeout=30) as client,
        client.stream("GET", "/stream", params={"topics": topics}) as response,
    ):
        assert response.status_code == 200, response.read()
        assert response.headers["content-type"].startswith("text/event-stream")
        listener = Listener(response)
        soon(lambda: listener.seen)
        yield listener


def say(session: Any, *numbers: int) -> None:
    facts = [
        {"comment": {"request_id": f"c{n}", "viewer": {"viewer_ref": "v"}, "text": f"number {n}"}} for n in numbers
    ]
    session.record(*facts)


@pytest.mark.requirement("R14", "R118")
def test_boards_and_activities_arrive(host: Any) -> None:
    session = host.live(products=1)
    with listening(host.api, f"board:{session.id},activity:{session.id}") as stream:
        order = session.order(session.products[0], 2, 900, "v1")
        session.record({"paid_order": {"order": {"request_id": "o1", **order}}})

        def gmv() -> float:
            boards = stream.of("board")
            return next((one["value"] for one in boards[-1]["core"] if one["metric"] == "gmv"), 0) if boards else 0

        soon(gmv, lambda seen: seen == 1800)
        soon(stream.activities)
        assert stream.of("activity")[-1]["activities"][-1]["kind"] == "order"
        assert stream.of("board")[-1].keys() == session.get("board").keys()
    with listening(host.api, f"board:{session.id}") as late:
        soon(lambda: late.of("board"))


def test_a_reconnect_has_no_gap_and_no_repeat(host: Any) -> None:
    session = host.live()
    topic = f"activity:{session.id}"
    with listening(host.api, topic) as first:
        say(session, *range(5))
        soon(first.activities, lambda seen: len(seen) == 5)
        left_at = first.last_id()
    say(session, *range(5, 25))
    with listening(host.api, topic, left_at) as second:
        say(session, *range(25, 30))
        soon(second.activities, lambda seen: len(seen) >= 25)
        kept = [one["position"] for one in session.get("activity", page_size=500)["activities"]]
        assert first.activities() + second.activities() == kept
        assert len(kept) == 30


@pytest.mark.requirement("R79")
def test_nobody_else_may_listen(host: Any, system: Any) -> None:
    session = host.live()
    anonymous = httpx.get(f"{system.url}/v1/stream", params={"topics": f"activity:{session.id}"})
    assert anonymous.status_code in (401, 404)
    assert host.api.send("GET", "/stream", params={"topics": "nonsense"}).status_code == 400

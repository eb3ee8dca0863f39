"""The pages of links in mails: a link acts for the event of its page alone, and says where that stands."""

from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from starlette.requests import Request
from starlette.responses import Response

from showfloor.api.events.v1 import invitation_service_pb2 as pb
from showfloor.gateway.watch.event_pages import EventPages
from showfloor.kernel.refusal import Refusal, RefusalKind

EVENT = str(uuid4())


class Pages:
    """The pages, and what they ask of the service of events."""

    def __init__(self) -> None:
        self.page = pb.EventPage(event_id=EVENT, title="Tea", open=True)
        self.asked: list[Any] = []
        none: Any = SimpleNamespace()
        self._pages = EventPages(self._ask, lambda _actor: "", lambda *_what: None, none)

    async def _ask(self, _rpc: str, request: Any, _token: str) -> Any:
        self.asked.append(request)
        if request.event_id != EVENT:
            raise Refusal(RefusalKind.NOT_FOUND, "EVENT_NOT_FOUND", "no such event")
        return pb.GetEventPageResponse(page=self.page)

    async def answer(self, method: str, path: str, query: str = "") -> Response:
        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": b"", "more_body": False}

        scope = {"type": "http", "method": method, "path": path, "query_string": query.encode(), "headers": []}
        return await self._pages.answer(Request(scope, receive), "192.0.2.1")


@pytest.fixture
def pages() -> Pages:
    return Pages()


@pytest.mark.parametrize(
    ("act", "kind"), [("confirm", pb.ConfirmInvitationRequest), ("unsubscribe", pb.DeclineInvitationRequest)]
)
async def test_a_link_acts_for_the_event_of_its_page(pages: Pages, act: str, kind: Any) -> None:
    assert (await pages.answer("POST", f"/e/{EVENT}/{act}", "code=c")).status_code == 200
    assert pages.asked == [pb.GetEventPageRequest(event_id=EVENT), kind(code="c", event_id=EVENT)]
    pages.asked.clear()
    other = str(uuid4())
    assert (await pages.answer("POST", f"/e/{other}/{act}", "code=c")).status_code == 404
    assert pages.asked == [pb.GetEventPageRequest(event_id=other)]  # nothing was done


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_the_page_of_a_link_says_where_the_event_stands(pages: Pages, method: str) -> None:
    for state, words in (("cancelled", "This LIVE is cancelled."), ("ended", "This LIVE is over.")):
        pages.page = pb.EventPage(event_id=EVENT, title="Tea", **{state: True})
        answer = await pages.answer(method, f"/e/{EVENT}/unsubscribe", "code=c")
        assert answer.status_code == 200 and words in bytes(answer.body).decode()


async def test_what_a_page_does_not_do_names_what_it_does(pages: Pages) -> None:
    answer = await pages.answer("DELETE", f"/e/{EVENT}")
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD, POST")

"""Answers the public pages of LIVE events: /e/EVENT, and what links in mails open. They need no sign-in and no script.

Whoever opens a link changes nothing by it: mail programs and scanners look at links, too. A button does, and so does a
mail program that ends the mails for its user (RFC 8058).
"""

import re
from collections.abc import Awaitable, Callable
from importlib.resources import files
from typing import Any, Final, cast
from urllib.parse import parse_qsl
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response

from showfloor.api.events.v1 import invitation_service_pb2 as pb
from showfloor.eventstore.store import Store
from showfloor.gateway.access.viewers import anonymous
from showfloor.gateway.directory.domain.account import ACCOUNT
from showfloor.gateway.http import inbound
from showfloor.gateway.http.problems import status_of
from showfloor.gateway.http.routes import Route, Who
from showfloor.gateway.watch.event_page import act_page, event_page, problem_page
from showfloor.kernel.refusal import Refusal, RefusalKind

FOLDER: Final = "/e/"
FORM: Final = "application/x-www-form-urlencoded"
METHODS: Final = ("GET", "HEAD", "POST")
MAX_FORM: Final = 4_096  # bytes
FIELDS: Final = 10
NAMES_S: Final = 5.0  # seconds for which an older name will do
SENT: Final = "Thank you. If the address is right, a mail with a link to confirm is on its way."

_PATH = re.compile(
    r"/e/(?P<event>[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})(?:/(?P<act>confirm|unsubscribe))?"
)
_ASSETS: Final = {"/e/style.css": "text/css", "/e/time.js": "text/javascript"}
_HTML: Final = "text/html; charset=utf-8"
_RPCS: Final = {
    "confirm": ("ConfirmInvitation", pb.ConfirmInvitationRequest),
    "unsubscribe": ("DeclineInvitation", pb.DeclineInvitationRequest),
}
_WORDS: Final = {  # of what is refused: a title, and the way out
    "EVENT_NOT_FOUND": ("There is no such LIVE", "Look at the link again: a part of it may be missing."),
    "LINK_NOT_FOUND": ("This link is not good any more", "Open the page of the LIVE and register again."),
    "REGISTRATION_CLOSED": ("Registration is closed", "The LIVE is over, or cancelled."),
    "RATE_LIMITED": ("Too many at once", "Wait a moment, then try again."),
}
_LATER: Final = ("This does not work right now", "Try again in a moment.")

REGISTER: Final = Route(
    method="POST", path="/e/{event_id}", name="registerOnPage", who=Who.ANYONE,
    budgets=("registration_rate", "event_registration_rate"),
)  # fmt: skip
"""What sending the form spends: as much as the API's own route."""

Ask = Callable[[str, Any, str], Awaitable[Any]]
Spend = Callable[[Route, None, str, dict[str, str]], None]


class EventPages:
    """The pages. `ask` calls an RPC, `token_of` signs for who asks, `spend` takes from budgets, `store` knows names."""

    def __init__(self, ask: Ask, token_of: Callable[[Any], str], spend: Spend, store: Store) -> None:
        self._ask, self._token_of, self._spend, self._store = ask, token_of, spend, store
        folder = files("showfloor.gateway") / "watch" / "pages"
        self._assets = {path: (folder / path.removeprefix(FOLDER)).read_bytes() for path in _ASSETS}

    async def answer(self, request: Request, address: str) -> Response:
        """Answer a request below /e/; a refusal is a page, too."""
        path, method = request.scope["path"], request.method
        if path in _ASSETS:
            kept = {"Cache-Control": "public, max-age=3600"}
            return Response(self._assets[path], media_type=_ASSETS[path], headers=kept)
        found = _PATH.fullmatch(path)
        act = (found["act"] or "") if found else ""
        up = "../" if path.count("/") > 2 else ""
        if found is None:
            return _shown(problem_page(*_WORDS["EVENT_NOT_FOUND"], up), 404)
        if method not in METHODS:
            shown = _shown(problem_page("This cannot be done here", "Open the page with a browser.", up), 405)
            shown.headers["Allow"] = ", ".join(METHODS)
            return shown
        try:
            if act:
                return await self._act(request, found["event"], act)
            return await self._page(request, found["event"], address)
        except Refusal as refusal:
            status = status_of(refusal)
            title, text = _WORDS.get(refusal.reason, ("", "")) if status < 500 else _LATER
            shown = _shown(problem_page(title or "This cannot be done", text or refusal.message, up), status)
            if wait := refusal.metadata.get("retry_after_s"):
                shown.headers["Retry-After"] = wait
            return shown

    async def _page(self, request: Request, event_id: str, address: str) -> Response:
        if request.method != "POST":
            return await self._shown(event_id)
        self._spend(REGISTER, None, address, {"event_id": event_id})
        form = await form_of(request)
        email = form.get("email", "")
        try:
            await self._call("RequestInvitation", pb.RequestInvitationRequest(event_id=event_id, email=email))
        except Refusal as refusal:
            if refusal.kind is not RefusalKind.INVALID:
                raise
            wrong = "This is no address that mail can be sent to. It looks like ana@example.com."
            return await self._shown(event_id, 400, wrong=wrong, email=email)
        return await self._shown(event_id, said=SENT)

    async def _shown(self, event_id: str, status: int = 200, **more: str) -> Response:
        page = await self._event(event_id)
        host = (await self._store.load(ACCOUNT, UUID(page.account_id), within=NAMES_S)).state.name
        return _shown(event_page(page, host=host, **more), status)

    async def _act(self, request: Request, event_id: str, act: str) -> Response:
        codes = [value for name, value in inbound.query_of(request) if name == "code"]
        code = codes[0] if len(codes) == 1 and codes[0].isascii() and codes[0].isprintable() else ""
        event = await self._event(event_id)
        if request.method == "POST":
            await inbound.body_of(request, None, MAX_FORM)  # a mail program sends a form; it says nothing more
            rpc, kind = _RPCS[act]
            await self._call(rpc, kind(code=code, event_id=event_id))
        return _shown(act_page(event, act, code, done=request.method == "POST"))

    async def _event(self, event_id: str) -> pb.EventPage:
        answer = await self._call("GetEventPage", pb.GetEventPageRequest(event_id=event_id))
        return cast(pb.GetEventPageResponse, answer).page

    async def _call(self, rpc: str, request: Any) -> Any:
        return await self._ask(rpc, request, self._token_of(anonymous("")))


async def form_of(request: Request) -> dict[str, str]:
    """Return the fields of a form. Raises Refusal INVALID, BODY_TOO_LARGE, CONTENT_TYPE."""
    raw = await inbound.body_of(request, (FORM,), MAX_FORM)
    try:
        pairs = parse_qsl(raw.decode(), keep_blank_values=True, max_num_fields=FIELDS, errors="strict")
    except ValueError:  # bytes that are no UTF-8, too
        pairs = []
    return {name: value for name, value in pairs if "\0" not in value}


def _shown(page: str, status: int = 200) -> Response:
    return Response(page, status, media_type=_HTML)

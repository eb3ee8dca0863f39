"""Native routes of viewers: list LIVEs, join, leave, click, like, share."""

from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import UUID

from showfloor.api.session.v1.session_pb2 import SessionSource, SessionState
from showfloor.api.session.v1.session_service_pb2 import WatchSessionRequest
from showfloor.api.session.v1.signal_service_pb2 import SignalKind
from showfloor.gateway.access.viewers import ViewerToken, anonymous
from showfloor.gateway.http.gateway import Gateway, NativeRequest
from showfloor.gateway.http.native import shapes
from showfloor.gateway.watch.live_now import on_air
from showfloor.kernel.refusal import Refusal, RefusalKind, invalid
from showfloor.rpc import checks

_GENDERS = ("", "female", "male", "other")
_AGES = ("", "18-24", "25-34", "35-44", "45-54", "55+")


async def list_lives(gateway: Gateway, request: NativeRequest) -> shapes.LivesNow:
    """The LIVEs on air now, newest first. Practice is never among them."""
    return shapes.LivesNow(list(await on_air(gateway.runtime.database)))


async def join(gateway: Gateway, request: NativeRequest) -> shapes.Joined:
    """Join a LIVE: counts as a view, and gives the token for everything a viewer may do in it.

    A viewer who sends the `viewer_token` of an earlier join is the same viewer in every LIVE of the account, also after
    that token has expired; a token that is not valid makes a new viewer. In one LIVE the first channel and traits
    stand. A viewer who joins a replay looks on: its time and its numbers are the recording's, and nothing changes them.
    """
    session_id = str(checks.uuid("session_id", request.path["session_id"]))
    body: shapes.Join = request.body
    name = checks.line("display_name", body.display_name, 0, 60)
    _checked(body)
    token = gateway.callers.internal_token(anonymous(session_id))
    seen = await gateway.clients.ask("WatchSession", WatchSessionRequest(session_id=session_id), token)
    if seen.session.end_time.seconds:  # type: ignore[attr-defined]
        text = "The LIVE has ended."
        raise Refusal(RefusalKind.WRONG_STATE, "SESSION_NOT_LIVE", text, {"session_id": session_id, "state": "ended"})
    if seen.session.state == SessionState.SESSION_STATE_PREPARED:  # type: ignore[attr-defined]
        text = "The LIVE has not started yet."
        details = {"session_id": session_id, "state": "prepared"}
        raise Refusal(RefusalKind.WRONG_STATE, "SESSION_NOT_LIVE", text, details)
    replay = seen.session.source == SessionSource.SESSION_SOURCE_REPLAY  # type: ignore[attr-defined]
    account_id = str(seen.session.account_id)  # type: ignore[attr-defined]
    before = None if replay else gateway.viewer_tokens.earlier(body.viewer_token, account_id)
    token, viewer = gateway.viewer_tokens.issue(
        session_id, name, body.channel, body.traits, account_id=account_id, looks_on=replay, before=before
    )
    await _count(gateway, viewer, SignalKind.SIGNAL_KIND_ENTER)
    return shapes.Joined(token, viewer.viewer_ref, datetime.fromtimestamp(viewer.exp, UTC))


async def leave(gateway: Gateway, request: NativeRequest) -> shapes.Done:
    """Leave the LIVE."""
    return await _signal(gateway, request, SignalKind.SIGNAL_KIND_LEAVE)


async def still_here(gateway: Gateway, request: NativeRequest) -> shapes.Done:
    """Say that the viewer is still in the room: every 20 seconds while the viewer has no open stream."""
    return await _signal(gateway, request, SignalKind.SIGNAL_KIND_PRESENCE)


async def like(gateway: Gateway, request: NativeRequest) -> shapes.Done:
    """Like the LIVE, once or a few times."""
    return await _signal(gateway, request, SignalKind.SIGNAL_KIND_LIKE, ("",) * request.body.count)


async def share(gateway: Gateway, request: NativeRequest) -> shapes.Done:
    """Share the LIVE."""
    return await _signal(gateway, request, SignalKind.SIGNAL_KIND_SHARE)


async def click(gateway: Gateway, request: NativeRequest) -> shapes.Done:
    """Click a product of the bag: counts once a minute. Refuses: NOT_IN_BAG."""
    if await _count(gateway, viewer_of(request), SignalKind.SIGNAL_KIND_PRODUCT_CLICK, (str(request.body.product_id),)):
        raise _not_in_bag(request.body.product_id)
    return shapes.Done()


async def impressions(gateway: Gateway, request: NativeRequest) -> shapes.Counted:
    """Tell which products of the bag were shown: each counts once a minute. Refuses: NOT_IN_BAG (none was in it)."""
    shown = [str(product_id) for product_id in request.body.product_ids]
    missing = await _count(gateway, viewer_of(request), SignalKind.SIGNAL_KIND_PRODUCT_IMPRESSION, shown)
    if missing and len(missing) == len(shown):
        raise _not_in_bag(missing[0])
    return shapes.Counted([UUID(product_id) for product_id in missing])


async def _signal(
    gateway: Gateway, request: NativeRequest, kind: "SignalKind.ValueType", products: Sequence[str] = ("",)
) -> shapes.Done:
    await _count(gateway, viewer_of(request), kind, products)
    return shapes.Done()


async def _count(
    gateway: Gateway, viewer: ViewerToken, kind: "SignalKind.ValueType", products: Sequence[str] = ("",)
) -> list[str]:
    return [] if viewer.looks_on else await gateway.signals.add(viewer, kind, products)


def _not_in_bag(product_id: object) -> Refusal:
    text = "The product is not in the bag: it cannot have been shown."
    return Refusal(RefusalKind.WRONG_STATE, "NOT_IN_BAG", text, {"product_id": str(product_id)})


def viewer_of(request: NativeRequest) -> ViewerToken:
    """Return the viewer of a LIVE. Raises SESSION_NOT_FOUND for one of another."""
    viewer = request.caller.viewer
    if viewer is None or viewer.session_id != request.path["session_id"]:
        text = "There is no such session, or it is not yours."
        raise Refusal(RefusalKind.NOT_FOUND, "SESSION_NOT_FOUND", text)
    return viewer


def _checked(body: shapes.Join) -> None:
    traits = body.traits
    if traits.gender not in _GENDERS:
        raise invalid("traits.gender", "must be female, male, other or empty")
    if traits.age_band not in _AGES:
        raise invalid("traits.age_band", f"must be one of {', '.join(_AGES[1:])}, or empty")
    if traits.region and not (
        len(traits.region) == 2 and traits.region.isascii() and traits.region.isalpha() and traits.region.isupper()
    ):
        raise invalid("traits.region", "must be an ISO 3166-1 code of two capitals, or empty")

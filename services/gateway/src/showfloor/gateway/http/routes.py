"""What a route is, and the table of those RPCs whose routes say more than a method and a path.

Such an RPC has all of its routes here; every other one has its route in its proto (`rpc_routes.py`). An `RpcRoute` is
transcoded: path, query and JSON body make the request message, the response message is the answer. A `NativeRoute` is
answered by the gateway itself.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from showfloor.api.events.v1.invitation_service_pb2 import PictureFormat

PREFIX = "/v1"


class Who(Enum):
    """Which callers a route admits. Policies decide what they may do there."""

    USER = "user"  # people who have signed in, connectors, operators
    VIEWER = "viewer"  # a viewer's token from join
    ANYONE = "anyone"
    OPERATOR = "operator"  # the operator key


@dataclass(frozen=True, kw_only=True)
class Route:
    """What every route has. `keyed`: needs an Idempotency-Key. `budgets`: what it spends, as `rate_limits` names it."""

    method: str
    path: str  # below PREFIX, with {names}
    name: str  # the operationId
    who: Who = Who.USER
    keyed: bool = False
    budgets: tuple[str, ...] = ()

    @property
    def changes(self) -> bool:
        """True for methods that change something."""
        return self.method != "GET"


@dataclass(frozen=True, kw_only=True)
class RpcRoute(Route):
    """A route that is one RPC. `closed`: fields that the caller may not set, and why. `body`: the one message
    field that the body fills; "" for all that the path does not name. `raw`: the one field that gets the body as it is,
    of any type and of at most `limit` bytes; the rest stands in the query. `export`: the format of a download.
    `media`: the kind of file that `content` of the answer is; it is sent as it is, and never changes if `lasting`.
    `sets`: fields that the route itself says, which are closed, too.
    `max_age_s`: one answer may serve all who ask within so many seconds; 0: who wait for it at the same time."""

    rpc: str
    closed: Mapping[str, str] = field(default_factory=dict)
    body: str = ""
    raw: str = ""
    limit: int = 0
    export: str = ""
    media: str = ""
    lasting: bool = True
    sets: Mapping[str, Any] = field(default_factory=dict)
    max_age_s: float | None = None


@dataclass(frozen=True, kw_only=True)
class NativeRoute(Route):
    """A route that the gateway answers itself. `weight`: the number in the body that says how often it spends its
    budgets."""

    handle: Callable[..., Awaitable[Any]]
    body: type | None = None
    answer: type | None = None
    query: tuple[str, ...] = ()
    weight: str = ""
    status: int = 200

    @property
    def action(self) -> str:
        """The policy's action: the route's name, spelt as RPCs are. Empty for signing in and for viewers' routes."""
        return self.name[0].upper() + self.name[1:] if self.who in (Who.USER, Who.OPERATOR) else ""


def operation_id(rpc: str) -> str:
    """Return an RPC's name as the description of the API has it."""
    return rpc[0].lower() + rpc[1:]


def _rpc(method: str, path: str, rpc: str, *, keyed: bool | None = None, **more: Any) -> RpcRoute:
    name = more.pop("name", "") or operation_id(rpc)
    return RpcRoute(
        method=method, path=path, rpc=rpc, name=name, keyed=method != "GET" if keyed is None else keyed, **more
    )


_S = "/sessions/{session_id}"
_W = "/watch/{session_id}"
_SET = "/shops/{shop_id}/product-sets"
_NOW = {"viewer": "is who the token names", "time": "is now, for a viewer"}
_GIFT = {**_NOW, "value": "is no viewer's to say"}
_ORDER = {**_NOW, "reference": "is chosen by the gateway", "outside_room": "is no viewer's to say"}
_COMMENTS, _ORDERS = ("comment_rate",), ("order_rate",)

# These also have a route for viewers, under /watch.
VIEWERS = (
    _rpc("GET", _W, "WatchSession", who=Who.ANYONE, max_age_s=0.0),
    _rpc("GET", _W + "/viewers", "GetViewers", who=Who.ANYONE, max_age_s=5.0),
    _rpc("GET", _W + "/products/{product_id}", "WatchProduct", who=Who.ANYONE),
    _rpc("POST", _S + "/comments", "PostComment"),
    _rpc("POST", _W + "/comments", "PostComment", name="watchComment", who=Who.VIEWER, closed=_NOW, budgets=_COMMENTS),
    _rpc("POST", _S + "/follows", "FollowAccount"),
    _rpc("POST", _W + "/follow", "FollowAccount", name="watchFollow", who=Who.VIEWER, closed=_NOW),
    _rpc("POST", _S + "/gifts", "SendGift"),
    _rpc("POST", _W + "/gifts", "SendGift", name="watchGift", who=Who.VIEWER, closed=_GIFT, budgets=_ORDERS),
    _rpc("POST", _S + "/orders", "PlaceOrder"),
    _rpc("GET", _W + "/orders", "ListOwnOrders", who=Who.VIEWER),
    _rpc("GET", _W + "/orders/{order_id}", "GetOwnOrder", who=Who.VIEWER),
    _rpc("POST", _W + "/orders", "PlaceOrder", name="watchOrder", who=Who.VIEWER, closed=_ORDER, budgets=_ORDERS),
    # Answers TEST_CHECKOUT_OFF where the test checkout is off: no viewer says that something was really paid.
    _rpc("POST", _W + "/orders/{order_id}/test-payment", "PayInTestCheckout", name="watchTestPayment", who=Who.VIEWER,
         budgets=_ORDERS),
    _rpc("POST", _S + "/orders/{order_id}/cancellation", "CancelOrder"),
    _rpc("POST", _W + "/orders/{order_id}/cancellation", "CancelOrder", name="watchCancel", who=Who.VIEWER,
         closed=_NOW),
)  # fmt: skip
OF_USERS = (
    _rpc("GET", _S + "/comments.csv", "ExportComments", name="exportCommentsAsCsv", export="csv"),
    _rpc("GET", _S + "/comments.xlsx", "ExportComments", name="exportCommentsAsXlsx", export="xlsx"),
    _rpc("GET", _S + "/comments.json", "ExportComments", name="exportComments", export="json"),
    _rpc("GET", "/sessions.csv", "ExportSessions", name="exportSessionsAsCsv", export="csv"),
    _rpc("GET", "/sessions.xlsx", "ExportSessions", name="exportSessionsAsXlsx", export="xlsx"),
    _rpc("POST", _S + "/replies", "ReplyToComment", budgets=_COMMENTS),
    _rpc("GET", _S + "/board", "GetBoard", max_age_s=0.5),
    _rpc("POST", _SET, "SaveProductSet", name="createProductSet"),
    _rpc("PUT", _SET + "/{product_set_id}", "SaveProductSet"),
    # Each fact and each batch carries its own id, so a key for the whole adds nothing.
    _rpc("POST", _S + "/activity", "RecordActivity", keyed=False),
    _rpc("POST", _S + "/signals", "IngestSignals", keyed=False, body="batch"),
)

MAX_FILE = 8 * 2**20
MAX_PICTURE = 10 * 2**20
_HOSTS = {"hosts": "is set by the gateway"}
IMPORTS = (
    # `curl --data-binary @FILE` sends a file as it is, and calls it a form.
    _rpc("POST", "/shops/{shop_id}/imports", "CreateImport", raw="content", limit=MAX_FILE, closed=_HOSTS,
         budgets=("import_rate",)),
    _rpc("POST", "/imports/{import_id}/application", "ApplyImport", closed=_HOSTS),
)  # fmt: skip

PICTURES = (
    _rpc("POST", "/shops/{shop_id}/images", "UploadImage", raw="content", limit=MAX_PICTURE, budgets=("image_rate",)),
    _rpc("GET", "/images/{image_id}", "GetImage", who=Who.ANYONE, media="image/webp"),
)

_E = "/events/{event_id}"
_PICTURE = {"format": "is said by the end of the path"}
# Of everybody who has the link of an event's page.
EVENTS = (
    _rpc("GET", _E + "/page", "GetEventPage", who=Who.ANYONE),
    _rpc("POST", _E + "/registrations", "RequestInvitation", who=Who.ANYONE, keyed=False,
         budgets=("registration_rate", "event_registration_rate")),
    _rpc("GET", _E + "/calendar.ics", "GetCalendarFile", who=Who.ANYONE, media="text/calendar", lasting=False),
    _rpc("GET", _E + "/qr.png", "GetQrCode", name="getQrCodeAsPng", who=Who.ANYONE, media="image/png", lasting=False,
         closed=_PICTURE, sets={"format": PictureFormat.PICTURE_FORMAT_PNG}),
    _rpc("GET", _E + "/qr.svg", "GetQrCode", name="getQrCodeAsSvg", who=Who.ANYONE, media="image/svg+xml",
         lasting=False, closed=_PICTURE, sets={"format": PictureFormat.PICTURE_FORMAT_SVG}),
)  # fmt: skip

TABLE: tuple[RpcRoute, ...] = VIEWERS + OF_USERS + IMPORTS + PICTURES + EVENTS

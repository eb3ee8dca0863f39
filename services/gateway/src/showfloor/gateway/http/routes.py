"""The table of routes: one line says what a path means. Everything else is generic.

`RpcRoute` lines are transcoded: path, query and JSON body make the request message, the response message is the
answer. `NativeRoute` lines are answered by the gateway itself.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

PREFIX = "/v1"


class Who(Enum):
    """Who may call a route at all. What exactly they may do there, policies decide."""

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
    `max_age_s`: one answer may serve all who ask within so many seconds; 0: who wait for it at the same time."""

    rpc: str
    closed: Mapping[str, str] = field(default_factory=dict)
    body: str = ""
    raw: str = ""
    limit: int = 0
    export: str = ""
    max_age_s: float | None = None


@dataclass(frozen=True, kw_only=True)
class NativeRoute(Route):
    """A route of the gateway's own. `weight`: the number in the body that says how often it spends its budgets."""

    handle: Callable[..., Awaitable[Any]]
    body: type | None = None
    answer: type | None = None
    query: tuple[str, ...] = ()
    weight: str = ""
    status: int = 200

    @property
    def action(self) -> str:
        """The policy it asks for: its name, as RPCs are spelt. None for signing in and for viewers' own routes."""
        return self.name[0].upper() + self.name[1:] if self.who in (Who.USER, Who.OPERATOR) else ""


def _rpc(method: str, path: str, rpc: str, *, keyed: bool | None = None, **more: Any) -> RpcRoute:
    name = more.pop("name", "") or rpc[0].lower() + rpc[1:]
    return RpcRoute(
        method=method, path=path, rpc=rpc, name=name, keyed=method != "GET" if keyed is None else keyed, **more
    )


_S = "/sessions/{session_id}"
_B = _S + "/bag/{product_id}"
_C = _S + "/comments/{comment_id}"
_O = _S + "/orders/{order_id}"

SESSIONS = (
    _rpc("POST", "/sessions", "OpenSession"),
    _rpc("GET", "/sessions", "ListSessions"),
    _rpc("GET", _S, "GetSession"),
    _rpc("PATCH", _S, "UpdateSession"),
    _rpc("PUT", _S + "/script", "SetScript"),
    _rpc("POST", _S + "/practice", "StartPractice"),
    _rpc("DELETE", _S + "/practice", "EndPractice"),
    _rpc("POST", _S + "/live", "GoLive"),
    _rpc("POST", _S + "/end", "EndSession"),
    _rpc("GET", _S + "/bag", "ListBag"),
    _rpc("POST", _S + "/bag", "AddToBag"),
    _rpc("DELETE", _B, "RemoveFromBag"),
    _rpc("PUT", _B + "/number", "MoveInBag"),
    _rpc("PUT", _B + "/pin", "PinProduct"),
    _rpc("DELETE", _B + "/pin", "UnpinProduct"),
    _rpc("PUT", _S + "/replay", "RecordReplay"),
    _rpc("GET", _S + "/replay", "GetReplay"),
)
ACTIVITY = (
    _rpc("GET", _S + "/comments", "ListComments"),
    _rpc("POST", _S + "/comments", "PostComment"),
    _rpc("GET", _S + "/comments.csv", "ExportComments", name="exportCommentsAsCsv", export="csv"),
    _rpc("GET", _S + "/comments.json", "ExportComments", name="exportComments", export="json"),
    _rpc("POST", _S + "/replies", "ReplyToComment", budgets=("comment_rate",)),
    _rpc("PUT", _C + "/pin", "PinComment"),
    _rpc("DELETE", _C + "/pin", "UnpinComment"),
    _rpc("GET", _S + "/orders", "ListOrders"),
    _rpc("POST", _S + "/orders", "PlaceOrder"),
    _rpc("POST", _O + "/payment", "PayOrder"),
    _rpc("POST", _O + "/cancellation", "CancelOrder"),
    _rpc("POST", _O + "/refunds", "RefundOrder"),
    _rpc("POST", _S + "/follows", "FollowAccount"),
    _rpc("POST", _S + "/gifts", "SendGift"),
    _rpc("GET", _S + "/activity", "ListActivity"),
    # Each fact, and each batch, carries an id of its own: a key for the whole would say nothing more.
    _rpc("POST", _S + "/activity", "RecordActivity", keyed=False),
    _rpc("POST", _S + "/signals", "IngestSignals", keyed=False, body="batch"),
)
BOARDS = (
    _rpc("GET", _S + "/board", "GetBoard", max_age_s=0.5),
    _rpc("GET", _S + "/trend", "GetTrend"),
    _rpc("GET", _S + "/products", "ListProductAnalytics"),
    _rpc("GET", _S + "/suggestions", "ListSuggestions"),
    _rpc("GET", _S + "/audience", "GetAudience"),
    _rpc("GET", _S + "/comparison", "CompareSession"),
    _rpc("GET", _S + "/recap", "GetRecap"),
    _rpc("GET", "/daily-totals", "ListDailyTotals"),
)
CATALOGUE = (
    _rpc("GET", "/shops/{shop_id}/products", "ListProducts"),
    _rpc("POST", "/shops/{shop_id}/products", "ImportProducts"),
    _rpc("GET", "/products/{product_id}", "GetProduct"),
    _rpc("GET", "/shops/{shop_id}/product-sets", "ListProductSets"),
    _rpc("POST", "/shops/{shop_id}/product-sets", "SaveProductSet", name="createProductSet"),
    _rpc("PUT", "/shops/{shop_id}/product-sets/{product_set_id}", "SaveProductSet"),
    _rpc("POST", "/accounts/{account_id}/history", "ImportSessions"),
)

MAX_FILE = 8 * 2**20
_I = "/imports/{import_id}"
_HOSTS = {"hosts": "is set by the gateway"}
IMPORTS = (
    # `curl --data-binary @FILE` sends a file as it is, and calls it a form.
    _rpc("POST", "/shops/{shop_id}/imports", "CreateImport", raw="content", limit=MAX_FILE, closed=_HOSTS,
         budgets=("import_rate",)),
    _rpc("GET", "/shops/{shop_id}/imports", "ListImports"),
    _rpc("GET", _I, "GetImport"),
    _rpc("DELETE", _I, "DiscardImport"),
    _rpc("GET", _I + "/problems", "ListImportProblems"),
    _rpc("GET", _I + "/changes", "ListImportChanges"),
    _rpc("POST", _I + "/application", "ApplyImport", closed=_HOSTS),
)  # fmt: skip

_W = "/watch/{session_id}"
_NOW = {"viewer": "is who the token names", "time": "is now, for a viewer"}
_ORDER = {**_NOW, "reference": "is chosen by the gateway", "outside_room": "is no viewer's to say"}
WATCH = (
    _rpc("GET", _W, "WatchSession", who=Who.ANYONE, max_age_s=0.0),
    _rpc(
        "POST",
        _W + "/comments",
        "PostComment",
        name="watchComment",
        who=Who.VIEWER,
        closed=_NOW,
        budgets=("comment_rate",),
    ),
    _rpc("POST", _W + "/follow", "FollowAccount", name="watchFollow", who=Who.VIEWER, closed=_NOW),
    _rpc(
        "POST",
        _W + "/gifts",
        "SendGift",
        name="watchGift",
        who=Who.VIEWER,
        closed={**_NOW, "value": "is no viewer's to say"},
        budgets=("order_rate",),
    ),
    _rpc(
        "POST",
        _W + "/orders",
        "PlaceOrder",
        name="watchOrder",
        who=Who.VIEWER,
        closed=_ORDER,
        budgets=("order_rate",),
    ),
    # Answers TEST_CHECKOUT_OFF where the test checkout is off: no viewer says that something was really paid.
    _rpc(
        "POST",
        _W + "/orders/{order_id}/test-payment",
        "PayInTestCheckout",
        name="watchTestPayment",
        who=Who.VIEWER,
        budgets=("order_rate",),
    ),
    _rpc(
        "POST", _W + "/orders/{order_id}/cancellation", "CancelOrder", name="watchCancel", who=Who.VIEWER, closed=_NOW
    ),
)

RPC_ROUTES: tuple[RpcRoute, ...] = SESSIONS + ACTIVITY + BOARDS + CATALOGUE + IMPORTS + WATCH

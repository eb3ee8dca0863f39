"""The page docs/access-matrix.md: every RPC and every route x who asks x whose thing. Part of `make generate`.

What RPCs and routes there are comes from descriptors and the route table; what is allowed comes from the reviewed table
tests/unit/access/matrix.txt, never from the policies: so a policy that says something else fails a test.
"""

import importlib
import pkgutil
from pathlib import Path

import showfloor.api
from showfloor.gateway.http.routes import PREFIX, Route, RpcRoute, Who
from showfloor.gateway.native_routes import ROUTES

ROOT = Path(__file__).resolve().parents[1]
TABLE = ROOT / "tests/unit/access/matrix.txt"
KINDS = ("Account", "Session", "Order", "Shop", "Creator", "Partner", "Binding", "System")
CALLERS = {  # a column of the page, and the columns of the table it stands for, by what a route is about
    "host": {**dict.fromkeys(KINDS, "host"), "Shop": "member"},
    "assistant": {**dict.fromkeys(KINDS, "assist"), "Shop": "member"},
    "moderator": {**dict.fromkeys(KINDS, "moder"), "Shop": "member"},
    "analyst": {**dict.fromkeys(KINDS, "analyst"), "Shop": "member"},
    "owner": dict.fromkeys(KINDS, "shopown"),
    "staff": dict.fromkeys(KINDS, "staff"),
    "creator": {**dict.fromkeys(KINDS, "creator"), "Account": "nobody"},  # the account is the shop's
    "partner": dict.fromkeys(KINDS, "partner"),
    "nobody": dict.fromkeys(KINDS, "nobody"),
    "operator": dict.fromkeys(KINDS, "operator"),
}
COLUMNS = ("anonymous", "ended", *CALLERS, "viewer")
NAMED = {
    "connector_id": "Shop",
    "order_id": "Order",
    "session_id": "Session",
    "account_id": "Account",
    "shop_id": "Shop",
    "creator_id": "Creator",
    "partner_id": "Partner",
    "binding_id": "Binding",
    "product_id": "Shop",
    "import_id": "Shop",
    "event_id": "Account",
}
LISTS = {"listSessions": "Account", "listDailyTotals": "Account"}  # SQL leaves out what the caller may not see
THINGS = ("{product_id}", "{import_id}", "{event_id}")  # whose they are, an operator learns when they are there
SHOWN = {"yes": "in", "no": "403", "-": "404"}
HEAD = """# Access matrix

Written by `make generate` from the route table, the descriptors and the reviewed table
`tests/unit/access/matrix.txt`. Do not edit. `tests/acceptance/security/test_every_route.py` asks every cell of a
running system.

**in**: past every access check; what follows depends on the thing alone. **401**: sign in (or join) first. **403**:
sees the thing, may not do this. **404**: there is no such thing. **none**: a list without rows.
`own/foreign/unknown`, or one word where no thing is named; a foreign thing answers exactly like an unknown one.
*ended*: a token that was revoked. *owner*, *staff*: of the shop; *host* to *analyst*: of one account; *creator*: a
creator's owner; *partner*: the owner of one that offers the shop a binding; *nobody*: a user of no shop;
*viewer*: joined the LIVE, and bought in it.

## Routes

"""


def table() -> dict[str, dict[str, dict[str, str]]]:
    """Return the reviewed answers by action, what it is about, and column."""
    lines = [line.split() for line in TABLE.read_text().splitlines() if line and not line.startswith("#")]
    found: dict[str, dict[str, dict[str, str]]] = {}
    for action, about, *cells in lines[1:]:
        found.setdefault(action, {})[about] = dict(zip(lines[0][2:], cells, strict=True))
    return found


def rpcs() -> list[str]:
    """Return the names of all RPCs of all services."""
    names = set()
    for module in pkgutil.walk_packages(showfloor.api.__path__, "showfloor.api."):
        if module.name.endswith("_service_pb2"):
            descriptor = importlib.import_module(module.name).DESCRIPTOR
            names |= {m.name for service in descriptor.services_by_name.values() for m in service.methods}
    return sorted(names)


def named(route: Route) -> str:
    """Return what the path of a route is about; "" when it names nothing that somebody could own."""
    return next((kind for name, kind in NAMED.items() if f"{{{name}}}" in route.path), "")


def cells(route: Route, about: str, rows: dict[str, dict[str, dict[str, str]]]) -> list[str]:
    """Return the cells of one line of the page."""
    return [_cell(route, about, column, rows) for column in COLUMNS]


def _cell(route: Route, about: str, column: str, rows: dict[str, dict[str, dict[str, str]]]) -> str:
    if column == "ended":
        return "401"
    if route.who is Who.USER and column in CALLERS:
        ruled = rows[_action(route)].get(about) or rows[_action(route)]["System"]
        return _ruled(route, about, column, SHOWN[ruled[CALLERS[column][about]]])
    let_in = {
        Who.ANYONE: "in/in/404" if about == "Session" else "in",
        Who.VIEWER: "in/404/404" if column == "viewer" else "403",
        Who.OPERATOR: "in" if column == "operator" else "403",
        Who.USER: "403",
    }
    return "401" if column == "anonymous" and route.who is not Who.ANYONE else let_in[route.who]


def _ruled(route: Route, about: str, column: str, own: str) -> str:
    if about == "System":
        return own
    if route.name in LISTS:
        return (
            "403"
            if column == "operator"
            else "none/none/none"
            if column in ("nobody", "creator", "partner")
            else "in/none/none"
        )
    if column == "operator" and about in ("Shop", "Account", "Creator", "Partner", "Binding"):
        # Operators know the whole directory. Which things are in a shop, and whose they are, only its owner can tell.
        known = not isinstance(route, RpcRoute) or any(name in route.path for name in THINGS)
        return f"{own}/{own}/{404 if known else own}"
    return f"{own}/404/404"


def _action(route: Route) -> str:
    return route.rpc if isinstance(route, RpcRoute) else route.action  # type: ignore[attr-defined]


def page() -> str:
    """Return the page. Raises SystemExit that names what has no row in the table."""
    rows = table()
    guarded = {_action(route) for route in ROUTES if route.who not in (Who.ANYONE, Who.VIEWER)} | set(rpcs())
    if missing := sorted(guarded - rows.keys()):
        raise SystemExit(f"no row in {TABLE.relative_to(ROOT)} for: {', '.join(missing)} (who may, by hand)")
    lines = [f"| route | about | {' | '.join(COLUMNS)} |", "|---" * (len(COLUMNS) + 2) + "|"]
    for route in ROUTES:
        kinds = [named(route)] if named(route) else list(rows.get(_action(route), {"System": {}}))
        kinds += [LISTS[route.name]] if route.name in LISTS else []
        for about in kinds:
            shown = f"`{route.method} {PREFIX}{route.path}` {route.name}"
            lines.append(f"| {shown} | {about} | {' | '.join(cells(route, about, rows))} |")
    lines += ["", "## RPCs", "", "What a service answers an internal token, for a thing of one's own.", ""]
    names = list(next(iter(next(iter(rows.values())).values())))
    lines += [f"| RPC | about | {' | '.join(names)} |", "|---" * (len(names) + 2) + "|"]
    for rpc in rpcs():
        for about, answers in rows[rpc].items():
            lines.append(f"| {rpc} | {about} | {' | '.join(SHOWN[answers[name]] for name in names)} |")
    return HEAD + "\n".join(lines) + "\n"

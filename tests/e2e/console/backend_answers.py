"""The routes and shapes of the public API, answered from a state that the test may change."""

from datetime import UTC, datetime, timedelta

import backend_events
import backend_home
import shop
from backend_state import Backend, Json
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response


def problem(status: int, code: str, detail: str, **metadata: str) -> JSONResponse:
    body = {"status": status, "code": code, "detail": detail, "request_id": "test", "metadata": metadata}
    return JSONResponse(body, status, media_type="application/problem+json")


def reads(state: Backend, request: Request, path: list[str]) -> Json | Response | None:
    """Answer a GET, or None for a path that is not known."""
    query = request.query_params
    match path:
        case ["me"]:
            return _me(state)
        case ["creators" | "partners" as kind]:
            return {kind: state.directory.get(kind, []), "next_page_token": ""}
        case ["partners", _, "accounts"]:
            return {"accounts": state.directory.get("accounts", []), "next_page_token": ""}
        case ["bindings"]:
            return {"bindings": state.directory.get("bindings") or shop.collabs(), "next_page_token": ""}
        case ["users"]:
            return {"users": shop.PEOPLE, "next_page_token": ""}
        case ["shops" | "accounts" as place, _, "members"]:
            return {"members": shop.members(place), "next_page_token": ""}
        case ["accounts", _, "grants"]:
            return {"grants": shop.grants(), "next_page_token": ""}
        case ["shops", _, "imports"]:
            return {"imports": []}
        case ["shops", _, "checkout"]:
            return state.shop_checkout
        case ["connectors"]:
            return {"connectors": [shop.CONNECTOR], "next_page_token": ""}
        case ["metrics-registry"]:
            return {"metrics": shop.REGISTRY}
        case ["sessions"]:
            return _sessions(state, request)
        case ["daily-totals"]:
            accounts = query.getlist("account_ids")
            days = [one for one in shop.days() if not accounts or one["account_id"] in accounts]
            return {"days": days, "next_page_token": ""}
        case ["watch"]:
            return {"sessions": [one for one in state.sessions.values() if one["state"] == "live"]}
        case ["watch", _, "seller"]:
            return {"account_name": "Aurora Live", "shop_name": "Aurora", "checkout": state.checkout}
        case ["watch", _, "viewers"]:
            return {"viewers_now": 342}
        case ["watch", _, "orders"]:
            return {"orders": state.own_orders}
        case ["watch", session_id]:
            found = state.sessions.get(session_id)
            if found and found["state"] == "prepared" and found.get("event_id"):
                return {"session": found}
            if not found or found["state"] not in ("live", "ended"):
                return None
            pinned = _comments(state)[0] | {"pinned": True}
            return {
                "session": found, "items": state.bag, "pinned_comment": pinned, "test_checkout": state.test_checkout
            }  # fmt: skip
        case ["shops", _, "products"]:
            wanted = query.get("query", "").lower()
            known = [shop.product(number) for number in range(1, state.catalogue + 1)]
            if "archived" in query:
                known = []
            found = [one for one in known if wanted in one["title"].lower()]
            if query.get("invited_only"):
                found = [one for one in found if one["collab_invite"]]
            if ids := query.getlist("product_ids"):
                found = [one for one in found if one["product_id"] in ids]
            return {"products": found, "total_count": len(found)}
        case ["shops", _, "product-categories"]:
            return shop.categories(state.catalogue)
        case ["shops", _, "product-sets"]:
            return {"product_sets": shop.sets(min(state.catalogue, 6))}
        case ["sessions", session_id, *rest] if session_id in state.sessions:
            return _of_session(state, state.sessions[session_id], rest, request)
    return backend_home.reads(state.home, path) or backend_events.reads(state.events, path, query)


def _me(state: Backend) -> Json:
    own_shop = {"shop_id": shop.SHOP, "name": "Corner shop", "currency": "USD", "role": state.shop_role}
    own_account = {"account_id": shop.ACCOUNT, "name": "Corner shop LIVE", "shop_id": shop.SHOP, "kind": "official"}
    return {
        "user": {"user_id": "u1", "email": "host@example.com", "name": "Host"},
        "shops": [own_shop, *state.directory.get("shops", [])],
        "accounts": [own_account, *state.directory.get("more_accounts", [])],
    }


OLDER = 8


def _sessions(state: Backend, request: Request) -> Json:
    query = request.query_params
    wanted, token, states = query.get("query", ""), query.get("page_token"), query.getlist("states")
    rows = [one for one in state.sessions.values() if wanted.lower() in one["title"].lower()]
    rows = [one for one in rows if not states or one["state"] in states]
    accounts = query.getlist("account_ids")
    rows = [one for one in rows if not accounts or one["account_id"] in accounts]
    older = not wanted and (not accounts or shop.ACCOUNT in accounts) and "start_until" not in query
    total = len(rows) + (OLDER if older else 0)
    if not token:
        page, following = rows, "more" if older else ""
    else:
        start = shop.stamp(datetime.now(UTC) - timedelta(days=3))
        page = [shop.session(f"older-{n}", f"Older LIVE {n}", "ended", start_time=start) for n in range(OLDER)]
        following = ""
    names = query.getlist("metrics") or ["gmv"]
    missing = dict.fromkeys(("ctr", "ctor"), "not_known")
    listed = [
        {"session": one, "readings": shop.readings(names, 1, missing if one["source"] == "import" else None)}
        for one in page
    ]
    return {"sessions": listed, "next_page_token": following, "total_size": total}


def _comments(state: Backend) -> list[Json]:
    said = [one for one in reversed(state.activities) if one["kind"] == "comment"]
    return [
        {
            "comment_id": one["subject_id"],
            "session_id": shop.LIVE,
            "text": one["summary"],
            "author_name": one["viewer_name"],
            "from_host": one["from_host"],
            "product_id": one["product_id"],
            "pinned": False,
            "create_time": one["time"],
            "position": one["position"],
        }
        for one in said
    ]


def _of_session(state: Backend, of: Json, rest: list[str], request: Request) -> Json | Response | None:
    query = request.query_params
    start = datetime.fromisoformat(of["start_time"] or of["open_time"])
    match rest:
        case []:
            return {"session": of}
        case ["board"]:
            return shop.board(of, state.scale, state.position, state.bag)
        case ["trend"]:
            first = datetime.fromisoformat(query["from"]) if "from" in query else start
            last = datetime.fromisoformat(query["until"]) if "until" in query else start + timedelta(minutes=84)
            return shop.trend(of, query.getlist("metrics"), first, last)
        case ["usual-curve"]:
            return shop.usual(state.earlier_lives)
        case ["products"]:
            shown = shop.analytics()[:2] if "from" in query else shop.analytics()
            return {"products": shown, "ctr_threshold": 0.042, "ctor_threshold": 0.031}
        case ["suggestions"]:
            return {"suggestions": state.suggestions} if state.suggestions is not None else None
        case ["audience"]:
            return shop.audience(part="from" in query)
        case ["comparison"]:
            pairs = zip(
                shop.readings(["gmv", "orders", "ctr", "views"], 1),
                shop.readings(["gmv", "orders", "ctr", "views"], 0.8),
                strict=True,
            )
            rows = [
                {"reading": one, "average": other, "difference": by}
                for (one, other), by in zip(pairs, (0.25, -0.04, None, 0.25), strict=True)
            ]
            return {"sessions": 6, "comparisons": rows}
        case ["recap"]:
            now = datetime.now(UTC)
            return {
                "session": of, "duration_s": 5040, "products_featured": 6, "top_products": shop.analytics()[:3],
                "readings": shop.readings([row["name"] for row in shop.REGISTRY], 1),
                "replay_expire_time": shop.stamp(now + timedelta(days=29, hours=3)),
                "detail_expire_time": shop.stamp(now + timedelta(days=89)),
            }  # fmt: skip
        case ["replay"] if not state.no_recording:
            return {"url": "https://video.example/1", "expire_time": shop.stamp(datetime.now(UTC) + timedelta(29, 9e3))}
        case ["bag"]:
            wanted = query.get("query", "").lower()
            items = [one for one in state.bag if wanted in one["product"]["title"].lower()]
            return {"items": items, "pins": [], "version": of["version"]}
        case ["comments"]:
            kind = query.get("kind")
            found = [one for one in _comments(state) if not kind or bool(one["product_id"]) == (kind == "product")]
            if query.get("pinned"):
                found = [one for one in found if one["comment_id"] == of["pinned_comment_id"]]
            return {"comments": found[:50], "next_page_token": ""}
        case ["comments.csv"]:
            return PlainTextResponse("comment_id,text\n", media_type="text/csv")
        case ["orders"]:
            return {"orders": [_order(one) for one in reversed(state.activities) if one["kind"] == "order"]}
        case ["activity"]:
            return _feed(state, request)
    return None


def _order(one: Json) -> Json:
    items = [{"product_id": shop.product(1)["product_id"], "quantity": 1, "unit_price": one["amount"]}]
    return {
        "order_id": one["subject_id"],
        "reference": "R",
        "items": items,
        "total": one["amount"],
        "state": one["state"],
        "payment_source": one.get("payment_source", "unspecified"),
        "first_time_buyer": one["position"] % 2 == 0,
        "place_time": one["time"],
    }


def _feed(state: Backend, request: Request) -> Json:
    query = request.query_params
    size = int(query.get("page_size", 50))
    kinds = query.getlist("kinds")
    known = [one for one in state.activities if not kinds or one["kind"] in kinds]
    if query.get("newest_first") == "true":
        before = int(query.get("before_position", 0)) or state.position + 1
        found = [one for one in reversed(known) if one["position"] < before]
    else:
        found = [one for one in known if one["position"] > int(query.get("after_position", 0))]
    return {"activities": found[:size], "more": len(found) > size, "watermark": {"position": state.position}}


def writes(state: Backend, method: str, path: list[str], body: Json) -> Json | Response | None:
    """Answer a change, or None for a path that is not known."""
    match [method, *path]:
        case ["POST", "sign-in"]:
            if body["password"] != "correct horse":
                return problem(401, "UNAUTHENTICATED", "E-mail or password is wrong.")
            state.signed_in = True
        case ["POST", "sign-in", "link"]:
            state.signed_in = True
        case ["POST", "sign-out"]:
            state.signed_in = False
        case ["POST", "sessions"]:
            made = shop.session(shop.NEW, body["title"], "prepared", start_time=None)
            state.sessions[shop.NEW] = made
            return {"session": made}
        case ["DELETE", "sessions", session_id]:
            del state.sessions[session_id]
        case ["POST", "watch", _, "join"]:
            return {"viewer_token": "viewer-token"}
        case ["POST", "watch", _, "orders"]:
            soon = shop.stamp(datetime.now(UTC) + timedelta(minutes=15))
            order = {"order_id": "order-1", "reference": "5f0e5d2a-0000-4000-8000-00004c7e9b20", "state": "placed"}
            order |= {
                "expire_time": soon,
                "total": {"minor": 7898, "currency": "USD", "exponent": 2},
                "items": body["items"],
            }
            state.own_orders = [{"order": order, "titles": ["Wireless earbuds S3"]}]
            return {"order": order}
        case ["POST", "watch", _, "orders", order_id, "checkout-link"]:
            return {
                "url": f"https://pay.example.com/live?order=signed-{order_id}",
                "expire_time": shop.stamp(datetime.now(UTC)),
            }
        case ["POST", "watch", _, "orders", _, "cancellation"]:
            state.own_orders[0]["order"]["state"] = "cancelled"
        case ["POST", "watch", _, "orders", _, "test-payment"]:
            state.own_orders[0]["order"] |= {"state": "paid", "payment_source": "simulated"}
        case ["POST", "watch", _, "comments"]:
            return {"comment_id": f"said-{len(state.calls)}"}
        case ["POST", "watch", *_]:
            return {}
        case [_, "sessions", session_id, *rest]:
            return _change(state, state.sessions[session_id], method, rest, body)
        case _:
            return backend_events.writes(state.events, method, path, body)
    return {}


def _change(state: Backend, of: Json, method: str, rest: list[str], body: Json) -> Json | Response:
    match [method, *rest]:
        case ["POST", "orders", order_id, "payment"]:
            (sold,) = (one for one in state.activities if one["subject_id"] == order_id)
            sold |= {"state": "paid", "payment_source": "by_hand"}
            return {"order": _order(sold)}
        case ["POST", "practice"]:
            of["state"] = "practice"
        case ["DELETE", "practice"]:
            of["state"] = "prepared"
        case ["POST", "live"] if state.running_elsewhere:
            detail = "Another LIVE of this account is running: end it first."
            return problem(409, "ANOTHER_LIVE_RUNNING", detail, running_session_id=state.running_elsewhere)
        case ["POST", "live"] if of.get("not_before_time", "") > shop.stamp(datetime.now(UTC)):
            return problem(409, "TOO_EARLY", "Its event starts later.", not_before_time=of["not_before_time"])
        case ["POST", "live"]:
            of |= {"state": "live", "start_time": shop.stamp(datetime.now(UTC) - timedelta(minutes=5))}
        case ["POST", "end"]:
            of |= {"state": "ended", "end_time": shop.stamp(datetime.now(UTC))}
        case ["PUT", "bag", product_id, "number"]:
            item = next(one for one in state.bag if one["product"]["product_id"] == product_id)
            state.bag.remove(item)
            state.bag.insert(body["number"] - 1, item)
            state.renumber()
        case ["PUT" | "DELETE", "bag", product_id, "pin"]:
            for one in state.bag:
                one["pinned"] = method == "PUT" and one["product"]["product_id"] == product_id
        case ["DELETE", "bag", product_id]:
            state.bag = [one for one in state.bag if one["product"]["product_id"] != product_id]
            state.renumber()
        case ["POST", "bag"]:
            return {"added_product_ids": body["references"]}
        case ["PUT" | "DELETE", "comments", comment_id, "pin"]:
            of["pinned_comment_id"] = comment_id if method == "PUT" else ""
        case ["POST", "replies"]:
            state.position += 1
            said = shop.activity(7 * state.position) | {"position": state.position, "from_host": True}
            state.activities.append(
                said | {"summary": body["text"], "product_id": "", "subject_id": f"reply-{state.position}"}
            )
    return {"session": of, "position": state.position}

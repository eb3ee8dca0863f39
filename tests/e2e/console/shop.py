"""A small shop for the browser tests: its answers have the shapes of the public API, its numbers are made up."""

import math
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from showfloor.metrics.registry import METRICS, PRODUCT_METRICS, SESSION_METRICS

Json = dict[str, Any]

SHOP, ACCOUNT = "5f0e5d2a-0000-4000-8000-000000000001", "5f0e5d2a-0000-4000-8000-000000000002"
LIVE, ENDED, IMPORTED, NEW = (f"5f0e5d2a-0000-4000-8000-0000000000{n}" for n in (11, 12, 13, 14))
REGISTRY = [msgspec.to_builtins(metric) for metric in METRICS]
TITLES = (
    "Linen overshirt, sand", "Cold brew kit with two filters", "Wireless earbuds S3", "Ceramic pour-over set",
    "Trail running vest 8 l", "Reusable beeswax wraps, pack of 6",
    "Desk lamp with warm dimming", "Merino socks, 3 pairs",
)  # fmt: skip
LABELS = ("bestseller", "", "trending", "", "new", "high_commission", "", "")
SOURCES = ("showcase", "set", "link", "collab")


def stamp(moment: datetime) -> str:
    """RFC 3339 in UTC with Z."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def product(number: int) -> Json:
    """The catalogue's product `number`, from 1."""
    return {
        "product_id": f"9a000000-0000-4000-8000-{number:012d}",
        "shop_id": SHOP,
        "reference": f"SKU-{number}",
        "title": TITLES[(number - 1) % len(TITLES)],
        "category": "home",
        "price": {"minor": 1999 + 650 * number, "currency": "USD"},
        "commission_bps": 150 * number,
        "label": LABELS[(number - 1) % len(LABELS)],
        "in_showcase": True,
        "collab_invite": f"invite-{number}" if number % 3 == 0 else "",
        "link": "",
        "stock": None if number % 3 == 0 else 4 * number - 4,
    }


def categories(catalogue: int) -> Json:
    """What the catalogue's products are sorted into."""
    labels = [product(number)["label"] for number in range(1, catalogue + 1)]
    return {
        "categories": [{"category": "home", "products": catalogue}] if catalogue else [],
        "labels": [{"label": one, "products": labels.count(one)} for one in dict.fromkeys(labels) if one],
    }


def sets(size: int) -> list[Json]:
    """The shop's sets: one of so many products, and one of the first three."""
    ids = [product(number)["product_id"] for number in range(1, size + 1)]
    named = (("set-1", "Autumn", ids), ("set-2", "For the kitchen table", ids[:3]))
    return [{"product_set_id": key, "shop_id": SHOP, "name": name, "product_ids": of} for key, name, of in named if of]


def collabs() -> list[Json]:
    """The shop's collabs: one that is active, one that waits for each side, and one that has ended."""
    told = (
        ("active", "shop", "Mai Tran"),
        ("offered", "creator", "Jonas K"),
        ("offered", "shop", None),
        ("ended", "shop", "Ana"),
    )
    return [
        {
            "binding_id": f"7c000000-0000-4000-8000-{number:012d}", "status": status, "offered_by": by, "shop_id": SHOP,
            "shop_name": "Corner shop", "creator_id": f"7d000000-0000-4000-8000-{number:012d}", "creator_name": name,
            "offered_time": stamp(datetime.now(UTC) - timedelta(days=3 * number)),
        }
        for number, (status, by, name) in enumerate(told, start=1)
    ]  # fmt: skip


def session(session_id: str, title: str, state: str, source: str = "live", **more: Any) -> Json:
    """A session as GetSession answers it."""
    now = datetime.now(UTC)
    start = now - timedelta(minutes=84)
    return {
        "session_id": session_id, "account_id": ACCOUNT, "shop_id": SHOP, "title": title, "state": state,
        "source": source, "currency": "USD", "open_time": stamp(start), "start_time": stamp(start),
        "script": "Greet everyone by name.\nShow the earbuds at half past.", "simulated": False,
        "pinned_comment_id": "", "pinned_product_id": "", "version": 7, "bag_size": 6,
        **more,
    }  # fmt: skip


def readings(names: tuple[str, ...] | list[str], scale: float, missing: dict[str, str] | None = None) -> list[Json]:
    """One reading per metric, in the unit of the registry."""
    units = {row["name"]: row["unit"] for row in REGISTRY}
    answer: list[Json] = []
    for place, name in enumerate(names):
        reason = (missing or {}).get(name, "")
        value = {"money": 1_284_350, "count": 4213, "rate": 0.083, "seconds": 5040}[units[name]] * scale
        value = value / (1 + place % 5) if units[name] == "rate" else round(value / (1 + place % 7))
        reading: Json = {"metric": name, "missing": reason, "currency": "USD" if units[name] == "money" else ""}
        answer.append(reading if reason else {**reading, "value": value})
    return answer


PRESENCE = {"live": "evidence", "replay": "enters_and_leaves", "import": "counts"}


def board(of: Json, scale: float, position: int, bag: list[Json] | None = None) -> Json:
    """What GetBoard answers."""
    missing = {"refunded": "not_yet", "follow_rate": "no_denominator"}
    if of["source"] == "import":
        missing |= dict.fromkeys(("ctr", "ctor", "impressions", "comments"), "not_known")
    if of.get("affiliate") is False:
        missing |= dict.fromkeys(("affiliate_gmv", "commission"), "not_applicable")
    views = [2210, 930, 412, 230, 180, 122, 77, 52]
    channels = ("feed", "promoted", "following", "search", "shop", "profile", "share", "other")
    start = datetime.fromisoformat(of["start_time"] or of["open_time"])
    return {
        "session": {key: value for key, value in of.items() if key != "script"},
        "core": readings(list(SESSION_METRICS), scale, missing),
        "channels": [
            {"channel": name, "impressions": count * 9, "views": count, "share": count / sum(views)}
            for name, count in zip(channels, views, strict=True)
        ],
        "pins": pins(start),
        "watermark": {"position": position, "signals_time": stamp(datetime.now(UTC))},
        "presence_source": PRESENCE[of["source"]],
        **since_pin(bag or []),
    }


def since_pin(bag: list[Json]) -> Json:
    """What came of the product that is pinned, and how many of the others were sold."""
    pinned = next((one["product"]["product_id"] for one in bag if one["pinned"]), None)
    if not pinned:
        return {"units_since_pin": []}
    since = stamp(datetime.now(UTC) - timedelta(minutes=4, seconds=12))
    names = ["product_impressions", "product_clicks", "sku_orders", "units_sold", "gmv"]
    values = zip(names, (640, 88, 12, 14, 37_086), strict=True)
    told = [{"metric": name, "value": value, "currency": "USD" if name == "gmv" else ""} for name, value in values]
    return {
        "now_showing": {"product_id": pinned, "pin_time": since, "pinned_s": 252, "readings": told},
        "units_since_pin": [
            {"product_id": one["product"]["product_id"], "pin_time": since, "units_sold": 14 - 2 * one["number"]}
            for one in bag[:4]
        ],
    }


def pins(start: datetime) -> list[Json]:
    """Two pins that have passed and one that holds."""
    spans = ((3, 12, 24), (1, 38, 51), (2, 70, None))
    return [
        {"product_id": product(number)["product_id"], "start_time": stamp(start + timedelta(minutes=first)),
         "end_time": stamp(start + timedelta(minutes=last)) if last else None}
        for number, first, last in spans
    ]  # fmt: skip


def trend(of: Json, names: list[str], first: datetime, last: datetime) -> Json:
    """What GetTrend answers: a wave per metric, with a gap, so that missing can be told from zero."""
    minutes = max(1, int((last - first).total_seconds() // 60))
    step = max(1, math.ceil(minutes / 240))
    times = [first + timedelta(minutes=minute) for minute in range(0, minutes, step)]
    units = {row["name"]: row["unit"] for row in REGISTRY}

    def point(place: int, row: int) -> Json:
        if row in (20, 21):
            return {}
        wave = 1.2 + math.sin(row / (6 + 2 * place)) + 0.25 * math.sin(row * 1.7 + place)
        return {"value": round(wave * 40_000) if units[names[place]] == "money" else round(wave * 300)}

    views = [180, 90, 30]
    return {
        "times": [stamp(time) for time in times],
        "step_minutes": step,
        "channels": [
            {"channel": name, "impressions": count * 9, "views": count, "share": count / sum(views)}
            for name, count in zip(("promoted", "feed", "search"), views, strict=True)
        ],
        "series": [
            {"metric": name, "currency": "USD" if units[name] == "money" else "",
             "points": [point(place, row) for row in range(len(times))]}
            for place, name in enumerate(names)
        ],
        "pins": pins(datetime.fromisoformat(of["start_time"] or of["open_time"])),
    }  # fmt: skip


def usual(lives: int) -> Json:
    """What GetUsualCurve answers for an account with so many LIVEs of two hours behind it."""
    if lives < 3:
        return {"sessions": lives, "missing": "too_few_sessions", "step_minutes": 1, "series": []}
    ends = {"gmv": 1_500_000, "orders": 3_900, "product_clicks": 5_000, "viewers_now": 0}

    def point(name: str, minutes: int) -> Json:
        level = 900 * math.sin(minutes / 60) + 40 if name == "viewers_now" else ends[name] * (minutes / 120) ** 1.2
        quartiles = {"lower_quartile": level * 0.7, "median": level, "upper_quartile": level * 1.25}
        return {"minutes": minutes, "sessions": lives, **quartiles}

    series = [{"metric": name, "points": [point(name, minutes) for minutes in range(1, 121)]} for name in ends]
    return {"sessions": lives, "missing": "", "step_minutes": 1, "series": series}


def analytics() -> list[Json]:
    """Product analytics with one product in each quadrant and one without enough data."""
    advice = {
        "star": "Show it longer and stress its selling points.",
        "explain": "Explain it further, or offer a giveaway.",
        "show": "Those who click buy: show it better.",
        "replace": "Spotlight other products.",
        "unspecified": "",
    }
    return [
        {"product_id": product(number)["product_id"], "title": product(number)["title"], "quadrant": quadrant,
         "readings": readings(list(PRODUCT_METRICS), 1 / number), "advice": advice[quadrant]}
        for number, quadrant in enumerate(advice, 1)
    ]  # fmt: skip


def days() -> list[Json]:
    """Totals of 40 days, every third without a LIVE."""
    now = datetime.now(UTC)
    return [
        {"account_id": ACCOUNT, "shop_id": SHOP, "day": (now - timedelta(days=back, hours=8)).date().isoformat(),
         "sessions": 1, "simulated": False, "imported_sessions": 0,
         "readings": readings(["gmv", "orders", "units_sold", "views", "new_followers"], 1 + math.sin(back))}
        for back in range(40) if back % 3
    ]  # fmt: skip


def suggestion(number: int) -> Json:
    """A fall of GMV after product `number` was featured."""
    now = datetime.now(UTC)
    return {
        "rule": "feature_fell",
        "title": f"GMV fell after {TITLES[number - 1]} was featured",
        "advice": "Show it in use, or feature another product.",
        "metrics": ["gmv", "views"],
        "product_id": product(number)["product_id"],
        "from_time": stamp(now - timedelta(minutes=10)),
        "until_time": stamp(now - timedelta(minutes=5)),
        "change": -0.25,
    }


def audience(*, part: bool = False) -> Json:
    """Slices in each dimension, part of them not known; of a part of the session, buyers alone."""
    rows = {
        "follower": (("yes", 1240), ("no", 2100), ("not known", 310)),
        "gender": (("female", 1900), ("male", 1350), ("not known", 400)),
        "age_band": (("18-24", 900), ("25-34", 1400), ("35-44", 700), ("not known", 650)),
        "region": (("DE", 1700), ("FR", 800), ("PL", 500), ("not known", 650)),
    }
    slices = [
        {"dimension": dimension, "value": value, "viewers": 0 if part else viewers, "buyers": viewers // 19}
        for dimension, values in rows.items()
        for value, viewers in values
    ]
    return {"slices": slices, "viewers": 3650, "buyers": 184, "first_time_buyers": 97, "buyers_only": part}


def activity(position: int) -> Json:
    """The activity at a position of the log: kinds take turns."""
    kind = ("comment", "comment", "order", "comment", "follow", "comment", "gift")[position % 7]
    words = (
        "Does it come in blue?",
        "Hello from Porto",
        "Just ordered two!",
        "What size do you wear?",
        "❤️❤️❤️",
        "هل الشحن مجاني؟",
    )
    about = product(position % 4 + 1)["product_id"] if kind == "comment" and position % 2 else ""
    more: Json = {}
    if kind == "order":
        more = {"amount": {"minor": 2649 + position, "currency": "USD"}, "state": "paid"}
    summary = {
        "comment": words[position % len(words)],
        "order": TITLES[position % 8],
        "follow": "",
        "gift": "Rose × 3",
    }[kind]
    return {
        "position": position, "kind": kind, "subject_id": f"7c000000-0000-4000-8000-{position:012d}",
        "time": stamp(datetime.now(UTC)), "viewer_name": ("Mira", "jonas_k", "Ana P.", "viewer", "Tomek")[position % 5],
        "summary": summary, "product_id": about, "from_host": False, "reply_to": "", **more,
    }  # fmt: skip


PEOPLE = [
    {"user_id": "u1", "name": "Host", "email": "host@example.com"},
    {"user_id": "u2", "name": "Kim Sample", "email": "kim.sample@example.com"},
]
AGENCY = "5f0e5d2a-0000-4000-8000-000000000021"
CREATORS = {"c1": "Ana Sample", "c2": "Bo Sample", "c3": "Cleo Sample"}


def agency() -> Json:
    """An agency to which three creators are bound; the first one has the account of the other answers."""
    accounts = {creator: ACCOUNT if creator == "c1" else f"account-{creator}" for creator in CREATORS}
    return {
        "partners": [{"partner_id": AGENCY, "name": "Northern Agency", "role": "owner"}],
        "creators": [{"creator_id": creator, "name": name} for creator, name in CREATORS.items()],
        "bindings": [
            {"binding_id": f"b-{creator}", "status": "active", "partner_id": AGENCY, "creator_id": creator}
            for creator in CREATORS
        ],
        "accounts": [
            {"account_id": account, "name": f"{CREATORS[creator]} LIVE", "creator_id": creator, "kind": "creator"}
            for creator, account in accounts.items()
        ],
    }


CONNECTOR: dict[str, Any] = {
    "connector_id": "c1", "name": "Till", "scopes": ["ingest", "payments"], "shop_id": SHOP, "account_ids": [ACCOUNT],
    "rotated_time": "2026-11-03T10:00:00Z",
}  # fmt: skip


def members(place: str) -> list[dict[str, Any]]:
    """Who works at the shop or on its account."""
    roles = {"shops": {"u1": "owner"}, "accounts": {"u2": "moderator"}}[place]
    return [{"user_id": one["user_id"], "name": one["name"], "role": roles[one["user_id"]]}
            for one in PEOPLE if one["user_id"] in roles]  # fmt: skip


def grants() -> list[dict[str, Any]]:
    """Two grants of the account, one of which has ended."""
    now = datetime.now(UTC)
    about = {
        "account_id": ACCOUNT,
        "given_time": stamp(now),
        "given_by_user_id": "u1",
        "until_time": stamp(now + timedelta(30)),
    }
    return [
        {"grant_id": "g1", "scope": "read", "state": "active", "partner_id": "p",
         "partner_name": "Northern Agency", **about},
        {"grant_id": "g2", "scope": "moderate", "state": "revoked", "user_id": "u2", "end_time": stamp(now), **about},
    ]  # fmt: skip

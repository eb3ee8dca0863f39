"""The constraints of request fields that services check, repeated for the description of the API.

The description must say them all, so that no client finds one out by a refusal.
`tests/acceptance/security/test_description.py` proves it: it sends values outside each constraint to the running
services.
"""

from collections.abc import Mapping
from typing import Any

from showfloor.kernel.currencies import EXPONENTS
from showfloor.kernel.text import CODE_POINTS
from showfloor.metrics.registry import REGISTRY

Rule = Mapping[str, Any]
"""Keywords of JSON Schema; of a repeated field `items` are its elements'."""

MAX_INT64 = 2**63 - 1
MAX_MINOR = MAX_COUNT = 10**12

UUID: Rule = {"format": "uuid"}
MAYBE_UUID: Rule = {"pattern": "^([0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})?$"}
WORD: Rule = {"pattern": "^[A-Za-z0-9._-]{1,64}$"}
HTTPS: Rule = {"pattern": "^https://[^\\s/?#]+\\S*$", "maxLength": 2_000}
MAYBE_HTTPS: Rule = {"pattern": "^(https://[^\\s/?#]+\\S*)?$", "maxLength": 2_000}
POSITION: Rule = {"minimum": 0, "maximum": MAX_INT64}
DAY: Rule = {"pattern": "^(20[0-9]{2}-[0-9]{2}-[0-9]{2})?$"}
LOCAL_TIME: Rule = {"pattern": "^(20[0-9]{2}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2})?$"}
ZONE: Rule = {"pattern": "^[A-Z][A-Za-z0-9+-]+([/_][A-Za-z0-9+-]+)*$", "maxLength": 64}
EMAIL: Rule = {"pattern": "^[^\\s@]+@[^\\s@]+\\.[^\\s@]+$", "maxLength": 254}
FILLED: Rule = {"minLength": 1, "minItems": 1}  # a column, as base64 or as a list
METRICS: Rule = {"items": {"enum": sorted(REGISTRY)}}


def written(minimum: int, maximum: int) -> Rule:
    """Return the rule of a text of so many characters as people see them, which are some code points each.

    What must hold something must hold something visible.
    """
    text: dict[str, Any] = {"maxLength": maximum * CODE_POINTS}
    return {**text, "minLength": minimum, "pattern": "\\S"} if minimum else text


def many(minimum: int, maximum: int, items: Rule | None = None) -> Rule:
    """Return the rule of a list."""
    return {"minItems": minimum, "maxItems": maximum, **({"items": items} if items else {})}


def whole(minimum: int, maximum: int) -> Rule:
    """Return the rule of a whole number."""
    return {"minimum": minimum, "maximum": maximum}


_ANYWHERE: Mapping[str, Rule] = {
    **dict.fromkeys(("session_id", "account_id", "shop_id", "product_id", "product_set_id", "order_id"), UUID),
    **dict.fromkeys(("comment_id", "reply_to", "creator_id", "partner_id", "event_id"), UUID),
    **dict.fromkeys(("min_position", "expected_version", "after_position", "before_position"), POSITION),
    "request_id": WORD,
    "page_size": whole(0, 200),
    "currency": {"enum": sorted(EXPONENTS)},
    "metrics": METRICS,
    "query": written(0, 100),
    "image_id": MAYBE_UUID,
    "width": {"enum": [0, 96, 480, 1_200]},
    "text": written(1, 500),
}
_COUNTS = (
    "views", "peak_viewers", "average_viewers", "average_stay_s", "likes", "gifts", "new_followers", "products",
    "units_sold",
)  # fmt: skip
_RULES: Mapping[str, Rule] = {
    "OpenSessionRequest.title": written(1, 120),
    "UpdateSessionRequest.title": written(1, 120),
    "SetScriptRequest.script": written(0, 20_000),
    "ListSessionsRequest.account_ids": many(0, 200, UUID),
    "ListSessionsRequest.event_id": MAYBE_UUID,
    "ExportSessionsRequest.account_ids": many(0, 200, UUID),
    "ExportSessionsRequest.event_id": MAYBE_UUID,
    "GetUsualCurveRequest.step_minutes": whole(0, 60),
    "ListDailyTotalsRequest.account_ids": many(0, 200, UUID),
    "ListDailyTotalsRequest.from_day": DAY,
    "ListDailyTotalsRequest.until_day": DAY,
    "ListActivityRequest.kinds": {"items": {"enum": ["comment", "follow", "gift", "order"]}},
    "ListActivityRequest.page_size": whole(0, 500),
    "AddToBagRequest.references": many(1, 100, written(1, 2_000)),
    "SetPlaybackRequest.url": MAYBE_HTTPS,
    "SetPlaybackRequest.poster_url": MAYBE_HTTPS,
    "RecordReplayRequest.url": HTTPS,
    "PlaceOrderRequest.reference": WORD,
    "PlaceOrderRequest.items": many(1, 50),
    "OrderItem.quantity": whole(1, 10_000),
    "OrderItem.variant_reference": written(0, 64),
    "Money.minor": whole(0, MAX_MINOR),
    "Money.exponent": whole(0, 3),
    "ViewerIdentity.viewer_ref": WORD,
    "ViewerIdentity.display_name": written(0, 60),
    "ViewerTraits.gender": {"enum": ["", "female", "male", "other"]},
    "ViewerTraits.age_band": {"enum": ["", "18-24", "25-34", "35-44", "45-54", "55+"]},
    "ViewerTraits.region": {"pattern": "^([A-Z]{2})?$"},
    "SendGiftRequest.gift": written(1, 60),
    "SendGiftRequest.count": whole(1, 1_000_000),
    "RecordActivityRequest.facts": many(1, 500),
    "SignalBatch.batch_id": WORD,
    "SignalBatch.offset_ms": FILLED,
    "SignalBatch.viewers": FILLED,
    "GetTrendRequest.metrics": {**many(1, 12), **METRICS},
    "GetTrendRequest.step_minutes": whole(0, 60),
    "ListProductsRequest.category": written(0, 60),
    "ListProductsRequest.product_ids": many(0, 200, UUID),
    "ImportProductsRequest.products": many(1, 500),
    "ImportSessionsRequest.sessions": many(1, 500),
    "CreateImportRequest.mapping": many(0, 40, written(1, 300)),
    "SaveProductSetRequest.name": written(1, 80),
    "SaveProductSetRequest.product_ids": many(1, 100, UUID),
    "Product.reference": written(1, 64),
    "Product.title": written(1, 200),
    "Product.category": written(0, 60),
    "Product.commission_bps": whole(0, 10_000),
    "Product.collab_invite": written(0, 200),
    "Product.stock": whole(0, 10**9),
    "Product.link": MAYBE_HTTPS,
    "Product.image_url": MAYBE_HTTPS,
    "Product.options": many(0, 3),
    "Product.variants": many(0, 100),
    "ProductVariants.options": many(0, 3),
    "ProductVariants.variants": many(0, 100),
    "ProductOption.name": written(1, 60),
    "ProductVariant.reference": written(1, 64),
    "ProductVariant.values": many(0, 3, written(1, 60)),
    "ProductVariant.stock": whole(0, 10**9),
    "ProductVariant.image_url": MAYBE_HTTPS,
    "UpdateProductRequest.title": written(1, 200),
    "UpdateProductRequest.category": written(0, 60),
    "UpdateProductRequest.commission_bps": whole(0, 10_000),
    "UpdateProductRequest.collab_invite": written(0, 200),
    "UpdateProductRequest.stock": whole(0, 10**9),
    "UpdateProductRequest.link": MAYBE_HTTPS,
    "UpdateProductRequest.image_url": MAYBE_HTTPS,
    "ScheduleEventRequest.title": written(1, 120),
    "ScheduleEventRequest.description": written(0, 1_000),
    "UpdateEventRequest.title": written(1, 120),
    "UpdateEventRequest.description": written(0, 1_000),
    "EventTime.local_start": LOCAL_TIME,
    "EventTime.time_zone": ZONE,
    "Teasers.urls": many(0, 10, HTTPS),
    "ListEventsRequest.account_id": MAYBE_UUID,
    "CheckEventTimeRequest.local_start": LOCAL_TIME,
    "CheckEventTimeRequest.time_zone": ZONE,
    "CheckEventTimeRequest.event_id": MAYBE_UUID,
    "GetSuggestedTimeRequest.time_zone": ZONE,
    "GetGuideRequest.slug": written(1, 64),
    "RequestInvitationRequest.email": EMAIL,
    "PastSession.reference": written(1, 64),
    "PastSession.title": written(1, 120),
    "PastSession.duration_s": whole(1, 604_800),
    **{f"PastSession.{name}": whole(0, MAX_COUNT) for name in _COUNTS},
}
_REQUIRED: Mapping[str, tuple[str, ...]] = {
    "OpenSessionRequest": ("account_id", "title"),
    "UpdateSessionRequest": ("title",),
    "AddToBagRequest": ("source", "references"),
    "ScheduleEventRequest": ("account_id", "title", "time"),
    "CheckEventTimeRequest": ("time_zone", "duration_minutes"),
    "GetSuggestedTimeRequest": ("time_zone",),
    "GetHomeRequest": ("account_id",),
    "RequestInvitationRequest": ("email",),
    "MoveInBagRequest": ("number",),
    "RecordReplayRequest": ("url",),
    "PostCommentRequest": ("text",),
    "ReplyToCommentRequest": ("comment_id", "text"),
    "PlaceOrderRequest": ("items",),
    "RefundOrderRequest": ("amount",),
    "SendGiftRequest": ("gift", "count"),
    "RecordActivityRequest": ("facts",),
    "SaveProductSetRequest": ("name", "product_ids"),
    "ImportProductsRequest": ("products",),
    "ImportSessionsRequest": ("sessions",),
    "Money": ("minor", "currency"),
    "Recording": ("start_time",),
    "ViewerIdentity": ("viewer_ref",),
    "SignalBatch": ("batch_id", "base_time", "offset_ms", "kind", "viewer", "product", "channel", "viewers"),
    "OrderItem": ("product_id", "quantity", "unit_price"),
    "Product": ("reference", "title", "price"),
    "ProductOption": ("name",),
    "ProductVariant": ("reference", "values", "price"),
    "CreateProductRequest": ("shop_id", "product"),
    "PastSession": ("reference", "title", "start_time", "duration_s"),
}
_BY_OTHERS_ONLY: Mapping[str, tuple[str, ...]] = {
    "PostCommentRequest": ("viewer",),
    "PlaceOrderRequest": ("viewer", "reference"),
    "SendGiftRequest": ("viewer",),
    "FollowAccountRequest": ("viewer",),
}
"""Needed of everybody but viewers, whose token says it."""

ONE_OF = frozenset({"ActivityFact"})
"""Messages of which exactly one field is set."""


def rule(message: str, field: str) -> Rule:
    """Return the constraints of a field of a request, empty for none."""
    return _RULES.get(f"{message}.{field}") or _ANYWHERE.get(field, {})


def required(message: str, fields: list[str]) -> list[str]:
    """Return which of these fields a request must have."""
    needed = (*_REQUIRED.get(message, ()), *_BY_OTHERS_ONLY.get(message, ()))
    return [name for name in fields if name in needed]

"""What the gateway itself may refuse, and why: written into docs/refusals.md beside the reasons of the contracts."""

MEANINGS = {
    "UNAUTHENTICATED": "Nobody, or nobody known: sign in, or join. Status 401.",
    "PERMISSION": "You are known, and may not do this.",
    "CSRF": "A change came with the cookie, and not from the console. Programs send a bearer token.",
    "RATE_LIMITED": (
        "Too often, or too many at once: wait `Retry-After` seconds. Nothing was done, and an `Idempotency-Key` is "
        "still unused. Status 429; docs/security.md lists the budgets. metadata: retry_after_s."
    ),
    "QUEUE_FULL": "This process takes no more commands, streams or connections: try again after `Retry-After`.",
    "IDEMPOTENCY_KEY_MISSING": "The route needs an `Idempotency-Key`. metadata: field.",
    "IDEMPOTENCY_KEY_REUSED": "The key was used with another body.",
    "IDEMPOTENCY_RUNNING": "The same request is being answered: ask again for its answer.",
    "MALFORMED_HTTP": "What came is no HTTP/1.1 request. The connection ends.",
    "REQUEST_TIMEOUT": "The request did not come in time. Status 408; the connection ends.",
    "URL_TOO_LONG": "The address is too long. Status 414; the connection ends. metadata: limit.",
    "HEAD_TOO_LARGE": "The headers are too large or too many. Status 431; the connection ends. metadata: limit.",
    "BODY_TOO_LARGE": "The body is larger than the route takes. Status 413.",
    "BODY_INCOMPLETE": "The connection ended before the body did.",
    "CONTENT_TYPE": "The route takes another type of body. Status 415.",
    "MALFORMED_JSON": "The body is no JSON object.",
    "MALFORMED_PROTOBUF": "The body is no message of the type that the route takes.",
    "METHOD_NOT_ALLOWED": "The path knows other methods. metadata: allow.",
    "NO_SUCH_ROUTE": "There is no such route: see `/openapi.json`.",
    "NO_SUCH_PAGE": "The console has no such page.",
    "USER_NOT_FOUND": "No such user, or not yours.",
    "SHOP_NOT_FOUND": "No such shop, or not yours.",
    "ACCOUNT_NOT_FOUND": "No such account, or not yours.",
    "CREATOR_NOT_FOUND": "No such creator, or not yours.",
    "EMAIL_TAKEN": "Another user has this address. metadata: field.",
    "LAST_HOST": "The account would be without a host. metadata: account_id.",
    "LAST_OWNER": "The shop would be without an owner. metadata: shop_id.",
    "DATABASE_UNAVAILABLE": "PostgreSQL does not answer: send it again with the same key.",
    "STORE_UNAVAILABLE": "The event log cannot be written now: send it again with the same key.",
    "DEADLINE_PASSED": "It waited too long; nothing was changed.",
    "QUERY_TOO_SLOW": "The question took longer than it may.",
    "VIEW_FAILED": "A view has stopped: `showfloor status` names it.",
}

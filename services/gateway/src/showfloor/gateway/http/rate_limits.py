"""Rate limits: token buckets in memory, in tables of bounded size, and the budgets that a request spends."""

import math
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from enum import Enum, auto
from ipaddress import ip_address, ip_network
from typing import Any
from uuid import UUID

from showfloor.access.actor import ActorKind
from showfloor.gateway.access.callers import Caller
from showfloor.gateway.config import Config
from showfloor.gateway.http.routes import Route
from showfloor.kernel.refusal import Refusal, RefusalKind

MAX_BUCKETS = 50_000


class By(Enum):
    """The owner of the bucket that a request takes from."""

    ADDRESS = auto()
    CALLER = auto()
    SESSION = auto()
    EVENT = auto()


BUDGETS = {  # those that routes name, each a setting of its name; in front of them every request spends its caller's
    "sign_in_rate": By.ADDRESS,
    "link_rate": By.CALLER,
    "directory_rate": By.CALLER,
    "import_rate": By.CALLER,
    "image_rate": By.CALLER,
    "join_rate": By.ADDRESS,
    "session_join_rate": By.SESSION,
    "registration_rate": By.ADDRESS,
    "event_registration_rate": By.EVENT,
    "comment_rate": By.CALLER,
    "order_rate": By.CALLER,
    "beat_rate": By.CALLER,
    "like_rate": By.CALLER,
    "share_rate": By.CALLER,
}
_CALLERS = {ActorKind.VIEWER: "viewer_rate", ActorKind.USER: "user_rate"}


class Limiter:
    """One bucket per key: `rate` tokens a second flow in, `burst` fit."""

    def __init__(self, rate: float, burst: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._rate, self._burst, self._clock = rate, burst, clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, key: str, cost: float = 1.0) -> None:
        """Take `cost` tokens of a key's bucket. Raises Refusal LIMIT (RATE_LIMITED) with `retry_after_s`."""
        now = self._clock()
        level = self._level(key, now)
        self._buckets.pop(key, None)
        self._buckets[key] = (level - cost if level >= cost else level, now)
        if len(self._buckets) > MAX_BUCKETS:
            self._buckets.popitem(last=False)  # the least recently used bucket is the fullest
        self._must_hold(cost, level)

    def look(self, key: str) -> None:
        """Take nothing. Raises Refusal LIMIT (RATE_LIMITED) when no token is left."""
        self._must_hold(1.0, self._level(key, self._clock()))

    def _level(self, key: str, now: float) -> float:
        level, at = self._buckets.get(key, (self._burst, now))
        return min(self._burst, level + (now - at) * self._rate)

    def _must_hold(self, cost: float, level: float) -> None:
        if level < cost:
            wait = str(max(1, math.ceil((cost - level) / self._rate)))
            text = f"Too many requests: try again in {wait} s."
            raise Refusal(RefusalKind.LIMIT, "RATE_LIMITED", text, {"retry_after_s": wait})


class Spending:
    """The budgets of this process, and how much of them was spent."""

    def __init__(self, config: Config) -> None:
        names = ("anonymous_rate", *_CALLERS.values(), *BUDGETS)
        self._limiters = {name: Limiter(*getattr(config, name)) for name in names}

    def ask(self, caller: Caller | None, address: str) -> None:
        """Spend one request of the caller's budget for requests. Raises RATE_LIMITED."""
        if caller is None:
            self._limiters["anonymous_rate"].take(place(address))
        elif name := _CALLERS.get(caller.actor.kind):
            self._limiters[name].take(caller.key)

    def look(self, address: str) -> None:
        """Return while this address has requests left. Raises RATE_LIMITED."""
        self._limiters["anonymous_rate"].look(place(address))

    def spend(
        self, route: Route, caller: Caller | None, address: str, path: Mapping[str, str], cost: float = 1.0
    ) -> None:
        """Spend the budgets that a route names, `cost` times. Raises RATE_LIMITED."""
        for name in route.budgets:
            match BUDGETS[name]:
                case By.ADDRESS:
                    key = place(address)
                case By.CALLER:
                    key = caller.key if caller else place(address)
                case By.SESSION:
                    key = _one_spelling(path["session_id"])
                case By.EVENT:
                    key = _one_spelling(path["event_id"])
            self._limiters[name].take(key, cost)


def place(address: str) -> str:
    """Return the key of an address: itself, or its /64 of IPv6, because one customer has a whole one."""
    if ":" not in address:
        return address
    try:
        known: Any = ip_address(address)
    except ValueError:
        return address
    return str(known.ipv4_mapped or ip_network((int(known), 64), strict=False))


def _one_spelling(thing_id: str) -> str:
    try:
        return UUID(thing_id).hex
    except ValueError:
        return thing_id

"""A client of Showfloor's public API: retries what is safe, and turns a refusal into a sentence."""

import asyncio
from types import TracebackType
from typing import Any
from uuid import uuid4

import httpx
from tenacity import AsyncRetrying, retry_if_exception_type, stop_after_delay, wait_random_exponential

PROTOBUF = "application/x-protobuf"
BUSY = {429, 502, 503, 504}
MAX_WAIT_S = 5.0


class ApiRefusal(Exception):
    """The API said no. `code` is the reason, `problem` the whole problem document."""

    def __init__(self, method: str, path: str, status: int, problem: dict[str, Any]) -> None:
        self.method, self.path, self.status = method, path, status
        self.code = str(problem.get("code", status))
        self.problem = problem
        super().__init__(f"{method} {path}: {self.code}: {problem.get('detail', 'no detail')}")


class NotAnswering(Exception):
    """The API is away or busy; the call may be sent again."""


class Api:
    """Calls `/v1` of one gateway. Every changing call carries an Idempotency-Key, so resending is harmless."""

    def __init__(self, url: str, token: str, *, give_up_s: float = 120.0, connections: int = 16) -> None:
        self._give_up_s = give_up_s
        self._http = httpx.AsyncClient(
            base_url=f"{url.rstrip('/')}/v1",
            headers={"Authorization": f"Bearer {token}"},
            timeout=30.0,
            limits=httpx.Limits(max_connections=connections),
        )

    async def __aenter__(self) -> "Api":
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._http.aclose()

    async def get(self, path: str, **query: Any) -> Any:
        """Return the JSON answer. Raises ApiRefusal, or NotAnswering after `give_up_s`."""
        return await self._send("GET", path, params={k: v for k, v in query.items() if v is not None})

    async def post(self, path: str, body: Any, *, key: str = "") -> Any:
        """Change something. `key` names the change: the same key is the same change."""
        return await self._send("POST", path, json=body, headers=self._key(key))

    async def put(self, path: str, body: Any, *, key: str = "") -> Any:
        """Like post."""
        return await self._send("PUT", path, json=body, headers=self._key(key))

    async def delete(self, path: str, *, key: str = "") -> Any:
        """Like post, without a body."""
        return await self._send("DELETE", path, headers=self._key(key))

    async def post_protobuf(self, path: str, body: bytes, *, key: str) -> Any:
        """Like post, with a protobuf body."""
        return await self._send("POST", path, content=body, headers={**self._key(key), "Content-Type": PROTOBUF})

    async def post_file(self, path: str, content: bytes, query: dict[str, str], *, key: str) -> Any:
        """Like post, with a file as the body and everything else in the query."""
        headers = {**self._key(key), "Content-Type": "application/octet-stream"}
        return await self._send("POST", path, content=content, params=query, headers=headers)

    @staticmethod
    def _key(key: str) -> dict[str, str]:
        return {"Idempotency-Key": key or str(uuid4())}

    async def _send(self, method: str, path: str, **request: Any) -> Any:
        retrying = AsyncRetrying(
            retry=retry_if_exception_type(NotAnswering),
            wait=wait_random_exponential(multiplier=0.1, max=MAX_WAIT_S),
            stop=stop_after_delay(self._give_up_s),
            reraise=True,
        )
        async for attempt in retrying:
            with attempt:
                return await self._once(method, path, **request)
        raise AssertionError("tenacity either returns or raises")

    async def _once(self, method: str, path: str, **request: Any) -> Any:
        try:
            response = await self._http.request(method, path, **request)
        except httpx.TransportError as error:
            raise NotAnswering(f"{method} {path}: {type(error).__name__}: {error}") from error
        if response.status_code in BUSY:
            # The server says how long it wants to be left alone; a longer wait than ours is cut.
            await asyncio.sleep(wait_of(response))
            raise NotAnswering(f"{method} {path}: {response.status_code}")
        in_progress = (
            response.status_code == httpx.codes.CONFLICT and problem_of(response).get("code") == "IDEMPOTENCY_RUNNING"
        )
        if in_progress:
            raise NotAnswering(f"{method} {path}: the same request still runs")
        if response.is_error:
            raise ApiRefusal(method, path, response.status_code, problem_of(response))
        return response.json() if response.content else None


def wait_of(response: httpx.Response) -> float:
    """Return the seconds to wait that a busy server asks for; a date or nonsense counts as none."""
    wait = response.headers.get("Retry-After", "0")
    return min(float(wait) if wait.isascii() and wait.isdigit() else 0.0, MAX_WAIT_S)


def problem_of(response: httpx.Response) -> dict[str, Any]:
    """Return what a refusal says, in our form or a proxy's."""
    try:
        body = response.json()
    except (ValueError, RecursionError):
        return {"detail": response.text[:200]}
    return body if isinstance(body, dict) else {"detail": str(body)[:200]}

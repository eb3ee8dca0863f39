"""Pages of the directory's lists: each goes on after the last row of the page before."""

from collections.abc import Callable
from typing import Any, Generic, TypeVar

import msgspec

from showfloor.gateway.http.gateway import NativeRequest
from showfloor.kernel.refusal import invalid
from showfloor.rpc import checks, cursors

C = TypeVar("C", bound=msgspec.Struct)
QUERY = ("page_size", "page_token")
Rows = list[dict[str, Any]]


class Page(Generic[C]):
    """The rows of a request. `filters` names the list: a token of another list, or of other filters, is refused."""

    def __init__(self, request: NativeRequest, cursor: type[C], filters: str) -> None:
        """Raises INVALID_FIELD."""
        self.size = checks.page_size(_whole(request.query.get("page_size", "")))
        self.after = cursors.decode(request.query.get("page_token", ""), cursor, filters)
        self._cursor, self._filters = cursor, filters

    @property
    def values(self) -> dict[str, Any]:
        """The values of the query: the last row, each name with `after_`, null for the first page; `limit`."""
        names = self._cursor.__struct_fields__
        after = {f"after_{name}": getattr(self.after, name) if self.after else None for name in names}
        return {**after, "limit": self.size + 1}

    def answer(
        self,
        name: str,
        rows: Rows,
        shown: Callable[[dict[str, Any]], Any] = dict,
        more: dict[str, Any] | None = None,
    ) -> dict[str, Any]:
        """Return the answer of so many rows, one more than the page when there are more. `more`: the row after which
        to go on, if these rows are no more than a page."""
        last = rows[self.size - 1] if len(rows) > self.size else more
        token = cursors.encode(msgspec.convert(last, self._cursor), self._filters) if last else ""
        return {name: [shown(row) for row in rows[: self.size]], "next_page_token": token}


def _whole(text: str) -> int:
    if not text:
        return 0
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise invalid("page_size", "must be a whole number")
    return int(text)

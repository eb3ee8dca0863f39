"""From a file to the messages that single calls would send. The reader's own process opens what is not plain text."""

from datetime import UTC, datetime
from typing import Any

from showfloor.api.common.v1.common_pb2 import Money
from showfloor.api.session.v1.import_service_pb2 import PastSession
from showfloor.api.session.v1.product_pb2 import Product
from showfloor.rpc.fields import stamp
from showfloor.session.imports.edges.model import MAX_FILE, MAX_PROBLEMS, MAX_ROWS, Kind, Line, Parsed, Problem
from showfloor.tabular import BadFile, Limits, history
from showfloor.tabular.catalogue import CatalogueRow, read_catalogue
from showfloor.tabular.history import PastRow, read_history

LIMITS = Limits(bytes=MAX_FILE, rows=MAX_ROWS, problems=MAX_PROBLEMS)

_HISTORY = {
    "reference": "session", "title": "title", "start_time": "started_at", "duration_s": "duration_s", "gmv": "gmv",
    "host": "host", **{name: name for name in history.COUNTS},
}  # fmt: skip
_CATALOGUE = {
    "reference": "product", "title": "title", "category": "category", "price": "price",
    "commission_bps": "commission_percent",
}  # fmt: skip
_UNTOLD = ("label", "collab_invite", "link", "in_showcase")  # no column tells them


def read(
    kind: Kind, content: bytes, file_name: str, now: datetime, sheet: str = ""
) -> tuple[Parsed, list[Problem], int, list[Problem]]:
    """Return what the file holds, its problems with how many more there are, and warnings. Blocking; raises BadFile."""
    if kind == "history":
        past, table = read_history(content, file_name, now, LIMITS, sheet or None)
        currency, lines = table.currency("gmv"), [_past_line(row) for row in past]
    else:
        products, currency, table = read_catalogue(content, file_name, LIMITS, sheet or None)
        lines = [_product_line(row, currency) for row in products]
    columns = {
        field: table.found[name].header
        for field, name in (_HISTORY if kind == "history" else _CATALOGUE).items()
        if table.has(name)
    }
    keeps = () if kind == "history" else (*_UNTOLD, *(field for field in _CATALOGUE if field not in columns))
    parsed = Parsed(kind, currency, lines, columns, keeps)
    return parsed, _problems(table.problems), table.more_problems, _problems(table.warnings)


def unreadable(error: BadFile) -> Problem:
    """Return the problem of a file that is no such table at all."""
    return Problem(error.line, "", "", error.problem, error.mend)


def _problems(found: Any) -> list[Problem]:
    return [Problem(one.line, one.column, one.value, one.problem, one.mend) for one in found]


def _past_line(row: PastRow) -> Line:
    message = PastSession(
        reference=row.reference,
        title=row.title,
        start_time=stamp(row.started_at and row.started_at.astimezone(UTC)),
        duration_s=row.duration_s,
        gmv=None if row.gmv is None else Money(minor=row.gmv, currency=row.currency),
        **{name: getattr(row, name) for name in history.COUNTS},
    )
    return Line(row.line, row.account, message.SerializeToString())


def _product_line(row: CatalogueRow, currency: str) -> Line:
    message = Product(
        reference=row.reference,
        title=row.title,
        category=row.category,
        price=Money(minor=row.price, currency=currency),
        commission_bps=row.commission_bps,
        in_showcase=True,
    )
    return Line(row.line, "", message.SerializeToString())

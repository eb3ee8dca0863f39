"""From a file to the messages that single calls would send. The reader's own process opens what is not plain text."""

from datetime import UTC, datetime
from typing import Any

import msgspec

from showfloor.api.common.v1.common_pb2 import Money
from showfloor.api.session.v1.import_service_pb2 import PastSession
from showfloor.api.session.v1.product_pb2 import Product, ProductOption, ProductVariant
from showfloor.rpc.fields import stamp
from showfloor.session.imports.edges.model import (
    MAX_FILE,
    MAX_PROBLEMS,
    MAX_ROWS,
    Heading,
    Job,
    Line,
    Parsed,
    Problem,
)
from showfloor.tabular import BadFile, Limits, history, product_files
from showfloor.tabular.history import PastRow, read_history
from showfloor.tabular.product_files import mapping_of, read_products
from showfloor.tabular.product_rows import ProductRow

LIMITS = Limits(bytes=MAX_FILE, rows=MAX_ROWS, problems=MAX_PROBLEMS)
PRODUCT_LIMITS = Limits(bytes=MAX_FILE, rows=100_000, problems=MAX_PROBLEMS)  # rows are variants as well
MAX_WARNINGS = 200

_HISTORY = {
    "reference": "session", "title": "title", "start_time": "started_at", "duration_s": "duration_s", "gmv": "gmv",
    "host": "host", **{name: name for name in history.COUNTS},
}  # fmt: skip
# The fields of a product by the columns that fill them, and by what the catalogue calls them.
_CATALOGUE = {
    "reference": "product", "title": "title", "category": "category", "price": "price",
    "commission_bps": "commission_percent", "compare_at_price": "compare_at_price", "stock": "stock",
    "image_url": "image_url", "link": "link", "options": "option_1", "values": "option_1_value",
    "variant_reference": "variant", "variant_image_url": "variant_image_url",
}  # fmt: skip
_KEPT = ("title", "category", "commission_bps", "link")  # of what no column tells
_UNTOLD = ("label", "collab_invite", "in_showcase")  # no file tells them


class Read(msgspec.Struct, frozen=True, kw_only=True):
    """What a file holds, its problems with how many more there are, warnings, and what its headers tell."""

    parsed: Parsed
    problems: list[Problem]
    more: int
    warnings: list[Problem]
    heading: Heading = Heading()


def read(job: Job, content: bytes, now: datetime) -> Read:
    """Return what the file of an import holds. Blocking; raises BadFile."""
    return _history(job, content, now) if job.kind == "history" else _products(job, content)


def _history(job: Job, content: bytes, now: datetime) -> Read:
    past, table = read_history(content, job.file_name, now, LIMITS, job.sheet or None)
    columns = {field: table.found[name].header for field, name in _HISTORY.items() if table.has(name)}
    parsed = Parsed(job.kind, table.currency("gmv"), [_past_line(row) for row in past], columns)
    return Read(
        parsed=parsed, problems=_problems(table.problems), more=table.more_problems, warnings=_problems(table.warnings)
    )


def _products(job: Job, content: bytes) -> Read:
    found = read_products(
        content,
        job.file_name,
        PRODUCT_LIMITS,
        job.sheet or None,
        currency=job.currency,
        mapping=mapping_of(job.mapping),
    )
    table = found.table
    if len(found.products) > MAX_ROWS:
        raise BadFile(f"has {len(found.products)} products; at most {MAX_ROWS} may be", "split it")
    columns = {field: table.found[name].header for field, name in _CATALOGUE.items() if table.has(name)}
    columns.setdefault("reference", "")
    parsed = Parsed(
        job.kind,
        found.currency,
        [_product_line(row, found.currency) for row in found.products],
        columns,
        (*_UNTOLD, *(field for field in _KEPT if field not in columns)),
        tells_variants=found.tells_variants,
    )
    return Read(
        parsed=parsed,
        problems=_problems(table.problems),
        more=table.more_problems,
        warnings=_problems(table.warnings)[:MAX_WARNINGS],
        heading=heading_of(found.heading),
    )


def heading_of(heading: product_files.Heading) -> Heading:
    """Return what is kept of a line of headers."""
    columns = [(one.header, one.field, one.sample, one.left_out) for one in heading.columns]
    return Heading(heading.format, columns, heading.missing)


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


def _product_line(row: ProductRow, currency: str) -> Line:
    message = Product(
        reference=row.reference,
        title=row.title,
        category=row.category,
        price=Money(minor=row.price, currency=currency),
        compare_at_price=_money(row.compare_at, currency),
        commission_bps=row.commission_bps,
        stock=row.stock,
        image_url=row.image_url,
        link=row.link,
        in_showcase=True,
        options=[ProductOption(name=name) for name in row.options],
        variants=[
            ProductVariant(
                reference=one.reference,
                values=one.values,
                price=Money(minor=one.price, currency=currency),
                compare_at_price=_money(one.compare_at, currency),
                stock=one.stock,
                image_url=one.image_url,
            )
            for one in row.variants
        ],
    )
    return Line(row.line, "", message.SerializeToString(), tuple(one.line for one in row.variants))


def _money(minor: int | None, currency: str) -> Money | None:
    return None if minor is None else Money(minor=minor, currency=currency)

"""Rows of past sessions as commands: the one place that knows what a row may hold."""

from datetime import datetime, timedelta

from showfloor.api.session.v1 import import_service_pb2 as pb
from showfloor.rpc import checks
from showfloor.service.allowing import AccountHome
from showfloor.session.catalogue.domain.refusals import wrong_currency
from showfloor.session.catalogue.edges.import_rows import Tell, at_once
from showfloor.session.imports.domain.import_rules import ImportSession, import_stream
from showfloor.session.show.domain.refusals import in_the_future
from showfloor.session.show.domain.session_events import SessionImported

MAX_DURATION_S = 604_800
MAX_COUNT = 10**12
COUNTS = (
    "views", "peak_viewers", "average_viewers", "average_stay_s", "likes", "gifts", "new_followers",
    "products", "units_sold",
)  # fmt: skip


def past(field: str, row: pb.PastSession, home: AccountHome, now: datetime, tell: Tell = at_once) -> ImportSession:
    """Return a past session to keep. Raises INVALID_FIELD, WRONG_CURRENCY, IN_THE_FUTURE."""
    reference = tell(checks.reference, f"{field}.reference", row.reference, instead="")
    start = tell(_start, f"{field}.start_time", row, now, instead=checks.EARLIEST)
    duration = tell(checks.number, f"{field}.duration_s", row.duration_s, 1, MAX_DURATION_S, instead=0)
    end = start + timedelta(seconds=duration)
    tell(_over, f"{field}.duration_s", end, now, instead=None)
    totals = {
        name: tell(checks.number, f"{field}.{name}", getattr(row, name), 0, MAX_COUNT, instead=0)
        for name in COUNTS
        if row.HasField(name)  # type: ignore[arg-type]
    }
    if row.HasField("gmv"):
        totals["gmv_minor"] = tell(_gmv, f"{field}.gmv", row, home, instead=0)
    title = tell(checks.line, f"{field}.title", row.title, 1, 120, instead="")
    event = SessionImported(
        at=now,
        session_id=import_stream(home.shop_id, reference),
        account_id=home.account_id,
        shop_id=home.shop_id,
        currency=home.currency,
        reference=reference,
        title=title,
        started_at=start,
        ended_at=end,
        **totals,
    )
    return ImportSession(session_id=event.session_id, now=now, event=event)


def _gmv(field: str, row: pb.PastSession, home: AccountHome) -> int:
    gmv = checks.money(field, row.gmv, 0, MAX_COUNT * 1_000)
    if gmv.currency != home.currency:
        raise wrong_currency(gmv.currency, home.currency, f"{field}.currency")
    return gmv.minor


def _start(field: str, row: pb.PastSession, now: datetime) -> datetime:
    start = checks.timestamp(field, row.start_time)
    if start > now:
        raise in_the_future(field)
    return start


def _over(field: str, end: datetime, now: datetime) -> None:
    if end > now:
        raise in_the_future(field)

"""What makes two commands the same one."""

from datetime import UTC, datetime
from uuid import UUID

import msgspec

from showfloor.kernel.command import Aside, digest_of
from showfloor.kernel.event import Event


class Line(msgspec.Struct, frozen=True):
    product: UUID
    count: int = 1


class Ordered(Event, frozen=True, kw_only=True):
    lines: tuple[Line, ...]
    note: str | None = None


class Order(msgspec.Struct, frozen=True, kw_only=True):
    ordered: Ordered
    until: datetime
    now: Aside[datetime]


class NewerLine(Line, frozen=True):
    tags: list[str] = msgspec.field(default_factory=list)
    colour: str = ""


NOW = datetime(2026, 1, 1, tzinfo=UTC)
LINE = Line(UUID(int=7))


def order(*lines: Line, at: datetime = NOW) -> Order:
    return Order(ordered=Ordered(at=at, lines=lines), until=NOW, now=at)


def test_a_digest_stays_what_it_is() -> None:
    """It lies in the log: another one for the same command makes a resend across versions a refusal."""
    assert digest_of("order", "place", order(LINE, Line(UUID(int=8), 2))).hex() == "ceeae54bda88d5305a9a26f7bfbdb1b4"


def test_the_time_of_an_event_is_no_part_of_it() -> None:
    later = datetime(2026, 1, 2, tzinfo=UTC)
    assert digest_of("order", "place", order(LINE, at=later)) == digest_of("order", "place", order(LINE))


def test_a_field_that_is_added_changes_no_digest() -> None:
    newer = order(NewerLine(UUID(int=7)))
    assert digest_of("order", "place", newer) == digest_of("order", "place", order(LINE))
    newer = order(NewerLine(UUID(int=7), tags=["gift"]))
    assert digest_of("order", "place", newer) != digest_of("order", "place", order(LINE))


def test_another_kind_rule_or_content_is_another_command() -> None:
    said = {
        digest_of("order", "place", order(LINE)),
        digest_of("order", "place", order(LINE, LINE)),
        digest_of("order", "place", order(Line(UUID(int=7), 2))),
        digest_of("order", "keep", order(LINE)),
        digest_of("gift", "place", order(LINE)),
    }
    assert len(said) == 5

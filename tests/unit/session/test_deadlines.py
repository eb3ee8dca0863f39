"""What due times depend on is part of the view's definition, and nothing else is."""

from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
import pytest

from showfloor.eventstore.mapper import Mapper
from showfloor.eventstore.statements import Change
from showfloor.kernel.event import Recorded
from showfloor.session.service import DECIDERS, SLICES
from showfloor.session.show.domain.policy import Policy

HISTORIES = Path(__file__).parents[2] / "contract/session/histories"


def every_event() -> list[Recorded]:
    """One of each event there ever was, each on a stream of its own."""
    mapper, found = Mapper(DECIDERS), []
    for position, file in enumerate(sorted(HISTORIES.glob("*.json")), 1):
        last = msgspec.json.decode(file.read_bytes())["events"][-1]
        found.append(mapper.decode((position, UUID(int=position), 1, last["topic"], last["state"].encode())))
    return found


EVENTS = every_event()


def due(policy: Policy) -> list[list[Change]]:
    view = SLICES.deadlines(policy)
    return [view.changes([recorded]) for recorded in EVENTS]


def other(value: Any) -> Any:
    if isinstance(value, msgspec.Struct):
        return msgspec.structs.replace(value, **{value.__struct_fields__[0]: 99})
    return value + (timedelta(minutes=1) if isinstance(value, timedelta) else 1)


@pytest.mark.parametrize("field", Policy.__struct_fields__)
def test_only_a_setting_that_moves_due_times_changes_the_view(field: str) -> None:
    before = Policy()
    after = msgspec.structs.replace(before, **{field: other(getattr(before, field))})
    moved = due(before) != due(after)
    assert moved == (
        field in {"detail_days", "report_after", "minutes_open", "finish_after", "end_quiet_after", "restate_every"}
    )
    assert (SLICES.deadlines(before).digest != SLICES.deadlines(after).digest) == moved

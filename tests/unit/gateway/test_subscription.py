"""What the gateway makes of public events."""

from datetime import UTC, datetime

import pytest

from showfloor.api.common.v1.log_service_pb2 import PublicEvent
from showfloor.api.session.v1.session_events_pb2 import LiveStarted
from showfloor.gateway.edges import subscribe
from showfloor.gateway.views import live_now

AT = datetime(2026, 1, 1, tzinfo=UTC)


def test_a_source_of_a_later_version_still_goes_on_air() -> None:
    live = LiveStarted(session_id="s", title="T", source=99)
    live.start_time.FromDatetime(AT)
    assert "unspecified" in live_now.started(live).rows[0]


def test_an_event_of_the_log_is_read_like_one_of_the_bus() -> None:
    one = PublicEvent(position=3, type="a.v1.B", key="k", time="0001-01-01T00:00:00+23:59")
    assert subscribe.message_of(one).position == 3  # a time that no calendar in UTC has is nobody's trouble
    one.time = "soon"
    with pytest.raises(ValueError, match="soon"):
        subscribe.message_of(one)

"""What the gateway makes of public events."""

from datetime import UTC, datetime

from showfloor.api.session.v1.session_events_pb2 import WentLive
from showfloor.gateway.watch import live_now

AT = datetime(2026, 1, 1, tzinfo=UTC)


def test_a_source_of_a_later_version_still_goes_on_air() -> None:
    live = WentLive(session_id="s", title="T", source=99)
    live.start_time.FromDatetime(AT)
    assert "unspecified" in live_now.started(live).rows[0]

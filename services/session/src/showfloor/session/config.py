"""Settings of the session service. Each field is the variable SHOWFLOOR_<NAME>."""

from datetime import timedelta
from typing import Annotated

from pydantic import Field, StringConstraints

from showfloor.platform.settings import Address, ProcessSettings
from showfloor.session.show.domain.policy import Policy, SuggestionPolicy

Blobs = Annotated[str, StringConstraints(pattern=r"^(s3://[^\s/]+(/\S*)?)?$")]


class Config(ProcessSettings):
    """What the platform's settings do not know: the numbers of today's platform guides."""

    bag_limit: int = Field(default=100, ge=1, le=1_000, description="products in the bag of one of our own sessions")
    replay_days: int = Field(default=30, ge=1, le=3_650, description="days for which a replay can be watched")
    detail_days: int = Field(
        default=92, ge=1, le=3_650, description="whole UTC-8 days for which comments and metrics stay after the end"
    )
    report_after_s: float = Field(
        default=30.0, ge=0, le=3_600, description="seconds from a session's end to its final report"
    )
    quiet_minutes: int = Field(
        default=10, ge=1, le=1_440, description="minutes without a sign of life after which a LIVE is shown as quiet"
    )
    end_quiet_minutes: int = Field(
        default=360,
        ge=10,
        le=10_080,
        description="minutes without a sign of life after which a LIVE ends, at the last one",
    )
    attribution_hours: int = Field(
        default=24, ge=0, le=720, description="hours after the end in which orders outside the room still count for it"
    )
    reservation_minutes: int = Field(
        default=15, ge=1, le=10_080, description="minutes in which an order must be paid before its reservation expires"
    )
    test_checkout: bool = Field(
        default=False,
        description="viewers may pretend to pay, labelled as simulated; never where real orders are taken",
    )
    suggestion_window: int = Field(
        default=10, ge=3, le=60, description="minutes that suggestions judge, against as many before"
    )
    suggestion_fall: float = Field(
        default=0.2, gt=0, le=1, description="share that a metric must lose before a suggestion is made"
    )
    suggestion_steady: float = Field(
        default=0.1, ge=0, le=1, description="share that views may lose and still count as steady"
    )

    blobs: Blobs = Field(
        default="", description="where pictures lie: s3://bucket/prefix; none = the folder `images` in the data folder"
    )
    image_quota_mb: int = Field(default=1_024, ge=1, le=1_048_576, description="MiB that a shop's pictures may take")
    events_address: Address | None = Field(
        default=None,
        description="host:port of the events service, whose LIVE events prepare sessions; none = no events",
    )
    import_lease_s: float = Field(
        default=30.0, ge=1, le=600, description="seconds after which an import that a dead process left is looked after"
    )

    def policy(self) -> Policy:
        """Return the numbers that rules go by."""
        return Policy(
            bag_limit=self.bag_limit,
            replay_kept=timedelta(days=self.replay_days),
            detail_days=self.detail_days,
            report_after=timedelta(seconds=self.report_after_s),
            quiet_after=timedelta(minutes=self.quiet_minutes),
            end_quiet_after=timedelta(minutes=self.end_quiet_minutes),
            attribution=timedelta(hours=self.attribution_hours),
            reservation=timedelta(minutes=self.reservation_minutes),
            test_checkout=self.test_checkout,
            suggestions=SuggestionPolicy(
                window=self.suggestion_window, fall=self.suggestion_fall, steady=self.suggestion_steady
            ),
        )

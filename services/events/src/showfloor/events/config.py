"""Settings of the events service. Each field is the variable SHOWFLOOR_<NAME>."""

from datetime import timedelta
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, Field

from showfloor.events.invitations.domain.address import checked_address
from showfloor.events.invitations.domain.policy import InvitationPolicy
from showfloor.events.invitations.edges.posting import checked_server
from showfloor.events.schedule.domain.policy import Policy
from showfloor.events.suggested_time.domain.suggesting import SuggestionPolicy
from showfloor.platform.settings import PREFIX, ProcessSettings, WebAddress, read_secret


class Config(ProcessSettings):
    """What the platform's settings do not know: the numbers of today's platform guides."""

    event_shortest_minutes: int = Field(default=30, ge=1, le=1_440, description="minutes that an event takes at least")
    event_longest_minutes: int = Field(default=780, ge=1, le=10_080, description="minutes that an event takes at most")
    event_mobile_lead_minutes: int = Field(
        default=120, ge=0, le=10_080, description="minutes from making an event on a phone to its start, at least"
    )
    event_days_ahead: int = Field(default=365, ge=1, le=3_650, description="days from now to an event's start, at most")
    events_ahead: int = Field(
        default=200, ge=1, le=1_000, description="events of an account that are not over, at most"
    )
    event_soon_minutes: int = Field(
        default=10, ge=1, le=120, description="minutes before the start at which an event's console is set up"
    )
    public_url: WebAddress = Field(
        default="http://127.0.0.1:8080", description="the address people use: links in mails and QR codes lead there"
    )
    smtp_url: Annotated[str, AfterValidator(checked_server)] = Field(
        default="", description="smtp[s]://[user@]host[:port] of a mail server; empty: mails are files in DATA/mail"
    )
    smtp_password_file: Path | None = Field(default=None, description="file that holds the mail server's password")
    mail_from: Annotated[str, AfterValidator(checked_address)] = Field(
        default="showfloor@localhost.localdomain", description="the address that mails come from"
    )
    invitation_days: int = Field(
        default=7, ge=1, le=90, description="days for which the link to confirm a registration is good"
    )
    invitations_asked: int = Field(
        default=10,
        ge=1,
        le=1_000,
        description="events that one address is asked about in a day, whatever is said to that",
    )

    def invitation_policy(self) -> InvitationPolicy:
        """Return the numbers that invitations go by."""
        days = timedelta(days=self.invitation_days)
        return InvitationPolicy(confirm_within=days, most_asked=self.invitations_asked)

    def smtp_password(self) -> str | None:
        """Return the mail server's password, None without one. Raises StartupError if the file is unreadable."""
        if self.smtp_password_file is None:
            return None
        return read_secret(self.smtp_password_file, variable=f"{PREFIX}SMTP_PASSWORD_FILE")

    past_days: int = Field(
        default=92, ge=1, le=1_000, description="days for which a LIVE counts for suggested times; imported ones stay"
    )
    suggestion_least_sessions: int = Field(
        default=20, ge=5, le=500, description="past LIVEs of an account before a time is suggested"
    )
    suggestion_least_in_slot: int = Field(
        default=3, ge=1, le=100, description="of these, LIVEs that began within an hour of a time that is suggested"
    )
    suggestion_least_explained: float = Field(
        default=0.05,
        ge=0,
        le=1,
        description="share of the ups and downs that the hour must explain in weeks not looked at",
    )
    checklist_days: int = Field(default=28, ge=1, le=365, description="days for which what a host did counts as done")
    home_content: Path | None = Field(
        default=None, description="folder of guides and tasks.toml that take the place of those of the same name"
    )

    def suggestions(self) -> SuggestionPolicy:
        """Return from when on a history says enough."""
        return SuggestionPolicy(
            least_sessions=self.suggestion_least_sessions,
            least_in_slot=self.suggestion_least_in_slot,
            least_explained=self.suggestion_least_explained,
        )

    def policy(self) -> Policy:
        """Return the numbers that rules go by."""
        return Policy(
            shortest=timedelta(minutes=self.event_shortest_minutes),
            longest=timedelta(minutes=self.event_longest_minutes),
            mobile_lead=timedelta(minutes=self.event_mobile_lead_minutes),
            furthest=timedelta(days=self.event_days_ahead),
            most_ahead=self.events_ahead,
            soon=timedelta(minutes=self.event_soon_minutes),
        )

"""Settings of the gateway. Each field is the variable SHOWFLOOR_<NAME>."""

from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, Field

from showfloor.gateway.access.issuer_keys import checked_address
from showfloor.gateway.limits import BEAT_S, CONNECTION_LIMITS, Budget, ConnectionLimits, Rate
from showfloor.platform.settings import Address, ProcessSettings, WebAddress, addresses

Provider = Annotated[str, AfterValidator(lambda url: url and checked_address(url))]
"""An address that keys of a sign-in provider may come from; or none."""


class Config(ProcessSettings):
    """Settings of the gateway beside the platform's."""

    addresses: dict[str, Address] = Field(
        default_factory=addresses, description="host:port of each service's gRPC server: SHOWFLOOR_<SERVICE>_ADDRESS"
    )
    web_listen: Address = Field(default="127.0.0.1:8080", description="host:port of REST, streams and the console")
    web: bool = Field(default=True, description="false: nothing listens there, nobody is let in")
    public_url: WebAddress = Field(default="", description="the address people use, such as https://live.example.com")
    signing_key_file: Path = Field(description="private key file for internal tokens; made when absent")
    operator_key_file: Path | None = Field(default=None, description="0600 file whose text proves an operator")
    viewer_key_file: Path | None = Field(
        default=None, description="0600 key file for viewers' tokens; made when absent"
    )
    oidc_issuer: Provider = Field(default="", description="issuer of an OIDC provider; empty for local accounts only")
    oidc_audience: str = Field(default="showfloor", description="client id by which the provider knows this Showfloor")
    oidc_jwks_url: Provider = Field(default="", description="its keys; empty: its discovery document names them")
    trusted_proxies: str = Field(
        default="", description="addresses or networks, with commas, whose X-Forwarded-For says where a request is from"
    )
    head_seconds: float = Field(
        default=CONNECTION_LIMITS.head, gt=0, le=300, description="seconds for the whole head of a request"
    )
    body_seconds: float = Field(
        default=CONNECTION_LIMITS.body, gt=0, le=3_600, description="seconds for the whole body of a request"
    )
    idle_seconds: int = Field(
        default=CONNECTION_LIMITS.idle, ge=1, le=300, description="seconds between an answer and the next request"
    )
    taking_seconds: float = Field(
        default=CONNECTION_LIMITS.taking, gt=0, le=3_600, description="seconds in which some of an answer is taken"
    )
    # Budgets of one process; `http/rate_limits.py` says whose bucket each one is.
    user_rate: Rate = Field(default=Budget(2_000, 4_000), description="requests of one user")
    viewer_rate: Rate = Field(default=Budget(20, 40), description="requests of one viewer")
    anonymous_rate: Rate = Field(default=Budget(200, 400), description="requests of one address without sign-in")
    sign_in_rate: Rate = Field(default=Budget(2, 100), description="sign-ins from one address, good ones too")
    link_rate: Rate = Field(default=Budget(1, 100), description="sign-in links made by one caller")
    directory_rate: Rate = Field(
        default=Budget(1, 200), description="users, shops, accounts and creators made by one caller"
    )
    image_rate: Rate = Field(default=Budget(1, 100), description="pictures uploaded by one caller")
    import_rate: Rate = Field(default=Budget(0.2, 30), description="files sent to be imported by one caller")
    join_rate: Rate = Field(default=Budget(10, 200), description="joins from one address")
    session_join_rate: Rate = Field(default=Budget(500, 5_000), description="joins of one LIVE")
    registration_rate: Rate = Field(default=Budget(1, 100), description="registrations for events from one address")
    event_registration_rate: Rate = Field(default=Budget(50, 2_000), description="registrations for one event")
    order_rate: Rate = Field(default=Budget(1, 20), description="orders, gifts and pretended payments of one viewer")
    comment_rate: Rate = Field(
        default=Budget(1, 20), description="comments of one viewer; replies of one user: what a person writes"
    )
    like_rate: Rate = Field(default=Budget(20, 200), description="likes of one viewer: what a finger can")
    share_rate: Rate = Field(default=Budget(0.2, 10), description="shares of one viewer")
    beat_rate: Rate = Field(default=Budget(0.2, 10), description="signs of life that one viewer sends without a stream")
    beat_s: float = Field(
        default=BEAT_S, gt=0, le=30, description="seconds between two signs of life of a viewer with a stream"
    )
    max_streams: int = Field(default=5_000, ge=1, description="open event streams of this process")
    max_connections: int = Field(
        default=CONNECTION_LIMITS.connections, ge=1, description="open connections of this process, streams too"
    )

    def connection_limits(self) -> ConnectionLimits:
        """Return how many connections there may be, and how long each may take for what."""
        seconds = self.head_seconds, self.body_seconds, self.idle_seconds, self.taking_seconds
        return ConnectionLimits(self.max_connections, *seconds)

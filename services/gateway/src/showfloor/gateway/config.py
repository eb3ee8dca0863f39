"""Settings of the gateway. Each field is the variable SHOWFLOOR_<NAME>."""

from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, Field

from showfloor.gateway.access.issuer_keys import checked_address
from showfloor.platform.settings import Address, ProcessSettings, WebAddress

Provider = Annotated[str, AfterValidator(lambda url: url and checked_address(url))]
"""An address that keys of a sign-in provider may come from; or none."""


class Config(ProcessSettings):
    """What the platform's settings do not know."""

    session_address: Address = Field(description="host:port of the session service's gRPC server")
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
    user_rate: float = Field(default=2_000.0, gt=0, description="requests a second of one user")
    viewer_rate: float = Field(default=20.0, gt=0, description="requests a second of one viewer")
    anonymous_rate: float = Field(default=200.0, gt=0, description="requests a second of one address without sign-in")
    max_streams: int = Field(default=5_000, ge=1, description="open event streams of this process")

"""Settings of a process, read from `SHOWFLOOR_*` environment variables.

A service adds its own fields in `config.py`: `class Config(ProcessSettings): ...`, then `load(Config)`.
"""

import os
import re
from pathlib import Path
from typing import Annotated, Literal, TypeVar
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, Field, StringConstraints, TypeAdapter, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from showfloor.platform.startup_error import StartupError

PREFIX = "SHOWFLOOR_"
MAX_PORT = 65_535


def _port_exists(address: str) -> str:
    if int(address.rpartition(":")[2]) > MAX_PORT:
        raise ValueError(f"the port is more than {MAX_PORT}")
    return address


def _web_address(text: str) -> str:
    """Refuse what is no http address; empty is none."""
    parts = urlsplit(text)  # raises ValueError, too, and so does its port
    if text and not (parts.scheme in ("http", "https") and parts.hostname and parts.port != 0):
        raise ValueError("it must begin with http:// or https:// and name a host")
    return text


Address = Annotated[
    str,
    StringConstraints(pattern=r"^[^\s:]+:[0-9]{1,5}$|^\[[0-9a-fA-F:]+\]:[0-9]{1,5}$"),
    AfterValidator(_port_exists),
]
"""`host:port`; port 0 lets the system choose."""

WebAddress = Annotated[str, AfterValidator(_web_address)]
"""An http or https address, or nothing."""


class ProcessSettings(BaseSettings):
    """What every process of Showfloor needs to know. Each field is the variable `SHOWFLOOR_<NAME>`."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="ignore", env_ignore_empty=True)

    database_url: str = Field(description="libpq URL of the service's database, as its application role")
    nats_url: str = Field(description="nats://host:port[,nats://host:port]")
    nats_user: str = Field(
        default="", pattern=r"^[^\s.*>]*$", description="NATS user name of this service; it hears _INBOX_<name>.> alone"
    )
    nats_password_file: Path | None = Field(default=None, description="file that holds the NATS password")
    listen: Address = Field(default="127.0.0.1:0", description="host:port of the gRPC server")
    http_listen: Address = Field(default="127.0.0.1:0", description="host:port of health and metrics")
    data: Path = Field(default=Path(".showfloor"), description="data folder of the process")
    keyring: Path | None = Field(
        default=None, description="file with the keys of what people wrote; all replicas of the service share it"
    )
    lost_keyring: str = Field(
        default="", description="id of a keyring that is lost for good: a new one may replace it, its texts stay unread"
    )
    keep_views_s: float = Field(
        default=3_600.0, ge=1, le=2_592_000, description="seconds for which tables of views stay that no process uses"
    )
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    log_format: Literal["json", "console"] = "json"
    otlp_endpoint: str | None = Field(default=None, description="OTLP gRPC endpoint for traces; none = off")
    span_file: Path | None = Field(default=None, description="file that gets every span as a line of JSON; none = off")
    internal_jwks: Path | None = Field(default=None, description="JWKS file with the public keys of internal tokens")
    service_jwks: Path | None = Field(
        default=None, description="folder with the public key of each service that follows another, NAME.json"
    )
    service_key_file: Path | None = Field(
        default=None, description="private key by which a service that follows another signs; made when absent"
    )
    gateway_address: Address | None = Field(
        default=None, description="host:port of the gateway's gRPC server: its directory says who may do what"
    )
    membership_stale_s: float = Field(
        default=900.0, gt=0, le=86_400, description="seconds without the directory after which changes are refused"
    )

    def nats_password(self) -> str | None:
        """Return the NATS password, or None when no file is configured. Raises StartupError if unreadable."""
        if self.nats_password_file is None:
            return None
        return read_secret(self.nats_password_file, variable=f"{PREFIX}NATS_PASSWORD_FILE")


def address_of(service: str) -> str:
    """Return host:port of another service's gRPC server. Raises StartupError."""
    try:
        return TypeAdapter(Address).validate_python(os.environ.get(_address(service), ""))
    except ValidationError:
        raise no_address(service) from None


def addresses() -> dict[str, str]:
    """Return `address_of` every service that the environment names, by the service's name. Raises StartupError."""
    found = (re.fullmatch(PREFIX + "([A-Z0-9_]+)_ADDRESS", variable) for variable in sorted(os.environ))
    return {name: address_of(name) for name in (match[1].lower() for match in found if match)}


def no_address(service: str) -> StartupError:
    """Return the error of a process that is not told where a service answers."""
    return StartupError(
        f"it is not known where {service} answers",
        place=_address(service),
        next_step="set it to host:port of its gRPC server",
    )


def _address(service: str) -> str:
    return f"{PREFIX}{service.upper()}_ADDRESS"


SettingsT = TypeVar("SettingsT", bound=BaseModel)


def load(kind: type[SettingsT]) -> SettingsT:
    """Read settings from the environment. Raises StartupError that names each missing or wrong variable."""
    try:
        return kind()
    except ValidationError as error:
        problems = error.errors()
        lines = [_explain(kind, problem["loc"], problem["type"], problem["msg"]) for problem in problems]
        first = _variable(problems[0]["loc"])
        raise StartupError(
            "; ".join(lines),
            place=f"the environment of this process ({kind.__name__})",
            next_step=f"set {first} as described, or start through `showfloor up`, which sets all of them",
        ) from None


def read_secret(path: Path, *, variable: str) -> str:
    """Return the text of a secret file without the trailing newline. Raises StartupError naming `variable`."""
    try:
        return path.read_text(encoding="utf-8").strip()
    except (OSError, ValueError) as error:  # a ValueError: not UTF-8
        raise StartupError(
            f"the secret file cannot be read: {error.strerror if isinstance(error, OSError) else 'it is not text'}",
            place=f"{variable}={path}",
            next_step="point the variable at a readable file that holds only the secret",
        ) from None


def _explain(kind: type[BaseModel], location: tuple[int | str, ...], problem: str, message: str) -> str:
    variable = _variable(location)
    field = kind.model_fields.get(str(location[0])) if location else None
    meaning = f" ({field.description})" if field is not None and field.description else ""
    # pydantic's own text would repeat the value, which may be a secret: only its message is passed on.
    return f"{variable} is missing{meaning}" if problem == "missing" else f"{variable}: {message}{meaning}"


def _variable(location: tuple[int | str, ...]) -> str:
    return PREFIX + "_".join(str(part) for part in location).upper()

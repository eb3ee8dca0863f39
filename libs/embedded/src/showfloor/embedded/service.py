"""What a service tells the supervisor about itself: its module, what it needs, and what it is told."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from showfloor.embedded.folder import DataFolder

STORAGE, SERVICES, WEB = range(3)  # groups: started in this order, stopped in the reverse


@dataclass(frozen=True)
class Broker:
    """What a service does on the broker, besides asking and hearing answers. Everything else is denied.

    `publishes`: it owns the stream of its public events. `follows`: the services whose public events it reads.
    `keeps`: streams whose messages are not in the log, with the subjects that fill them; it may trim them, and no
    service may delete them. `tells` and `hears`: subjects without a stream.
    """

    publishes: bool = False
    follows: Sequence[str] = ()
    keeps: Mapping[str, str] = field(default_factory=dict)
    tells: Sequence[str] = ()
    hears: Sequence[str] = ()


@dataclass(frozen=True)
class Port:
    """A port that a service serves on. The `wanted` one must be free; the `preferred` one is only tried."""

    wanted: int | None = None
    preferred: int | None = None


@dataclass(frozen=True)
class Place:
    """Where a service runs: in which data folder, on which ports."""

    folder: DataFolder
    ports: Mapping[str, int]

    def address(self, port: str) -> str:
        """Return host:port of one of its ports."""
        return f"127.0.0.1:{self.ports[port]}"


@dataclass(frozen=True)
class Service:
    """A service process: `python -m <module>`.

    It serves gRPC on the port `grpc` and health on `http`; `ports` are further ones. With `database` it gets one of
    its own, which is brought up to date before it starts. Without `broker` it has no user there.
    `environment` returns the variables that it is told besides those that all are told.
    """

    name: str
    module: str
    database: bool = True
    broker: Broker | None = Broker()
    ports: Mapping[str, Port] = field(default_factory=dict)
    environment: Callable[[Place], Mapping[str, str]] = lambda _place: {}
    group: int = SERVICES

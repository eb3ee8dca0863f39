"""Which processes make up the embedded system, and what each is told through its environment."""

import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from showfloor.embedded.child import Command
from showfloor.embedded.folder import DataFolder, Ports
from showfloor.embedded.nats import Nats, NatsUser, inbox_of
from showfloor.embedded.part import Part
from showfloor.embedded.postgres import Postgres
from showfloor.embedded.probes import http_probe, postgres_probe
from showfloor.platform.process import EXIT_OK, EXIT_STARTUP_ERROR
from showfloor.platform.startup_error import StartupError

SIGNALS = "SIGNALS"  # the stream of viewer signals
STORAGE, SERVICES, FRONT_DOOR = range(3)  # groups: started in this order, stopped in the reverse
PREFERRED_WEB_PORT = 8080

SMALL_PROCESS = {  # keeps a Python service near 100 MB: fewer malloc arenas, no idle BLAS threads
    "MALLOC_ARENA_MAX": "2",
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "PYTHONUNBUFFERED": "1",
}


@dataclass(frozen=True)
class Service:
    """A service process: `python -m <module>`. Before it starts the module `migrate` brings its database up to date.

    The front door also serves the web port and hears ticks; the one that runs the LIVE takes signals in and sends
    ticks. One that `publishes` owns a stream of public events; `follows` names those whose streams it reads.
    """

    name: str
    module: str
    migrate: str = ""
    front_door: bool = False
    live: bool = False
    publishes: bool = False
    follows: Sequence[str] = ()


SERVICE_LIST = (
    Service("session", "showfloor.session", "showfloor.session.migrate", live=True, publishes=True),
    Service("gateway", "showfloor.gateway", "showfloor.gateway.migrate", front_door=True, follows=("session",)),
)


def public_stream(service: str) -> str:
    """Return the stream of a service's public events."""
    return f"PUBLIC_{service.upper()}"


def signing_key(folder: DataFolder) -> Path:
    """Return the private key file that signs internal tokens; its owner, the gateway, alone is told of it."""
    return folder.keys / "internal.key.json"


def public_keys(folder: DataFolder) -> Path:
    """Return the JWKS file by which services verify internal tokens."""
    return folder.keys / "internal.jwks.json"


@dataclass(frozen=True)
class System:
    """The embedded system of one data folder, ready to be supervised. `url` is empty when it is closed to the web."""

    folder: DataFolder
    postgres: Postgres
    nats: Nats
    parts: Sequence[Part]
    url: str
    ports_changed: Sequence[str]


def build(
    folder: DataFolder,
    services: Sequence[Service] = SERVICE_LIST,
    port: int | None = None,
    *,
    web: bool = True,
    demo: bool = False,
) -> System:
    """Choose ports and describe every process. Starts nothing. Raises StartupError when `port` is taken.

    Without `web` the front door stays shut: no port serves the API. For a demo viewers may pretend to pay.
    """
    ports = Ports(folder)
    door = ports.take("web", wanted=port, preferred=PREFERRED_WEB_PORT) if web else None
    url = f"http://127.0.0.1:{door}" if door else ""
    users = [NatsUser(service.name, *_permissions(service)) for service in services]
    nats = Nats(folder, ports.take("nats"), ports.take("nats-monitor"), users)
    postgres = Postgres(folder)
    addresses = {service.name: f"127.0.0.1:{ports.take(f'{service.name}-grpc')}" for service in services}
    folder.secret(folder.operator_key)
    parts = [_postgres_part(postgres, services), _nats_part(nats)]
    for service in services:
        health = ports.take(f"{service.name}-http")
        env = _environment(folder, postgres, nats, service.name, addresses)
        env["SHOWFLOOR_HTTP_LISTEN"] = f"127.0.0.1:{health}"
        if service.live and demo:
            env["SHOWFLOOR_TEST_CHECKOUT"] = "true"
        if service.front_door:
            env |= {"SHOWFLOOR_WEB_LISTEN": f"127.0.0.1:{door}", "SHOWFLOOR_PUBLIC_URL": url} if door else {}
            env["SHOWFLOOR_WEB"] = str(web).lower()
            env["SHOWFLOOR_SIGNING_KEY_FILE"] = str(signing_key(folder))
            env["SHOWFLOOR_OPERATOR_KEY_FILE"] = str(folder.operator_key)
        shown = {"grpc": int(addresses[service.name].rpartition(":")[2]), "http": health}
        shown |= {"web": door} if service.front_door and door else {}
        parts.append(_service_part(service, env, health, shown))
    return System(folder, postgres, nats, parts, url, ports.changed)


def _permissions(service: Service) -> tuple[Sequence[str], Sequence[str]]:
    """Return what a service may publish and subscribe to; everything else is denied.

    It speaks only as itself, looks after its own streams, reads those that it follows, and hears answers in its own
    inbox alone. The signal stream is no copy of anything: its service may trim what it has folded, nobody may
    delete it.
    """
    publish, subscribe = ["$JS.API.INFO"], [f"{inbox_of(service.name)}.>"]
    followed = [public_stream(name) for name in service.follows]
    if service.publishes:
        owned = public_stream(service.name)
        publish += [f"public.{service.name}.>", f"$JS.API.STREAM.INFO.{owned}", f"$JS.API.STREAM.MSG.GET.{owned}"]
        publish += [f"$JS.API.STREAM.{verb}.{owned}" for verb in ("CREATE", "UPDATE", "PURGE", "DELETE")]
    if service.live:
        publish += ["live.>", "signals.>"]
        publish += [f"$JS.API.STREAM.{verb}.{SIGNALS}" for verb in ("CREATE", "UPDATE", "PURGE")]
        followed.append(SIGNALS)
    if service.front_door:
        subscribe.append("live.>")
    for stream in followed:  # what an ordered consumer asks for: it takes no messages one by one and confirms none
        publish += [f"$JS.API.STREAM.INFO.{stream}", f"$JS.API.CONSUMER.CREATE.{stream}"]
        publish += [f"$JS.API.CONSUMER.DELETE.{stream}.*", f"$JS.FC.{stream}.>"]
    return publish, subscribe


def _environment(
    folder: DataFolder, postgres: Postgres, nats: Nats, service: str, addresses: dict[str, str]
) -> dict[str, str]:
    own = folder.services / service
    own.mkdir(exist_ok=True)
    variables = {
        "database_url": postgres.url(service, f"{service}_app"),
        "nats_url": nats.url,
        "nats_user": service,
        "nats_password_file": str(nats.password_file(service)),
        "listen": addresses[service],
        "data": str(own),
        "internal_jwks": str(public_keys(folder)),
        **{f"{name}_address": address for name, address in addresses.items()},
    }
    return {**SMALL_PROCESS, **{f"SHOWFLOOR_{name.upper()}": text for name, text in variables.items()}}


def _postgres_part(postgres: Postgres, services: Sequence[Service]) -> Part:
    well = partial(postgres_probe, postgres)

    def arranged() -> None:
        postgres.create_databases([service.name for service in services])
        for service in services:
            if service.migrate:
                bring_up_to_date(postgres, service)

    return Part(
        "postgres",
        postgres.command,
        ready=well,
        alive=well,
        group=STORAGE,
        prepare=postgres.prepare,
        arranged=arranged,
    )


def bring_up_to_date(postgres: Postgres, service: Service) -> None:
    """Have a process that then ends make what the service's database lacks: it alone is told how to become the owner.

    Raises StartupError when a person must act; OSError when trying again may help, as when PostgreSQL ended meanwhile.
    """
    variables = {
        "SHOWFLOOR_DATABASE_OWNER_URL": postgres.url(service.name, f"{service.name}_owner"),
        "SHOWFLOOR_DATABASE_ROLE": f"{service.name}_app",
    }
    argv = [sys.executable, "-m", service.migrate]
    done = subprocess.run(argv, env={**os.environ, **variables}, capture_output=True, text=True, check=False)
    said = " / ".join(done.stderr.strip().splitlines()[-4:])
    if done.returncode not in (EXIT_OK, EXIT_STARTUP_ERROR):
        raise OSError(f"{service.name}'s database is not up to date yet: {said}")
    if done.returncode:
        raise StartupError(
            f"its database cannot be brought up to date: {said}",
            place=f"{service.name}: python -m {service.migrate}",
            next_step="mend what it says, or start the version of Showfloor that wrote the data; nothing is served yet",
        )


def _nats_part(nats: Nats) -> Part:
    well = partial(http_probe, nats.monitor_port, "/healthz")
    ports = {"client": nats.port, "monitor": nats.monitor_port}
    return Part("nats", nats.command, well, well, STORAGE, prepare=nats.prepare, ports=ports)


def _service_part(service: Service, env: dict[str, str], health: int, ports: dict[str, int]) -> Part:
    return Part(
        service.name,
        lambda: Command([sys.executable, "-m", service.module], env=env),
        ready=partial(http_probe, health, "/readyz"),
        alive=partial(http_probe, health, "/healthz"),
        group=FRONT_DOOR if service.front_door else SERVICES,
        ports=ports,
    )

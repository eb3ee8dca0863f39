"""Which processes make up the embedded system of these services, and what each is told through its environment."""

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial

from showfloor.embedded.child import Command
from showfloor.embedded.folder import DataFolder, Ports
from showfloor.embedded.nats import Nats, NatsUser, inbox_of
from showfloor.embedded.postgres import Postgres
from showfloor.embedded.probes import http_probe, postgres_probe
from showfloor.embedded.process import Process
from showfloor.embedded.service import STORAGE, Broker, Place, Service
from showfloor.platform.startup_error import StartupError
from showfloor.platform.step import EXIT_OK, EXIT_STARTUP_ERROR, MIGRATIONS_STEP

WEB = "web"  # the port that people use, of whichever service has one
PUBLIC_URL = "SHOWFLOOR_PUBLIC_URL"

SMALL_PROCESS = {  # keeps a Python service near 100 MB: fewer malloc arenas, no idle BLAS threads
    "MALLOC_ARENA_MAX": "2",
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "PYTHONUNBUFFERED": "1",
}


def public_stream(service: str) -> str:
    """Return the stream of a service's public events."""
    return f"PUBLIC_{service.upper()}"


@dataclass(frozen=True)
class System:
    """The embedded system of one data folder, ready to be supervised. `url` is empty when it is closed to the web."""

    folder: DataFolder
    postgres: Postgres
    nats: Nats
    processes: Sequence[Process]
    url: str
    ports_changed: Sequence[str]


def build(folder: DataFolder, services: Sequence[Service]) -> System:
    """Choose ports and describe every process. Starts nothing. Raises StartupError when a wanted port is taken."""
    ports = Ports(folder)
    own = {service.name: _own_ports(ports, service) for service in services}  # first: some are wanted
    users = [NatsUser(service.name, *_rights(service.name, service.broker)) for service in services if service.broker]
    nats = Nats(folder, ports.take("nats"), ports.take("nats-monitor"), users)
    postgres = Postgres(folder)
    folder.secret(folder.operator_key)
    places = {
        service.name: Place(
            folder, {kind: ports.take(f"{service.name}-{kind}") for kind in ("grpc", "http")} | own[service.name]
        )
        for service in services
    }
    addresses = {name: place.address("grpc") for name, place in places.items()}
    url = next((f"http://{place.address(WEB)}" for place in places.values() if WEB in place.ports), "")
    processes = [_postgres_process(postgres, services), _nats_process(nats)]
    for service in services:
        place = places[service.name]
        told = _environment(service, place, postgres, nats, addresses)
        if url:
            told[PUBLIC_URL] = os.environ.get(PUBLIC_URL) or url  # behind a proxy people use another address
        processes.append(_service_process(service, place, told))
    return System(folder, postgres, nats, processes, url, ports.changed)


def _own_ports(ports: Ports, service: Service) -> dict[str, int]:
    return {
        name: ports.take(f"{service.name}-{name}", wanted=port.wanted, preferred=port.preferred)
        for name, port in service.ports.items()
    }


def _rights(name: str, broker: Broker) -> tuple[Sequence[str], Sequence[str]]:
    """Return what a service may publish and subscribe to; everything else is denied.

    It speaks only as itself, looks after its own streams, reads those that it follows, and hears answers in its own
    inbox alone.
    """
    publish, subscribe = [*broker.tells], [f"{inbox_of(name)}.>", *broker.hears]
    if broker.publishes:
        owned = public_stream(name)
        publish += [f"public.{name}", f"$JS.API.STREAM.INFO.{owned}", f"$JS.API.STREAM.MSG.GET.{owned}"]
        publish += [f"$JS.API.STREAM.{verb}.{owned}" for verb in ("CREATE", "UPDATE", "PURGE", "DELETE")]
    for stream, subjects in broker.keeps.items():
        publish += [subjects, *(f"$JS.API.STREAM.{verb}.{stream}" for verb in ("CREATE", "UPDATE", "PURGE"))]
    for stream in (*map(public_stream, broker.follows), *broker.keeps):
        # What a reader asks for: it confirms nothing.
        publish += [f"$JS.API.STREAM.INFO.{stream}", f"$JS.API.CONSUMER.CREATE.{stream}"]
        publish += [f"$JS.API.CONSUMER.DELETE.{stream}.*", f"$JS.API.CONSUMER.MSG.NEXT.{stream}.*"]
    return publish, subscribe


def _environment(
    service: Service, place: Place, postgres: Postgres, nats: Nats, addresses: Mapping[str, str]
) -> dict[str, str]:
    name, folder = service.name, place.folder
    own = folder.services / name
    own.mkdir(exist_ok=True)
    told = {
        "listen": place.address("grpc"),
        "http_listen": place.address("http"),
        "data": str(own),
        "keyring": str(folder.keyring / f"{name}.sqlite"),
        "internal_jwks": str(folder.public_keys),
        "service_jwks": str(folder.service_keys),
        "service_key_file": str(own / "service.key.json"),
        **{f"{peer}_address": address for peer, address in addresses.items()},
    }
    if service.database:
        told["database_url"] = postgres.url(name, f"{name}_app")
    if service.broker:
        told |= {"nats_url": nats.url, "nats_user": name, "nats_password_file": str(nats.password_file(name))}
    common = {f"SHOWFLOOR_{setting.upper()}": text for setting, text in told.items()}
    return {**SMALL_PROCESS, **common, **service.environment(place)}


def _postgres_process(postgres: Postgres, services: Sequence[Service]) -> Process:
    well = partial(postgres_probe, postgres)

    def arranged() -> None:
        own = [service for service in services if service.database]
        postgres.create_databases([service.name for service in own])
        with ThreadPoolExecutor() as steps:  # each waits for a process of its own, in a database of its own
            list(steps.map(partial(bring_up_to_date, postgres), own))

    return Process(
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
    argv = [sys.executable, "-m", MIGRATIONS_STEP, service.module]
    done = subprocess.run(argv, env={**os.environ, **variables}, capture_output=True, text=True, check=False)
    said = " / ".join(done.stderr.strip().splitlines()[-4:])
    if done.returncode not in (EXIT_OK, EXIT_STARTUP_ERROR):
        raise OSError(f"{service.name}'s database is not up to date yet: {said}")
    if done.returncode:
        raise StartupError(
            f"its database cannot be brought up to date: {said}",
            place=f"{service.name}: python -m {MIGRATIONS_STEP} {service.module}",
            next_step="mend what it says, or start the version of Showfloor that wrote the data; nothing is served yet",
        )


def _nats_process(nats: Nats) -> Process:
    well = partial(http_probe, nats.monitor_port, "/healthz")
    ports = {"client": nats.port, "monitor": nats.monitor_port}
    return Process("nats", nats.command, well, well, STORAGE, prepare=nats.prepare, ports=ports)


def _service_process(service: Service, place: Place, env: Mapping[str, str]) -> Process:
    return Process(
        service.name,
        lambda: Command([sys.executable, "-m", service.module], env=env),
        ready=partial(http_probe, place.ports["http"], "/readyz"),
        alive=partial(http_probe, place.ports["http"], "/healthz"),
        group=service.group,
        ports=place.ports,
    )

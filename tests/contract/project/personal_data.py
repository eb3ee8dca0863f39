"""Every place where a service keeps text: fields of events, and columns of its tables, its views' and the engine's."""

import importlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args
from uuid import uuid4

import msgspec
import psycopg

from showfloor.access.membership.tables import DDL as MEMBERSHIP
from showfloor.cli.services import services
from showfloor.eventstore.migrations import migrate
from showfloor.eventstore.view import View
from showfloor.kernel.decider import Decider
from showfloor.kernel.event import Event, Meta
from showfloor.service import grant_uses
from showfloor.session.service import SLICES
from showfloor.session.show.domain.policy import Policy
from showfloor.testing.held import held

INVENTORY = Path(__file__).with_name("personal_data.txt")
ENGINE = "any"  # of tables that each service's database has
BESIDE = {"membership": MEMBERSHIP, "grant_log": grant_uses.DDL}  # among them those in schemas of their own
MADE_BY_POLICY = {"session": [SLICES.deadlines(Policy())]}
TEXT = ("text", "bytea", "json", "jsonb", "character varying", "ARRAY")
_COLUMNS = """
SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = %s AND data_type = ANY(%s)"""


def events() -> dict[str, dict[str, type[Event]]]:
    """Return the events of each service by topic."""
    return {
        service.name: {event.TOPIC: event for decider in held(service.module, Decider) for event in decider.events}
        for service in services()
    }


def fields() -> Iterator[str]:
    """Yield every field of an event that can hold text, as `service topic field`, and of what lies beside events."""
    for service, found in events().items():
        for topic, event in found.items():
            for field in msgspec.structs.fields(event):
                if _holds_text(field.type):
                    yield f"{service} {topic} {field.name}"
    for field in msgspec.structs.fields(Meta):
        yield f"{ENGINE} meta {field.name}"


def columns(dsn: str) -> Iterator[str]:
    """Yield every column that can hold text, as `service table column`; `dsn`: of a fresh database, as its owner."""
    engine: set[str] = set()
    for service in services():
        with psycopg.connect(dsn, autocommit=True) as owner:
            name = f"inventory_{uuid4().hex}"
            owner.execute(f"CREATE DATABASE {name}".encode())
        own = psycopg.conninfo.make_conninfo(dsn, dbname=name)
        migrate(own)
        with psycopg.connect(own, autocommit=True) as database:
            found = set(_columns(database, "public"))
            engine |= found
            migrate(own, importlib.import_module(f"{service.module}.service").MIGRATIONS.folder)
            yield from (f"{service.name} {one}" for one in set(_columns(database, "public")) - found)
            own_views = [*held(service.module, View), *MADE_BY_POLICY.get(service.name, [])]
            made = {view.name: view.ddl for view in own_views if view.name not in BESIDE}
            yield from (f"{service.name} {one}" for name, ddl in made.items() for one in _made(database, name, ddl))
            engine |= {one for name, ddl in BESIDE.items() for one in _made(database, name, ddl)}
    yield from (f"{ENGINE} {one}" for one in engine)


def inventory() -> dict[str, str]:
    """Return what each place is declared to be."""
    lines = [line.split(maxsplit=3) for line in INVENTORY.read_text().splitlines() if line and line[0] != "#"]
    return {" ".join(line[:3]): line[3] for line in lines}


def _made(database: psycopg.Connection[Any], name: str, ddl: str) -> list[str]:
    """Return the columns of tables that are made in a schema of their own."""
    database.execute(f"CREATE SCHEMA inventory_{name}".encode())
    database.execute(f"SET search_path = inventory_{name}".encode())
    database.execute(ddl.encode())
    return [f"{name}.{one}" for one in _columns(database, f"inventory_{name}")]


def _columns(database: psycopg.Connection[Any], schema: str) -> list[str]:
    return [f"{table} {column}" for table, column in database.execute(_COLUMNS, (schema, list(TEXT))).fetchall()]


def _holds_text(kind: Any) -> bool:
    if kind is str or kind is bytes:
        return True
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        return any(_holds_text(field.type) for field in msgspec.structs.fields(kind))
    return any(_holds_text(one) for one in get_args(kind) if not isinstance(one, str))

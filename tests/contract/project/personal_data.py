"""Every place where a service keeps text: fields of events, and columns of its tables, its views' and the engine's."""

import importlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args
from uuid import uuid4

import msgspec
import psycopg

from showfloor.cli.services import services
from showfloor.eventstore.migrations import migrate
from showfloor.eventstore.view import View
from showfloor.kernel.decider import Decider
from showfloor.kernel.event import Event, Meta
from showfloor.session.service import SLICES
from showfloor.session.show.domain.policy import Policy
from showfloor.testing.held import held

INVENTORY = Path(__file__).with_name("personal_data.txt")
ENGINE = "any"  # of tables that each service's database has
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
            for view in [*held(service.module, View), *MADE_BY_POLICY.get(service.name, [])]:
                database.execute(f"CREATE SCHEMA view_{view.name}".encode())
                database.execute(f"SET search_path = view_{view.name}".encode())
                database.execute(view.ddl.encode())
                whose = ENGINE if view.name == "membership" else service.name  # the gateway has as a view what all have
                yield from (f"{whose} {view.name}.{one}" for one in _columns(database, f"view_{view.name}"))
    yield from (f"{ENGINE} {one}" for one in engine)


def inventory() -> dict[str, str]:
    """Return what is declared of each place: `plain`, or the words that follow `personal`."""
    lines = [line.split(maxsplit=3) for line in INVENTORY.read_text().splitlines() if line and line[0] != "#"]
    return {" ".join(line[:3]): line[3] for line in lines}


def _columns(database: psycopg.Connection[Any], schema: str) -> list[str]:
    return [f"{table} {column}" for table, column in database.execute(_COLUMNS, (schema, list(TEXT))).fetchall()]


def _holds_text(kind: Any) -> bool:
    if kind is str or kind is bytes:
        return True
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        return any(_holds_text(field.type) for field in msgspec.structs.fields(kind))
    return any(_holds_text(one) for one in get_args(kind) if not isinstance(one, str))

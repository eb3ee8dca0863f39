"""Names of viewers: written when there is something new to write, erased when nobody has seen them for long."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import psycopg
import pytest

from showfloor.eventstore.keyring import Keyring
from showfloor.eventstore.migrations import migrate
from showfloor.eventstore.query import Database
from showfloor.eventstore.sealing import Sealing
from showfloor.kernel.clock import utc_now
from showfloor.session.activity.edges import viewer_names
from showfloor.session.activity.edges.viewer_names import ViewerNames
from showfloor.session.service import MIGRATIONS

ACCOUNT = UUID(int=7)


@pytest.fixture
def keys(tmp_path: Path) -> Path:
    return tmp_path / "keys.sqlite"


@pytest.fixture
async def open_database(database: str) -> AsyncIterator[Database]:
    migrate(database, MIGRATIONS.folder)
    held = Database(database)
    await held.open()
    yield held
    await held.close()


def versions(dsn: str) -> dict[str, str]:
    """Return which transaction wrote each row last."""
    with psycopg.connect(dsn) as connection:
        return dict(connection.execute("SELECT viewer_ref, xmin::text FROM viewer_name").fetchall())


def seen(dsn: str, ref: str, ago: timedelta) -> None:
    with psycopg.connect(dsn) as connection:
        connection.execute("UPDATE viewer_name SET seen_at = %s WHERE viewer_ref = %s", (utc_now() - ago, ref))


async def test_a_name_that_is_known_is_not_written_again(open_database: Database, database: str, keys: Path) -> None:
    names = ViewerNames(open_database, Sealing(Keyring(keys)))
    await names.keep(ACCOUNT, {"v1": "Mira", "v2": "Jonas", "v3": ""})
    before = versions(database)
    await names.keep(ACCOUNT, {"v1": "Mira"})
    assert versions(database) == before
    await names.keep(ACCOUNT, {"v1": "Mira K.", "v2": "Jonas"})
    assert await names.find(ACCOUNT, ["v1", "v2", "v3"]) == {"v1": "Mira K.", "v2": "Jonas"}
    other = ViewerNames(open_database, Sealing(Keyring(keys)))  # of another replica
    assert await other.find(ACCOUNT, ["v1"]) == {"v1": "Mira K."}


async def test_a_name_lies_sealed_and_is_gone_with_its_key(open_database: Database, database: str, keys: Path) -> None:
    names = ViewerNames(open_database, Sealing(Keyring(keys)))
    await names.keep(ACCOUNT, {"v1": "Mira", "v2": "Jonas"})
    with psycopg.connect(database) as connection:
        lying = [name for (name,) in connection.execute("SELECT display_name FROM viewer_name").fetchall()]
    assert len(lying) == 2 and not {"Mira", "Jonas"} & {*lying}
    Keyring(keys).destroy(subjects=[f"{ACCOUNT}/v1"])
    assert await names.find(ACCOUNT, ["v1", "v2"]) == {"v2": "Jonas"}


async def test_a_viewer_not_seen_for_long_is_erased(
    open_database: Database, database: str, keys: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(viewer_names, "MAX_KNOWN", 2)
    names = ViewerNames(open_database, Sealing(ring := Keyring(keys)))
    await names.keep(ACCOUNT, {"v1": "Mira", "v2": "Jonas"})
    await names.keep(ACCOUNT, {"v3": "Ana"})
    for ref in ("v1", "v2"):
        seen(database, ref, timedelta(days=100))
    await names.keep(ACCOUNT, {"v1": "Mira"})
    await names.forget(utc_now() - timedelta(days=92))
    assert [ring.destroy(subjects=[f"{ACCOUNT}/{ref}"]) > 0 for ref in ("v1", "v2", "v3")] == [True, False, True]
    await names.keep(ACCOUNT, {"v3": "Ana M."})
    assert await names.find(ACCOUNT, ["v1", "v2", "v3"]) == {"v3": "Ana M."}

"""A migrated database for the fold; the oracle of the property tests and what lies beside them can be imported."""

import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

import showfloor.session
from showfloor.eventstore.migrations import migrate
from showfloor.eventstore.query import Database
from showfloor.session.signals.edges import folding
from showfloor.testing.waiting import PATIENCE

sys.path.insert(0, str(Path(__file__).parents[2] / "property" / "session_signals"))
sys.path.insert(0, str(Path(__file__).parent))

MIGRATIONS = Path(showfloor.session.__file__).parent / "migrations"


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A busy machine may need longer to fold than callers are made to wait."""
    monkeypatch.setattr(folding, "SETTLE_PATIENCE", PATIENCE)


@pytest.fixture
async def db(database: str) -> AsyncIterator[Database]:
    migrate(database, MIGRATIONS)
    opened = Database(database, statement_timeout=PATIENCE, wait=PATIENCE)
    await opened.open()
    yield opened
    await opened.close()

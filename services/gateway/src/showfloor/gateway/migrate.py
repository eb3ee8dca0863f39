"""`python -m showfloor.gateway.migrate`: brings the database up to date as its owner, then ends. Run it first."""

from pathlib import Path

from showfloor.eventstore.migrations import migrate, missing
from showfloor.platform.process import once, up_to_date
from showfloor.platform.settings import MigrationSettings

MIGRATIONS = Path(__file__).parent / "migrations"


def require_migrated(dsn: str) -> None:
    """Raise Trouble unless the database has all that this version needs. Blocking."""
    up_to_date(missing(dsn, MIGRATIONS), __name__)


def _bring_up_to_date(settings: MigrationSettings) -> None:
    migrate(settings.database_owner_url, MIGRATIONS, settings.database_role)


if __name__ == "__main__":
    once(_bring_up_to_date, "gateway", MigrationSettings)

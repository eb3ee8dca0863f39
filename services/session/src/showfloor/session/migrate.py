"""`python -m showfloor.session.migrate`: brings the database up to date as its owner, then ends. Run it first."""

from pathlib import Path

from showfloor.eventstore.migrations import migrate, missing
from showfloor.platform.process import once
from showfloor.platform.settings import MigrationSettings
from showfloor.platform.trouble import Trouble

MIGRATIONS = Path(__file__).parent / "migrations"


def require_migrated(dsn: str) -> None:
    """Raise Trouble unless the database has all that this version needs. Blocking."""
    if lacks := missing(dsn, MIGRATIONS):
        raise Trouble(
            f"the database was not brought up to date: it lacks {', '.join(lacks)}",
            place="SHOWFLOOR_DATABASE_URL",
            next_step="run `python -m showfloor.session.migrate` with SHOWFLOOR_DATABASE_OWNER_URL and"
            " SHOWFLOOR_DATABASE_ROLE, then start again; `showfloor up` does so itself",
        )


def _bring_up_to_date(settings: MigrationSettings) -> None:
    migrate(settings.database_owner_url, MIGRATIONS, settings.database_role)


if __name__ == "__main__":
    once(_bring_up_to_date, "session", MigrationSettings)

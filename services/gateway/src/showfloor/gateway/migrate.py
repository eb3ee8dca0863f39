"""`python -m showfloor.gateway.migrate`: brings the database up to date as its owner, then ends. Run it first."""

from pathlib import Path

from showfloor.platform.migrations import Migrations

MIGRATIONS = Migrations("gateway", Path(__file__).parent / "migrations")

if __name__ == "__main__":
    MIGRATIONS.run()

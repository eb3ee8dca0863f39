"""Runs a service's database migrations, as the database's owner, in a process of its own before the service starts.

`python -m showfloor.platform.migrations showfloor.NAME` is that process. A service never learns the owner's URL; it
only checks that the step was done.
"""

import sys
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import NoReturn

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from showfloor.eventstore.migrations import MigrationChanged, OtherForm, migrate, missing
from showfloor.platform.settings import PREFIX
from showfloor.platform.startup_error import StartupError
from showfloor.platform.step import MIGRATIONS_STEP, once


class MigrationSettings(BaseSettings):
    """What the step needs to know."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="ignore", env_ignore_empty=True)

    database_owner_url: str = Field(description="libpq URL of the service's database, as its owner")
    database_role: str | None = Field(default=None, description="application role that serves; none: the owner itself")


@dataclass(frozen=True)
class Migrations:
    """The `NNNN_name.sql` files in the folder `migrations` of a service's package."""

    package: str

    @property
    def service(self) -> str:
        """The service's name."""
        return self.package.rpartition(".")[2]

    @property
    def folder(self) -> Path:
        """Where the files lie; there may be none. The package is found, not imported. Raises StartupError."""
        try:
            found = find_spec(self.package)
        except (ImportError, ValueError):  # what it would lie in is missing, or nothing is named
            found = None
        if found is None:
            place, next_step = f"python -m {MIGRATIONS_STEP} {self.package}", "name a service's package"
            raise StartupError("there is no such service", place=place, next_step=next_step)
        places = found.submodule_search_locations or [str(Path(str(found.origin)).parent)]
        return Path(next(iter(places))) / "migrations"

    def require(self, dsn: str) -> None:
        """Raise StartupError unless the database has all that this version needs. Blocking; any role may ask."""
        try:
            lacks = missing(dsn, self.folder)
        except OtherForm as other:
            raise _of_another_form(other, f"{PREFIX}DATABASE_URL") from None
        if lacks:
            raise StartupError(
                f"the database was not brought up to date: it lacks {', '.join(lacks)}",
                place=f"{PREFIX}DATABASE_URL",
                next_step=f"run `python -m {MIGRATIONS_STEP} {self.package}` with {PREFIX}DATABASE_OWNER_URL and"
                f" {PREFIX}DATABASE_ROLE, then start again; `showfloor up` does so itself",
            )

    def run(self) -> NoReturn:
        """Be the step: read the settings, apply what is missing, end."""
        once(self._apply, self.service or "migrations", MigrationSettings)

    def _apply(self, settings: MigrationSettings) -> None:
        try:
            migrate(settings.database_owner_url, self.folder, settings.database_role)
        except OtherForm as other:
            raise _of_another_form(other, f"{PREFIX}DATABASE_OWNER_URL") from None
        except MigrationChanged as changed:
            raise StartupError(
                str(changed),
                place=str(self.folder),
                next_step="put the file back as it was and write a new one, or start the version that applied it",
            ) from None


def _of_another_form(other: OtherForm, setting: str) -> StartupError:
    return StartupError(
        str(other),
        place=f"database {other.database} of {setting}",
        next_step="nothing was changed: name an empty database, such as that of another data folder"
        " (`showfloor up --data NEWFOLDER`), or start the version of Showfloor that wrote this one",
    )


if __name__ == "__main__":
    Migrations("".join(sys.argv[1:2])).run()

"""The keys of what people wrote, beside backups: one copy of each service's, always the newest.

They are no part of a backup, which would bring erased words back: every backup is read with the newest keys.
"""

import os
import shutil
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from types import MappingProxyType

from showfloor.embedded.beside import flush
from showfloor.embedded.folder import DataFolder
from showfloor.eventstore.keyring import Keyring, KeyringAway, OtherKeyring, id_of
from showfloor.platform.startup_error import StartupError


def copy_beside(folder: DataFolder, place: Path, wanted: Mapping[str, str] = MappingProxyType({})) -> dict[str, str]:
    """Put a copy of every service's keys into a folder, in place of the older. Returns the keyrings' names.

    `wanted`: which keyring the database of a service is sealed with. Raises StartupError when it is not there.
    """
    names: dict[str, str] = {}
    files = {file.stem: file for file in folder.keyring.glob("*.sqlite")}
    files |= {service: folder.keyring / f"{service}.sqlite" for service in wanted}
    for file in sorted(files.values()):
        keyring = opened(file, wanted.get(file.stem, ""))
        try:
            names[file.stem] = keyring.id
            fresh = place / f".{_named(keyring.id)}.{os.getpid()}"
            fresh.unlink(missing_ok=True)  # safe: of our own name, left by a process that had our number
            keyring.copy(fresh)
        except (KeyringAway, OSError) as error:
            raise StartupError(
                f"the keys of {file.stem} cannot be copied: {error}",
                place=str(place),
                next_step="without them the backup cannot show what people wrote: mend it, then try again",
            ) from error
        finally:
            keyring.close()
        flush(fresh)
        fresh.replace(place / _named(names[file.stem]))
        flush(place)
    return names


def put_back(names: dict[str, str], place: Path, folder: DataFolder) -> None:
    """Take the keys that belong to a backup into a restored folder. Raises StartupError when they are not there."""
    for service, name in names.items():
        file = place / _named(name)
        if not file.is_file():
            raise StartupError(
                f"the keys of what people wrote in {service} are missing",
                place=str(file),
                next_step="put the newest copy of this file there, or name its folder with --keys:"
                " every `showfloor backup` writes it beside the backup",
            )
        to = folder.keyring / f"{service}.sqlite"
        shutil.copyfile(file, to)
        to.chmod(0o600)
        _check(to, name, file)


def check(folder: DataFolder, wanted: Mapping[str, str]) -> None:
    """Raise StartupError unless the files are the keyrings of the databases, each by its name, and no others.

    `wanted`: the id of the keyring that the database of a service is sealed with.
    """
    try:
        found = {file.stem: id_of(file) for file in folder.keyring.glob("*.sqlite")}
    except (KeyringAway, OSError) as error:
        raise StartupError(
            f"the keys cannot be read: {error}",
            place=str(folder.keyring),
            next_step="run as the user who made the data folder",
        ) from error
    wrong = [
        f"database {name} is sealed with keyring {keyring}, and {name}.sqlite is {found.get(name) or 'missing'}"
        for name, keyring in wanted.items()
        if found.get(name) != keyring
    ]
    wrong += [f"{name}.sqlite is keyring {found[name]}, of no database" for name in sorted(found.keys() - wanted)]
    if wrong:
        raise StartupError(
            "; ".join(wrong),
            place=str(folder.keyring),
            next_step="put each file back under the name of its database, and others elsewhere: a copy lies beside"
            " each backup, as showfloor-keys-ID.sqlite. Nothing was changed",
        )


def opened(file: Path, wanted: str = "") -> Keyring:
    """Open a keyring; with `wanted` only the one of that id. Raises StartupError."""
    try:
        return Keyring(file, wanted)
    except OtherKeyring as other:
        raise StartupError(str(other), place=str(file), next_step="put the right file back, then try again") from None
    except (KeyringAway, OSError) as error:
        raise StartupError(
            f"the keys cannot be read: {error}", place=str(file), next_step="run as the user who made the data folder"
        ) from error


def _check(copy: Path, wanted: str, source: Path) -> None:
    """Raise StartupError unless this is the keyring, and whole. A changed key is told by what it sealed."""
    step = "copy the file again from where it is kept; nothing was restored"
    try:
        found = id_of(copy)
        with closing(sqlite3.connect(copy)) as file:
            said = file.execute("PRAGMA integrity_check").fetchone()[0]
    except (KeyringAway, sqlite3.Error) as error:
        raise StartupError(f"the keys are damaged: {error}", place=str(source), next_step=step) from None
    if found != wanted:
        raise StartupError(str(OtherKeyring(wanted, found)), place=str(source), next_step=step)
    if said != "ok":
        raise StartupError(f"the keys are damaged: {said.splitlines()[0]}", place=str(source), next_step=step)


def _named(keyring: str) -> str:
    return f"showfloor-keys-{keyring}.sqlite"

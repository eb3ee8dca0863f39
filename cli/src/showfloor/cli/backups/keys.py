"""The keys of what people wrote, beside backups: one copy of each service's, always the newest.

They are no part of a backup, which would bring erased words back: every backup is read with the newest keys.
"""

import os
import shutil
from pathlib import Path

from showfloor.embedded.beside import flush
from showfloor.embedded.folder import DataFolder
from showfloor.eventstore.keyring import Keyring, KeyringAway
from showfloor.platform.startup_error import StartupError


def copy_beside(folder: DataFolder, place: Path) -> dict[str, str]:
    """Put a copy of every service's keys into a folder, in place of the older. Returns the keyrings' names."""
    names: dict[str, str] = {}
    for file in sorted(folder.keyring.glob("*.sqlite")):
        keyring = opened(file)
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


def opened(file: Path) -> Keyring:
    """Open a keyring. Raises StartupError."""
    try:
        return Keyring(file)
    except (KeyringAway, OSError) as error:
        raise StartupError(
            f"the keys cannot be read: {error}", place=str(file), next_step="run as the user who made the data folder"
        ) from error


def _named(keyring: str) -> str:
    return f"showfloor-keys-{keyring}.sqlite"

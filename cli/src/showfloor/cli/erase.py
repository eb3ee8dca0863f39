"""`showfloor erase`: destroy the keys of what a viewer wrote, and of the name they gave."""

import time
from pathlib import Path
from uuid import UUID

from showfloor.cli.backup import last_backup
from showfloor.cli.backups import keys
from showfloor.cli.terminal import DEFAULT_FOLDER, Data, console, problems
from showfloor.embedded.folder import DataFolder
from showfloor.eventstore.keyring import KeyringAway
from showfloor.platform.startup_error import StartupError

TRIES, PAUSE = 5, 0.5  # while somebody else reads the keys; seconds

ERASED = "nothing that this viewer wrote up to now can be read"
NONE_KNOWN = (
    "of this viewer there is none, or none any more. If what they wrote can still be read,"
    " compare ACCOUNT_ID and VIEWER_REF with it, and look at the keyring with `showfloor doctor`"
)


def erase(account_id: UUID, viewer_ref: str, *, data: Data = DEFAULT_FOLDER) -> None:
    """Make what a viewer wrote, and their name, unreadable for ever: everywhere, in every backup too.

    Running or stopped. What they did still counts. The copy of the keys beside the last backup is renewed; copies that
    you keep elsewhere must be replaced by it, for an older one could still read.

    Parameters
    ----------
    account_id
        The account whose LIVEs they watched.
    viewer_ref
        The viewer's reference, as comments and orders show it.
    """
    folder = DataFolder(data)
    files = sorted(folder.keyring.glob("*.sqlite"))
    if not files:
        text = "there are no keys, so nobody has written anything"
        raise StartupError(text, place=str(folder.keyring), next_step="name the data folder with --data DIR")
    gone = sum(_destroyed(file, f"{account_id}/{viewer_ref}") for file in files)
    console.print(f"{gone} keys destroyed: {ERASED if gone else NONE_KNOWN}")
    last = str(last_backup(folder).get("file", ""))
    if not last:
        return
    if not Path(last).parent.is_dir():
        problems.print(f"the folder of the last backup is away: {last}; renew the keys there with `showfloor backup`")
        return
    keys.copy_beside(folder, Path(last).parent)
    console.print(f"  the copy of the keys in {Path(last).parent} is renewed; replace those that you keep elsewhere")


def _destroyed(file: Path, subject: str) -> int:
    keyring = keys.opened(file)
    gone = 0
    try:
        for left in reversed(range(TRIES)):
            try:
                gone += keyring.destroy(subjects=[subject])
                return gone
            except KeyringAway as away:
                if not left:
                    raise StartupError(str(away), place=str(file), next_step="run the command again") from away
                time.sleep(PAUSE)
    finally:
        keyring.close()
    return gone

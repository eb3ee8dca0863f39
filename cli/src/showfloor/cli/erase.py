"""`showfloor erase`: destroy the keys of what a viewer wrote, and of the name they gave."""

import asyncio
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4

from showfloor.cli.backup import last_backup
from showfloor.cli.backups import cluster, keys
from showfloor.cli.terminal import DEFAULT_FOLDER, Data, console, problems
from showfloor.embedded.folder import DataFolder
from showfloor.embedded.postgres import SUPERUSER, Postgres
from showfloor.eventstore.keyring import KeyringAway
from showfloor.eventstore.log import LogUnavailable
from showfloor.eventstore.store import Store
from showfloor.kernel.erasure import ERASURE, Erase
from showfloor.kernel.erasure import erase as rule
from showfloor.kernel.event import Meta
from showfloor.kernel.refusal import Refusal
from showfloor.platform.startup_error import StartupError

TRIES, PAUSE = 5, 0.5  # while somebody else reads the keys; seconds
ACTOR = "operator:command-line"  # who erases, as the log names them

ERASED = "nothing that this viewer wrote up to now can be read"
NONE_KNOWN = (
    "of this viewer there is none, or none any more. If what they wrote can still be read,"
    " compare ACCOUNT_ID and VIEWER_REF with it, and look at what it shows"
)


def erase(account_id: UUID, viewer_ref: str, *, data: Data = DEFAULT_FOLDER) -> None:
    """Make what a viewer wrote, and their name, unreadable for ever: everywhere, in every backup too.

    Running or stopped. What they did still counts, and the logs say when this was done. The copy of the keys beside the
    last backup is renewed; copies that you keep elsewhere must be replaced by it, for an older one could still read.

    Parameters
    ----------
    account_id
        The account whose LIVEs they watched.
    viewer_ref
        The viewer's reference, as comments and orders show it.
    """
    folder = DataFolder(data)
    subject = f"{account_id}/{viewer_ref}"
    with _sealed_with(folder) as (postgres, wanted):
        for name in wanted:
            _record(postgres.url(name, SUPERUSER), subject)
        gone = sum(_destroyed(folder.keyring / f"{name}.sqlite", keyring, subject) for name, keyring in wanted.items())
    console.print(f"{gone} keys destroyed: {ERASED if gone else NONE_KNOWN}")
    last = str(last_backup(folder).get("file", ""))
    if not last:
        return
    if not Path(last).parent.is_dir():
        problems.print(f"the folder of the last backup is away: {last}; renew the keys there with `showfloor backup`")
        return
    keys.copy_beside(folder, Path(last).parent, wanted)
    console.print(f"  the copy of the keys in {Path(last).parent} is renewed; replace those that you keep elsewhere")


@contextmanager
def _sealed_with(folder: DataFolder) -> Iterator[tuple[Postgres, dict[str, str]]]:
    """Yield the databases, and which keyring that of each service is sealed with. Raises StartupError unless they are
    there."""
    wanted: dict[str, str] = {}
    postgres = Postgres(folder)
    with ExitStack() as held:
        if (folder.postgres / "PG_VERSION").exists():
            postgres = held.enter_context(cluster.at_hand(folder))
            try:
                wanted = cluster.keyrings_in(postgres)
            except OSError as error:
                raise StartupError(
                    f"the databases do not say which keys are theirs: {error}",
                    place=str(folder.postgres),
                    next_step="see `showfloor doctor`, then try again; nothing was destroyed",
                ) from None
        keys.check(folder, wanted)
        if not wanted:
            text = "there are no keys, so nobody has written anything"
            raise StartupError(text, place=str(folder.keyring), next_step="name the data folder with --data DIR")
        yield postgres, wanted


def _record(dsn: str, subject: str) -> None:
    """Record the erasure in a service's log, before it is done. Raises StartupError."""

    async def record() -> None:
        store = await asyncio.to_thread(Store.postgres, dsn, [ERASURE])
        command = Erase(kind="viewer", erased=subject, now=datetime.now(UTC))
        try:
            await store.execute(ERASURE, command.erasure_id, rule, command, Meta(actor=ACTOR, request_id=str(uuid4())))
        finally:
            await store.close()

    try:
        asyncio.run(record())
    except (LogUnavailable, Refusal) as error:
        raise StartupError(
            f"the erasure cannot be recorded: {error}",
            place=dsn.partition("?")[0],
            next_step="see `showfloor doctor`, then try again; nothing was destroyed",
        ) from None


def _destroyed(file: Path, wanted: str, subject: str) -> int:
    with closing(keys.opened(file, wanted)) as keyring:
        for left in reversed(range(TRIES)):
            try:
                return keyring.destroy(subjects=[subject])
            except KeyringAway as away:
                if not left:
                    raise StartupError(str(away), place=str(file), next_step="run the command again") from away
                time.sleep(PAUSE)
    raise AssertionError("unreachable: the last try returns or raises")

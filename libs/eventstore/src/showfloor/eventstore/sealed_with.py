"""The database records which keyring its log is sealed with.

Without this a lost file would read as an erasure of everything, and new keys would be made beside it.
"""

from pathlib import Path
from typing import Any

import psycopg

from showfloor.eventstore.address import with_tcp_timeouts
from showfloor.eventstore.keyring import Keyring, OtherKeyring

# The newest row counts; those before are of keyrings that were lost for good.
_LAST = "SELECT number, id FROM log_keyring ORDER BY number DESC LIMIT 1"
_RECORD = "INSERT INTO log_keyring VALUES (%s, %s) ON CONFLICT DO NOTHING"


def keyring_of(dsn: str, path: Path, lost: str = "") -> Keyring:
    """Open the keyring of a migrated database; the first that is used with it is recorded. Blocking; any role may ask.

    `lost`: the id of a keyring that another one may take the place of. Raises OtherKeyring, having written nothing;
    KeyringAway; psycopg errors as they are.
    """
    with psycopg.connect(with_tcp_timeouts(dsn), autocommit=True, connect_timeout=2) as connection:
        number, recorded = _last(connection)
        if recorded not in ("", lost):
            return Keyring(path, recorded)
        keyring = Keyring(path)
        if keyring.id != recorded:
            connection.execute(_RECORD, (number + 1, keyring.id))  # after what we saw: others may be faster
            _, recorded = _last(connection)
        if keyring.id != recorded:  # another replica was first, with another file
            keyring.close()
            raise OtherKeyring(recorded, keyring.id)
        return keyring


def recorded_in(connection: psycopg.Connection[Any]) -> str:
    """Return the id of the keyring of a database; "" when none was ever used."""
    return _last(connection)[1]


def _last(connection: psycopg.Connection[Any]) -> tuple[int, str]:
    number, keyring = connection.execute(_LAST).fetchone() or (0, "")
    return int(number), str(keyring)

"""The keyring: keys of what people wrote. Texts are kept sealed; to destroy a key erases its texts everywhere.

The keys lie in a SQLite file of their own, apart from the databases and their backups: an old backup undoes no erasure.
All replicas of a service share the file. See docs/adr/0023-personal-texts-are-sealed.md.
"""

import base64
import os
import sqlite3
import threading
from collections.abc import Iterable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Final
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from showfloor.kernel.ids import new_id
from showfloor.kernel.personal import ERASED, Whose

MAX_KNOWN: Final = 50_000  # keys in memory, of each kind
PATIENCE: Final = 5.0  # seconds for another process that writes into the file
_ID, _NONCE = 16, 12
_ASKED = 500  # keys in one question

# Deleting keys is what the file is for; their bytes are overwritten (`secure_delete`).
_DDL = """
CREATE TABLE IF NOT EXISTS secret (name TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS sealing_key (
    id BLOB PRIMARY KEY, scope TEXT NOT NULL, subject TEXT NOT NULL, key BLOB NOT NULL) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS sealing_key_scope ON sealing_key (scope);
CREATE INDEX IF NOT EXISTS sealing_key_subject ON sealing_key (subject);
"""


class KeyringAway(Exception):
    """The file of keys cannot be read or written now."""


class KeysDestroyed(Exception):
    """Keys were destroyed meanwhile, perhaps some that new texts were sealed with: seal these again."""


class OtherKeyring(Exception):
    """The file is not the keyring that is asked for. `found`: the id of the one there; None when there is none."""

    def __init__(self, wanted: str, found: str | None) -> None:
        there = "the keyring is missing" if found is None else f"this is another keyring, {found}"
        super().__init__(f"{there}: what people wrote is sealed with {wanted}")
        self.wanted, self.found = wanted, found


def id_of(path: Path) -> str | None:
    """Return the id in a keyring's file; None when it is no keyring, or is not there. Writes nothing."""
    if not path.is_file():
        return None
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", PATIENCE, uri=True)) as file:
            if not file.execute("SELECT count(*) FROM sqlite_master WHERE name = 'secret'").fetchone()[0]:
                return None
            row = file.execute("SELECT value FROM secret WHERE name = 'id'").fetchone()
    except sqlite3.Error as error:
        raise KeyringAway(f"the keyring {path} cannot be read: {error}") from error
    return _shown(row[0]) if row else None


class Keyring:
    """The keys of one service. Blocking; callable from any thread. All methods raise KeyringAway.

    Each process seals with keys of its own, one for each scope and subject: so it need not look whether another has
    made one. What it sealed with new keys may be committed after `keep`.
    """

    def __init__(self, path: Path | None = None, wanted: str = "") -> None:
        """Open the file, made when it is missing. Without a path the keys live as long as this object: for tests.

        With `wanted`, an id, raises OtherKeyring unless the file is there and has it.
        """
        if path is not None and wanted and (there := id_of(path)) != wanted:
            raise OtherKeyring(wanted, there)
        self._lock = threading.Lock()
        self._mine: dict[Whose, tuple[bytes, AESGCM]] = {}
        self._known: dict[bytes, AESGCM] = {}
        self._new: list[tuple[bytes, str, str, bytes]] = []
        self._here = threading.local()  # `erasures`: how many there were when this thread sealed what it must keep
        if path is not None:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
        try:
            self._file = sqlite3.connect(path or ":memory:", PATIENCE, isolation_level=None, check_same_thread=False)
            self._file.execute("PRAGMA journal_mode=WAL")
            self._file.execute("PRAGMA synchronous=FULL")
            self._file.execute("PRAGMA secure_delete=ON")
            self._file.executescript(_DDL)
            for name in ("id", "commands"):
                self._file.execute("INSERT OR IGNORE INTO secret VALUES (?, ?)", (name, os.urandom(32)))
            found = dict(self._file.execute("SELECT name, value FROM secret"))
            self._erasures = self._count()
        except sqlite3.Error as error:
            raise KeyringAway(f"the keyring {path} cannot be opened: {error}") from error
        self.id: str = _shown(found["id"])
        self.secret: bytes = found["commands"]
        """For digests that nobody else shall be able to guess a text by."""

    def seal(self, whose: Whose, text: str) -> str:
        """Return the text sealed. It may be kept after the next `keep`."""
        return base64.b64encode(self.seal_bytes(whose, text.encode())).decode()

    def seal_bytes(self, whose: Whose, raw: bytes) -> bytes:
        """Do what `seal` does with bytes."""
        with self._lock:
            if getattr(self._here, "erasures", None) is None:
                self._here.erasures = self._erasures
            mine = self._mine.get(whose)
            if mine is None:
                mine = self._mine[whose] = self._made(whose)
        number, key = mine
        nonce = os.urandom(_NONCE)
        return number + nonce + key.encrypt(nonce, raw, None)

    def keep(self) -> None:
        """Write the keys that this thread sealed with to disk. Raises KeysDestroyed: seal again what is not kept."""
        since = getattr(self._here, "erasures", None)
        if since is None:
            return
        self._here.erasures = None
        with self._lock:
            self._destroyed_elsewhere()
            if self._erasures != since:
                raise KeysDestroyed
            if self._new:
                self._write("INSERT OR IGNORE INTO sealing_key VALUES (?, ?, ?, ?)", self._new)
                self._new = []

    def open(self, sealed: Sequence[str]) -> list[str]:
        """Return texts; ERASED for one whose key is destroyed. Raises ValueError for what is no sealed text."""
        opened = self.open_bytes([base64.b64decode(text, validate=True) for text in sealed])
        return [ERASED if raw is None else raw.decode() for raw in opened]

    def open_bytes(self, sealed: Sequence[bytes]) -> list[bytes | None]:
        """Do what `open` does with bytes; None where the key is destroyed."""
        if not sealed:
            return []
        with self._lock:
            keys = self._find({one[:_ID] for one in sealed})
        return [_opened(keys.get(one[:_ID]), one) for one in sealed]

    def destroy(self, *, scope: str | None = None, subjects: Iterable[str] | None = None) -> int:
        """Destroy the keys of a scope, of subjects wherever, or of subjects within a scope. Returns how many.

        When this returns they are neither in the file nor in this process; others find out with their next use.
        """
        by = [name for name, given in (("scope", scope), ("subject", subjects)) if given is not None]
        chosen = [tuple(filter(None, (scope, one))) for one in ([None] if subjects is None else subjects)]
        # Safe: deleting keys is the erasure: what they sealed can be read no more, and nothing else depends on them.
        where = " AND ".join(f"{name} = ?" for name in by)
        with self._lock:
            gone = self._write(f"DELETE FROM sealing_key WHERE {where}", chosen, erases=True)  # noqa: S608 - our names
            self._destroyed_elsewhere()
            self._new = [one for one in self._new if _names(one, by) not in set(chosen)]
        return gone

    def copy(self, to: Path) -> None:
        """Write a whole copy of the keys into a new file."""
        os.close(os.open(to, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
        try:
            with self._lock:
                self._file.execute("VACUUM INTO ?", (str(to),))
        except sqlite3.Error as error:
            raise KeyringAway(f"the keys cannot be copied: {error}") from error

    def erasures(self) -> int:
        """Return how often keys were destroyed, by whatever process: when it changes, clear texts are forgotten."""
        with self._lock:
            self._destroyed_elsewhere()
            return self._erasures

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._file.close()

    def _made(self, whose: Whose) -> tuple[bytes, AESGCM]:
        if len(self._mine) >= MAX_KNOWN:
            self._mine.clear()
        number, key = new_id().bytes, AESGCM.generate_key(256)
        self._new.append((number, *whose, key))
        return number, self._knew(number, key)

    def _knew(self, number: bytes, key: bytes) -> AESGCM:
        if len(self._known) >= MAX_KNOWN:
            self._known.clear()
        made = self._known[number] = AESGCM(key)
        return made

    def _find(self, wanted: set[bytes]) -> dict[bytes, AESGCM]:
        self._destroyed_elsewhere()
        found = {number: key for number in wanted if (key := self._known.get(number)) is not None}
        missing = [*(wanted - found.keys())]
        new = {number: key for number, _, _, key in self._new} if missing else {}
        found |= {number: AESGCM(new[number]) for number in missing if number in new}
        try:
            for start in range(0, len(missing), _ASKED):
                some = missing[start : start + _ASKED]
                marks = ", ".join("?" * len(some))
                sql = f"SELECT id, key FROM sealing_key WHERE id IN ({marks})"  # noqa: S608 - question marks
                found |= {number: self._knew(number, key) for number, key in self._file.execute(sql, some)}
        except sqlite3.Error as error:
            raise KeyringAway(f"the keys cannot be read: {error}") from error
        return found

    def _destroyed_elsewhere(self) -> None:
        """Forget all keys when any process destroyed some since the last look."""
        before, self._erasures = self._erasures, self._count()
        if self._erasures != before:
            self._mine.clear()
            self._known.clear()

    def _count(self) -> int:
        try:
            return int(self._file.execute("PRAGMA user_version").fetchone()[0])
        except sqlite3.Error as error:
            raise KeyringAway(f"the keys cannot be read: {error}") from error

    def _write(self, sql: str, rows: Sequence[Sequence[object]], *, erases: bool = False) -> int:
        try:
            self._file.execute("BEGIN IMMEDIATE")
            try:
                changed = self._file.executemany(sql, rows).rowcount
                if erases:
                    self._file.execute(f"PRAGMA user_version = {self._count() + 1}")
                self._file.execute("COMMIT")
            except BaseException:
                self._file.execute("ROLLBACK")
                raise
            if erases and self._file.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]:
                raise KeyringAway("keys are destroyed, but their bytes still lie in the journal; try again")
        except sqlite3.Error as error:
            raise KeyringAway(f"the keys cannot be written: {error}") from error
        return changed


def _shown(secret: bytes) -> str:
    return secret[:8].hex()


def _names(new: tuple[bytes, str, str, bytes], by: Sequence[str]) -> tuple[str, ...]:
    return tuple({"scope": new[1], "subject": new[2]}[name] for name in by)


def _opened(key: AESGCM | None, raw: bytes) -> bytes | None:
    if key is None:
        return None
    try:
        return key.decrypt(raw[_ID : _ID + _NONCE], raw[_ID + _NONCE :], None)
    except InvalidTag:
        raise ValueError(f"a text sealed with key {UUID(bytes=raw[:_ID])} is damaged") from None

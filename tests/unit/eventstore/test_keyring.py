"""Keys of what people wrote: apart from the log, shared by replicas, gone when they are destroyed."""

import sqlite3
from contextlib import suppress
from pathlib import Path

import pytest

from showfloor.eventstore import keyring as module
from showfloor.eventstore.keyring import Keyring, KeyringAway, KeysDestroyed, OtherKeyring, id_of
from showfloor.kernel.personal import ERASED, Whose

MIRA, JONAS = "account/mira", "account/jonas"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "keys" / "session.sqlite"


def written(ring: Keyring, scope: str, subject: str, text: str) -> str:
    sealed = ring.seal(Whose(scope, subject), text)
    ring.keep()
    return sealed


def bytes_of(file: Path) -> bytes:
    return b"".join(one.read_bytes() for one in sorted(file.parent.iterdir()))


def test_only_processes_that_share_the_file_read_a_text(file: Path) -> None:
    one, two = Keyring(file), Keyring(file)
    sealed = written(one, "s", MIRA, "Grüße 你好")
    assert "Gr" not in sealed
    assert two.open([sealed]) == Keyring(file).open([sealed]) == ["Grüße 你好"]
    assert Keyring().open([sealed]) == [ERASED]
    assert file.stat().st_mode & 0o777 == 0o600 and file.parent.stat().st_mode & 0o777 == 0o700


def test_the_same_text_is_sealed_differently_each_time(file: Path) -> None:
    ring = Keyring(file)
    assert ring.seal(Whose("s", MIRA), "Hi") != ring.seal(Whose("s", MIRA), "Hi")


@pytest.mark.parametrize("chosen", [{"scope": "s"}, {"subjects": [MIRA]}, {"scope": "s", "subjects": [MIRA]}])
def test_a_destroyed_key_is_gone_from_file_and_processes(file: Path, chosen: dict) -> None:
    one, two = Keyring(file), Keyring(file)
    sealed = written(one, "s", MIRA, "secret")
    other = written(one, "t", JONAS, "stays")
    with sqlite3.connect(file) as direct:
        (key,) = direct.execute("SELECT key FROM sealing_key WHERE subject = ?", (MIRA,)).fetchone()
    direct.close()
    assert two.open([sealed]) == ["secret"] and key in bytes_of(file)
    assert one.destroy(**chosen) == 1
    assert one.open([sealed, other]) == two.open([sealed, other]) == [ERASED, "stays"]
    assert key not in bytes_of(file)
    assert one.destroy(**chosen) == 0


def test_what_a_destroyed_key_was_about_to_seal_is_sealed_again(file: Path) -> None:
    one, two = Keyring(file), Keyring(file)
    written(one, "s", MIRA, "before")
    sealed = one.seal(Whose("s", MIRA), "after")
    two.destroy(subjects=[MIRA])
    assert one.open([sealed]) == [ERASED]  # by now this process knows
    with pytest.raises(KeysDestroyed):
        one.keep()
    again = written(one, "s", MIRA, "after")
    assert Keyring(file).open([sealed, again]) == [ERASED, "after"]


def test_a_key_that_is_not_kept_yet_goes_with_its_subject(file: Path) -> None:
    ring = Keyring(file)
    sealed = ring.seal(Whose("s", MIRA), "in flight")
    ring.destroy(subjects=[MIRA])
    with pytest.raises(KeysDestroyed):
        ring.keep()
    written(ring, "s", JONAS, "next")
    assert Keyring(file).open([sealed]) == [ERASED]


def test_more_keys_than_memory_holds_are_read_again(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_KNOWN", 2)
    ring = Keyring(file)
    sealed = [ring.seal(Whose("s", f"v{n}"), f"text {n}") for n in range(1_200)]
    assert ring.open(sealed[:5]) == [f"text {n}" for n in range(5)]
    ring.keep()
    assert ring.open(sealed) == Keyring(file).open(sealed) == [f"text {n}" for n in range(1_200)]
    assert len(ring._known) <= 2 and len(ring._mine) <= 2


def test_a_copy_holds_what_the_file_held(file: Path, tmp_path: Path) -> None:
    ring = Keyring(file)
    kept, gone = written(ring, "s", MIRA, "kept"), written(ring, "s", JONAS, "gone")
    ring.destroy(subjects=[JONAS])
    ring.copy(tmp_path / "copy.sqlite")
    copy = Keyring(tmp_path / "copy.sqlite")
    assert (copy.id, copy.secret, copy.open([kept, gone])) == (ring.id, ring.secret, ["kept", ERASED])
    with pytest.raises(FileExistsError):
        ring.copy(tmp_path / "copy.sqlite")


@pytest.mark.parametrize("text", ["hello", "", "!", "A" * 60])
def test_what_is_no_sealed_text_is_refused_or_has_no_key(file: Path, text: str) -> None:
    ring = Keyring(file)
    with suppress(ValueError):
        assert ring.open([text]) == [ERASED]


def test_a_damaged_text_is_told(file: Path) -> None:
    ring = Keyring(file)
    sealed = written(ring, "s", MIRA, "whole")
    at = len(sealed) - 8
    with pytest.raises(ValueError, match="is damaged"):
        ring.open([sealed[:at] + ("A" if sealed[at] != "A" else "B") + sealed[at + 1 :]])


def test_a_file_that_is_no_keyring_is_told(file: Path) -> None:
    file.parent.mkdir()
    file.write_bytes(b"something else" * 100)
    with pytest.raises(KeyringAway, match="cannot be opened"):
        Keyring(file)


def test_only_the_keyring_that_is_asked_for_is_opened(file: Path, tmp_path: Path) -> None:
    ring = Keyring(file)
    assert id_of(file) == ring.id and Keyring(file, ring.id).id == ring.id
    other = Keyring(tmp_path / "other").id
    with pytest.raises(OtherKeyring, match=f"another keyring, {ring.id}: what people wrote is sealed with {other}"):
        Keyring(file, other)
    with pytest.raises(OtherKeyring, match="missing"):
        Keyring(tmp_path / "away" / "file", other)
    assert not (tmp_path / "away").exists() and id_of(tmp_path / "away" / "file") is None
    (tmp_path / "nonsense").write_bytes(b"something else" * 100)
    with pytest.raises(KeyringAway, match="cannot be read"):
        Keyring(tmp_path / "nonsense", other)

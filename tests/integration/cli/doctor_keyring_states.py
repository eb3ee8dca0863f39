"""Bad states for the doctor: a keyring that is lost, and a start that failed, as it does then."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from doctor_installation import Installation
from doctor_states import bad

from showfloor.eventstore.keyring import Keyring


@bad("keyrings", "the keyring is missing: what people wrote is sealed with 0123456789abcdef")
def lost_keyring(setup: Installation, patch: pytest.MonkeyPatch, tmp: Path) -> Iterator[None]:
    setup.query("INSERT INTO log_keyring VALUES (1, '0123456789abcdef')")
    yield
    setup.query("DELETE FROM log_keyring")


@bad("keyrings", "this is another keyring")
def foreign_keyring(setup: Installation, patch: pytest.MonkeyPatch, tmp: Path) -> Iterator[None]:
    file = setup.folder.keyring / "session.sqlite"
    Keyring(file).close()
    setup.query("INSERT INTO log_keyring VALUES (1, '0123456789abcdef')")
    yield
    setup.query("DELETE FROM log_keyring")
    file.unlink()


@bad("last_start", "it failed: session does not start")
def failed_start(setup: Installation, patch: pytest.MonkeyPatch, tmp: Path) -> Iterator[None]:
    setup.tell(failed="session does not start: the keyring is missing")
    with setup.stopped():
        yield
    setup.tell()

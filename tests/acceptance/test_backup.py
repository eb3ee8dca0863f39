"""One file, taken while people sell, brings everything back: facts, signals, keys; equal to the last row."""

import signal
import subprocess
import sys
import tarfile
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from showfloor.cli.backups.workplace import SUFFIX
from showfloor.metrics.vocabulary import Kind
from showfloor.platform.embedded.postgres import Postgres
from showfloor.testing.system import Rest, System, soon

SEEN_BY = "SELECT sum(enters) FROM signals.session WHERE session_id = '{}'"


@pytest.fixture
def restored(tmp_path: Path) -> Iterator[System]:
    system = System(tmp_path / "restored")
    yield system
    system.end()


class Selling:
    """Orders, one after the other, until told to stop; knows which were acknowledged."""

    def __init__(self, live: Any) -> None:
        self.live = live
        self.sold = 0
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._sell)

    def __enter__(self) -> "Selling":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _sell(self) -> None:
        while not self._stop.is_set():
            order = self.live.order(self.live.products[0], 1, 100, f"v{self.sold}")
            self.live.record({"paid_order": {"order": {"request_id": f"b{self.sold}", **order}}})
            self.sold += 1


def test_a_backup_under_load_brings_everything_back(
    system: System, host: Any, tmp_path: Path, restored: System
) -> None:
    live = host.live(products=1)
    live.signals([(1, Kind.ENTER, viewer, 0, 0) for viewer in range(50)])
    file = tmp_path / "backup.tar.gz"
    with Selling(live) as selling:
        soon(lambda: selling.sold >= 20)
        before = selling.sold
        told = system.cli("backup", file).stdout
        after = selling.sold
    assert before < after, "nobody sold while it was taken"
    assert "mode 0600" in told and file.stat().st_mode & 0o777 == 0o600
    told = restored.cli("restore", file).stdout
    sys.stdout.write(told)
    assert told.count("equals its rebuild") == len(views_of(restored)) >= 10, told
    restored.up()
    core = Rest(restored.url, restored.token()).get(live.path("board"))["core"]
    board = {one["metric"]: one.get("value") for one in core}
    assert before <= board["orders"] <= after
    assert board["gmv"] == 100 * board["orders"]
    assert Postgres(restored.folder).query(SEEN_BY.format(live.id), database="session") == "50"
    assert "0 broken" in restored.cli("doctor").stdout
    restored.cli("down")
    taken_stopped(restored, tmp_path)


def taken_stopped(stopped: System, tmp_path: Path) -> None:
    """Of a stopped system the signals that wait to be folded are taken as they are, and no port or log is."""
    stopped.cli("backup", tmp_path)
    (file,) = tmp_path.glob("showfloor-*.tar.gz")
    with tarfile.open(file) as tar:
        names = tar.getnames()
    assert [name for name in names if name.startswith("nats/jetstream/$G/streams/SIGNALS/")]
    kept = {name.split("/")[0] for name in names}
    assert kept == {"manifest.json", "postgres", "nats", "secrets", "keys", "services", "operator.key"}


def views_of(system: System) -> list[str]:
    """Return the views of all services, by what the restored databases hold."""
    archive = next(system.folder.root.parent.glob("*.tar.gz"))
    with tarfile.open(archive) as tar:
        member = tar.next()
        assert member is not None
        text = tar.extractfile(member).read().decode()  # type: ignore[union-attr]
    return [line for line in text.splitlines() if '"fingerprint"' in line]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_a_backup_that_is_ended_leaves_nothing_under_its_name(
    system: System, api: Any, tmp_path: Path, number: signal.Signals
) -> None:
    file = tmp_path / "backup.tar.gz"
    with subprocess.Popen(system.words("backup", file), stdout=subprocess.DEVNULL, env=system.env) as taking:
        soon(lambda: list(tmp_path.glob(f".*{SUFFIX}/data/postgres/*")))
        taking.send_signal(number)
    assert not file.exists()
    if number == signal.SIGKILL:
        assert list(tmp_path.iterdir()), "killed too late to prove anything"
        system.cli("backup", tmp_path / "next.tar.gz")
        (tmp_path / "next.tar.gz").unlink()
    assert list(tmp_path.iterdir()) == []


def test_a_backup_overwrites_nothing(system: System, api: Any, tmp_path: Path) -> None:
    (tmp_path / "backup.tar.gz").write_text("mine")
    refused = system.cli("backup", tmp_path / "backup.tar.gz", check=False)
    assert refused.returncode == 1 and "the file exists" in refused.stderr
    assert (tmp_path / "backup.tar.gz").read_text() == "mine"


def test_a_restore_that_fails_leaves_no_folder(system: System, api: Any, tmp_path: Path, restored: System) -> None:
    file = tmp_path / "backup.tar.gz"
    system.cli("backup", file)
    data = bytearray(file.read_bytes())
    data[len(data) * 2 // 3] ^= 1
    file.write_bytes(data)
    failed = restored.cli("restore", file, check=False)
    assert failed.returncode == 1 and "damaged" in failed.stderr
    assert list(tmp_path.iterdir()) == [file]
    used = subprocess.run(system.words("restore", file), capture_output=True, text=True, check=False, timeout=60)
    assert used.returncode == 1 and "empty folder only" in used.stderr


def test_nothing_to_back_up_is_told(tmp_path: Path) -> None:
    done = System(tmp_path / "nothing").cli("backup", tmp_path / "x.tar.gz", check=False)
    assert done.returncode == 1 and "nothing to back up" in done.stderr

"""One file, taken while people sell, brings everything back: facts, signals, keys; equal to the last row."""

import asyncio
import io
import signal
import subprocess
import sys
import tarfile
import threading
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from showfloor.api.session.v1.signal_service_pb2 import SignalBatch
from showfloor.cli.backups.cluster import out_of_service
from showfloor.cli.backups.workplace import SUFFIX
from showfloor.cli.services import services
from showfloor.embedded.child import spawn
from showfloor.embedded.folder import DataFolder
from showfloor.embedded.postgres import Postgres
from showfloor.embedded.topology import build
from showfloor.messaging.nats_bus import NatsBus
from showfloor.messaging.signals import SignalStream
from showfloor.metrics.vocabulary import Kind
from showfloor.testing.system import PATIENCE, System, soon, view_schema

ORDERS = "SELECT count(*) FROM {}.order_row WHERE session_id = '{}'"
SEEN = "SELECT sum(enters) FROM signals.session WHERE session_id = '{}'"


@pytest.fixture
def restored(tmp_path: Path) -> System:
    """Where a backup may be restored; a restore starts and stops what it needs itself."""
    return System(tmp_path / "restored")


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
    picture = upload(host)
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
    assert told.count("equals its rebuild") == fingerprints_in(file) >= 10, told
    shown = restored.folder.services.glob(f"session/images/*/{picture}/*")
    assert {path.name for path in shown} == {"96.webp", "480.webp", "1200.webp"}
    orders, seen = held(restored, live.id)
    assert before <= orders <= after
    assert seen == 50
    asyncio.run(store_unfolded(restored, live.id))
    folded_after_a_second_restore(restored, tmp_path, live.id)


def upload(host: Any) -> str:
    """Upload a picture and return its id."""
    content = io.BytesIO()
    Image.new("RGB", (8, 8)).save(content, "PNG")
    answer = host.api.send("POST", f"/shops/{host.shop}/images", content=content.getvalue())
    return str(answer.raise_for_status().json()["image_id"])


def folded_after_a_second_restore(stopped: System, tmp_path: Path, session: str) -> None:
    """Of a stopped system the signals that wait to be folded are taken as they are, and counted after a restore."""
    stopped.cli("backup", tmp_path)
    (file,) = tmp_path.glob("showfloor-*.tar.gz")
    with tarfile.open(file) as tar:
        rooms = {name.split("/")[0] for name in tar.getnames()}
    assert rooms == {"manifest.json", "postgres", "nats", "secrets", "keys", "services", "operator.key"}
    assert held(stopped, session)[1] == 50
    second = System(tmp_path / "second")
    second.cli("restore", file)
    assert held(second, session)[1] == 53


def test_a_view_that_was_not_what_the_log_says_is_named(
    system: System, host: Any, tmp_path: Path, restored: System
) -> None:
    live = host.live(products=1)
    live.record({"paid_order": {"order": {"request_id": "wrong", **live.order(live.products[0], 1, 100, "v")}}})
    live.wait(orders=1)
    postgres, of_live = Postgres(system.folder), f"WHERE session_id = '{live.id}'"
    orders = view_schema(postgres, "orders", "session")
    postgres.query(f"UPDATE {orders}.order_row SET total_minor = 1 {of_live}", database="session")
    postgres.query("CREATE DATABASE notes")
    try:
        told = system.cli("backup", tmp_path / "backup.tar.gz").stdout
    finally:
        postgres.query("DROP DATABASE notes")
        mended = system.cli("rebuild", "orders", "--compare", check=False)
    assert "copied and not checked: notes" in told
    assert mended.returncode == 1 and "not what the log says: orders" in mended.stderr, mended
    assert ", as the old" in system.cli("rebuild", "orders", "--compare").stdout
    words = restored.words("restore", tmp_path / "backup.tar.gz")
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as work:
        proving = DataFolder(tmp_path / f".restored{SUFFIX}/data")
        state = soon(lambda: {"ended": True} if work.poll() is not None else proving.state(), within=PATIENCE)
        said, problem = work.communicate(timeout=PATIENCE)
    assert state["url"] == "" and not any("web" in one["ports"] for one in state["processes"]), "somebody could write"
    assert work.returncode == 1, said
    assert said.count("DIFFERS") == 1 and "backup was taken: session/orders\n" in problem, said + problem
    assert "rebuild VIEW --compare" in problem
    total = f"SELECT total_minor FROM {orders}.order_row {of_live}"
    with out_of_service(restored.folder) as copy:
        assert copy.query(total, database="session") == postgres.query(total, database="session") == "100"


def held(system: System, session: str) -> tuple[int, int]:
    """Return the orders and the entering viewers of a session, as the databases of a stopped system hold them."""
    with out_of_service(system.folder) as postgres:
        wanted = [ORDERS.format(view_schema(postgres, "orders", "session"), session), SEEN.format(session)]
        orders, seen = (int(postgres.query(sql, database="session")) for sql in wanted)
    return orders, seen


async def store_unfolded(stopped: System, session: str) -> None:
    """Have the stream acknowledge a batch that nobody folds: only the broker runs."""
    nats = build(stopped.folder, services()).nats
    nats.prepare()
    batch = SignalBatch(session_id=session, batch_id="late", offset_ms=bytes(12), kind=bytes([Kind.ENTER] * 3))
    batch.base_time.GetCurrentTime()
    batch.viewer, batch.product, batch.channel = bytes([0, 0, 1, 0, 2, 0]), bytes(6), bytes(3)
    batch.viewers = b"".join(n.to_bytes(8, "little") for n in (1, 2, 3))
    broker = spawn(nats.command(), stopped.folder.log("nats"))
    try:
        password = nats.password_file("session").read_text().strip()
        bus = await NatsBus.connect(nats.url, name="test", user="session", password=password)
        await SignalStream(bus).append(session, "late", batch.SerializeToString())
        await bus.close()
    finally:
        broker.kill()
        broker.wait()


def fingerprints_in(archive: Path) -> int:
    """Return how many views the manifest names."""
    with tarfile.open(archive) as tar:
        first = tar.next()
        assert first is not None
        return tar.extractfile(first).read().count(b'"fingerprint"')  # type: ignore[union-attr]


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
    for keys in tmp_path.glob("showfloor-keys-*.sqlite"):
        keys.unlink()
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
    assert {*tmp_path.iterdir()} - {*tmp_path.glob("showfloor-keys-*.sqlite")} == {file}
    used = subprocess.run(system.words("restore", file), capture_output=True, text=True, check=False, timeout=PATIENCE)
    assert used.returncode == 1 and "empty folder only" in used.stderr


def test_nothing_to_back_up_is_told(tmp_path: Path) -> None:
    done = System(tmp_path / "nothing").cli("backup", tmp_path / "x.tar.gz", check=False)
    assert done.returncode == 1 and "nothing to back up" in done.stderr

"""Starts PostgreSQL and NATS of a data folder, asks both, and stops them: `start_storage.py FOLDER`."""

import subprocess
import sys
import time
from pathlib import Path

import httpx
import psycopg
from embedded_server import running

from showfloor.embedded.child import spawn
from showfloor.embedded.folder import DataFolder
from showfloor.embedded.nats import Nats, NatsUser
from showfloor.embedded.postgres import Postgres
from showfloor.testing.ports import free_port


def varz(broker: Nats, process: "subprocess.Popen[bytes]", log: Path) -> dict[str, object]:
    while True:
        try:
            answer = httpx.get(f"http://127.0.0.1:{broker.monitor_port}/varz")
            return dict(answer.json())
        except httpx.TransportError:
            assert process.poll() is None, log.read_text()
            time.sleep(0.02)


def main(folder: DataFolder) -> None:
    folder.prepare()
    server = Postgres(folder)
    server.prepare()
    assert server.problem() is None
    with running(server, folder):
        server.create_databases(["session"])
        with psycopg.connect(server.url("session", "session_app")) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
    server.prepare()  # and again, with what is there
    with running(server, folder):
        pass
    broker = Nats(folder, free_port(), free_port(), [NatsUser("session", ["a.>"], ["b"])])
    broker.prepare()
    process = spawn(broker.command(), folder.log("nats"))
    try:
        told = varz(broker, process, folder.log("nats"))
        assert told["jetstream"]["config"]["store_dir"] == str(folder.nats / "jetstream")  # type: ignore[index]
    finally:
        process.kill()
        process.wait()
        if server.socket.parent != folder.root:
            server.socket.rmdir()


if __name__ == "__main__":
    main(DataFolder(Path(sys.argv[1])))
    sys.stdout.write("sound\n")

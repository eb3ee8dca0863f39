"""Bad states of the broker and of the moving parts. See `doctor_states`."""

import asyncio
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from doctor_installation import Installation, ended, until
from doctor_states import bad

from showfloor.cli.checks import moving
from showfloor.embedded import nats as programs
from showfloor.embedded.child import Command, spawn
from showfloor.embedded.folder import port_is_free
from showfloor.messaging.bus import BusUnavailable, Outgoing, StreamSpec
from showfloor.messaging.nats_bus import NatsBus

SPEC = StreamSpec(name="SIGNALS", subjects=("signals.*.*",), max_bytes=64 * 1024, refuse_when_full=True)


@bad("signal_space", "it cannot be asked")
def no_answer(setup: Installation, patch: pytest.MonkeyPatch, tmp: Path) -> Iterator[None]:
    setup.tell(processes=[setup.process("nats", monitor=1)])
    yield
    setup.tell()


@bad("nats", "no answer")
def no_broker(setup: Installation, patch: pytest.MonkeyPatch, tmp: Path) -> Iterator[None]:
    setup.tell(
        processes=[
            {**one, "ports": {"monitor": 1}} if one["name"] == "nats" else one for one in setup.state["processes"]
        ]
    )
    yield
    setup.tell()


@bad("nats", "sync_interval is not `always`")
def lazy_broker(setup: Installation, patch: pytest.MonkeyPatch, tmp: Path) -> Iterator[None]:
    ports = {"client": 20_001, "monitor": 20_002}
    while not all(map(port_is_free, ports.values())):
        ports = {name: port + 7 for name, port in ports.items()}
    config = {"port": ports["client"], "http": f"127.0.0.1:{ports['monitor']}", "jetstream": {"store_dir": str(tmp)}}
    (tmp / "nats.conf").write_text(json.dumps(config))
    argv = [str(programs.binary()), "--config", str(tmp / "nats.conf")]
    with ended(spawn(Command(argv), tmp / "nats.log")):
        until(lambda: not port_is_free(ports["monitor"]))
        setup.tell(processes=[setup.process("nats", **ports)])
        yield
    setup.tell()


@bad("signal_space", "SIGNALS is")
def full_stream(setup: Installation, patch: pytest.MonkeyPatch, tmp: Path) -> Iterator[None]:
    asyncio.run(_fill(setup))
    yield
    asyncio.run(_trim(setup))


async def _fill(setup: Installation) -> None:
    bus = await _bus(setup)
    await bus.ensure_stream(SPEC)
    with pytest.raises(BusUnavailable):  # until it refuses
        for number in range(100):
            await bus.publish(Outgoing("signals.0.x", b"x" * 2000, str(number)))
    await bus.close()


async def _trim(setup: Installation) -> None:
    bus = await _bus(setup)
    await bus.trim(SPEC.name, 100)
    await bus.close()


async def _bus(setup: Installation) -> NatsBus:
    nats = setup.system.nats
    password = nats.password_file("session").read_text().strip()
    return await NatsBus.connect(nats.url, name="test", user="session", password=password, attempts=1)


class _Varz(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        body = json.dumps({"slow_consumers": 2}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Writes no log."""


@bad("slow_consumers", "2 connections were too slow")
def slow_client(setup: Installation, patch: pytest.MonkeyPatch, tmp: Path) -> Iterator[None]:
    with HTTPServer(("127.0.0.1", 0), _Varz) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        setup.tell(processes=[setup.process("nats", monitor=server.server_port)])
        yield
        server.shutdown()
    setup.tell()


@bad("moving_parts", "gateway does not tell")
def silent_service(setup: Installation, patch: pytest.MonkeyPatch, tmp: Path) -> Iterator[None]:
    patch.setattr("showfloor.cli.operators.STATUS_SECONDS", 1.0)
    setup.tell(processes=[*setup.state["processes"], setup.process("gateway", grpc=1)])
    yield
    setup.tell()


@bad("views", "session_list stands still at 9: no such column")
def failed_view(setup: Installation, patch: pytest.MonkeyPatch, tmp: Path) -> Iterator[None]:
    setup.worse("view", state="failed", detail="no such column")
    yield
    setup.answer()


@bad("views", "all views stand still at 9: No space left on device")
def stalled_views(setup: Installation, patch: pytest.MonkeyPatch, tmp: Path) -> Iterator[None]:
    setup.worse("view", state="stopped", detail="No space left on device")
    yield
    setup.answer()


@bad("views", "session_list is 10001 events behind")
def late_view(setup: Installation, patch: pytest.MonkeyPatch, tmp: Path) -> Iterator[None]:
    setup.worse("view", state="catching_up", lag=10_001)
    yield
    setup.answer()


@bad("relay", "it does not publish: BusUnavailable; 7 events wait")
def stuck_relay(setup: Installation, patch: pytest.MonkeyPatch, tmp: Path) -> Iterator[None]:
    setup.worse("relay", state="failed", detail="BusUnavailable", lag=7)
    yield
    setup.answer()


@bad("relay", "10001 events behind")
def late_relay(setup: Installation, patch: pytest.MonkeyPatch, tmp: Path) -> Iterator[None]:
    setup.worse("relay", lag=10_001)
    yield
    setup.answer()


@bad("subscriptions", "stopped: 101 events are dead letters")
def stopped_subscription(setup: Installation, patch: pytest.MonkeyPatch, tmp: Path) -> Iterator[None]:
    setup.worse("subscription", state="stopped", detail="101 events are dead letters")
    yield
    setup.answer()


@bad("membership", "the directory was not heard for 61 s")
def silent_directory(setup: Installation, patch: pytest.MonkeyPatch, tmp: Path) -> Iterator[None]:
    setup.worse("membership", state="failed", detail="the directory was not heard for 61 s")
    yield
    setup.answer()


@bad("dead_letters", "1 dead letters, the first since 2026-01-01: no such session")
def dead_letter(setup: Installation, patch: pytest.MonkeyPatch, tmp: Path) -> Iterator[None]:
    one = {"dead_letter_id": "a@1", "subscription": "a", "position": 1, "type": "t", "error": "no such session"}
    setup.answer(dead_letters=[{**one, "failed_time": "2026-01-01"}])
    yield
    setup.answer()


@bad("unfolded_signals", "failed: NATS is away")
def failed_fold(setup: Installation, patch: pytest.MonkeyPatch, tmp: Path) -> Iterator[None]:
    setup.worse("fold", state="failed", detail="NATS is away")
    yield
    setup.answer()


@bad("unfolded_signals", "and they do not get fewer")
def growing_signals(setup: Installation, patch: pytest.MonkeyPatch, tmp: Path) -> Iterator[None]:
    patch.setattr(moving, "GROWTH_SECONDS", 0.0)
    setup.worse("fold", lag=1_001, grows=1)
    yield
    setup.answer()


@bad("unfolded_signals", "fewer than just now")
def shrinking_signals(setup: Installation, patch: pytest.MonkeyPatch, tmp: Path) -> Iterator[None]:
    patch.setattr(moving, "GROWTH_SECONDS", 0.0)
    setup.worse("fold", lag=2_001, grows=-1)
    yield
    setup.answer()

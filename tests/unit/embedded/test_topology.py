"""What each process is told, and what it may do on the broker: by what the services say of themselves."""

import json
from pathlib import Path

import pytest

from showfloor.embedded.folder import DataFolder
from showfloor.embedded.service import SERVICES, STORAGE, WEB, Broker, Port, Service
from showfloor.embedded.supervisor import rotate
from showfloor.embedded.topology import System, build
from showfloor.platform.startup_error import StartupError
from showfloor.testing.ports import free_port

SHOP = Service("shop", "a.shop", broker=Broker(publishes=True, keeps={"VISITS": "visits.>"}, tells=("news.>",)))
DESK = Service(
    "desk",
    "a.desk",
    broker=Broker(follows=("shop",), hears=("news.>",)),
    ports={"web": Port()},
    environment=lambda place: {"SHOWFLOOR_WEB_LISTEN": place.address("web")},
    group=WEB,
)
CLOCK = Service("clock", "a.clock", database=False, broker=None)


@pytest.fixture
def folder(tmp_path: Path) -> DataFolder:
    folder = DataFolder(tmp_path / "data")
    folder.prepare()
    return folder


def environment(system: System, name: str) -> dict[str, str]:
    return dict(next(process for process in system.processes if process.name == name).command().env)


def test_storage_starts_first_and_the_front_last(folder: DataFolder) -> None:
    groups = {process.name: process.group for process in build(folder, [DESK, SHOP]).processes}
    assert groups == {"postgres": STORAGE, "nats": STORAGE, "shop": SERVICES, "desk": WEB}


def test_a_service_knows_its_database_and_its_peers(folder: DataFolder) -> None:
    env = environment(build(folder, [SHOP, DESK]), "shop")
    assert env["SHOWFLOOR_DATABASE_URL"].startswith("postgresql://shop_app@/shop?host=")
    assert env["SHOWFLOOR_LISTEN"] == env["SHOWFLOOR_SHOP_ADDRESS"]
    assert "SHOWFLOOR_DESK_ADDRESS" in env


def test_no_process_that_serves_is_told_a_secret(folder: DataFolder) -> None:
    system = build(folder, [SHOP, DESK])
    system.nats.prepare()
    env = environment(system, "shop")
    assert "owner" not in str(env), "a process that serves never learns how to become the owner"
    assert "SHOWFLOOR_SIGNING_KEY_FILE" not in env
    assert system.nats.password_file("shop").read_text().strip() not in str(env)


def test_a_service_gets_only_what_it_says_that_it_needs(folder: DataFolder) -> None:
    system = build(folder, [SHOP, CLOCK])
    system.nats.prepare()
    env = environment(system, "clock")
    assert not [name for name in env if name.startswith(("SHOWFLOOR_DATABASE", "SHOWFLOOR_NATS"))]
    assert not system.nats.password_file("clock").exists()
    assert [user["user"] for user in broker(system)["authorization"]["users"]] == ["shop"]


def test_a_service_gets_its_own_ports_and_keeps_them(folder: DataFolder) -> None:
    system = build(folder, [SHOP, DESK])
    ports = {process.name: dict(process.ports) for process in system.processes}
    assert ports["desk"].keys() == {"grpc", "http", "web"} and ports["shop"].keys() == {"grpc", "http"}
    assert environment(system, "desk")["SHOWFLOOR_WEB_LISTEN"] == f"127.0.0.1:{ports['desk']['web']}"
    assert system.url == f"http://127.0.0.1:{ports['desk']['web']}"
    assert {process.name: dict(process.ports) for process in build(folder, [SHOP, DESK]).processes} == ports


def test_a_wanted_port_that_is_taken_is_told(folder: DataFolder) -> None:
    port = free_port()
    one, other = (Service(name, "x", ports={"web": Port(wanted=port)}) for name in ("one", "other"))
    assert build(folder, [one]).url == f"http://127.0.0.1:{port}"
    with pytest.raises(StartupError, match=f"port {port} is in use"):
        build(folder, [one, other])


def broker(system: System) -> dict[str, object]:
    return json.loads(system.nats.config.read_text())


def test_the_broker_syncs_always_and_denies_by_default(folder: DataFolder) -> None:
    system = build(folder, [SHOP, DESK])
    system.nats.prepare()
    config = broker(system)
    assert config["jetstream"]["sync_interval"] == "always"
    assert config["host"] == "127.0.0.1"
    users = {user["user"]: user for user in config["authorization"]["users"]}
    allowed = users["shop"]["permissions"]["publish"]["allow"]
    assert "public.shop" in allowed
    assert not {">", "public.>", "public.desk", "$JS.API.>"} & set(allowed)
    assert {"news.>", "visits.>"} <= set(allowed)
    assert not {"news.>", "visits.>"} & set(users["desk"]["permissions"]["publish"]["allow"])
    assert "news.>" in users["desk"]["permissions"]["subscribe"]["allow"]
    assert len({user["password"] for user in users.values()}) == len(users)
    assert system.nats.config.stat().st_mode & 0o077 == 0


def test_a_long_log_is_moved_aside_and_few_are_kept(tmp_path: Path) -> None:
    log = tmp_path / "nats.log"
    for number in range(6):
        log.write_text(str(number) * 100)
        rotate(log, limit=50)
    assert log.read_text() == ""
    assert [(tmp_path / f"nats.log.{n}").read_text()[0] for n in (1, 2, 3)] == ["5", "4", "3"]
    assert not (tmp_path / "nats.log.4").exists()

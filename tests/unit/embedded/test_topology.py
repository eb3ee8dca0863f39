"""What each process is told, and what it may do on the broker."""

import json
from pathlib import Path

import pytest

from showfloor.embedded.folder import DataFolder
from showfloor.embedded.supervisor import rotate
from showfloor.embedded.topology import FRONT_DOOR, SERVICES, STORAGE, System, build


def built(tmp_path: Path) -> System:
    folder = DataFolder(tmp_path / "data")
    folder.prepare()
    return build(folder)


def test_storage_starts_first_and_the_front_door_last(tmp_path: Path) -> None:
    groups = {part.name: part.group for part in built(tmp_path).parts}
    assert groups == {"postgres": STORAGE, "nats": STORAGE, "session": SERVICES, "gateway": FRONT_DOOR}


def test_a_service_knows_its_database_its_peers_and_no_secret_itself(tmp_path: Path) -> None:
    system = built(tmp_path)
    env = next(part for part in system.parts if part.name == "session").command().env
    assert env["SHOWFLOOR_DATABASE_URL"].startswith("postgresql://session_app@/session?host=")
    assert "owner" not in str(env), "a process that serves never learns how to become the owner"
    assert env["SHOWFLOOR_LISTEN"] == env["SHOWFLOOR_SESSION_ADDRESS"]
    assert "SHOWFLOOR_GATEWAY_ADDRESS" in env
    assert "SHOWFLOOR_SIGNING_KEY_FILE" not in env
    system.nats.prepare()
    assert system.nats.password_file("session").read_text().strip() not in str(env)


def test_the_broker_syncs_always_and_denies_by_default(tmp_path: Path) -> None:
    system = built(tmp_path)
    system.nats.prepare()
    config = json.loads(system.nats.config.read_text())
    assert config["jetstream"]["sync_interval"] == "always"
    assert config["host"] == "127.0.0.1"
    users = {user["user"]: user for user in config["authorization"]["users"]}
    allowed = users["session"]["permissions"]["publish"]["allow"]
    assert "public.session.>" in allowed
    assert not {">", "public.>", "public.gateway.>", "$JS.API.>"} & set(allowed)
    assert {"live.>", "signals.>"} <= set(allowed)
    assert not {"live.>", "signals.>"} & set(users["gateway"]["permissions"]["publish"]["allow"])
    assert len({user["password"] for user in users.values()}) == len(users)
    assert system.nats.config.stat().st_mode & 0o077 == 0


def test_without_the_web_no_port_serves_the_api(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path / "data")
    folder.prepare()
    shut = build(folder, web=False)
    gateway = next(part for part in shut.parts if part.name == "gateway")
    assert shut.url == "" and gateway.ports.keys() == {"grpc", "http"}
    assert gateway.command().env["SHOWFLOOR_WEB"] == "false"
    assert "web" not in json.loads(folder.ports_file.read_text())
    open_door = next(part for part in build(folder).parts if part.name == "gateway")
    assert open_door.command().env["SHOWFLOOR_WEB"] == "true" and "web" in open_door.ports


@pytest.mark.requirement("D16")
def test_viewers_may_pretend_to_pay_in_a_demo_alone(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path / "data")
    folder.prepare()
    for demo in (True, False):
        environments = [
            part.command().env for part in build(folder, demo=demo).parts if part.name in ("session", "gateway")
        ]
        assert [env.get("SHOWFLOOR_TEST_CHECKOUT") for env in environments] == ["true" if demo else None, None]


def test_a_long_log_is_moved_aside_and_few_are_kept(tmp_path: Path) -> None:
    log = tmp_path / "nats.log"
    for number in range(6):
        log.write_text(str(number) * 100)
        rotate(log, limit=50)
    assert log.read_text() == ""
    assert [(tmp_path / f"nats.log.{n}").read_text()[0] for n in (1, 2, 3)] == ["5", "4", "3"]
    assert not (tmp_path / "nats.log.4").exists()

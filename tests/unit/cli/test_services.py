"""The list of services: who signs, who lets people in, and who takes pretended payments."""

import json
from pathlib import Path

import pytest

from showfloor.cli import services as module
from showfloor.cli.services import services
from showfloor.embedded.folder import DataFolder
from showfloor.embedded.service import Service
from showfloor.embedded.topology import System, build


@pytest.fixture
def folder(tmp_path: Path) -> DataFolder:
    folder = DataFolder(tmp_path / "data")
    folder.prepare()
    return folder


def environments(system: System) -> dict[str, dict[str, str]]:
    names = {service.name for service in services()}
    return {process.name: dict(process.command().env) for process in system.processes if process.name in names}


@pytest.mark.parametrize("secret", ["SHOWFLOOR_SIGNING_KEY_FILE", "SHOWFLOOR_OPERATOR_KEY_FILE"])
def test_the_gateway_alone_is_told_of_a_key(folder: DataFolder, secret: str) -> None:
    told = environments(build(folder, services()))
    assert [name for name, env in told.items() if secret in env] == ["gateway"]


def test_without_the_web_no_port_serves_the_api(folder: DataFolder) -> None:
    shut = build(folder, services(web=False))
    gateway = next(process for process in shut.processes if process.name == "gateway")
    assert shut.url == "" and gateway.ports.keys() == {"grpc", "http"}
    assert gateway.command().env["SHOWFLOOR_WEB"] == "false"
    assert "gateway-web" not in json.loads(folder.ports_file.read_text())
    opened = next(process for process in build(folder, services()).processes if process.name == "gateway")
    assert opened.command().env["SHOWFLOOR_WEB"] == "true" and "web" in opened.ports


@pytest.mark.requirement("D16")
@pytest.mark.parametrize("demo", [True, False])
def test_viewers_may_pretend_to_pay_in_a_demo_alone(folder: DataFolder, demo: bool) -> None:
    told = environments(build(folder, services(demo=demo)))
    found = {name: env["SHOWFLOOR_TEST_CHECKOUT"] for name, env in told.items() if "SHOWFLOOR_TEST_CHECKOUT" in env}
    assert found == ({"session": "true"} if demo else {})


def test_only_a_service_with_a_database_is_asked_for_one(monkeypatch: pytest.MonkeyPatch) -> None:
    listed = (*services(), Service("clock", "a.clock", database=False))
    monkeypatch.setattr(module, "services", lambda: listed)
    assert [service.name for service in module.with_database()] == [service.name for service in listed[:-1]]

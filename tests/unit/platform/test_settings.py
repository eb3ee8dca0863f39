"""Settings come from the environment, and a missing or wrong one is told in plain words."""

import os
from pathlib import Path

import pytest
from pydantic import TypeAdapter, ValidationError

from showfloor.platform.settings import ProcessSettings, WebAddress, addresses, load, read_secret
from showfloor.platform.startup_error import StartupError


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOWFLOOR_DATABASE_URL", "postgresql:///session")
    monkeypatch.setenv("SHOWFLOOR_NATS_URL", "nats://127.0.0.1:4222")


def test_what_is_not_set_has_a_default() -> None:
    settings = load(ProcessSettings)
    assert settings.log_format == "json"
    assert settings.nats_password() is None


def test_a_missing_variable_is_named_with_its_meaning(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SHOWFLOOR_DATABASE_URL")
    with pytest.raises(StartupError) as error:
        load(ProcessSettings)
    assert "SHOWFLOOR_DATABASE_URL is missing (libpq URL" in error.value.cause
    assert "SHOWFLOOR_DATABASE_URL" in error.value.next_step


def test_a_wrong_value_is_named_but_not_repeated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOWFLOOR_LISTEN", "s3cret-by-mistake")
    with pytest.raises(StartupError) as error:
        load(ProcessSettings)
    assert "SHOWFLOOR_LISTEN" in error.value.cause
    assert "s3cret" not in str(error.value)


def test_the_password_is_read_from_its_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "password"
    file.write_text("hush\n")
    monkeypatch.setenv("SHOWFLOOR_NATS_PASSWORD_FILE", str(file))
    assert load(ProcessSettings).nats_password() == "hush"
    file.unlink()
    with pytest.raises(StartupError, match="cannot be read"):
        load(ProcessSettings).nats_password()


def test_a_secret_that_is_no_text_is_named(tmp_path: Path) -> None:
    file = tmp_path / "password"
    file.write_bytes(b"\xff\xfe")
    with pytest.raises(StartupError, match="it is not text") as error:
        read_secret(file, variable="SHOWFLOOR_NATS_PASSWORD_FILE")
    assert str(file) in error.value.place


@pytest.mark.parametrize("address", ["127.0.0.1:99999", "[::1]:65536", "a:١٢"])
def test_a_port_that_no_machine_has_is_refused(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    monkeypatch.setenv("SHOWFLOOR_LISTEN", address)
    with pytest.raises(StartupError, match="SHOWFLOOR_LISTEN"):
        load(ProcessSettings)


@pytest.mark.parametrize("address", ["http://[", "live.example.com", "ftp://a", "https://", "http://a:99999"])
def test_only_an_http_address_is_one(address: str) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(WebAddress).validate_python(address)
    assert TypeAdapter(WebAddress).validate_python("https://live.example.com") == "https://live.example.com"


def test_each_service_that_the_environment_names_has_its_address(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.endswith("_ADDRESS")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("SHOWFLOOR_SESSION_ADDRESS", "127.0.0.1:1")
    monkeypatch.setenv("SHOWFLOOR_POLLS_ADDRESS", "polls:2")
    assert addresses() == {"session": "127.0.0.1:1", "polls": "polls:2"}
    monkeypatch.setenv("SHOWFLOOR_POLLS_ADDRESS", "polls")
    with pytest.raises(StartupError, match="where polls answers"):
        addresses()

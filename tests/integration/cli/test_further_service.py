"""A further service is one declaration: the supervisor gives it what it needs, and keeps it alive like the others."""

import os
import signal
import socket
from collections.abc import Iterator

import pytest
from hosted import HEALED_WITHIN, Hosted, wait_for

from showfloor.embedded.folder import DataFolder
from showfloor.embedded.postgres import Postgres


@pytest.fixture(scope="module")
def hosted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hosted]:
    hosted = Hosted(DataFolder(tmp_path_factory.mktemp("further") / "data"), program="host_further.py")
    yield hosted
    assert "killed []" in hosted.stop()


def greeting(hosted: Hosted) -> str:
    with socket.create_connection(("127.0.0.1", hosted.described("further")["ports"]["hall"]), 10) as connection:
        return connection.makefile().read()


def test_it_runs_with_the_ports_and_words_it_asked_for(hosted: Hosted) -> None:
    assert hosted.described("further")["status"] == "running"
    assert hosted.described("further")["ports"].keys() == {"grpc", "http", "hall"}
    assert greeting(hosted) == "welcome from further, broker ''\n"


def test_it_has_a_database_with_roles_of_its_own(hosted: Hosted) -> None:
    roles = Postgres(hosted.folder).query("SELECT rolname FROM pg_roles WHERE rolname ~ '^further_' ORDER BY 1")
    assert roles.split() == ["further_app", "further_owner"]


def test_it_is_started_again_like_the_others(hosted: Hosted) -> None:
    before = hosted.described("further")["pid"]

    def again() -> bool:
        now = hosted.described("further")
        return now["pid"] != before and now["status"] == "running"

    os.kill(before, signal.SIGKILL)
    wait_for(again, HEALED_WITHIN)
    assert greeting(hosted).startswith("welcome")

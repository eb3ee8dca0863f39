"""The embedded system, for real: it starts, heals, refuses a second start, and drains within 5 s."""

import json
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from hosted import HEALED_WITHIN, Hosted, wait_for

from showfloor.embedded.folder import DataFolder
from showfloor.embedded.postgres import Postgres
from showfloor.testing import others

SHOWFLOOR = str(Path(sys.executable).with_name("showfloor"))


def showfloor(folder: DataFolder, *words: str) -> subprocess.CompletedProcess[str]:
    command = [SHOWFLOOR, *words, "--data", str(folder.root)]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)


@pytest.fixture
def folder(tmp_path: Path) -> DataFolder:
    return DataFolder(tmp_path / "data")


@pytest.fixture
def hosted(folder: DataFolder) -> Iterator[Hosted]:
    hosted = Hosted(folder)
    yield hosted
    if hosted.process.poll() is None:
        hosted.stop()


def test_it_starts_tells_its_state_and_drains(hosted: Hosted) -> None:
    state = hosted.folder.state()
    assert [process["status"] for process in state["processes"]] == ["running"] * 5
    assert "killed []" in hosted.stop()
    assert hosted.folder.state()["status"] == "stopped"
    assert not [process for process in state["processes"] if psutil.pid_exists(process["pid"])]


def test_postgres_gives_each_service_its_database_and_roles(hosted: Hosted) -> None:
    postgres = Postgres(hosted.folder)
    roles = postgres.query(
        "SELECT rolname FROM pg_roles WHERE rolname ~ '^(session|events|gateway)_' ORDER BY 1"
    ).split()
    assert roles == ["events_app", "events_owner", "gateway_app", "gateway_owner", "session_app", "session_owner"]
    assert postgres.query("SELECT rolsuper FROM pg_roles WHERE rolname = 'session_owner'") == "f"
    assert postgres.query("SHOW listen_addresses") == ""
    assert postgres.query("SHOW fsync") == "on"


def test_a_second_up_says_that_it_is_already_running(hosted: Hosted) -> None:
    second = showfloor(hosted.folder, "up")
    assert second.returncode == 0
    assert "already running" in second.stdout
    assert hosted.folder.state()["url"] in second.stdout


def test_doctor_status_and_logs_look_at_what_runs(hosted: Hosted) -> None:
    doctor = showfloor(hosted.folder, "doctor", "--json")
    failed = [row["check"] for row in json.loads(doctor.stdout) if row["level"] == "fail"]
    assert (doctor.returncode, failed) == (1, ["migrations", "moving parts"])  # dummies bring neither
    status = showfloor(hosted.folder, "status")
    assert status.returncode == 0, status.stderr
    assert all(name in status.stdout for name in ("postgres", "nats", "session", "events", "gateway", "supervisor"))
    assert "ready to accept" in showfloor(hosted.folder, "logs", "postgres").stdout


@pytest.mark.parametrize("name", ["postgres", "nats", "session"])
def test_a_killed_process_is_started_again(hosted: Hosted, name: str) -> None:
    before = hosted.described(name)["pid"]
    os.kill(before, signal.SIGKILL)
    wait_for(
        lambda: hosted.described(name)["pid"] != before and hosted.described(name)["status"] == "running", HEALED_WITHIN
    )
    assert hosted.described(name)["restarts"] == 1


def test_a_process_that_dies_again_and_again_is_shown(hosted: Hosted) -> None:
    (hosted.folder.services / "session" / "broken").touch()
    os.kill(hosted.described("session")["pid"], signal.SIGKILL)
    wait_for(lambda: hosted.described("session")["status"] == "crash-loop", 40)
    doctor = showfloor(hosted.folder, "doctor")
    assert doctor.returncode == 1
    assert "dies again and again: session" in doctor.stdout


def test_a_stopped_process_is_unwell_and_started_again(hosted: Hosted) -> None:
    before = hosted.described("session")["pid"]
    os.kill(before, signal.SIGSTOP)
    wait_for(lambda: hosted.described("session")["pid"] not in (before, None), 30)
    assert "does not answer" in showfloor(hosted.folder, "logs", "supervisor").stdout


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel ends the children on Linux only")
def test_children_end_with_a_killed_supervisor(hosted: Hosted) -> None:
    pids = [process["pid"] for process in hosted.folder.state()["processes"]]
    ports = json.loads(hosted.folder.ports_file.read_text())
    hosted.process.kill()
    hosted.process.communicate()
    again = Hosted(hosted.folder)
    assert not [one for one in psutil.process_iter(["status"]) if one.pid in pids and one.info["status"] != "zombie"]
    assert json.loads(hosted.folder.ports_file.read_text()) == ports
    assert "killed []" in again.stop(signal.SIGTERM)


def test_down_stops_it_from_elsewhere(hosted: Hosted) -> None:
    down = showfloor(hosted.folder, "down")
    assert down.returncode == 0
    assert down.stdout.startswith("stopped in")
    assert "not running" in showfloor(hosted.folder, "down").stdout


@pytest.mark.skipif(os.geteuid() != 0 or not shutil.which("setpriv") or not others.may_enter(), reason=others.WHY)
def test_it_runs_as_an_ordinary_user_too() -> None:
    somebody = pwd.getpwnam("nobody").pw_uid
    root = Path(tempfile.mkdtemp(prefix="showfloor-test-"))
    os.chown(root, somebody, somebody)
    # Root's interpreter may live in a folder that is closed to others: one capability opens it, the user stays.
    passing = ("--inh-caps=+dac_override", "--ambient-caps=+dac_override")
    prefix = ("setpriv", f"--reuid={somebody}", f"--regid={somebody}", "--clear-groups", *passing)
    try:
        hosted = Hosted(DataFolder(root / "data"), prefix)
        assert psutil.Process(hosted.described("postgres")["pid"]).uids().real == somebody
        assert "killed []" in hosted.stop()
    finally:
        shutil.rmtree(root)

"""Every failure of a command is told as cause, place and next step."""

import errno
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import httpx
import pytest

from showfloor.cli import sign_in
from showfloor.cli.api import ApiRefusal, NotAnswering
from showfloor.cli.failures import reason, startup_error_in, tell
from showfloor.kernel.refusal import Refusal, RefusalKind
from showfloor.platform.startup_error import StartupError

ERROR = StartupError("no disk", place="/data", next_step="free some")


def test_a_startup_error_is_found_in_groups() -> None:
    assert startup_error_in(ExceptionGroup("", [ExceptionGroup("", [ERROR])])) is ERROR


def test_a_gateway_that_is_away_leads_to_up() -> None:
    request = httpx.Request("GET", "http://127.0.0.1:1/v1")
    error = startup_error_in(httpx.ConnectError("refused", request=request))
    assert error.place == "http://127.0.0.1:1/v1"
    assert "showfloor up" in error.next_step


def test_a_refusal_and_a_full_disk_have_words_of_their_own() -> None:
    refused = startup_error_in(Refusal(RefusalKind.UNAVAILABLE, "NOT_YET", "not yet; ask again"))
    assert (refused.cause, refused.place) == ("not yet; ask again", "a service answered NOT_YET")
    assert "doctor" in refused.next_step
    full = startup_error_in(OSError(errno.ENOSPC, "No space left on device", "/data/x"))
    assert (full.cause, full.place) == ("the disk is full", "/data/x")
    assert "free some space" in full.next_step


def test_any_other_error_names_its_place() -> None:
    try:
        raise ValueError("seven")
    except ValueError as error:
        found = startup_error_in(error)
    assert found.cause == "unexpected ValueError: seven"
    assert found.place.startswith(__file__)


def test_the_traceback_goes_to_the_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    tell(ERROR, tmp_path / "debug.log")
    shown = capsys.readouterr().err
    assert ["no disk" in shown, "where: /data" in shown, "next:  free some" in shown] == [True] * 3
    assert "Traceback" not in shown
    assert "no disk" in (tmp_path / "debug.log").read_text()


@pytest.mark.parametrize("words", [["status"], ["logs", "nats"], ["token"], ["rebuild", "all"]])
def test_commands_without_a_running_system_say_so(tmp_path: Path, words: list[str]) -> None:
    command = [sys.executable, "-m", "showfloor.cli", *words, "--data", str(tmp_path / "none")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "where:" in done.stderr
    assert "next:" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_refusal_of_the_api_is_told_in_its_own_words() -> None:
    problem = {"code": "SESSION_ENDED", "detail": "The session has ended."}
    error = startup_error_in(ExceptionGroup("", [ApiRefusal("POST", "/sessions/1/end", 409, problem)]))
    assert (error.cause, error.place) == ("The session has ended.", "POST /sessions/1/end")
    assert "SESSION_ENDED" in error.next_step


def test_an_api_that_stays_away_can_be_asked_again() -> None:
    error = startup_error_in(ExceptionGroup("", [NotAnswering("GET /me: 503")]))
    assert error.place == "GET /me: 503"
    assert "again" in error.next_step


def test_a_file_that_cannot_be_read_says_why_without_its_path(tmp_path: Path) -> None:
    with pytest.raises(OSError) as caught:
        (tmp_path / "absent.csv").read_text()
    assert reason(caught.value) == "No such file or directory"


def test_the_next_step_of_a_command_names_its_data_folder(tmp_path: Path) -> None:
    folder = tmp_path / "elsewhere"
    words = [sys.executable, "-m", "showfloor.cli", "token", "--data", str(folder)]
    done = subprocess.run(words, capture_output=True, text=True, check=False, timeout=60)
    assert f"`showfloor up --data {folder}`" in done.stderr, done.stderr


def test_a_gateway_without_a_database_is_no_changed_key(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    problem = {"detail": "no writes now", "code": "DATABASE_UNAVAILABLE", "request_id": "r1"}
    answers = iter([httpx.Response(503, json=problem), httpx.Response(401, text="no")])
    monkeypatch.setattr(sign_in.httpx, "post", lambda *_, **__: next(answers))
    folder = SimpleNamespace(state=lambda: {"url": "http://h"}, secret=lambda _: "key", operator_key=tmp_path)
    with pytest.raises(StartupError) as away:
        sign_in.link(cast("Any", folder))
    assert away.value.cause == "the gateway refused with 503: no writes now (DATABASE_UNAVAILABLE, request r1)"
    assert "doctor" in away.value.next_step and "operator.key" not in away.value.next_step
    with pytest.raises(StartupError) as refused:
        sign_in.link(cast("Any", folder))
    assert "operator.key" in refused.value.next_step

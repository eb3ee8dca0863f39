"""What an earlier run left behind is ended, also what ends by itself at that very moment."""

import subprocess
import sys
from collections.abc import Iterator

import psutil
import pytest

from showfloor.embedded.supervisor import end_orphans


@pytest.fixture
def left() -> Iterator[subprocess.Popen[bytes]]:
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    yield child
    child.kill()
    child.wait()


def told(child: subprocess.Popen[bytes]) -> dict[str, object]:
    return {"processes": [{"name": "session", "pid": child.pid, "created": psutil.Process(child.pid).create_time()}]}


def test_it_is_stopped(left: subprocess.Popen[bytes]) -> None:
    assert end_orphans(told(left)) == ["session"]
    assert not psutil.pid_exists(left.pid)


@pytest.mark.parametrize("extra", [False, True])
def test_one_that_ends_just_then_is_no_trouble(
    left: subprocess.Popen[bytes], monkeypatch: pytest.MonkeyPatch, extra: bool
) -> None:
    state = {} if extra else told(left)

    def ends_first(process: psutil.Process, _number: int) -> None:
        left.kill()
        left.wait()
        raise psutil.NoSuchProcess(process.pid)

    monkeypatch.setattr(psutil.Process, "send_signal", ends_first)
    assert end_orphans(state, [left.pid] if extra else ()) == [f"process {left.pid}" if extra else "session"]
    assert end_orphans({}, [left.pid]) == []

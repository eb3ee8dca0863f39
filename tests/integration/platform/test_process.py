"""The life of a process: it drains on a signal, is cancelled when it does not, and says why it failed."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from showfloor.testing.waiting import PATIENCE

PROGRAM = """
import asyncio, sys
from showfloor.platform.process import run
from showfloor.platform.settings import ProcessSettings
from showfloor.platform.startup_error import StartupError

async def serve(config, shutdown):
    shutdown.health.ready()
    sys.stdout.write("up\\n"); sys.stdout.flush()
    {body}

run(serve, "tiny", ProcessSettings)
"""
ENV = {"SHOWFLOOR_DATABASE_URL": "unused", "SHOWFLOOR_NATS_URL": "unused"}


def start(tmp_path: Path, body: str, **env: str) -> subprocess.Popen[str]:
    program = tmp_path / "tiny.py"
    program.write_text(PROGRAM.format(body=body))
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    return subprocess.Popen([sys.executable, str(program)], env={**os.environ, **ENV, **env}, **pipes)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_drains_on_a_signal(tmp_path: Path, number: signal.Signals) -> None:
    process = start(tmp_path, "await shutdown.wait()")
    process.stdout.readline()
    process.send_signal(number)
    _, log = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0
    assert number.name in log


def test_one_that_does_not_drain_is_cancelled(tmp_path: Path) -> None:
    process = start(tmp_path, "await asyncio.sleep(6_000)")
    process.stdout.readline()
    process.terminate()
    process.communicate(timeout=PATIENCE)
    assert process.returncode == 3


def test_a_defect_is_told_with_its_place(tmp_path: Path) -> None:
    process = start(tmp_path, "raise KeyError('lost')")
    _, log = process.communicate(timeout=PATIENCE)
    assert process.returncode == 1
    assert "unexpected KeyError: 'lost'" in log
    assert f"where: {tmp_path}/tiny.py:10" in log
    assert "next: " in log


def test_a_startup_error_is_told_without_a_traceback(tmp_path: Path) -> None:
    process = start(tmp_path, "raise StartupError('no disk', place='/data', next_step='free some')")
    _, log = process.communicate(timeout=PATIENCE)
    assert process.returncode == 2
    assert "tiny: no disk\n  where: /data\n  next:  free some\n" in log
    assert "Traceback" not in log


def test_wrong_settings_are_told(tmp_path: Path) -> None:
    process = start(tmp_path, "pass", SHOWFLOOR_LOG_LEVEL="loud")
    _, log = process.communicate(timeout=PATIENCE)
    assert process.returncode == 2
    assert "SHOWFLOOR_LOG_LEVEL" in log

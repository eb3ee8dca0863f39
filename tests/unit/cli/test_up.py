"""What `showfloor up` refuses before it touches anything."""

import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.parametrize("port", ["0", "65536", "http"])
def test_a_port_that_cannot_be_is_refused_at_once(tmp_path: Path, port: str) -> None:
    words = [sys.executable, "-m", "showfloor.cli", "up", "--data", str(tmp_path / "data"), "--port", port]
    done = subprocess.run(words, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode != 0 and "--port" in done.stdout + done.stderr
    assert not (tmp_path / "data").exists()

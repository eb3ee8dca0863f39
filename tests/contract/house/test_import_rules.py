"""The import rules hold, and each of them can fail."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]


def lint(overlay: Path) -> subprocess.CompletedProcess[str]:
    """Run import-linter with `overlay` in front of the installed packages."""
    linter = Path(sys.executable).with_name("lint-imports")
    env = {**os.environ, "PYTHONPATH": str(overlay)}
    command = [str(linter), "--no-cache", "--config", str(ROOT / ".importlinter")]
    return subprocess.run(command, env=env, cwd=ROOT, capture_output=True, text=True, check=False)


@pytest.fixture
def overlay(tmp_path: Path) -> Path:
    """Return a copy of the session service that a test may break."""
    source = ROOT / "services/session/src/showfloor/session"
    shutil.copytree(source, tmp_path / "showfloor/session", ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path


def test_the_house_keeps_its_import_rules(overlay: Path) -> None:
    result = lint(overlay)
    assert result.returncode == 0, result.stdout


@pytest.mark.parametrize(
    ("module", "line", "contract"),
    [
        ("domain/leak.py", "import psycopg", "Only the event store imports eventsourcing and psycopg"),
        ("domain/leak.py", "import asyncio", "The domain asks the world nothing"),
        ("domain/leak.py", "import showfloor.session.wiring", "Imports in the session service point inward"),
        ("views/leak.py", "import showfloor.gateway", "Services share contracts and libraries, never modules"),
        ("edges/leak.py", "import grpc", "Only rpc and the generated contracts import grpc"),
        ("edges/leak.py", "import nats", "Only messaging imports nats"),
        ("edges/leak.py", "import starlette", "Only the gateway imports the web framework"),
    ],
)
def test_each_import_rule_fails_when_it_is_broken(overlay: Path, module: str, line: str, contract: str) -> None:
    (overlay / "showfloor/session" / module).write_text(f"{line}\n")
    result = lint(overlay)
    assert result.returncode != 0
    assert f"{contract} BROKEN" in " ".join(result.stdout.split())

"""The import rules hold, each of them can fail, and they cover services that do not exist yet."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
INWARD = "Imports point inward in every service and slice"
PURE = "The domain knows the kernel and the metrics, and asks the world nothing"
STRANGERS = "Services and the command line share contracts and libraries, never modules"
POSTGRES = "Only the event store imports eventsourcing and psycopg"


def lint(overlay: Path) -> subprocess.CompletedProcess[str]:
    """Run import-linter as if the modules below `overlay` were part of the project."""
    linter = Path(sys.executable).with_name("lint-imports")
    env = {**os.environ, "PYTHONPATH": str(overlay)}
    command = [str(linter), "--no-cache", "--config", str(ROOT / ".importlinter")]
    return subprocess.run(command, env=env, cwd=ROOT, capture_output=True, text=True, check=False)


def plant(overlay: Path, module: str, line: str) -> None:
    """Write a module of one line, and the module that it imports if that is in a service of our own invention."""
    imported = line.removeprefix("import ")
    for name, text in ((module, line), (imported, "")):
        if name == module or name.startswith("showfloor.shipping."):
            file = overlay / f"{name.replace('.', '/')}.py"
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(f"{text}\n")


def test_the_house_keeps_its_import_rules(tmp_path: Path) -> None:
    result = lint(tmp_path)
    assert result.returncode == 0, result.stdout


@pytest.mark.parametrize(
    ("module", "line", "contract"),
    [
        ("showfloor.session.domain.leak", "import showfloor.session.service", INWARD),
        ("showfloor.session.views.leak", "import showfloor.session.edges.reads", INWARD),
        ("showfloor.shipping.commands", "import showfloor.shipping.edges.rpc", INWARD),
        ("showfloor.shipping.labels.domain.label", "import showfloor.shipping.labels.views.labels", INWARD),
        ("showfloor.session.domain.leak", "import asyncio", PURE),
        ("showfloor.shipping.labels.domain.label", "import showfloor.eventstore.store", PURE),
        ("showfloor.session.views.leak", "import showfloor.gateway.config", STRANGERS),
        ("showfloor.shipping.edges.rpc", "import showfloor.session.domain.session", STRANGERS),
        ("showfloor.session.edges.leak", "import showfloor.shipping.edges.rpc", STRANGERS),
        ("showfloor.rpc.leak", "import showfloor.session.domain.session", STRANGERS),
        ("showfloor.eventstore.leak", "import showfloor.cli.up", STRANGERS),
        ("showfloor.session.edges.leak", "import psycopg", POSTGRES),
        ("showfloor.shipping.edges.rpc", "import psycopg_pool", POSTGRES),
        ("showfloor.session.domain.leak", "import eventsourcing", POSTGRES),
        ("showfloor.session.edges.leak", "import nats", "Only messaging imports nats"),
        ("showfloor.session.edges.leak", "import grpc", "Only rpc and the generated contracts import grpc"),
        ("showfloor.session.edges.leak", "import starlette", "Only the gateway imports the web framework"),
        ("showfloor.session.edges.leak", "import python_calamine", "Only tabular opens spreadsheets"),
    ],
)
def test_each_import_rule_fails_when_it_is_broken(tmp_path: Path, module: str, line: str, contract: str) -> None:
    plant(tmp_path, module, line)
    result = lint(tmp_path)
    assert result.returncode != 0
    assert f"{contract} BROKEN" in " ".join(result.stdout.split())

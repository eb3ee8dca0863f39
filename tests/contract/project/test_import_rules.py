"""The import rules hold, each of them can fail, and they cover services that do not exist yet."""

import os
import subprocess
import sys
from pathlib import Path

import grimp
import pytest

ROOT = Path(__file__).parents[3]
INWARD = "Imports point inward in every service and slice"
LAYERS = "The gateway's layers import downward"
PURE = "The domain knows the kernel and the metrics, and asks the world nothing"
SLICES = "Slices import downward, in the order of their service's README"
STRANGERS = "Services and the command line share contracts and libraries, never modules"
TESTS = "The product imports nothing that is there for tests"
POSTGRES = "Only the event store imports eventsourcing and psycopg"
BROKEN = [
    ("showfloor.session.show.domain.upward", "showfloor.session.service", INWARD),
    ("showfloor.session.show.views.upward", "showfloor.session.show.edges.authorizing", INWARD),
    ("showfloor.shipping.commands", "showfloor.shipping.edges.rpc", INWARD),
    ("showfloor.shipping.labels.domain.upward", "showfloor.shipping.labels.views.labels", INWARD),
    ("showfloor.gateway.directory.upward", "showfloor.gateway.access.people", LAYERS),
    ("showfloor.gateway.access.upward", "showfloor.gateway.http.problems", LAYERS),
    ("showfloor.gateway.http.upward", "showfloor.gateway.live.topics", LAYERS),
    ("showfloor.gateway.watch.sideways", "showfloor.gateway.live.hub", LAYERS),
    ("showfloor.gateway.console.upward", "showfloor.gateway.app", LAYERS),
    ("showfloor.session.show.domain.waits", "asyncio", PURE),
    ("showfloor.shipping.labels.domain.reads", "showfloor.eventstore.store", PURE),
    ("showfloor.session.show.views.upper", "showfloor.session.activity.views.comments", SLICES),
    ("showfloor.shipping.labels.domain.shipped", "showfloor.shipping.parcels.domain.parcel", SLICES),
    ("showfloor.session.show.views.stranger", "showfloor.gateway.config", STRANGERS),
    ("showfloor.shipping.edges.stranger", "showfloor.session.show.domain.session", STRANGERS),
    ("showfloor.session.show.edges.stranger", "showfloor.shipping.edges.rpc", STRANGERS),
    ("showfloor.rpc.knows_a_service", "showfloor.session.show.domain.session", STRANGERS),
    ("showfloor.eventstore.knows_a_client", "showfloor.cli.up", STRANGERS),
    ("showfloor.messaging.has_a_twin", "showfloor.testing.memory_bus", TESTS),
    ("showfloor.shipping.edges.pretends", "showfloor.testing.waiting", TESTS),
    ("showfloor.session.show.edges.reads_rows", "psycopg", POSTGRES),
    ("showfloor.shipping.edges.reads_rows", "psycopg_pool", POSTGRES),
    ("showfloor.session.show.domain.records", "eventsourcing", POSTGRES),
    ("showfloor.session.show.edges.sends", "nats", "Only messaging imports nats"),
    ("showfloor.session.show.edges.serves", "grpc", "Only rpc and the generated contracts import grpc"),
    ("showfloor.session.show.edges.answers", "starlette", "Only the gateway imports the web framework"),
    ("showfloor.session.show.edges.opens", "python_calamine", "Only tabular opens spreadsheets"),
]
README = "# shipping\n\nSlices, lowest first: `labels`, `parcels`.\n"


def lint(overlay: Path) -> str:
    """Run import-linter as if the modules below `overlay`/src were part of the project. Returns what it says."""
    linter = Path(sys.executable).with_name("lint-imports")
    env = {**os.environ, "PYTHONPATH": str(overlay / "src"), "COLUMNS": "200"}
    command = [str(linter), "--no-cache", "--config", str(ROOT / ".importlinter")]
    result = subprocess.run(command, env=env, cwd=ROOT, capture_output=True, text=True, check=False)
    return " ".join(result.stdout.split())


def plant(overlay: Path, module: str, imported: str) -> None:
    """Write a module of one line, and the module that it imports if that is in a service of our own invention."""
    for name, text in ((module, f"import {imported}\n"), (imported, "")):
        file = overlay / "src" / f"{name.replace('.', '/')}.py"
        if name == module or (name.startswith("showfloor.shipping.") and not file.exists()):
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What import-linter says when every rule is broken."""
    overlay = tmp_path_factory.mktemp("shipping")
    (overlay / "README.md").write_text(README)
    for module, imported, _ in BROKEN:
        plant(overlay, module, imported)
    return lint(overlay)


def test_the_project_keeps_its_import_rules(tmp_path: Path) -> None:
    said = lint(tmp_path)
    assert "0 broken" in said, said


@pytest.mark.parametrize(("module", "imported", "contract"), BROKEN)
def test_each_import_rule_fails_when_it_is_broken(told: str, module: str, imported: str, contract: str) -> None:
    assert f"{contract} BROKEN" in told
    section = told.partition(f"{contract} {'-' * len(contract)}")[2].partition("-----")[0]
    if contract == SLICES:
        module, imported = (".".join(one.split(".")[:3]) for one in (module, imported))  # of their slices
    assert f"{module} -> {imported}" in section


@pytest.mark.parametrize(
    ("readme", "problems"),
    [
        (README, ["showfloor.shipping.labels -> showfloor.shipping.parcels"]),
        ("Slices, lowest first: `parcels`, `labels`.\n", []),
        ("Slices: `labels`.\n", ["the README of showfloor.shipping names no place for: parcels"]),
        ("No word of them.\n", ["the README of showfloor.shipping names no place for: labels, parcels"]),
    ],
)
def test_a_readme_names_the_order_of_the_slices(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, readme: str, problems: list[str]
) -> None:
    plant(tmp_path, "showfloor.shipping.labels.domain.label", "showfloor.shipping.parcels.domain.parcel")
    (tmp_path / "README.md").write_text(readme)
    monkeypatch.syspath_prepend(str(ROOT))
    monkeypatch.syspath_prepend(str(tmp_path / "src"))
    from tools.import_contracts import misplaced

    assert misplaced(grimp.build_graph("showfloor", cache_dir=None)) == problems

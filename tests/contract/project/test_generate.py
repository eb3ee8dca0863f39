"""`make generate` writes what is stale and nothing else; the gate names it and writes nothing."""

import importlib
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[3]
MADE = {"docs/page.md": b"new", "api/v1/thing_pb2.py": b"code"}


@pytest.fixture
def tool(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(ROOT))
    return importlib.import_module("tools.generate")


@pytest.fixture
def project(tmp_path: Path, tool: ModuleType, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a page that is stale, a module that is missing and one too many; no git anywhere."""
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs/page.md").write_bytes(b"old")
    (tmp_path / "gone_pb2.py").write_bytes(b"")
    monkeypatch.setattr(tool, "everything", lambda _same: (MADE, ["gone_pb2.py"], []))
    return tmp_path


def held(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_the_gate_names_what_is_stale_and_writes_nothing(
    project: Path, tool: ModuleType, capsys: pytest.CaptureFixture[str]
) -> None:
    before = held(project)
    assert tool.main(["--check"], project) == 1
    assert capsys.readouterr().err.splitlines() == [
        "stale: api/v1/thing_pb2.py", "stale: docs/page.md", "stale: gone_pb2.py", "run `make generate` and commit",
    ]  # fmt: skip
    assert held(project) == before


def test_what_is_stale_is_written_and_what_is_left_over_goes(project: Path, tool: ModuleType) -> None:
    assert tool.main([], project) == 0
    assert held(project) == MADE
    written = (project / "docs/page.md").stat().st_mtime_ns
    assert tool.main([], project) == 0
    assert (project / "docs/page.md").stat().st_mtime_ns == written, "what is right keeps its time"


def test_what_somebody_must_decide_stops_both(
    project: Path, tool: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(tool, "everything", lambda _same: (MADE, [], ["raise it"]))
    assert tool.main([], project) == 1
    assert tool.main(["--check"], project) == 1
    assert capsys.readouterr().err.splitlines() == ["raise it", "raise it"]


def test_a_page_that_cannot_be_made_yet_holds_up_no_other(tool: ModuleType) -> None:
    def unsaid() -> str:
        raise SystemExit("no row for TagSession")

    made = tool.written({"docs/a.md": unsaid, "docs/b.md": lambda: "b"})
    assert made == ({"docs/b.md": b"b"}, ["no row for TagSession"])


def test_a_contract_without_its_proto_is_left_over(tool: ModuleType) -> None:
    contracts = tool.contracts
    kept = "libs/contracts/src/showfloor/api/session/v1/session_pb2.py"
    everything = dict.fromkeys(contracts.left_over({}), b"")
    assert kept in everything
    del everything[kept]
    assert contracts.left_over(everything) == [kept]

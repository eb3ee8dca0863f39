"""The gates on protos and generated contracts hold, and each of them can fail."""

import runpy
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
BUF = str(Path(sys.executable).with_name("buf"))
PROTO = "showfloor/api/session/v1/session.proto"


def buf(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([BUF, *words], cwd=folder, capture_output=True, text=True, check=False)


@pytest.fixture
def protos(tmp_path: Path) -> Path:
    """Return a copy of the protos that a test may break."""
    return Path(shutil.copytree(ROOT / "protos", tmp_path / "protos"))


def edit(protos: Path, old: str, new: str) -> None:
    path = protos / PROTO
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


def test_protos_are_clean_and_break_no_released_contract(protos: Path) -> None:
    assert buf(protos, "lint").returncode == 0
    assert buf(protos, "breaking", "--against", "released.binpb").returncode == 0


def test_a_missing_comment_is_found(protos: Path) -> None:
    edit(protos, "  // UUID.\n  string session_id = 1;", "  string session_id = 1;")
    assert "session_id" in buf(protos, "lint").stdout


def test_a_changed_field_is_found(protos: Path) -> None:
    edit(protos, "  string session_id = 1;", "  int64 session_id = 1;")
    result = buf(protos, "breaking", "--against", "released.binpb")
    assert result.returncode != 0
    assert "session_id" in result.stdout


def test_generated_contracts_are_fresh_and_a_stale_one_is_found(tmp_path: Path) -> None:
    check = runpy.run_path(str(ROOT / "tools/check_contracts.py"))
    assert check["main"]() == 0
    committed = Path(shutil.copytree(ROOT / "libs/contracts/src", tmp_path / "committed"))
    stale = committed / "showfloor/api/session/v1/session_pb2.pyi"
    stale.write_text(stale.read_text() + "# edited by hand\n")
    assert check["differences"](ROOT / "libs/contracts/src", committed) == ["showfloor/api/session/v1/session_pb2.pyi"]


def test_a_written_page_that_is_stale_or_missing_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_or_check = runpy.run_path(str(ROOT / "tools/written.py"))["write_or_check"]
    monkeypatch.setitem(write_or_check.__globals__, "ROOT", tmp_path)
    monkeypatch.setattr(sys, "argv", ["tool", "--check"])
    assert write_or_check("page.md", "new", "make page") == 1
    (tmp_path / "page.md").write_text("old")
    assert write_or_check("page.md", "new", "make page") == 1
    assert (tmp_path / "page.md").read_text() == "old"
    monkeypatch.setattr(sys, "argv", ["tool"])
    assert write_or_check("page.md", "new", "make page") == 0
    monkeypatch.setattr(sys, "argv", ["tool", "--check"])
    assert write_or_check("page.md", "new", "make page") == 0

"""The gates on protos hold, and each of them can fail."""

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

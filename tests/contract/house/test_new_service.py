"""What CONTRIBUTING.md says of a new service holds: the example can be copied, and no list forgets a package."""

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]


def types(folder: Path) -> str:
    """Return what the gate for types says of the code in a folder; nothing when it is right."""
    command = [sys.executable, "-m", "mypy", "--cache-dir", str(folder / "cache"), str(folder / "showfloor")]
    environment = {**os.environ, "MYPYPATH": str(folder)}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    return "" if done.returncode == 0 else done.stdout + done.stderr


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the example, with what is generated of its proto."""
    folder = tmp_path / "src"
    shutil.copytree(ROOT / "tests/example", folder)
    binaries = str(Path(sys.executable).parent)
    protoc = [
        sys.executable,
        "-m",
        "grpc_tools.protoc",
        f"-I{folder}",
        f"--python_out={folder}",
        f"--mypy_out={folder}",
    ]
    environment = {**os.environ, "PATH": os.pathsep.join([binaries, os.environ["PATH"]])}
    subprocess.run([*protoc, "showfloor/polls/polls.proto"], check=True, env=environment)
    return folder


def test_a_copy_of_the_example_passes_the_gate_for_types(copy: Path) -> None:
    assert types(copy) == ""
    rules = copy / "showfloor/polls/domain/poll_rules.py"
    rules.write_text(rules.read_text().replace("-> list[Event]", "-> list[PollOpened]"))
    assert "incompatible type" in types(copy)


def test_the_gate_for_types_finds_every_package() -> None:
    listed = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["mypy"]["mypy_path"]
    there = {str(path.relative_to(ROOT)) for path in (*ROOT.glob("libs/*/src"), *ROOT.glob("services/*/src"))}
    assert set(listed) == {*there, "cli/src"}, "add it to mypy_path in pyproject.toml"

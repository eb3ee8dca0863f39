"""What CONTRIBUTING.md says holds: the example can be copied, no list forgets a package, and what it names is there."""

import os
import re
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from showfloor.service.builder import Builder

ROOT = Path(__file__).parents[3]


def types(folder: Path) -> str:
    """Return what the gate for types says of the code in a folder; nothing when it is right."""
    cache = folder / "cache"
    if not cache.exists():
        what_is_known(cache)
    command = [sys.executable, "-m", "mypy", "--cache-dir", str(cache), str(folder / "showfloor")]
    members = [*ROOT.glob("libs/*/src"), *ROOT.glob("services/*/src"), ROOT / "cli/src"]
    environment = {**os.environ, "MYPYPATH": os.pathsep.join(map(str, (folder, *members)))}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    return "" if done.returncode == 0 else done.stdout + done.stderr


def what_is_known(cache: Path) -> None:
    """Begin with what `make check-types` found out about the libraries, if it ran: only the copy is new."""
    known = ROOT / ".mypy_cache"
    for file in known.rglob("*.db"):
        kept = cache / file.relative_to(known)
        kept.parent.mkdir(parents=True, exist_ok=True)
        with (
            closing(sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True)) as old,
            closing(sqlite3.connect(kept)) as new,
        ):
            old.backup(new)  # a copy of one moment: somebody may be at the gate right now


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
        f"-I{ROOT / 'protos'}",
        f"--python_out={folder}",
        f"--mypy_out={folder}",
    ]
    environment = {**os.environ, "PATH": os.pathsep.join([binaries, os.environ["PATH"]])}
    subprocess.run([*protoc, "showfloor/api/polls/v1/polls_service.proto"], check=True, env=environment)
    return folder


def test_a_copy_of_the_example_passes_the_gate_for_types(copy: Path) -> None:
    assert types(copy) == ""
    rules = copy / "showfloor/polls/domain/poll_rules.py"
    rules.write_text(rules.read_text().replace("-> list[Event]", "-> list[PollOpened]"))
    assert "incompatible type" in types(copy)


def test_the_example_is_small() -> None:
    files = [path for path in (ROOT / "tests/example").rglob("*") if path.is_file() and "__pycache__" not in path.parts]
    lines = sum(len(path.read_text().splitlines()) for path in files)
    too_large = "the example is what is copied: keep it at 12 files and 250 lines, put what is more into a service"
    assert (len(files) <= 12, lines <= 250) == (True, True), f"{too_large}; it has {len(files)} and {lines}"


def test_the_gate_for_types_finds_a_new_service_by_itself(tmp_path: Path) -> None:
    """No list names it: its folder under services/ is enough, and it finds the libraries."""
    code = {
        "services/fresh/src/showfloor/fresh/config.py": "from showfloor.kernel.size import SIZE\n\nname: str = SIZE\n",
        "libs/kernel/src/showfloor/kernel/size.py": "SIZE = 1\n",
        "bench/load.py": "",
        "tools/bootstrap.sh": "",
        "tools/views.py": "",
    }
    for name, text in code.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    for name in ("Makefile", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path)
    command = ["make", "-C", str(tmp_path), "-o", "install", "check-types", f"PY={sys.executable}"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert "services/fresh/src/showfloor/fresh/config.py:3: error: Incompatible types in assignment" in done.stdout
    assert "Found 1 error in 1 file (checked 4 source files)" in done.stdout


@pytest.mark.parametrize("page", ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md"])
def test_the_paths_that_a_page_names_are_there(page: str) -> None:
    text = (ROOT / page).read_text().replace("/SERVICE/", "/session/")
    named = set(re.findall(r"[`(]((?:bench|cli|docs|libs|services|tests)/[\w./-]+)[`)]", text))
    assert len(named) > 5
    assert [path for path in sorted(named) if "..." not in path and not (ROOT / path).exists()] == []


@pytest.mark.parametrize(
    "page",
    ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "services/session/README.md", "services/gateway/README.md"],
)
def test_the_modules_and_protos_that_a_page_names_are_there(page: str) -> None:
    named = set(re.findall(r"`([\w/.-]+\.(?:py|proto|cedar|cedarschema))`", (ROOT / page).read_text()))
    roots = ("bench", "cli", "libs", "protos", "services", "tests", "tools")
    there = [str(path) for root in roots for path in (ROOT / root).rglob("*.*") if "node_modules" not in path.parts]
    known = {name for name in named if any(path.endswith("/" + name) for path in there)}
    assert named - known - {name for name in named if "..." in name} == set()


def test_every_call_that_contributing_names_is_there() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text()
    calls = set(re.findall(r"\bbase\.(\w+)\(", text))
    assert len(calls) > 5 and calls <= set(dir(Builder))

"""`make` and the tools work in any path, or say at once that they cannot; and they delete nothing of others."""

import shutil
import subprocess
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[3]
ODD = 'a $HOME `id` $(exit 7) "q" it\'s é 数据 #1 100% [x] \\ ;&|'


def run(*words: object, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(list(map(str, words)), cwd=cwd, capture_output=True, text=True, check=False)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """What `make` reads before it does anything, in an odd path."""
    folder = tmp_path / ODD / "project"
    folder.mkdir(parents=True)
    for name in ("Makefile", "uv.lock", "pyproject.toml"):
        shutil.copy(PROJECT / name, folder)
    shutil.copytree(PROJECT / "tools", folder / "tools")
    return folder


def test_make_works_in_any_path(project: Path) -> None:
    here, from_elsewhere = run("make", "help", cwd=project), run("make", "-s", "-C", project, "help", cwd=Path("/"))
    for done in (here, from_elsewhere):
        assert done.returncode == 0, done.stderr
        assert "make TARGET" in done.stdout
    planned = run("make", "-n", "install", cwd=project)
    assert planned.returncode == 0, planned.stderr
    assert "tools/bootstrap.sh .tools" in planned.stdout


def test_make_says_what_it_cannot_do(project: Path, tmp_path: Path) -> None:
    elsewhere = run("make", "-f", project / "Makefile", "help", cwd=tmp_path)
    assert elsewhere.returncode != 0
    assert "make -C FOLDER help" in elsewhere.stderr
    colon = tmp_path / "a:b"
    shutil.copytree(project, colon)
    assert "has a colon" in run("make", "help", cwd=colon).stderr


def test_the_console_says_where_it_cannot_be_built(project: Path) -> None:
    done = run("tools/console.sh", "services/gateway/console", "python3", cwd=project)
    assert done.returncode == 1
    assert "backslash, #, ? or %" in done.stderr
    assert f"where: {project}" in done.stderr


def test_no_folder_of_somebody_else_becomes_an_environment(project: Path) -> None:
    mine = project / "mine"
    (mine / "deep").mkdir(parents=True)
    (mine / "deep" / "letter.txt").write_text("mine")
    done = run("tools/bootstrap.sh", "mine", "uv==0", cwd=project)
    assert done.returncode == 1
    assert "no virtual environment, and not empty" in done.stderr
    assert (mine / "deep" / "letter.txt").read_text() == "mine"

"""The record of requirements: what a test ran against, and that only a run of every test writes it."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

TESTS = """
    import pytest
    from showfloor.testing.system import System

    class Standing:
        stands_in = True

    @pytest.fixture
    def system(tmp_path):
        return System(tmp_path)

    @pytest.fixture
    def api(system):
        return system.url if False else "api"

    @pytest.fixture
    def served():
        return Standing()

    @pytest.fixture
    def untidy():
        yield
        raise OSError

    @pytest.mark.requirement("R1", "R2")
    def test_through_the_gateway(api): ...

    @pytest.mark.requirement("R1")
    def test_on_a_stub(served): ...

    @pytest.mark.requirement("R1")
    def test_rules(): ...

    @pytest.mark.requirement("R3")
    def test_left_out(): pytest.skip("no browser")

    @pytest.mark.requirement("R3")
    def test_cleaning_up_fails(untidy): ...

    def test_names_nothing(): ...
"""
INI = "[pytest]\ntestpaths = tests\nmarkers =\n    requirement(id): what it shows\n"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with a few tests."""
    (tmp_path / "pytest.ini").write_text(INI)
    (tmp_path / "tests").mkdir()
    body = TESTS.replace("\n    ", "\n")
    (tmp_path / "tests/test_one.py").write_text(body)
    return tmp_path


def run(project: Path, *words: str) -> Any:
    """Run its tests; return the record of the run, None when it wrote none."""
    plugins = ["-p", "showfloor.testing.requirements", "-p", "no:cacheprovider"]
    env = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTEST_ADDOPTS": ""}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *plugins, *words],
        cwd=project, env=env, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode in (0, 1, 2), done.stdout + done.stderr
    record = project / "test-results/requirements.json"
    return json.loads(record.read_text()) if record.exists() else None


def said(record: Any) -> dict[str, dict[str, tuple[str, str]]]:
    return {
        requirement: {name.split("::test_")[1]: (one["against"], one["outcome"]) for name, one in tests.items()}
        for requirement, tests in record.items()
    }


@pytest.mark.parametrize("words", [(), ("-p", "xdist", "-n", "2")], ids=["one process", "two workers"])
def test_a_full_run_records_what_each_test_ran_against(project: Path, words: tuple[str, ...]) -> None:
    assert said(run(project, *words)) == {
        "R1": {
            "through_the_gateway": ("system", "passed"),
            "on_a_stub": ("stub", "passed"),
            "rules": ("parts", "passed"),
        },
        "R2": {"through_the_gateway": ("system", "passed")},
        "R3": {"left_out": ("parts", "skipped"), "cleaning_up_fails": ("parts", "failed")},
    }


@pytest.mark.parametrize(
    "words",
    [
        ("tests/test_one.py",),
        ("-k", "rules"),
        ("-m", "requirement"),
        ("-x",),
        ("--deselect", "tests/test_one.py::test_rules"),
        ("--collect-only",),
        ("-p", "xdist", "-n", "2", "-k", "rules"),
    ],
    ids=" ".join,
)
def test_a_run_of_some_tests_leaves_the_record_as_it_is(project: Path, words: tuple[str, ...]) -> None:
    assert run(project, *words) is None
    if words == ("-x",):
        (project / "test-results").mkdir()
        (project / "test-results/requirements.json").write_text('{"R9": {}}')
        assert run(project, *words) == {"R9": {}}


@pytest.mark.parametrize("words", [(), ("-p", "xdist", "-n", "2")], ids=["one process", "two workers"])
def test_a_run_that_could_not_read_a_file_is_not_full(project: Path, words: tuple[str, ...]) -> None:
    (project / "tests/test_two.py").write_text("import nothing_of_this_name")
    assert run(project, *words) is None


def test_a_run_that_lost_a_worker_is_not_full(project: Path) -> None:
    (project / "tests/test_two.py").write_text("import os\n\n\ndef test_dies():\n    os._exit(1)\n")
    assert run(project, "-p", "xdist", "-n", "2") is None

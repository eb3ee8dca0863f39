"""Every check of the doctor fails when it should, and says where and what next; and passes when all is well."""

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import doctor_keyring_states
import doctor_moving_states
import pytest
from doctor_installation import setup
from doctor_states import STATES

from showfloor.cli.checks import machine
from showfloor.cli.checks.finding import Level
from showfloor.cli.doctor import ALWAYS, EXIT_BROKEN, WHILE_RUNNING, doctor, look

__all__ = ["doctor_keyring_states", "doctor_moving_states", "setup"]

CHECKS = {check.__name__: check for check in (*ALWAYS, *WHILE_RUNNING)}
OPERATIONS = Path(__file__).parents[3] / "docs/operations.md"
OF_THIS_MACHINE = ("python", "memory", "disk", "open_files", "shared_memory")  # may be so where the tests run


@pytest.fixture(autouse=True)
def console(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """The console counts as built: it may be or not where the tests run."""
    package = tmp_path_factory.mktemp("package")
    (package / "console/static").mkdir(parents=True)
    (package / "console/static/index.html").touch()
    monkeypatch.setattr(machine, "resources", SimpleNamespace(files=lambda _: package))


def test_no_check_is_without_a_state_in_which_it_fails() -> None:
    assert {check for check, _, _ in STATES.values()} == set(CHECKS)
    assert f"{len(CHECKS)} checks" in OPERATIONS.read_text()


@pytest.mark.parametrize("name", STATES)
def test_it_finds_the_bad_state_and_not_the_good_one(
    setup: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str
) -> None:
    check, words, state = STATES[name]
    with monkeypatch.context() as patch, state(setup, patch, tmp_path) as patient:
        found = look(CHECKS[check], patient or setup.patient())
    assert found.level is not Level.OK, found
    assert words in found.says, found
    assert found.place and found.next_step, found
    assert "itself broke" not in found.next_step, found
    after = look(CHECKS[check], setup.patient())
    assert after.level is Level.OK or check in OF_THIS_MACHINE, after


def test_it_prints_cause_place_and_next_step_and_ends_with_1(setup: Any, capsys: pytest.CaptureFixture[str]) -> None:
    setup.folder.operator_key.chmod(0o640)
    with pytest.raises(SystemExit) as ended:
        doctor(data=setup.folder.root)
    told = capsys.readouterr().out
    assert ended.value.code == EXIT_BROKEN
    assert "others can read 1 of them" in told
    assert f"where: {setup.folder.operator_key}" in told
    assert f"next:  chmod 600 {setup.folder.operator_key}" in told
    with pytest.raises(SystemExit) as ended:
        doctor(data=setup.folder.root, as_json=True)
    (row,) = [row for row in json.loads(capsys.readouterr().out) if row["level"] == "fail"]
    assert row["check"] == "secrets" and row["place"] == str(setup.folder.operator_key)
    setup.folder.operator_key.chmod(0o600)

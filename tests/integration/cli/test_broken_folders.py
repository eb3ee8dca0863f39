"""Of each broken state of the data folder `doctor` and `up` say the cause and the way out, and change nothing."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from broken_folders import BROKEN, FOREIGN, Broken, picture, sound_copy

from showfloor.cli.checks import data
from showfloor.cli.checks.finding import Level, Patient
from showfloor.cli.doctor import look
from showfloor.cli.failures import startup_error_in
from showfloor.embedded.condition import name_of
from showfloor.embedded.folder import DataFolder
from showfloor.embedded.postgres import Postgres
from showfloor.platform.startup_error import StartupError
from showfloor.testing.system import SHOWFLOOR

ALL = BROKEN | (FOREIGN if os.geteuid() == 0 else {})
CHECKS = {check.__name__.replace("_", " "): check for check in data.CHECKS}


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> DataFolder:
    folder = DataFolder(tmp_path_factory.mktemp("sound") / "data")
    folder.prepare()
    Postgres(folder).prepare()
    return folder


@pytest.fixture
def folder(sound: DataFolder, tmp_path: Path) -> Iterator[DataFolder]:
    yield sound_copy(sound, tmp_path / "data")
    shutil.rmtree(tmp_path)  # 40 MB for each test


def started(folder: DataFolder) -> None:
    """What `up` does before anything runs."""
    folder.prepare()
    Postgres(folder).prepare()


@pytest.mark.parametrize("name", ALL)
def test_it_is_known_by_doctor_and_by_up(folder: DataFolder, name: str) -> None:
    broken: Broken = ALL[name]
    before = look(CHECKS[broken.check], Patient(folder))
    assert before.level is Level.OK, before
    broken.how(folder)
    seen = picture(folder.root)

    found = look(CHECKS[broken.check], Patient(folder))
    assert found.level is Level.FAIL, found
    assert broken.cause in found.says, found
    assert found.place == str(folder.root / broken.place), found
    assert broken.way_out in found.next_step, found
    with pytest.raises(StartupError) as refused:
        started(folder)
    told = refused.value
    assert (told.cause, told.place, told.next_step) == (found.says, found.place, found.next_step)
    assert picture(folder.root) == seen


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody who may not look")
def test_whoever_may_not_look_is_told_so(sound: DataFolder, tmp_path_factory: pytest.TempPathFactory) -> None:
    """No traceback, whatever is asked; pytest's own folder is closed to others."""
    open_folder = Path(tempfile.mkdtemp(prefix="showfloor-may-not-"))
    open_folder.chmod(0o755)
    closed = DataFolder(open_folder / "data")
    closed.prepare()
    (open_folder / "file").touch()
    patients = [Patient(closed), Patient(sound), Patient(DataFolder(open_folder / "file"))]
    os.seteuid(65534)
    try:
        found = [look(CHECKS["data folder"], patient) for patient in patients]
        others = [look(check, patient) for patient in patients for check in CHECKS.values()]
        with pytest.raises(StartupError, match="belongs to root"):
            closed.running()
        with pytest.raises(PermissionError) as refused:
            list(closed.logs.iterdir())
    finally:
        os.seteuid(0)
        shutil.rmtree(open_folder)
    assert [one.says for one in found] == [
        f"it belongs to root, not to {name_of(65534)}",
        "there is no right to read, write and enter it",
        "it is not a folder",
    ]
    assert not [one for one in others if "itself broke" in one.next_step]
    assert "no right" in startup_error_in(refused.value).cause


@pytest.mark.parametrize("name", ["version missing", "databases gone", "half restored"])
def test_the_command_says_so_too(folder: DataFolder, name: str) -> None:
    ALL[name].how(folder)
    seen = picture(folder.postgres) if folder.postgres.exists() else {}
    done = subprocess.run(
        [SHOWFLOOR, "up", "--no-demo", "--data", folder.root], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 1
    assert ALL[name].cause in done.stderr
    assert ALL[name].way_out in done.stderr
    assert (picture(folder.postgres) if folder.postgres.exists() else {}) == seen


def test_what_the_way_out_says_works(folder: DataFolder) -> None:
    ALL["version garbage"].how(folder)
    with pytest.raises(StartupError) as refused:
        started(folder)
    subprocess.run(["sh", "-c", refused.value.next_step.split("`")[1]], check=True)
    if os.geteuid() == 0:
        os.chown(folder.postgres / "PG_VERSION", folder.postgres.stat().st_uid, -1)
    started(folder)

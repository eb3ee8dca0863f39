"""A backup of a running system waits for the signals that are acknowledged, and knows when it cannot tell."""

import asyncio
from pathlib import Path

import pytest

from showfloor.api.common.v1.operator_service_pb2 import GetStatusResponse, PartStatus
from showfloor.cli import backup, operators
from showfloor.embedded.folder import DataFolder
from showfloor.platform.startup_error import StartupError


def fold(state: str, position: int = 0, lag: int = 0, detail: str = "") -> PartStatus:
    return PartStatus(kind="fold", name="signals", state=state, position=position, lag=lag, detail=detail)


AWAY = fold("failed", detail="NATS is away")


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[PartStatus]:
    """What the service will answer, one after the other; the last one again and again."""
    told: list[PartStatus] = []

    async def status_of(_folder: DataFolder, _address: str) -> GetStatusResponse:
        return GetStatusResponse(parts=[told.pop(0) if len(told) > 1 else told[0]])

    monkeypatch.setattr(operators, "addresses", lambda _: {"session": "127.0.0.1:1"})
    monkeypatch.setattr(operators, "status_of", status_of)
    monkeypatch.setattr(backup, "LOOK", 0.001)
    return told


def wait(tmp_path: Path) -> list[tuple[int, int]]:
    seen: list[tuple[int, int]] = []
    asyncio.run(backup._fold_signals(DataFolder(tmp_path), lambda done, total: seen.append((done, total))))
    return seen


def test_what_waits_is_taken_from_a_fold_that_can_look(told: list[PartStatus], tmp_path: Path) -> None:
    told += [AWAY, AWAY, fold("running", 5, 3), AWAY, fold("running", 7, 9), fold("running", 8, 20), AWAY]
    assert wait(tmp_path) == [(0, 3), (2, 3), (3, 3)]
    assert told == [AWAY]


@pytest.mark.parametrize(
    ("first", "says"),
    [(AWAY, "NATS is away"), (fold("failed"), "failed"), (fold("running", 5, 3), "waiting batches: 3")],
)
def test_signals_that_may_wait_are_no_backup(
    told: list[PartStatus], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, first: PartStatus, says: str
) -> None:
    told += [first]
    monkeypatch.setattr(backup, "SIGNAL_PATIENCE", 0.01)
    with pytest.raises(StartupError, match=f"may not be folded: {says}") as refused:
        wait(tmp_path)
    assert "showfloor down" in refused.value.next_step


def test_a_missing_folder_is_made_and_the_file_named_by_time(tmp_path: Path) -> None:
    file = backup._file(tmp_path / "deep" / "backups")
    assert file.parent == tmp_path / "deep" / "backups"
    assert file.parent.is_dir()
    assert file.name.startswith("showfloor-")
    assert file.name.endswith(".tar.gz")
    assert backup._file(tmp_path / "deep" / "backups").parent == file.parent, "night after night"


def test_a_file_is_named_as_asked_and_nothing_is_overwritten(tmp_path: Path) -> None:
    assert backup._file(tmp_path / "mine.tar.gz") == tmp_path / "mine.tar.gz"
    (tmp_path / "mine.tar.gz").touch()
    with pytest.raises(StartupError, match="the file exists"):
        backup._file(tmp_path / "mine.tar.gz")


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "notes").touch()
    with pytest.raises(StartupError, match="the folder cannot be made"):
        backup._file(tmp_path / "notes")

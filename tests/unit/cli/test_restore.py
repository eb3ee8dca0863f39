"""Where nothing can be restored to is told before anything is done."""

import os
from pathlib import Path

import psutil
import pytest

from showfloor.cli.restore import restore
from showfloor.platform.startup_error import StartupError


def refused(target: Path, says: str) -> StartupError:
    """Return the refusal of a target. The archive is none: it must not even be looked at."""
    with pytest.raises(StartupError, match=says) as error:
        restore(Path("/dev/null/none"), data=target)
    return error.value


def test_a_volume_is_refused_with_a_folder_inside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "lost+found").mkdir()
    assert f"--data {tmp_path}/showfloor" in refused(tmp_path, "topmost folder of a volume").next_step
    refused(tmp_path / "volume", "no such file")
    (tmp_path / "volume").mkdir()
    refused(tmp_path / "volume", "no such file")
    monkeypatch.setattr(os.path, "ismount", lambda path: Path(path).name == "volume")
    refused(tmp_path / "volume", "topmost folder of a volume")


def test_a_bind_mount_of_the_same_disk_is_a_volume_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "volume").mkdir()
    (one, *_) = psutil.disk_partitions(all=True)
    mounts = [one._replace(mountpoint=f"{tmp_path}/volume")]
    monkeypatch.setattr(psutil, "disk_partitions", lambda **_: mounts)
    refused(tmp_path / "volume", "topmost folder of a volume")


@pytest.mark.skipif(not Path("/dev/shm").is_mount(), reason="this machine has no second file system to look at")
def test_a_real_mount_point_is_refused() -> None:
    refused(Path("/dev/shm"), "topmost folder of a volume|empty folder only")


def test_what_is_in_use_is_refused(tmp_path: Path) -> None:
    (tmp_path / "letter").write_text("mine")
    refused(tmp_path, "empty folder only")
    refused(tmp_path / "letter", "empty folder only")
    refused(tmp_path / "no/folder", "no such folder")


def test_a_link_to_a_folder_is_that_folder(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "real/letter").touch()
    (tmp_path / "link").symlink_to("real")
    assert refused(tmp_path / "link", "empty folder only").place == str(tmp_path / "real")

"""What was made is on the disk before it gets its name, and its name is there when the command ends."""

import os
import shutil
from pathlib import Path

import pytest

from showfloor.cli.backups.cluster import size_of
from showfloor.cli.backups.workplace import put_in_place


def test_content_is_on_the_disk_before_the_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made, result = tmp_path / "work/data", tmp_path / "result"
    (made / "postgres/base").mkdir(parents=True)
    for file in ("operator.key", "postgres/PG_VERSION", "postgres/base/1"):
        (made / file).write_text("text")
    (made / "dangling").symlink_to("nowhere")
    all_of_it = {made, *(path for path in made.rglob("*") if not path.is_symlink())}
    flushed: list[Path] = []
    fsync, rename = os.fsync, Path.rename

    def note(descriptor: int) -> None:
        flushed.append(next(p for p in (*all_of_it, tmp_path) if os.path.sameopenfile(descriptor, opened(p))))
        fsync(descriptor)

    def opened(path: Path) -> int:
        now = result / path.relative_to(made) if path.is_relative_to(made) and not made.exists() else path
        descriptors.append(os.open(now, os.O_RDONLY))
        return descriptors[-1]

    def named(path: Path, target: Path) -> Path:
        assert set(flushed) == all_of_it
        assert not target.exists()
        return rename(path, target)

    descriptors: list[int] = []
    monkeypatch.setattr(os, "fsync", note)
    monkeypatch.setattr(Path, "rename", named)
    put_in_place(made, result)
    for descriptor in descriptors:
        os.close(descriptor)
    assert flushed[-1] == tmp_path and len(flushed) == len(all_of_it) + 1
    assert (result / "postgres/base/1").read_text() == "text" and not made.exists()


def test_what_vanishes_while_it_is_measured_does_not_count(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in "abc":
        (tmp_path / name).mkdir()
        (tmp_path / name / "file").write_bytes(bytes(100_000))
    lstat = Path.lstat

    def vanishing(path: Path) -> os.stat_result:
        seen = lstat(path)
        if path.name == "file":  # in one of the folders: the others, which were seen, are gone now
            for other in tmp_path.iterdir():
                if other != path.parent:
                    shutil.rmtree(other)
        return seen

    monkeypatch.setattr(Path, "lstat", vanishing)
    assert 100_000 <= size_of(tmp_path, tmp_path / "never") < 150_000

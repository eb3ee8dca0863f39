"""Blobs are written once, whole, and read back."""

import os
from pathlib import Path

import pytest

from showfloor.blobs import open_blobs


async def test_a_blob_is_written_once_and_read(tmp_path: Path) -> None:
    blobs = open_blobs("", tmp_path / "images")
    await blobs.put("ab/one/480.webp", b"first")
    await blobs.put("ab/one/480.webp", b"second")
    assert await blobs.get("ab/one/480.webp") == b"first"
    assert await blobs.get("ab/two/480.webp") is None
    assert await open_blobs("", tmp_path / "images").get("ab/one/480.webp") == b"first"


async def test_a_blob_is_on_the_disk_before_put_returns(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    flushed: list[str] = []
    monkeypatch.setattr(
        os, "fsync", lambda descriptor: flushed.append(str(Path(f"/proc/self/fd/{descriptor}").readlink()))
    )
    blobs = open_blobs("", tmp_path)
    for _ in range(2):  # one that is there may not be on the disk yet
        await blobs.put("ab/one", b"first")
        assert flushed == [str(tmp_path / "ab/one"), str(tmp_path / "ab"), str(tmp_path)]
        flushed.clear()
    assert await blobs.has("ab/one")
    assert not await blobs.has("ab/two")


async def test_nothing_half_written_has_the_name(tmp_path: Path) -> None:
    blobs = open_blobs("", tmp_path)
    await blobs.put("ab/one", bytes(1_000_000))
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == ["one"]


def test_only_a_folder_or_an_s3_address_is_opened(tmp_path: Path) -> None:
    for address in ("file:///etc", "http://store.example/", "memory://"):
        with pytest.raises(ValueError, match="s3://"):
            open_blobs(address, tmp_path)
    open_blobs("s3://bucket/pictures", tmp_path)

"""A backup archive comes back as it went in, or not at all: what was changed on the way is named."""

import gzip
import hashlib
import io
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import pytest

from showfloor.cli.backups import archive, workplace
from showfloor.cli.backups.manifest import (
    FORMAT,
    PRODUCT,
    Manifest,
    ServiceAt,
    ViewAt,
    migrations_of,
    refuse_unreadable,
)
from showfloor.cli.restore import difference
from showfloor.platform.startup_error import StartupError

NOISE = b"".join(hashlib.sha256(str(n).encode()).digest() for n in range(70_000))
"""Text that cannot be packed smaller. Of text that repeats itself a changed bit may name an equal piece elsewhere."""

FILES = {"postgres/PG_VERSION": b"18\n", "postgres/base/1/big": NOISE, "operator.key": b"secret\n"}


class Usage(NamedTuple):
    free: int


def unseen(_done: int, _total: int) -> None:
    """Watches no progress."""


def allowed(_manifest: Manifest) -> None:
    """Has nothing against it."""


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    root = tmp_path / "tree"
    for name, text in FILES.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(text)
    (root / "postgres/pg_notify").mkdir()
    return root


def manifest_of(tree: Path, **more: Any) -> Manifest:
    folders, files = archive.contents(tree, unseen)
    said: dict[str, Any] = {"product": PRODUCT, "format": FORMAT, "version": "0.1.0", "postgres": "18.4"}
    said |= {"began": "", "ended": "", "signals": "folded", "services": {}, "folders": folders, "files": files}
    return Manifest(**{**said, **more})


def packed(tree: Path, tmp_path: Path, **more: Any) -> Path:
    file = tmp_path / "backup.tar.gz"
    archive.pack(tree, manifest_of(tree, **more), file, unseen)
    return file


def unpacked(file: Path, tmp_path: Path) -> Path:
    root = tmp_path / "out"
    root.mkdir()
    archive.unpack(file, root, allowed, unseen)
    return root


def test_every_file_and_empty_folder_comes_back(tree: Path, tmp_path: Path) -> None:
    file = packed(tree, tmp_path)
    root = unpacked(file, tmp_path)
    assert {p.relative_to(root).as_posix(): p.read_bytes() for p in root.rglob("*") if p.is_file()} == FILES
    assert (root / "postgres/pg_notify").is_dir()
    assert file.stat().st_mode & 0o777 == 0o600
    assert (root / "operator.key").stat().st_mode & 0o777 == 0o600


def flip(at: float) -> Callable[[Path], None]:
    def change(file: Path) -> None:
        data = bytearray(file.read_bytes())
        data[int(len(data) * at)] ^= 0x40
        file.write_bytes(data)

    return change


def cut(share: float) -> Callable[[Path], None]:
    return lambda file: file.write_bytes(file.read_bytes()[: int(file.stat().st_size * share)])


def rewritten(change: Callable[[list[tuple[tarfile.TarInfo, bytes]]], None]) -> Callable[[Path], None]:
    """Return a change of the tar inside, wrapped up again so that only its content tells."""

    def rewrite(file: Path) -> None:
        with tarfile.open(file) as tar:
            members = [(one, tar.extractfile(one).read()) for one in tar]  # type: ignore[union-attr]
        change(members)
        with gzip.open(file, "wb") as zipped, tarfile.open(fileobj=zipped, mode="w|") as tar:
            for one, text in members:
                tar.addfile(one, io.BytesIO(text) if one.isreg() else None)

    return rewrite


def added(name: str, kind: bytes = tarfile.REGTYPE, link: str = "") -> Callable[[Path], None]:
    member = tarfile.TarInfo(name)
    member.type, member.linkname = kind, link
    return rewritten(lambda members: members.append((member, b"")))


def replaced(members: list[tuple[tarfile.TarInfo, bytes]]) -> None:
    one, text = members[-1]
    members[-1] = one, text[:-1] + b"!"


def turned_to_link(members: list[tuple[tarfile.TarInfo, bytes]]) -> None:
    members[-1][0].type, members[-1][0].linkname, members[-1][0].size = tarfile.SYMTYPE, "/etc/passwd", 0


def odd_header(file: Path) -> None:
    """Put in a member whose extra headers tarfile itself stumbles over."""
    with tarfile.open(file, "w:gz", format=tarfile.PAX_FORMAT) as tar:
        member = tarfile.TarInfo("manifest.json")
        member.pax_headers = {"GNU.sparse.map": "max"}
        tar.addfile(member)


CHANGES: dict[str, tuple[Callable[[Path], None], str]] = {
    "cut in half": (cut(0.5), "ends too early"),
    "cut at the end": (cut(0.999), "ends too early"),
    "a bit flipped": (flip(0.6), "damaged"),
    "text": (lambda file: file.write_text("a letter"), "not a backup"),
    "empty": (lambda file: file.write_bytes(b""), "not a backup"),
    "another gzip": (lambda file: file.write_bytes(gzip.compress(b"letters" * 999)), "not a backup"),
    "another tar": (rewritten(lambda members: members.pop(0)), "not a backup"),
    "a file lost": (rewritten(lambda members: members.pop()), "postgres/base/1/big is missing"),
    "a file changed": (rewritten(replaced), "postgres/base/1/big is not as it was written"),
    "a file turned to a link": (rewritten(turned_to_link), "is a link"),
    "a file twice": (rewritten(lambda members: members.append(members[-1])), "comes twice"),
    "a file more": (added("postgres/postgresql.auto.conf"), "not named in its manifest"),
    "a way out": (added("../../escaped"), "not named in its manifest"),
    "a link": (added("link", tarfile.SYMTYPE, "/etc"), "is a link"),
    "a hard link": (added("link", tarfile.LNKTYPE, "operator.key"), "is a link"),
    "a device": (added("null", tarfile.CHRTYPE), "a device"),
    "an odd header": (odd_header, "not a backup"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_what_was_changed_on_the_way_is_refused_and_named(tree: Path, tmp_path: Path, change: str) -> None:
    file = packed(tree, tmp_path)
    damage, says = CHANGES[change]
    damage(file)
    with pytest.raises(StartupError, match=says) as refused:
        unpacked(file, tmp_path)
    assert refused.value.place == str(file)
    assert refused.value.next_step
    assert not (tmp_path.parent / "escaped").exists()


def test_one_changed_bit_is_refused_or_changes_nothing(tmp_path: Path) -> None:
    """A few bits carry nothing: the time in gzip's header, or which of two equal pieces is meant by "as before"."""
    files = {
        "noise": NOISE[:9_000],
        "again": bytes(range(256)) * 60,
        "words": b"tea and more tea, " * 500,
        "empty": b"",
    }
    tree = tmp_path / "tree"
    for name, text in files.items():
        (tree / "a").mkdir(parents=True, exist_ok=True)
        (tree / "a" / name).write_bytes(text)
    file, said = packed(tree, tmp_path), manifest_of(tree)
    whole, refused = file.read_bytes(), 0
    places = {*range(24), *range(0, len(whole), len(whole) // 400), *range(len(whole) - 24, len(whole))}
    for at in sorted(places):
        file.write_bytes(whole[:at] + bytes([whole[at] ^ 1 << at % 8]) + whole[at + 1 :])
        root = tmp_path / f"out{at}"
        root.mkdir()
        try:
            manifest = archive.unpack(file, root, allowed, unseen)
        except StartupError:
            refused += 1
        else:
            assert manifest == said, at
            assert {p.name: p.read_bytes() for p in root.rglob("*") if p.is_file()} == files, at
    assert refused > len(places) / 2


@pytest.mark.parametrize(
    "name", ["../escaped", "/etc/escaped", "a/../../escaped", "a//b", "", ".", "a\\b", "a\0b", "x" * 256]
)
def test_a_manifest_that_leads_out_is_refused_before_any_write(tree: Path, tmp_path: Path, name: str) -> None:
    for more in ({"folders": [name]}, {"files": {name: archive.Content(0, "")}}):
        file = tmp_path / "backup.tar.gz"
        text = msgspec.json.encode(manifest_of(tree, **more))
        member = tarfile.TarInfo("manifest.json")
        member.size = len(text)
        with tarfile.open(file, "w:gz") as tar:
            tar.addfile(member, io.BytesIO(text))
        with pytest.raises(StartupError, match="lies outside"):
            archive.unpack(file, tmp_path / "never", allowed, unseen)
    assert not (tmp_path / "never").exists()


def test_a_newer_format_is_refused_with_the_version_to_install(tree: Path, tmp_path: Path) -> None:
    file = packed(tree, tmp_path, format=FORMAT + 1, version="9.9.9")
    with pytest.raises(StartupError, match="newer Showfloor") as refused:
        unpacked(file, tmp_path)
    assert "9.9.9" in refused.value.next_step


def test_databases_of_a_newer_version_are_refused(tree: Path) -> None:
    known = migrations_of("showfloor.session")
    assert len(known) >= 3
    services = {"session": ServiceAt(1, known, {})}
    refuse_unreadable(manifest_of(tree, services=services), tree)
    for unknown in ({"9999_later.sql": "0"}, {next(iter(known)): "0"}):
        newer = {"session": ServiceAt(1, {**known, **unknown}, {})}
        with pytest.raises(StartupError, match="does not know session's"):
            refuse_unreadable(manifest_of(tree, services=newer), tree)
    with pytest.raises(StartupError, match="no service karaoke"):
        refuse_unreadable(manifest_of(tree, services={"karaoke": ServiceAt(1, {}, {})}), tree)


def test_databases_of_another_postgres_are_refused(tree: Path) -> None:
    with pytest.raises(StartupError, match="data of PostgreSQL 17") as refused:
        refuse_unreadable(manifest_of(tree, postgres="17.2"), tree)
    assert "Showfloor 0.1.0" in refused.value.next_step


def test_a_database_that_is_not_as_at_the_backup_is_told_apart() -> None:
    wanted = ServiceAt(9, {"0001_x.sql": "a"}, {"orders": ViewAt("f1", 9), "pins": ViewAt("f2", 9)})
    assert difference(wanted, wanted) is None
    assert difference(wanted, None) == "its database is missing"
    other_rows = {**wanted.views, "pins": ViewAt("f3", 9)}
    elsewhere = {**wanted.views, "orders": ViewAt("f1", 8)}
    for views, named in ((other_rows, "pins"), (elsewhere, "orders"), ({"pins": ViewAt("f2", 9)}, "orders")):
        found = ServiceAt(9, wanted.migrations, views)
        assert difference(wanted, found) == f"other rows than at the backup in view {named}"
    assert "its log" in str(difference(wanted, ServiceAt(8, wanted.migrations, wanted.views)))


def test_a_link_in_the_data_folder_is_refused(tree: Path) -> None:
    (tree / "elsewhere").symlink_to("/etc")
    with pytest.raises(StartupError, match="cannot be backed up"):
        archive.contents(tree, unseen)


def test_too_little_space_is_told_before_anything_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workplace.shutil, "disk_usage", lambda _: Usage(free=100_000_000))
    workplace.need_space(tmp_path, 10_000_000, "it")
    with pytest.raises(StartupError, match="needs 167 MB, and only 100 MB are free"):
        workplace.need_space(tmp_path, 100_000_000, "it")


def test_the_workplace_is_gone_afterwards_and_never_shared(tmp_path: Path) -> None:
    left = tmp_path / f".older{workplace.SUFFIX}"
    (left / "data").mkdir(parents=True)
    (left / "half").touch()
    (left / workplace.MARKER).touch()
    just_begun = tmp_path / f".begun{workplace.SUFFIX}"
    just_begun.mkdir()
    with workplace.workplace(tmp_path / "result") as work:
        assert not left.exists()
        assert not just_begun.exists(), "killed before it was marked"
        with pytest.raises(StartupError, match="same name"), workplace.workplace(tmp_path / "result"):
            pass
        assert work.is_dir()
    with pytest.raises(KeyboardInterrupt), workplace.workplace(tmp_path / "result"):
        raise KeyboardInterrupt
    assert list(tmp_path.iterdir()) == []


def test_what_only_has_a_name_like_ours_stays(tmp_path: Path) -> None:
    """A backup is written into folders that hold other things."""
    mine = tmp_path / f".result{workplace.SUFFIX}"
    mine.mkdir()
    (mine / "letter.txt").write_text("mine")
    with workplace.workplace(tmp_path / "other"):
        pass
    with pytest.raises(StartupError, match="is not touched") as refused, workplace.workplace(tmp_path / "result"):
        pass
    assert refused.value.place == str(mine)
    assert [entry.name for entry in mine.iterdir()] == ["letter.txt"]


@pytest.mark.parametrize("names", [("a", "a/b"), ("a/b", "a")])
def test_two_things_of_one_name_are_refused(tree: Path, tmp_path: Path, names: tuple[str, str]) -> None:
    nothing = archive.Content(0, hashlib.sha256().hexdigest())
    file = tmp_path / "backup.tar.gz"
    text = msgspec.json.encode(manifest_of(tree, folders=[], files=dict.fromkeys(names, nothing)))
    with tarfile.open(file, "w:gz") as tar:
        for name, body in (("manifest.json", text), (names[0], b""), (names[1], b"")):
            member = tarfile.TarInfo(name)
            member.size = len(body)
            tar.addfile(member, io.BytesIO(body))
    with pytest.raises(StartupError, match="two things of one name"):
        archive.unpack(file, tmp_path / "new", allowed, unseen)

"""Where mails go: which servers are taken, and files instead of one."""

import stat
from email.message import EmailMessage
from pathlib import Path

import pytest

from showfloor.events.invitations.edges.posting import checked_server, into_folder
from showfloor.events.invitations.edges.rpc_contacts import remove_mails
from showfloor.events.invitations.processes.outbox import MailServerAway


@pytest.mark.parametrize(
    "url", ["", "smtp://mail.example.com", "smtps://ana%40example.com@mail.example.com:465", "smtp://[::1]:25"]
)
def test_a_server_has_an_address(url: str) -> None:
    assert checked_server(url) == url


@pytest.mark.parametrize(
    "url",
    ["mail.example.com", "http://mail.example.com", "smtp://", "smtp://ana:secret@mail.example.com", "smtp://a:0"],
)
def test_a_password_has_a_file_of_its_own(url: str) -> None:
    with pytest.raises(ValueError, match="smtp://"):
        checked_server(url)


async def test_twice_is_once_and_nobody_else_reads_it(tmp_path: Path) -> None:
    mail = EmailMessage()
    mail["To"], post = "ana@example.com", into_folder(tmp_path / "mail")
    assert [await post("event/mail.confirm.1", mail) for _ in range(2)] == [True, True]
    (file,) = (tmp_path / "mail").rglob("*.*")
    assert (file.parent.name, file.name, stat.S_IMODE(file.stat().st_mode)) == ("event", "mail.confirm.1.eml", 0o600)
    assert b"To: ana@example.com" in file.read_bytes()


async def test_a_folder_that_cannot_be_written_is_waited_for(tmp_path: Path) -> None:
    (tmp_path / "mail").write_text("a file")
    with pytest.raises(MailServerAway):
        await into_folder(tmp_path / "mail")("event/mail", EmailMessage())


def test_only_mails_are_removed_with_what_is_forgotten(tmp_path: Path) -> None:
    ours, foreign = tmp_path / "ours", tmp_path / "foreign"
    for folder in (ours, foreign):
        folder.mkdir()
        for name in ("confirm-1.eml", ".confirm-2.eml.new"):
            (folder / name).write_text("To: kim@example.com")
    (foreign / "notes.txt").write_text("not ours")
    for folder in (ours, foreign, tmp_path / "never made"):
        remove_mails(folder)
    assert not ours.exists()
    assert [file.name for file in foreign.iterdir()] == ["notes.txt"]


def test_a_mail_that_cannot_be_removed_is_told(tmp_path: Path) -> None:
    (tmp_path / "confirm-1.eml").mkdir()
    with pytest.raises(OSError):
        remove_mails(tmp_path)

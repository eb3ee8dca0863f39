"""What mails say, and which are still of use."""

from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.policy import default
from uuid import UUID

import icalendar
import msgspec
import pytest

from showfloor.events.invitations.domain.invitation import Invitation, Kind, Mail
from showfloor.events.invitations.domain.invited_event import InvitedEvent, promote_now
from showfloor.events.invitations.domain.mails import is_of_use
from showfloor.events.invitations.edges.mail_message import message_of
from showfloor.events.invitations.edges.mail_texts import Links

T0 = datetime(2026, 10, 24, 18, tzinfo=UTC)
EVENT = InvitedEvent(
    event_id=UUID(int=1), account_id=UUID(int=2), title="Autumn tea\r\nBcc: bob@example.com",
    start_time=T0 + timedelta(days=1), end_time=T0 + timedelta(days=1, minutes=90), time_zone="Europe/Berlin",
    sequence=2,
)  # fmt: skip
GUEST = Invitation(
    invitation_id=UUID(int=9), event_id=EVENT.event_id, account_id=EVENT.account_id, contact="c",
    email="ana@example.com", status="confirmed", round=1, good_until=T0 + timedelta(days=7),
)  # fmt: skip
PAGE, CODE = f"https://live.shop.example/e/{EVENT.event_id}", f"{'9' * 32}-0-{'a' * 40}"
LINKS = Links(PAGE, f"{PAGE}/confirm?code={CODE}", f"{PAGE}/unsubscribe?code={CODE}", "")


def sent(kind: Kind, event: InvitedEvent = EVENT, number: int = 1) -> tuple[bytes, dict[str, str], str, bytes]:
    raw = message_of(GUEST, Mail(kind, number), event, LINKS, "live@shop.example", T0).as_bytes()
    message = message_from_bytes(raw, policy=default)
    body = message.get_body(("plain",))
    assert body is not None
    files = [part.get_content() for part in message.iter_attachments()]
    return raw, dict(message.items()), body.get_content(), files[0] if files else b""


@pytest.mark.parametrize("kind", ["confirm", "confirmed", "moved", "cancelled", "starting"])
def test_each_mail_can_be_ended_by_one_link(kind: Kind) -> None:
    raw, headers, body, _ = sent(kind)
    assert (headers["To"], headers["From"]) == ("ana@example.com", "live@shop.example")
    assert f"\r\nList-Unsubscribe: <{LINKS.unsubscribe}>\r\n".encode() in raw  # folded it would be no link
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert LINKS.unsubscribe in body
    assert "Sunday, 25 October 2026, 19:00 (Europe/Berlin), 18:00 UTC" in body and "1 hour 30 minutes" in body
    assert "Bcc" not in headers and "\nBcc: bob" not in raw.decode().replace("\r\n", "\n").split("\n\n")[0]


def test_only_the_first_mail_has_the_link_to_confirm() -> None:
    assert LINKS.confirm in sent("confirm")[2]
    assert not any(LINKS.confirm in sent(kind)[2] for kind in ("confirmed", "moved", "cancelled", "starting"))


@pytest.mark.parametrize(("kind", "method"), [("confirmed", "REQUEST"), ("moved", "REQUEST"), ("cancelled", "CANCEL")])
def test_the_calendar_file_comes_with_what_changes_it(kind: Kind, method: str) -> None:
    file = sent(kind, msgspec.structs.replace(EVENT, title="Tea", cancelled=kind == "cancelled"))[3]
    found = icalendar.Calendar.from_ical(file)
    assert found["method"] == method
    assert found.walk("VEVENT")[0]["sequence"] == 2
    assert sent("starting")[3] == b""


def test_the_same_mail_has_the_same_id_and_another_another() -> None:
    ids = [sent(kind, number=number)[1]["Message-ID"] for kind, number in (("moved", 1), ("moved", 1), ("moved", 2))]
    assert ids[0] == ids[1] != ids[2]
    assert sent("confirm", number=1)[1]["Message-ID"] != ids[0]


def test_a_mail_that_comes_too_late_is_not_sent() -> None:
    waiting = msgspec.structs.replace(GUEST, status="asked")
    late = EVENT.end_time
    for kind in ("confirm", "confirmed", "moved", "cancelled", "starting"):
        assert is_of_use(Mail(kind, 1), waiting, EVENT, T0)
        assert not is_of_use(Mail(kind, 1), waiting, EVENT, late)
        assert not is_of_use(Mail(kind, 1), msgspec.structs.replace(waiting, email=""), EVENT, T0)
    gone = msgspec.structs.replace(EVENT, cancelled=True)
    assert [k for k in ("confirm", "moved", "cancelled", "starting") if is_of_use(Mail(k, 1), GUEST, gone, T0)] == [
        "cancelled"
    ]
    assert not is_of_use(Mail("moved", 2), msgspec.structs.replace(GUEST, told=2), EVENT, T0)
    begun = EVENT.start_time + timedelta(minutes=20)
    kinds: list[Kind] = ["confirm", "confirmed", "moved", "starting"]
    told_late = [kind for kind in kinds if is_of_use(Mail(kind, 3), GUEST, EVENT, begun)]
    assert told_late == ["confirm", "confirmed"]
    assert not is_of_use(Mail("confirm", 1), msgspec.structs.replace(waiting, good_until=T0), EVENT, T0)


@pytest.mark.requirement("R104")
@pytest.mark.parametrize(("hours", "due"), [(73, False), (72, True), (60, True), (48, False), (1, False)])
def test_promotion_is_due_two_to_three_days_before(hours: int, due: bool) -> None:
    assert promote_now(T0 + timedelta(hours=hours), T0) is due

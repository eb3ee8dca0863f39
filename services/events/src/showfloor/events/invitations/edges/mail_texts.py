"""What mails say. Plain text, so that every reader shows it and nothing in it is loaded from elsewhere."""

from collections.abc import Callable, Mapping
from typing import Final, NamedTuple

from showfloor.events.invitations.domain.invitation import Kind
from showfloor.events.invitations.domain.invited_event import InvitedEvent
from showfloor.kernel.moments import in_words


class Links(NamedTuple):
    """Where a mail leads. `live`: the LIVE's own page, empty when there is none yet."""

    page: str
    confirm: str
    unsubscribe: str
    live: str


class Text(NamedTuple):
    """Subject and body of a mail."""

    subject: str
    body: str


def text_of(kind: Kind, event: InvitedEvent, links: Links) -> Text:
    """Return what a mail of this kind says of an event."""
    subject, lines = _TEXTS[kind](event, links)
    return Text(_one_line(subject), "\n".join([*lines, "", *_foot(links)]) + "\n")


def _confirm(event: InvitedEvent, links: Links) -> tuple[str, list[str]]:
    return f"Please confirm: {event.title}", [
        "Somebody, you we hope, wants to be told of this LIVE by mail at this address:",
        "",
        *_what(event),
        "",
        "If that was you, confirm here:",
        links.confirm,
        "",
        "If it was not, do nothing: you will get no other mail about it.",
    ]


def _confirmed(event: InvitedEvent, links: Links) -> tuple[str, list[str]]:
    return f"You are registered: {event.title}", [
        "You are registered for this LIVE:",
        "",
        *_what(event),
        "",
        "The calendar file is attached. We write again if the time changes, and shortly before it starts.",
        f"Its page: {links.page}",
    ]


def _moved(event: InvitedEvent, links: Links) -> tuple[str, list[str]]:
    return f"Changed: {event.title}", [
        "This LIVE has changed. It is now:",
        "",
        *_what(event),
        "",
        "The attached calendar file takes the place of the one before.",
        f"Its page: {links.page}",
    ]


def _cancelled(event: InvitedEvent, _links: Links) -> tuple[str, list[str]]:
    return f"Cancelled: {event.title}", [
        "This LIVE is cancelled:",
        "",
        *_what(event),
        "",
        "The attached calendar file takes it out of your calendar.",
    ]


def _starting(event: InvitedEvent, links: Links) -> tuple[str, list[str]]:
    return f"Starting soon: {event.title}", [
        "This LIVE starts soon:",
        "",
        *_what(event),
        "",
        f"Watch it here: {links.live or links.page}",
    ]


def _what(event: InvitedEvent) -> list[str]:
    minutes = round((event.end_time - event.start_time).total_seconds() / 60)
    return [f"  {event.title}", f"  {in_words(event.start_time, event.time_zone)}", f"  about {_long(minutes)}"]


def _long(minutes: int) -> str:
    hours, rest = divmod(minutes, 60)
    said = [f"{hours} hour{'s' * (hours != 1)}"] if hours else []
    return " ".join([*said, *([f"{rest} minute{'s' * (rest != 1)}"] if rest or not hours else [])])


def _foot(links: Links) -> list[str]:
    return ["-- ", "You get this because this address was given for this one LIVE.", f"No more: {links.unsubscribe}"]


def _one_line(text: str) -> str:
    """Return a subject that no line break of a title can end."""
    return " ".join(text.split())


_TEXTS: Final[Mapping[Kind, Callable[[InvitedEvent, Links], tuple[str, list[str]]]]] = {
    "confirm": _confirm,
    "confirmed": _confirmed,
    "moved": _moved,
    "cancelled": _cancelled,
    "starting": _starting,
}

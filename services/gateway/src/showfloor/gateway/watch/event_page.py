"""The public pages of a LIVE event, as HTML that needs no script: its page, and those that links in mails open.

Every text of a person is escaped. Addresses are relative to the page, so that they hold behind every prefix that a
proxy takes away.
"""

from datetime import UTC, datetime
from html import escape
from typing import Final

from showfloor.api.events.v1.invitation_service_pb2 import EventPage
from showfloor.kernel.moments import in_words

CONSENT: Final = (
    "By registering you agree to get mail about this one LIVE: a link to confirm, a change of its time, and a word"
    " before it starts. Your address is used for nothing else, and each mail has a link that ends them."
)


def event_page(page: EventPage, *, host: str = "", said: str = "", wrong: str = "", email: str = "") -> str:
    """Return an event's page. `host`: who goes LIVE; `said`: what has just been done; `wrong`: what is wrong with
    `email`, as it was given."""
    start = page.start_time.ToJsonString()
    parts = [
        f"<h1>{escape(page.title)}</h1>",
        f'<p class="soft">A LIVE of {escape(host)}</p>' if host else "",
        _said(said),
        _state(page),
        f'<p class="when"><time datetime="{start}">{escape(in_words(_moment(page), page.time_zone))}</time></p>',
        f'<p class="soft" data-local-time="{start}" data-words="On your clock:" hidden></p>',
        f'<p class="text">{escape(page.description)}</p>' if page.description else "",
        _live(page),
        _form(page, wrong, email) if page.open and not said else "",
        _teasers(page),
    ]
    return _document(page.title, "".join(parts), up="", head=_shared(page), script=True)


def act_page(page: EventPage, act: str, code: str, *, done: bool = False) -> str:
    """Return the page of a link in a mail: a button, so that nothing is done by who only looks at links; or the end."""
    words = _ACTS[act]
    shown = escape(page.title)
    if done:
        body = f"<h1>{words.done}</h1>{_state(page)}<p>{words.then.format(shown)}</p>{_back(page)}"
    else:
        body = (
            f"<h1>{words.head}</h1>{_state(page)}<p>{words.ask.format(shown)}</p>"
            f'<form method="post" action="{act}?code={escape(code)}"><button>{words.button}</button></form>'
            f"{_back(page)}"
        )
    return _document(words.done if done else words.head, body, up="../", head='<meta name="robots" content="noindex">')


def problem_page(title: str, text: str, up: str) -> str:
    """Return a page that says why there is no other. `up`: the way to the folder of all events' pages."""
    return _document(title, f"<h1>{escape(title)}</h1><p>{escape(text)}</p>", up=up)


class _Words:
    """What the page of a link says."""

    def __init__(self, head: str, ask: str, button: str, done: str, then: str) -> None:
        self.head, self.ask, self.button, self.done, self.then = head, ask, button, done, then


_ACTS: Final = {
    "confirm": _Words(
        "Confirm your registration",
        "You will be told of <strong>{}</strong> by mail.",
        "Confirm",
        "You are registered",
        "A mail with the calendar file of <strong>{}</strong> is on its way.",
    ),
    "unsubscribe": _Words(
        "End these mails",
        "You will get no more mail about <strong>{}</strong>.",
        "End them",
        "The mails are ended",
        "You get no more mail about <strong>{}</strong>.",
    ),
}


def _moment(page: EventPage) -> datetime:
    return page.start_time.ToDatetime(UTC)


def _state(page: EventPage) -> str:
    if page.cancelled:
        return '<p class="said wrong">This LIVE is cancelled.</p>'
    return '<p class="said">This LIVE is over.</p>' if page.ended else ""


def _said(text: str) -> str:
    return f'<p class="said" role="status">{escape(text)}</p>' if text else ""


def _live(page: EventPage) -> str:
    links = []
    if page.session_id:
        links.append(f'<a class="next" href="../watch/{escape(page.session_id)}">Go to the LIVE</a>')
    if page.open:
        file = f"../v1/events/{escape(page.event_id)}/calendar.ics"
        links.append(f'<a class="next" href="{file}">Put it into your calendar</a>')
    return f"<p>{' · '.join(links)}</p>" if links else ""


def _form(page: EventPage, wrong: str, email: str) -> str:
    problem = f'<p class="said wrong" role="alert" id="wrong">{escape(wrong)}</p>' if wrong else ""
    marks = ' aria-invalid="true" aria-describedby="wrong consent"' if wrong else ' aria-describedby="consent"'
    return (
        f'<h2>Be told when it starts</h2>{problem}<form method="post" action="{escape(page.event_id)}">'
        '<label for="email">Your e-mail address</label>'
        '<input id="email" name="email" type="email" autocomplete="email" required maxlength="254"'
        f' value="{escape(email)}"{marks}>'
        f'<p class="soft" id="consent">{CONSENT}</p><button>Register</button></form>'
    )


def _teasers(page: EventPage) -> str:
    if not page.teaser_urls:
        return ""
    items = "".join(
        f'<li><a href="{escape(url)}" rel="noopener noreferrer nofollow">{escape(url)}</a></li>'
        for url in page.teaser_urls
    )
    return f"<h2>Videos</h2><ul>{items}</ul>"


def _back(page: EventPage) -> str:
    return f'<p><a class="next" href="../{escape(page.event_id)}">To the page of the LIVE</a></p>'


def _shared(page: EventPage) -> str:
    """Return what other sites show of a link to the page (Open Graph)."""
    about = in_words(_moment(page), page.time_zone)
    told = {
        "og:type": "website",
        "og:site_name": "Showfloor",
        "og:title": page.title,
        "og:description": f"{about}. {page.description[:200]}".strip(),
        "og:url": page.url,
    }
    return "".join(f'<meta property="{name}" content="{escape(text)}">' for name, text in told.items())


def _document(title: str, body: str, *, up: str, head: str = "", script: bool = False) -> str:
    more = f'<script src="{up}time.js" defer></script>' if script else ""
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<title>{escape(title)}</title>{head}<link rel="stylesheet" href="{up}style.css">{more}</head>'
        f"<body><main>{body}</main></body></html>"
    )

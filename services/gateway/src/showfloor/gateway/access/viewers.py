"""The viewer's token: narrow, self-contained, good for one session. A pseudonym and nothing that names a person
leaves the gateway beside facts; the display name travels in the token until a comment carries it to its table."""

import os
import secrets
import time
from collections.abc import Callable
from pathlib import Path

import msgspec
from joserfc import jws, jwt
from joserfc.jwk import OctKey

from showfloor.access.actor import Actor, ActorKind, ViewerScope
from showfloor.access.remembered import ACTOR_BYTES, Remembered
from showfloor.access.tokens import NONSENSE
from showfloor.gateway.access.sign_ins import unauthenticated

ALGORITHM = "HS256"
ISSUER = "showfloor-gateway"
AUDIENCE = "watch"
KEY_ID = "watch"
LIFETIME_S = 24 * 3600
_REMEMBERED_BYTES = 32 * 1024 * 1024  # of read tokens: about 15,000 viewers
_REMEMBERED_S = 3_600.0
MAX_CHARS = 2_000


class Traits(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is known about a viewer, all optional and coarse."""

    gender: str = ""
    age_band: str = ""
    region: str = ""
    follower: bool | None = None


class Pass(msgspec.Struct, frozen=True, kw_only=True):
    """What a viewer's token says."""

    iss: str = ISSUER
    aud: str = AUDIENCE
    exp: int
    session_id: str
    viewer_ref: str
    looks_on: bool = False  # at a replay: nothing that the viewer does may count
    display_name: str = ""
    channel: str = ""
    traits: Traits = Traits()

    def actor(self) -> Actor:
        """Return the viewer as services see them."""
        scope = ViewerScope(session_id=self.session_id, viewer_ref=self.viewer_ref)
        return Actor(subject=f"viewer:{self.viewer_ref}", kind=ActorKind.VIEWER, viewer=scope)


class Passes:
    """Makes and reads viewers' tokens with a key file of its own (0600, made when absent)."""

    def __init__(self, key_file: Path, clock: Callable[[], float] = time.time) -> None:
        if not key_file.exists():
            key_file.parent.mkdir(parents=True, exist_ok=True)
            with os.fdopen(os.open(key_file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
                file.write(secrets.token_urlsafe(32))
        self.secret = key_file.read_bytes()
        self._key = OctKey.import_key(self.secret)
        self._clock = clock
        self._known: Remembered[str, tuple[Pass, int]] = Remembered(
            _REMEMBERED_BYTES, _REMEMBERED_S, lambda known: known[1]
        )

    def issue(
        self, session_id: str, display_name: str, channel: str, traits: Traits, *, looks_on: bool = False
    ) -> tuple[str, Pass]:
        """Return a token for a new viewer of a session, under a new pseudonym."""
        made = Pass(
            exp=int(self._clock()) + LIFETIME_S,
            session_id=session_id,
            viewer_ref="v-" + secrets.token_hex(10),
            looks_on=looks_on,
            display_name=display_name,
            channel=channel,
            traits=traits,
        )
        claims = msgspec.to_builtins(made)
        return jwt.encode({"alg": ALGORITHM, "kid": KEY_ID}, claims, self._key, algorithms=[ALGORITHM]), made

    def read(self, token: str) -> Pass:
        """Return what a good token says. Raises Refusal UNAUTHENTICATED."""
        known = self._known.get(token)
        found = known[0] if known else self._checked(token)
        if found.exp <= self._clock():
            self._known.drop(token)
            raise unauthenticated("The viewer's token has expired: join again.")
        return found

    def _checked(self, token: str) -> Pass:
        try:
            if len(token) > MAX_CHARS:
                raise ValueError
            found = msgspec.convert(jwt.decode(token, self._key, algorithms=[ALGORITHM]).claims, Pass)
        except NONSENSE:
            raise unauthenticated("The viewer's token is not good: join again.") from None
        if (found.iss, found.aud) != (ISSUER, AUDIENCE):
            raise unauthenticated("The viewer's token is not good: join again.")
        self._known.put(token, (found, len(token) + ACTOR_BYTES))
        return found


def is_pass(token: str) -> bool:
    """Tell a viewer's token from an issuer's by its header; which of the two it is, its signature then proves."""
    try:
        return jws.extract_compact(token.encode()).headers().get("kid") == KEY_ID
    except NONSENSE:
        return False


def anonymous(session_id: str) -> Actor:
    """Return somebody who looks at a LIVE without having joined."""
    scope = ViewerScope(session_id=session_id, viewer_ref="anonymous")
    return Actor(subject="viewer:anonymous", kind=ActorKind.VIEWER, viewer=scope)
